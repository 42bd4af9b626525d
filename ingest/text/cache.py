"""What was read out of texts before, so that a text is read anew only by a new model.

Kept in an SQLite file under a digest of text and language, one version of the extractor each. Of
the text itself nothing is kept: answers are offsets, and their words are cut out of the text again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import orjson

from ingest.text.extraction import CauseSpan, Extraction, Extractor, Span
from ingest.text.kept import KeptFile

_APPLICATION = 0x4D6F5478  # "MoTx"
_TABLE = """
CREATE TABLE IF NOT EXISTS readings (
    text BLOB PRIMARY KEY, version TEXT NOT NULL, answer BLOB NOT NULL
) WITHOUT ROWID
"""
_HINT = "name another file in MOTIVO_TEXT_CACHE, or leave it empty to keep nothing"
_PENDING = 500  # answers kept in memory before they are written; losing them costs only time


@dataclass
class ReadingCounts:
    """What became of the texts: read by the extractor, found in the cache; of those read that an
    earlier version had read, how many there were and how many have other causes now.
    """

    read: int = 0
    found: int = 0
    read_again: int = 0
    changed: int = 0


class CachedExtractor:
    """An extractor that remembers. Threads may share one; processes may share its file.

    Raises StoreError for a file that cannot be used; a file that fails later costs only time.
    """

    def __init__(self, extractor: Extractor, path: Path) -> None:
        self._extractor = extractor
        self._lock = Lock()
        self._pending: dict[bytes, Extraction] = {}
        self.counts = ReadingCounts()
        self._base = KeptFile(path, "what was read of texts", _HINT).open(_APPLICATION, _TABLE)

    @property
    def version(self) -> str:
        """The version of the extractor behind."""
        return self._extractor.version

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        """Read one text, or find what was read."""
        key = hashlib.blake2b(
            f"{lang or ''}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16
        ).digest()
        with self._lock:
            known, before = (self._pending[key], None) if key in self._pending else self._find(key, text)
            if known is not None:
                self.counts.found += 1
                return known
        answer = self._extractor.extract(text, lang)
        with self._lock:
            self.counts.read += 1
            if before is not None:
                self.counts.read_again += 1
                self.counts.changed += _name_causes(before) != _name_causes(answer)
            self._pending[key] = answer
            if len(self._pending) >= _PENDING:
                self._write()
        return answer

    def close(self) -> None:
        """Write what is pending, and close the file."""
        with self._lock:
            self._write()
            self._base.close()

    def _find(self, key: bytes, text: str) -> tuple[Extraction | None, Extraction | None]:
        """Find the answer of this version and, if there is none, that of another one."""
        try:
            row = self._base.execute("SELECT version, answer FROM readings WHERE text = ?", (key,)).fetchone()
        except sqlite3.Error:
            return None, None
        answer = _unpack(row[1], text) if row else None
        return (answer, None) if row and row[0] == self.version else (None, answer)

    def _write(self) -> None:
        """Write the pending answers in place of those of other versions."""
        rows = [(key, self.version, _pack(answer)) for key, answer in self._pending.items()]
        self._pending.clear()
        with suppress(sqlite3.Error), self._base:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", rows)


def _name_causes(answer: Extraction) -> list[tuple[int, int, str | None]]:
    return [(cause.start, cause.end, cause.cause) for cause in answer.causes]


def _pack(answer: Extraction) -> bytes:
    causes = [(c.start, c.end, c.kind, c.cause, c.confidence, c.deeper_of) for c in answer.causes]
    effects = [(effect.start, effect.end) for effect in answer.effects]
    return orjson.dumps((answer.lang, answer.complaint, answer.score, causes, effects))


def _unpack(answer: bytes, text: str) -> Extraction | None:
    """Give an answer back; None where the row is damaged, so that the text is read again."""
    try:
        lang, complaint, score, causes, effects = orjson.loads(answer)
        return Extraction(
            lang,
            complaint,
            score,
            tuple(CauseSpan(text[start:end], start, end, *rest) for start, end, *rest in causes),
            tuple(Span(text[start:end], start, end) for start, end in effects),
        )
    except (ValueError, TypeError):
        return None
