"""Personal data replaced by placeholders, and the way back from what was sent to what was written."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from ingest.text.teacher.personal import find_personal

_SURROGATE = re.compile("[\ud800-\udfff]")  # UTF-8 cannot carry one that stands alone


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """A text as it may be sent, and where each placeholder stands in it and in the original.

    `sent` and `written` are parallel tuples of (start, end) in code points, in order.
    """

    text: str
    sent: tuple[tuple[int, int], ...]
    written: tuple[tuple[int, int], ...]

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Give the place, in the original, of the words `text[start:end]`.

        A placeholder of which only a part lies within counts as a whole.
        """
        return self._locate_start(start), self._locate_end(end)

    def _locate_start(self, position: int) -> int:
        place = bisect_right(self.sent, position, key=lambda span: span[0]) - 1
        if place < 0:
            return position
        if position < self.sent[place][1]:
            return self.written[place][0]
        return position - self.sent[place][1] + self.written[place][1]

    def _locate_end(self, position: int) -> int:
        place = bisect_left(self.sent, position, key=lambda span: span[0]) - 1
        if place < 0:
            return position
        return max(0, position - self.sent[place][1]) + self.written[place][1]


def pseudonymise(text: str) -> Pseudonymised:
    """Replace personal data by placeholders such as [EMAIL_1]: the same data by the same one."""
    numbers: dict[str, dict[str, int]] = {}
    parts: list[str] = []
    sent: list[tuple[int, int]] = []
    written: list[tuple[int, int]] = []
    read = length = 0
    for start, end, kind in find_personal(text):
        of_kind = numbers.setdefault(kind, {})
        placeholder = f"[{kind}_{of_kind.setdefault(text[start:end], len(of_kind) + 1)}]"
        length += start - read
        parts += (text[read:start], placeholder)
        sent.append((length, length + len(placeholder)))
        written.append((start, end))
        length += len(placeholder)
        read = end
    parts.append(text[read:])
    return Pseudonymised(_SURROGATE.sub("\ufffd", "".join(parts)), tuple(sent), tuple(written))
