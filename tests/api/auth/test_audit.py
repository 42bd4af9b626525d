"""The audit log: what is in a line, who may read it, and what happens where it cannot be written."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from api.auth import AuditLog, Caller, Change, Role, Sightings
from api.auth.sightings import MANY
from schema import StoreError

AGENT = Caller(Role.AGENT, "key:1234")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def sightings(*keys: str) -> Sightings:
    seen = Sightings()
    for key in keys:
        seen.note("Customer", key)
    seen.note_fields("Customer", ["email"])
    return seen


def test_a_line_says_who_saw_whom(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    log.record(
        AGENT, request="r1", operation="View", sightings=sightings("ana", "bia"), fields=["Customer.name"]
    )
    log.record(AGENT, request="r2", changes=[Change("correctCause", [("Complaint", "k1")])])
    first, second = lines(path)
    assert first.pop("at").endswith("+00:00")
    assert first == {
        "request": "r1",
        "caller": "key:1234",
        "role": "agent",
        "operation": "View",
        "seen": {"Customer": ["ana", "bia"]},
        "fields": ["Customer.email", "Customer.name"],
    }
    assert second["changes"] == [{"name": "correctCause", "subjects": [["Complaint", "k1"]]}]
    assert path.stat().st_mode & 0o777 == 0o600


def test_who_saw_nobody_leaves_no_line(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    AuditLog(path).record(AGENT, request="r1", sightings=Sightings(), fields=["Product.name"])
    assert not path.exists()
    AuditLog(None).record(AGENT, request="r1", sightings=sightings("ana"))


def test_a_line_is_a_line_whatever_clients_name(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    for name in ("a\nb", "\u2028", '"}{', "x" * 10_000, "\ud800", "\x00"):
        log.record(Caller(Role.ADMIN, name), request=name, operation=name, sightings=sightings("ana"))
    assert len(path.read_bytes().split(b"\n")) == 7
    assert all(len(line) < 2000 for line in path.read_bytes().split(b"\n"))
    assert len([json.loads(line) for line in path.read_bytes().split(b"\n") if line]) == 6


def test_of_very_many_it_says_how_many_more(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    seen = sightings(*(f"c{n}" for n in range(MANY + 7)))
    seen.note("Customer", "c1")
    seen.note_rows("Complaint", 12)
    AuditLog(path).record(AGENT, request="r1", sightings=seen)
    (line,) = lines(path)
    assert len(line["seen"]["Customer"]) == MANY
    assert (line["more"], line["rows"]) == ({"Customer": 7}, {"Complaint": 12})


def test_a_file_that_was_moved_or_deleted_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    log.record(AGENT, request="r1", sightings=sightings("ana"))
    path.rename(tmp_path / "audit.1")
    log.record(AGENT, request="r2", sightings=sightings("ana"))
    path.unlink()
    log.record(AGENT, request="r3", sightings=sightings("ana"))
    log.close()
    log.record(AGENT, request="r4", sightings=sightings("ana"))
    assert [line["request"] for line in lines(tmp_path / "audit.1")] == ["r1"]
    assert [line["request"] for line in lines(path)] == ["r3", "r4"]


def test_what_cannot_be_logged_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path / "no folder" / "audit", tmp_path, tmp_path / "link", Path("/dev/full")):
        with pytest.raises(StoreError) as failed:
            AuditLog(path).record(AGENT, request="r1", sightings=sightings("ana"))
        assert "ana" not in str(failed.value)
    assert not (tmp_path / "elsewhere").exists()


def test_lines_of_several_threads_and_processes_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    logs = [AuditLog(path), AuditLog(path)]

    def write(log: AuditLog, name: str) -> None:
        for n in range(50):
            log.record(
                AGENT, request=f"{name}{n}", sightings=sightings(*("k" * 40 + str(i) for i in range(30)))
            )

    threads = [threading.Thread(target=write, args=(logs[i % 2], f"t{i}-")) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({line["request"] for line in lines(path)}) == 200
