"""What tests of the pages need beside Python: node, a build, Chromium, and a store to look at."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import do_without
from tests.web.serving import ROOT, run

NODE = (20, 19)


def find_chromium() -> str:
    """Return where Chromium is; do without it otherwise."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    do_without("there is no Chromium: apt-get install chromium")


def find_node() -> str:
    """Return where node is, if it is new enough; do without it otherwise."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        do_without("there is no Node.js with npm")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, said.strip().lstrip("v").split(".")[:2])) < NODE:
        do_without(f"the pages are built with Node.js 20.19 or newer, and this is {said.strip()}")
    return found


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock that the other processes of the tests wait for."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build_pages(lock: Path) -> Path:
    """Build the pages, if something has changed since they were; return the folder they are in."""
    find_node()
    with alone(lock):
        done = subprocess.run(["make", "web"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and not (ROOT / "web" / "node_modules" / "vite").exists():
        do_without(f"npm could not install what the pages are built with: {done.stderr[-500:]}")
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return ROOT / "api" / "static"


def make_demo(folder: Path) -> Path:
    """Make the demo's company and its store, if they are not there yet; return the folder."""
    with alone(folder.with_suffix(".lock")):
        if not (folder / "made.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            run("demo", "--dir", folder, MOTIVO_TEXT_CACHE="")
            (folder / "made.json").write_text("{}", "utf-8")
    return folder


def copy_demo(demo: Path, folder: Path) -> str:
    """Copy the demo's company, to be changed; return the URL of its store."""
    shutil.copytree(demo, folder)
    return f"sqlite:///{folder / 'motivo.db'}"
