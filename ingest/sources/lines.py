"""The lines of a file, with the byte and the number at which each begins."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from ingest.sources.contract import RECORD_BYTES, SHOWN_BYTES
from ingest.sources.texts import shown

BOM = codecs.BOM_UTF8
TAKEN_BYTES = 2**20  # what is taken at once ends when it has grown to this


class TooLongError(Exception):
    """A record has grown beyond `RECORD_BYTES`."""


class Lines:
    """The decoded lines of an open file, each with its line end.

    `offset` and `line` are where the next line begins (bytes, counted from 1). `flaw` is what was
    wrong with the lines given since `begin` was called: bytes that are no text, NUL characters.
    """

    def __init__(self, file: BinaryIO, encoding: str, offset: int = 0, line: int = 1) -> None:
        self._file = file
        self._encoding = encoding
        self.seek(offset, line)

    def seek(self, offset: int, line: int) -> None:
        """Go on at another place; the record begins there."""
        self._file.seek(offset)
        self.offset = offset
        self.line = line
        self.begin()

    def begin(self) -> None:
        """A new record begins here."""
        self.start = self.offset
        self.start_line = self.line
        self.flaw = ""

    def decoded(self) -> Iterator[str]:
        """Yield the lines from here to the end; `TooLongError` where a record becomes too long."""
        readline = self._file.readline
        encoding = self._encoding
        while raw := readline(RECORD_BYTES + 1):
            self.offset += len(raw)
            self.line += 1
            if self.offset - self.start > RECORD_BYTES:
                if not raw.endswith(b"\n"):
                    self.line -= 1
                raise TooLongError
            if b"\0" in raw:
                self.flaw = "has a NUL character"
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError:
                self.flaw = f"has bytes that are not {encoding}"
                yield raw.decode(encoding, "surrogateescape")

    def take(self, most: int) -> list[str]:
        """Return up to `most` lines at once; none, and nothing is read, where one has a flaw."""
        taken: list[bytes] = []
        size = 0
        for raw in islice(iter(partial(self._file.readline, RECORD_BYTES + 1), b""), most):
            taken.append(raw)
            size += len(raw)
            if size >= TAKEN_BYTES:
                break
        try:
            texts = [raw.decode(self._encoding) for raw in taken]
        except UnicodeDecodeError:
            texts = []
        if not texts or size > RECORD_BYTES or b"\0" in b"".join(taken):
            self.seek(self.offset, self.line)
            return []
        self.offset += size
        self.line += len(taken)
        return texts

    def skip_first(self) -> None:
        """Go to the second line of the record that began at `start`, however long the first is."""
        start, line = self.start, self.start_line
        self.seek(start, line)
        while raw := self._file.readline(RECORD_BYTES):
            self.offset += len(raw)
            if raw.endswith(b"\n"):
                break
        self.line += 1

    def raw(self, start: int, end: int) -> str:
        """Return the bytes from `start` to `end` as text to show."""
        here = self._file.tell()
        self._file.seek(start)
        raw = self._file.read(min(end - start, SHOWN_BYTES))
        self._file.seek(here)
        return shown(raw, end - start)


def open_lines(file: BinaryIO, encoding: str) -> Lines:
    """Return the lines of a file from its beginning, behind a byte order mark."""
    bom = encoding == "utf-8" and file.read(len(BOM)) == BOM
    return Lines(file, encoding, len(BOM) if bom else 0)
