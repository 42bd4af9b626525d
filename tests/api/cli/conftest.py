"""The command, run in this process by what a process of its own calls: most of a run would be its start.

Terminals, pipes, signals and what a command imports are tested on processes (`MOTIVO`, `terminal.py`).
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from api.cli import main
from tests.ingest.shop import make_shop

MOTIVO = Path(sys.executable).with_name("motivo")


@dataclass(frozen=True)
class Outcome:
    """What became of a command."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    def refuses(self, code: int, *words: str) -> None:
        """Assert that the command ended with a code and one line that has these words."""
        assert self.code == code, self
        assert self.err.startswith("motivo: "), self
        assert self.err.count("\n") == 1, self
        for word in words:
            assert word in self.err, self


Run = Callable[..., Outcome]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOTIVO_", "LC_"))}
    return {**kept, "LANG": "C.UTF-8", **more}


def run(*arguments: object, stdin: bytes = b"", cwd: Path | None = None, **more: str) -> Outcome:
    """Run the command to its end, with more in its environment."""
    given = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with (
        patch.dict(os.environ, environment(**more), clear=True),
        patch.object(sys, "argv", [str(MOTIVO), *map(str, arguments)]),
        patch.object(sys, "stdin", given),
        redirect_stdout(out),
        redirect_stderr(err),
        chdir(cwd or "."),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return outcome(ended.value.code, *(read(stream) for stream in (out, err)))


def read(stream: io.TextIOWrapper) -> bytes:
    """Return what was written to a stream."""
    stream.flush()
    return stream.buffer.getvalue()  # type: ignore[attr-defined]


def run_process(*arguments: object, stdin: bytes = b"", **more: str) -> Outcome:
    """Run the command to its end, as a process of its own."""
    command = [MOTIVO, *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, env=environment(**more), check=False)
    return outcome(done.returncode, done.stdout, done.stderr)


def outcome(code: Any, out: bytes, err: bytes) -> Outcome:
    said = err.decode()
    assert "Traceback" not in said
    return Outcome(code, out, said)


@pytest.fixture(scope="session")
def motivo() -> Run:
    return run


@dataclass(frozen=True)
class Shop:
    """A project, and the store it was ingested into."""

    project: Path
    store: str
    report: Any


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a shop whose files were ingested; not to be changed."""
    project = make_shop(tmp_path_factory.mktemp("shop"))
    store = f"sqlite:///{project.parent / 'motivo.db'}"
    done = run_process("ingest", project, "--store", store, "--json")
    assert done.code == 0, done
    return Shop(project, store, done.json)
