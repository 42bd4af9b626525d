"""A text while a person labels it, and the file that its labels go into."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import IO

import orjson

from ingest.text.learning.labelled import LabelledCause, LabelledFile, LabelledText, read_labelled
from schema.errors import InputError, UsageError


class Draft:
    """Labels that are changed step by step; every step can be undone. Causes are numbered from 1."""

    def __init__(self, proposal: LabelledText) -> None:
        self._states = [proposal]

    @property
    def labels(self) -> LabelledText:
        """The labels as they are now."""
        return self._states[-1]

    def find_words(self, words: str) -> list[int]:
        """Give where these words stand in the text, as they are written or else in any case."""
        if not any(sign.isalnum() for sign in words):
            return []
        for flags in (re.NOFLAG, re.IGNORECASE):
            found = [match.start() for match in re.finditer(re.escape(words), self.labels.text, flags)]
            if found:
                return found
        return []

    def add(self, start: int, end: int, cause: str | None) -> None:
        """Mark a cause, in a text that is a complaint then; raises UsageError where another one lies."""
        self.check_free(start, end)
        now = self.labels
        causes = sorted((*now.causes, LabelledCause(start, end, cause)), key=lambda c: c.start)
        self._states.append(replace(now, complaint=True, causes=tuple(causes)))

    def check_free(self, start: int, end: int) -> None:
        """Raise UsageError where a cause lies over these places already."""
        if any(start < other.end and end > other.start for other in self.labels.causes):
            words = self.labels.text[start:end]
            raise UsageError(f"another cause lies over '{words}'", hint="delete that one first")

    def delete(self, number: int) -> None:
        """Delete a cause."""
        gone = self.get_cause(number)
        kept = tuple(cause for cause in self.labels.causes if cause is not gone)
        self._states.append(replace(self.labels, causes=kept))

    def rename(self, number: int, cause: str | None) -> None:
        """Give a cause another id, or none."""
        old = self.get_cause(number)
        causes = tuple(replace(c, cause=cause) if c is old else c for c in self.labels.causes)
        self._states.append(replace(self.labels, causes=causes))

    def set_complaint(self, complaint: bool) -> None:
        """Say whether the text is a complaint; one that is none states no causes."""
        causes = self.labels.causes if complaint else ()
        self._states.append(replace(self.labels, complaint=complaint, causes=causes))

    def get_cause(self, number: int) -> LabelledCause:
        """Give a cause by its number; raises UsageError."""
        if not 1 <= number <= len(self.labels.causes):
            raise UsageError(f"there is no cause {number}")
        return self.labels.causes[number - 1]

    def undo(self) -> bool:
        """Take the last step back; False where there is none."""
        if len(self._states) == 1:
            return False
        self._states.pop()
        return True


class LabelBook:
    """A labelled file that is written at its end, line by line; what this sitting wrote can be taken back."""

    def __init__(self, path: Path) -> None:
        """Open a file, or begin one; raises InputError where it holds something else.

        A last line that was cut off, without its end and no JSON, is taken away.
        """
        self.path = path
        try:
            self._file: IO[bytes] = path.open("a+b")
            self._file.seek(0)
            content = self._file.read()
            lines = content.split(b"\n")
            self.before: LabelledFile = read_labelled(lines)
            last, flaws = lines[-1], self.before.flaws
            if last and flaws and not flaws[-1].field and flaws[-1].line == len(lines):
                self._file.truncate(len(content) - len(last))
                del flaws[-1:]
            elif last:
                self._write(b"\n")
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from None
        if flaws:
            self.close()
            raise InputError(f"{path}: {flaws[0]}", hint="mend it, or name another file with --out")
        self._ends: list[int] = []

    def append(self, text: LabelledText) -> None:
        """Write a text, to the disk."""
        self._ends.append(self._file.seek(0, os.SEEK_END))
        self._write(orjson.dumps(text.to_dict()) + b"\n")

    def take_back(self) -> None:
        """Remove what was written last in this sitting."""
        self._file.truncate(self._ends.pop())
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._file.flush()
        os.fsync(self._file.fileno())
