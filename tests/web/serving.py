"""`motivo serve` as a process of its own, and the commands that a store for it is made with."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
MOTIVO = (sys.executable, "-c", "from api.cli import main; main()")
SECRET = "a secret for tests, long enough to be one"
ROLES = ("analyst", "agent", "investigator", "admin")


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a command: nothing of ours but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOTIVO_", "LC_"))}
    return {**kept, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", **more}


def run(*arguments: object, **more: str) -> Any:
    """Run `motivo` to its end, and return the JSON document it prints."""
    done = subprocess.run(
        [*MOTIVO, *map(str, arguments), "--json"],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Service:
    """A service that runs."""

    url: str
    store: str
    log: Path
    # By role, where people have to sign in.
    keys: Mapping[str, str] = field(default_factory=dict)

    def ask(self, query: str, variables: Mapping[str, object] | None = None, *, role: str = "") -> Any:
        """Ask it directly, without a browser."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
        body = {"query": query, "variables": variables or {}}
        answer = httpx.post(f"{self.url}/graphql", json=body, headers=headers, timeout=60).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends, however it does."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextmanager
def serving(
    store: str, folder: Path, *, dev: bool = True, roles: tuple[str, ...] = ROLES, port: int = 0, **more: str
) -> Iterator[Service]:
    """Serve a store until the block ends: with --dev, or with a key for each role.

    folder: for its log and its audit. more: settings (MOTIVO_...).
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"MOTIVO_AUDIT": str(folder / "audit.jsonl"), "MOTIVO_SECRET": SECRET, **more}
    keys: dict[str, str] = {}
    if not dev:
        keys = {
            role: run("key", "add", "--role", role, "--name", f"the {role}", "--store", store)["key"]
            for role in roles
        }
    log = folder / "serve.log"
    command = [*MOTIVO, "serve", "--store", store, "--port", str(port), *(["--dev"] if dev else [])]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - it calls the kernel, no more
        )
    try:
        yield Service(wait_until_ready(process, log), store, log, keys)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> str:
    """Return the address of a service once it answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = log.read_text("utf-8", errors="replace")
        assert process.poll() is None, text[-2000:]
        found = re.search(r"http://[\w.:\[\]]+", text)
        if found is not None:
            try:
                if httpx.get(f"{found[0]}/readyz", timeout=5).status_code == 200:
                    return found[0]
            except httpx.TransportError:
                pass
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", errors="replace")[-2000:])
