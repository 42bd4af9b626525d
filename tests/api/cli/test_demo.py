"""The demo from end to end."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import MOTIVO, Run, environment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "company"


@pytest.fixture(scope="module")
def demo(motivo: Run, folder: Path) -> Any:
    done = motivo("demo", "--dir", folder, "--json")
    assert done.code == 0, done
    return done.json


def test_all_that_was_planted_is_found_and_nothing_else(demo: Any, folder: Path) -> None:
    assert {"dir", "store", "planted", "missed", "root_causes"} <= set(demo)
    assert (demo["dir"], demo["store"]) == (str(folder), f"sqlite:///{folder / 'motivo.db'}")
    assert demo["missed"] == []
    assert demo["false"] == []
    ids = {cause["id"] for cause in demo["root_causes"]}
    for planted in demo["planted"]:
        assert planted["found_as"]
        assert set(planted["found_as"]) <= ids


def test_again_into_the_same_folder_doubles_nothing(demo: Any, motivo: Run, folder: Path) -> None:
    before = motivo("doctor", "--store", demo["store"], "--json").json["facts"]
    again = motivo("demo", "--dir", folder, "--json").json
    after = motivo("doctor", "--store", demo["store"], "--json").json["facts"]
    assert (after["nodes"], after["relationships"]) == (before["nodes"], before["relationships"])
    assert again["root_causes"] == demo["root_causes"]
    report = motivo("ingest", folder / "motivo.yaml", "--store", demo["store"], "--json").json
    assert all(counts["written"] == 0 for counts in report["sources"].values())


def test_a_demo_that_was_cut_off_can_be_run_again(motivo: Run, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [MOTIVO, "demo", "--dir", tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    while not (tmp_path / "crm.csv").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    again = motivo("demo", "--dir", tmp_path, "--json")
    assert again.code == 0, again.err
    assert again.json["missed"] == []


def test_a_node_is_called_by_its_name(demo: Any) -> None:
    titles = [cause["title"]["en"] for cause in demo["root_causes"]]
    assert any(re.search(r"product: .+ \(\w+\)", title) for title in titles), titles
