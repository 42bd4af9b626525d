"""`motivo extract`: lines of JSON in, an answer or an error for each line out, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from ingest.text.extraction import Extractor
from schema.errors import InputError


def extract_lines(
    lines: Iterable[bytes], extractor: Extractor
) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Answer every line as soon as it is read; one line is held at a time.

    Yields (line number from 1, answer), where the answer is the object to write or, for a line
    that is not `{"id", "text"[, "lang"]}`, the error to report. Blank lines are passed over.
    """
    for number, row in read_lines(lines):
        if isinstance(row, InputError):
            yield number, row
            continue
        answer = extractor.extract(row["text"], row.get("lang"))
        yield number, {"id": row.get("id"), **answer.to_dict()}


def read_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Read every line as an object with a text, or as the error to report; blank ones are passed over."""
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        try:
            yield number, _read_row(content)
        except ValueError as error:
            yield number, InputError(f"line {number}: {error}")


def _read_row(line: bytes) -> dict[str, Any]:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise ValueError("not an object")
    if "text" not in row:
        raise ValueError("no 'text'")
    if not isinstance(row["text"], str):
        raise ValueError("'text' is not a string")
    if not isinstance(row.get("lang"), str | None):
        raise ValueError("'lang' is not a string")
    return row
