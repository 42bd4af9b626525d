"""Answers that were paid for once, in a small SQLite file.

What is kept is the reply to the text without its personal data, under a digest of that text, so that
an answer is never asked for twice, also if it is read otherwise later.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock

from ingest.text.teacher.client import Reply
from schema.errors import StoreError

_APPLICATION = 0x4D6F5465  # "MoTe"
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    key BLOB PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, content TEXT NOT NULL,
    tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL
) WITHOUT ROWID
"""


class AnswerCache:
    """Replies by text, model and prompt; threads and processes may share one.

    Each is kept when it comes: a process that is killed loses none. Raises StoreError for a file that
    cannot be used.
    """

    def __init__(self, path: Path, model: str, prompt: str) -> None:
        self._path, self._model, self._prompt = path, model, prompt
        self._lock = Lock()
        try:
            # Customers' words are nobody else's business.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._base = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._complain(error) from None
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._base.close()
            raise self._complain(error) from None
        except StoreError:
            self._base.close()
            raise

    def _prepare(self) -> None:
        application = self._base.execute("PRAGMA application_id").fetchone()[0]
        tables = self._base.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and application != _APPLICATION:
            raise StoreError(
                f"{self._path} holds something else than a teacher's answers", hint="name another file"
            )
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(f"PRAGMA application_id = {_APPLICATION}")
        self._base.execute(_TABLE)

    def make_key(self, text: str) -> bytes:
        """Return the digest that the answer to a text is kept under."""
        said = "\0".join((self._model, self._prompt, text))
        return hashlib.blake2b(said.encode(), digest_size=16).digest()

    def find_reply(self, key: bytes) -> Reply | None:
        """Find the reply to a text."""
        with self._lock, closing(self._base.cursor()) as cursor:
            try:
                row = cursor.execute(
                    "SELECT content, tokens_in, tokens_out FROM answers WHERE key = ?", (key,)
                ).fetchone()
            except sqlite3.Error as error:
                raise self._complain(error) from None
        return Reply(*row) if row else None

    def keep_reply(self, key: bytes, reply: Reply) -> None:
        """Keep the reply to a text, for good when this returns."""
        row = (key, self._model, self._prompt, reply.content, reply.tokens_in, reply.tokens_out)
        with self._lock:
            try:
                self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
            except sqlite3.Error as error:
                raise self._complain(error) from None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    def _complain(self, error: Exception) -> StoreError:
        said = error.strerror if isinstance(error, OSError) else error
        return StoreError(
            f"the teacher's answers cannot be kept in {self._path}: {said}", hint="name another file"
        )
