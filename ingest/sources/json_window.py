"""The items of a JSON array, decoded from a window that moves over the file."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.sources.contract import RECORD_BYTES, SHOWN_BYTES, BrokenRow
from ingest.sources.objects import DECODER, Flat, flatten_object
from ingest.sources.texts import shown

_SPACE = re.compile(r"[ \t\n\r]*")
_CHUNK = 2**18
_LENIENT = json.JSONDecoder(parse_int=str)  # to find where a value ends, whatever is wrong with it


class FlawedValueError(ValueError):
    """A value is JSON, but breaks a rule of ours."""


class StructureError(ValueError):
    """The array itself is broken: where its next item begins cannot be told."""


class Window:
    """The part of a file that is being read, as text.

    Bytes that are no text are kept as lone surrogates, so that only their own item is broken.
    """

    def __init__(self, file: BinaryIO, encoding: str, offset: int) -> None:
        file.seek(offset)
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
        self._offset = offset
        self._text = ""
        self._position = 0
        self._ended = False
        self.taken = ""  # the text of the value taken last
        self.given_up = False  # whether the rest was taken, unread

    def settle(self) -> int:
        """Drop what was taken; return the byte of the file behind it."""
        taken = self._text[: self._position]
        self._offset += len(taken.encode(self._encoding, "surrogateescape"))
        self._text = self._text[self._position :]
        self._position = 0
        return self._offset

    def _grow(self, size: int = _CHUNK) -> bool:
        if self._ended:
            return False
        self.settle()
        raw = self._file.read(size)
        self._ended = not raw
        self._text += self._decoder.decode(raw, final=self._ended)
        return True

    def peek(self) -> str:
        """Return the next sign that is no white space, or nothing at the end of the file."""
        while True:
            match = _SPACE.match(self._text, self._position)
            self._position = match.end() if match else self._position
            if self._position < len(self._text):
                return self._text[self._position]
            if not self._grow():
                return ""

    def step(self) -> None:
        """Take the sign that `peek` returned."""
        self._position += 1

    def take_value(self) -> Any:
        """Take the JSON value that begins here, and keep its text in `taken`.

        Raises `StructureError` where its end cannot be found, else `FlawedValueError`.
        """
        size = _CHUNK
        while True:
            try:
                value, end = self._decode()
            except RecursionError:
                raise StructureError("is nested too deeply") from None
            except json.JSONDecodeError as error:
                # Cut off by the end of the window, or wrong? Only more of the file can tell.
                if self._ended or len(self._text) - self._position > RECORD_BYTES:
                    raise StructureError(f"is not JSON: {error.msg}") from None
                size *= 2
                self._grow(size)
                continue
            if end == len(self._text) and not self._ended:
                # A number at the very end of the window may go on behind it.
                self._grow()
                continue
            self.taken = self._text[self._position : end]
            self._position = end
            if isinstance(value, FlawedValueError):
                raise value
            return value

    def _decode(self) -> tuple[Any, int]:
        try:
            return DECODER.raw_decode(self._text, self._position)
        except json.JSONDecodeError:
            raise
        except ValueError as error:
            return FlawedValueError(str(error)), _LENIENT.raw_decode(self._text, self._position)[1]

    def take_rest(self) -> str:
        """Take all that is left of the file; return its beginning, to show."""
        self.settle()
        end = self._file.seek(0, 2)
        self._file.seek(self._offset)
        raw = self._file.read(SHOWN_BYTES)
        size = end - self._offset
        self._text, self._offset, self._ended = "", end, True
        self.given_up = True
        return shown(raw, size)


def read_items(window: Window, item: int) -> Iterator[Flat | BrokenRow]:
    """Yield the items behind the first `item` ones of an array, flat or broken, to its end."""
    while True:
        try:
            if not _find_item(window, first=item == 0):
                return
            item += 1
            row: Flat | BrokenRow = flatten_object(window.take_value())
        except StructureError as error:
            position = f"item {max(item, 1)}"
            message = f"{error}; the file cannot be read from here on"
            yield BrokenRow(position, window.take_rest(), message)
            return
        except ValueError as error:
            raw = window.taken.encode("utf-8", "backslashreplace")
            row = BrokenRow(f"item {item}", shown(raw[:SHOWN_BYTES], len(raw)), str(error))
        yield row


def _find_item(window: Window, *, first: bool) -> bool:
    """Go to where the next item begins; False at the end of the array, and of the file."""
    sign = window.peek()
    if first and sign == "[":
        window.step()
        sign = window.peek()
        if sign and sign != "]":
            return True
    if sign == "," and not first:
        window.step()
        if window.peek() not in ("", "]"):
            return True
        raise StructureError("there is nothing behind a comma")
    if not sign:
        raise StructureError("the file ends before its array does")
    if sign != "]":
        raise StructureError(f"{sign!r} stands where ',' or ']' is expected")
    window.step()
    if window.peek():
        raise StructureError("there is more behind the end of the array")
    return False
