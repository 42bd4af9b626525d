"""The command, run as people and scripts run it: as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
    """Run the command to its end."""
    done = subprocess.run(
        [MOTIVO, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment(**more),
        check=False,
    )
    err = done.stderr.decode()
    assert "Traceback" not in err
    return Outcome(done.returncode, done.stdout, err)


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
    done = run("ingest", project, "--store", store, "--json")
    assert done.code == 0, done
    return Shop(project, store, done.json)
