"""What is written, taken out again piece by piece."""

from __future__ import annotations

import io
from typing import Any


class Pipe(io.RawIOBase):
    """A file that is written to; `take` returns what was written since, and forgets it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:  # noqa: D102
        return True

    def write(self, data: Any) -> int:  # noqa: D102
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def tell(self) -> int:  # noqa: D102
        return self._size

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._parts = b"".join(self._parts), []
        return taken
