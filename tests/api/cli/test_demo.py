"""The demo from end to end."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from algorithms import Alerts, find_alerts
from tests.api.cli.conftest import MOTIVO, Run, Shop, environment


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


def test_planted_causes_are_dated(demo: Any) -> None:
    causes = {cause["id"]: cause for cause in demo["root_causes"]}
    [tower] = [causes[p["found_as"][0]] for p in demo["planted"] if p["id"] == "tower-outages"]
    assert tower["onset_low"] <= "2026-08-10" <= tower["onset_high"]
    assert "2026-09-10" <= tower["ended"] <= "2026-09-15"
    [plan] = [causes[p["found_as"][0]] for p in demo["planted"] if p["id"] == "plan-region"]
    assert plan["onset_low"] <= "2026-07-02" <= plan["onset_high"] or plan["onset_low"] is None
    customers = [cause["cumulative_customers"] for cause in demo["root_causes"]]
    assert customers == sorted(customers)
    assert customers[0] == demo["root_causes"][0]["customers"]
    money = [float(cause["cumulative_money"]["BRL"]) for cause in demo["root_causes"]]
    assert money == sorted(money)


def test_actions_are_kept_and_judged(demo: Any, motivo: Run, folder: Path, tmp_path: Path) -> None:
    company = shutil.copytree(folder, tmp_path / "copy")
    store = ("--store", f"sqlite:///{company / 'motivo.db'}")
    tower = next(p["found_as"][0] for p in demo["planted"] if p["id"] == "tower-outages")
    assert motivo("action", "effect", *store, "--json").json == {"effects": []}
    assert "motivo action add" in motivo("action", "list", *store, "--lang", "es").out.decode()
    begun = ("action", "add", tower, "--what", "Torre [reparada] ñ", "--by", "Ana")
    made = motivo(*begun, "--from", "2026-09-13", *store, "--json")
    assert made.code == 0, made
    assert made.json["action"]["cause"] == tower
    assert made.json["exposed"] > 100
    early = motivo(*begun, "--from", "2030-01-01", *store, "--lang", "pt").out.decode()
    assert "Guardada como a2" in early
    again = motivo("ingest", company / "motivo.yaml", *store, "--json").json
    assert all(counts["written"] == 0 for counts in again["sources"].values())
    helped, waiting = motivo("action", "effect", *store, "--json").json["effects"]
    assert helped["verdict"] == "fewer"
    assert helped["high"] < 0.5
    assert (waiting["verdict"], waiting["reason"], waiting["ratio"]) == ("unknown", "early", None)
    shown = " ".join(motivo("action", "effect", "a1", *store, "--lang", "pt").out.decode().split())
    assert " ".join(helped["explanation"]["pt"].split()) in shown
    assert "Torre [reparada] ñ" in shown
    assert motivo("action", "remove", "a2", *store, "--json").json == {"removed": "a2"}
    listed = motivo("action", "list", *store, "--json").json["actions"]
    assert listed == [made.json["action"]]
    motivo("action", "effect", "a2", *store).refuses(5, "a2")
    motivo("action", "remove", "a2", *store).refuses(5, "a2")
    motivo("action", "add", tower, "--from", "yesterday", "--what", "x", *store).refuses(2, "--from")


def test_an_action_needs_a_cause_that_is_there(shop: Shop, motivo: Run) -> None:
    wrong = ("action", "add", "rc-none", "--from", "2026-01-01", "--what", "x")
    motivo(*wrong, "--store", shop.store).refuses(5, "rc-none")


def test_alerts_say_what_rises_and_how_often_in_vain(
    demo: Any, motivo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_once: list[Alerts] = []  # what is looked for takes seconds, and is told twice

    def find_once(*asked: Any, **more: Any) -> Alerts:
        found_once.append(found_once[0] if found_once else find_alerts(*asked, **more))
        return found_once[-1]

    monkeypatch.setattr("algorithms.find_alerts", find_once)
    found = motivo("alerts", "--store", demo["store"], "--json")
    assert (found.code, found.err) == (0, "")
    assert found.json["watched"] > len(demo["root_causes"])
    assert found.json["false_a_year"] == 0.1
    for alert in found.json["alerts"]:
        assert alert["complaints"] > alert["expected"]
    assert "vigiladas" in motivo("alerts", "--store", demo["store"], "--lang", "es").out.decode()


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
