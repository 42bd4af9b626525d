"""Answers that were paid for once, in a small SQLite file.

What is kept is the reply to the text without its personal data, under a digest of that text, so that
an answer is never asked for twice, also if it is read otherwise later.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock

from ingest.text.kept import KeptFile
from ingest.text.teacher.client import Reply

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
        self._model, self._prompt = model, prompt
        self._lock = Lock()
        self._file = KeptFile(path, "the teacher's answers", "name another file")
        self._base = self._file.open(_APPLICATION, _TABLE)

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
                raise self._file.complain(error) from None
        return Reply(*row) if row else None

    def keep_reply(self, key: bytes, reply: Reply) -> None:
        """Keep the reply to a text, for good when this returns."""
        row = (key, self._model, self._prompt, reply.content, reply.tokens_in, reply.tokens_out)
        with self._lock:
            try:
                self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
            except sqlite3.Error as error:
                raise self._file.complain(error) from None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()
