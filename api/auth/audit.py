"""The audit log: who saw whom, and what they changed; never values."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.auth.caller import Caller
from api.auth.sightings import Sightings
from graph import Ref
from schema import StoreError

LONGEST = 200  # letters of what a client names


@dataclass(frozen=True)
class Change:
    """Something that was changed, and the nodes that it is about."""

    name: str
    subjects: Sequence[Ref] = ()


class AuditLog:
    """Appends lines of JSON to a file that its owner alone may read. May be shared between threads.

    path: None keeps no log. Where a line cannot be written there is a `StoreError`, and what it tells of
    must not go out. The file is opened anew when it was moved, so that the system may rotate it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: int | None = None

    def record(
        self,
        caller: Caller,
        *,
        request: str,
        operation: str = "",
        sightings: Sightings | None = None,
        fields: Collection[str] = (),
        changes: Sequence[Change] = (),
    ) -> None:
        """Append a line, before the answer goes out.

        operation: the name that the client gave to what it asks. fields: coordinates that were asked for,
        beside those that the reader noted. Nothing is written where nobody was seen and nothing changed.
        """
        seen = sightings or Sightings()
        if self._path is None or not (seen or changes):
            return
        line: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request": request[:LONGEST],
            "caller": caller.name[:LONGEST],
            "role": caller.role.value,
            "operation": operation[:LONGEST],
            "seen": {kind: list(keys) for kind, keys in seen.nodes.items()},
            "more": dict(seen.more),
            "rows": dict(seen.rows),
            "fields": sorted({*seen.fields, *fields}),
            "changes": [{"name": c.name, "subjects": [list(ref) for ref in c.subjects]} for c in changes],
        }
        kept = {name: value for name, value in line.items() if value or name in ("at", "caller", "role")}
        self._append(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _append(self, line: bytes) -> None:
        with self._lock:
            try:
                file = self._open()
                if os.write(file, line) != len(line):
                    raise OSError("the line was cut off")
            except OSError as error:
                raise StoreError(
                    f"the audit log cannot be written: {error.strerror or error}",
                    hint="nothing is shown that is not logged; MOTIVO_AUDIT names the file",
                ) from error

    def _open(self) -> int:
        """Return the file, opened anew where another lies, or none, under its name."""
        assert self._path is not None  # noqa: S101  there are no lines without a file
        if self._file is not None:
            try:
                there, ours = self._path.stat(), os.fstat(self._file)
                if (there.st_ino, there.st_dev) == (ours.st_ino, ours.st_dev):
                    return self._file
            except FileNotFoundError:
                pass
            os.close(self._file)
            self._file = None
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.open(self._path, flags, 0o600)
        return self._file
