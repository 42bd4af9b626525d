"""A service that runs as a process of its own, for the benchmarks that ask it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.auth import Role, add_key
from graph import open_store

ROOT = Path(__file__).parents[1]
MOTIVO = [sys.executable, "-c", "import sys; from api.cli import main; main(sys.argv[1:])"]


@dataclass
class Serving:
    """Where a service answers, and a key for it."""

    port: int
    key: str
    process: subprocess.Popen[bytes]

    def measure_cpu(self) -> float:
        """Return the seconds that the service has computed for."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def await_causes(self) -> None:
        """Wait until the root causes are found that it looks for at its start."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            json.dumps({"query": "{ rootCauses { current } }"}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
        )
        answer: dict[str, Any] = {}
        while not answer.get("data"):
            try:
                with urllib.request.urlopen(asked, timeout=60) as response:
                    answer = json.load(response)
            except OSError:  # it takes longer than a request may
                time.sleep(1)

    def measure_memory(self) -> float:
        """Return the resident memory of the service, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return round(int(line.split()[1]) / 1024, 1)


def make_environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}


def make_demo(folder: Path) -> str:
    """Return the URL of the store of a demo company."""
    subprocess.run(
        [*MOTIVO, "demo", "--dir", str(folder / "demo"), "--json"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=make_environment(),
    )
    return f"sqlite:///{folder}/demo/motivo.db"


def list_customers(url: str, most: int) -> list[str]:
    """Return keys of customers, spread over all of them."""
    store = open_store(url, create=False)
    try:
        reader, keys, after = store.reader(), [], None
        while True:
            page = reader.page("Customer", after=after, limit=1000)
            keys += [node.key for node in page.nodes]
            after = page.next
            if after is None or len(keys) >= 100_000:
                break
    finally:
        store.close()
    return keys[:: max(1, len(keys) // most)][:most]


@contextmanager
def serving(url: str, folder: Path, **settings: str) -> Iterator[Serving]:
    """Run `motivo serve` over a store; end it, and see that it ends well."""
    store = open_store(url, create=False)
    key, _ = add_key(store, Role.AGENT, name="benchmark")
    store.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = make_environment(
        MOTIVO_SECRET=secrets.token_hex(32),
        MOTIVO_RATE="",
        MOTIVO_RATE_ADDRESS="",
        MOTIVO_RATE_REFUSED="",
        MOTIVO_AUDIT=str(folder / "audit.jsonl"),
        **settings,
    )
    with (folder / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [*MOTIVO, "serve", "--store", url, "--port", str(port)],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            await_ready(port, process)
            yield Serving(port, key, process)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
    lines = (folder / "service.log").read_text("utf-8", "replace").splitlines()
    for line in [line for line in lines if '"event":"failure"' in line][:3]:
        print(line, file=sys.stderr)
    if code != 0:
        print((folder / "service.log").read_text("utf-8")[-2000:], file=sys.stderr)
        raise SystemExit(f"the service ended with {code}")


def await_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if json.load(answer)["status"] == "ok":
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service does not start")
