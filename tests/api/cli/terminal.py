"""The command in a pseudo-terminal, typed to as a person types."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from types import TracebackType

from tests.api.cli.conftest import MOTIVO, environment

PATIENCE = 60.0  # seconds until what should appear has failed to


class Terminal:
    """A running command and its screen."""

    def __init__(self, *arguments: object, **more: str) -> None:
        self._leader, follower = pty.openpty()
        self._process = subprocess.Popen(
            [MOTIVO, *map(str, arguments)],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environment(TERM="xterm", COLUMNS="120", **more),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - so that Ctrl-C interrupts
        )
        os.close(follower)
        self._seen = b""
        self.shown = ""

    def wait_for(self, words: str) -> str:
        """Return what appeared up to these words; what is behind them is kept for the next time."""
        wanted, end = words.encode(), time.monotonic() + PATIENCE
        while wanted not in self._seen:
            ready, _, _ = select.select([self._leader], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{words!r} did not appear in {self._seen.decode()!r}"
            try:
                part = os.read(self._leader, 65536)
            except OSError:  # the command has ended
                part = b""
            assert part, f"ended without {words!r}: {self._seen.decode()!r}"
            self._seen += part
        before, self._seen = self._seen.split(wanted, 1)
        found = (before + wanted).decode()
        self.shown += found
        return found

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._leader, keys.encode())

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        while True:
            try:
                if not os.read(self._leader, 65536):
                    break
            except OSError:
                break
        return self._process.wait(PATIENCE)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._leader)
