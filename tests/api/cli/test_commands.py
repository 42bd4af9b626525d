"""What commands print: one JSON document, tables, help, completion."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.cli.conftest import MOTIVO, Run, Shop, environment

COMMANDS = ("demo", "ingest", "quarantine", "causes", "extract", "text", "doctor", "completion")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(motivo: Run, command: str) -> None:
    shown = motivo(command, "--help")
    assert shown.code == 0
    assert f"motivo {command}" in shown.out.decode().partition("Examples:")[2]


def test_help_imports_no_heavy_library(root: Path) -> None:
    code = (
        "import sys\nfrom api.cli import motivo\n"
        "motivo.main(['--help'], standalone_mode=False)\n"
        "heavy = {'duckdb', 'spacy', 'scipy', 'sqlite3', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False)
    assert done.returncode == 0, done.stderr
    for command in COMMANDS:
        assert command in done.stdout


@pytest.mark.parametrize(
    ("shell", "word", "typed", "place"),
    [
        ("bash", "complete ", "motivo ca", "1"),
        ("zsh", "compdef", "motivo ca", "1"),
        ("fish", "complete ", "motivo", "ca"),
    ],
)
def test_completion_is_a_script_for_the_shell(
    motivo: Run, shell: str, word: str, typed: str, place: str
) -> None:
    done = motivo("completion", shell)
    assert done.code == 0
    assert word in done.out.decode()
    asked = {"_MOTIVO_COMPLETE": f"{shell}_complete", "COMP_WORDS": typed, "COMP_CWORD": place}
    assert "causes" in motivo(**asked).out.decode()


def test_ingest_reports_what_it_did(shop: Shop, motivo: Run) -> None:
    assert set(shop.report["sources"]) == {"crm", "orders", "messages"}
    for counts in shop.report["sources"].values():
        assert counts["read"] == counts["written"] + counts["unchanged"] + counts["quarantined"]
    again = motivo("ingest", shop.project, "--store", shop.store, "--json")
    assert again.err == ""
    assert all(counts["written"] == 0 for counts in again.json["sources"].values())
    for field in ("nodes", "relationships", "complaints"):
        assert again.json[field] == shop.report[field]
    table = motivo("ingest", shop.project, "--store", shop.store)
    assert "orders" in table.out.decode()
    assert b"\x1b" not in table.out
    assert table.err == ""


def test_quarantine_shows_rows_and_all_that_is_wrong(shop: Shop, motivo: Run) -> None:
    rows = motivo("quarantine", "--store", shop.store, "--json").json["rows"]
    assert len(rows) == sum(counts["quarantined"] for counts in shop.report["sources"].values())
    for row in rows:
        assert row["source"] in shop.report["sources"]
        assert row["errors"]
        assert all(set(error) == {"field", "message"} and error["message"] for error in row["errors"])
    tax = next(row for row in rows if row["key"] == "C7")
    assert tax["row"]["name"] == "Persona 7"
    assert [error["field"] for error in tax["errors"]] == ["dni"]
    assert next(row for row in rows if row["key"] is None)["row"] == {"raw": "a line without columns"}
    assert next(row for row in rows if row["key"] == "O5")["errors"][0]["field"] == "days"
    assert "C7" in motivo("quarantine", "--store", shop.store).out.decode()


def test_causes_are_the_same_each_time_and_in_three_languages(shop: Shop, motivo: Run) -> None:
    first, second = (motivo("causes", "--store", shop.store, "--json") for _ in range(2))
    assert first.code == 0
    assert first.err == ""
    assert first.out == second.out
    found = first.json
    assert found["unit"] == "Order"
    assert set(found["root_causes"][0]["explanation"]) == {"en", "es", "pt"}
    table = motivo("causes", "--store", shop.store, "--lang", "es").out.decode()
    assert "Causas raíz" in table
    assert found["root_causes"][0]["evidence"][0]["quote"] in table
    assert "\x1b" not in table


def test_doctor_finds_nothing_wrong_with_the_store(shop: Shop, motivo: Run) -> None:
    report = motivo("doctor", "--store", shop.store, "--json").json
    assert report["facts"]["nodes"] == sum(shop.report["nodes"].values())
    assert [problem["remedy"] for problem in report["problems"]] == ["motivo quarantine"]


def test_the_store_may_come_from_the_environment(shop: Shop, motivo: Run) -> None:
    assert motivo("doctor", "--json", MOTIVO_STORE=shop.store).json["facts"]["store"] == shop.store


def test_colour_is_for_terminals(shop: Shop) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [MOTIVO, "quarantine", "--store", shop.store],
        stdout=follower,
        stderr=follower,
        env=environment(TERM="xterm-256color", COLUMNS="100"),
    )
    os.close(follower)
    shown = b""
    try:
        while part := os.read(leader, 65536):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(leader)
    assert process.wait() == 0
    assert b"\x1b[" in shown


LINES = (
    '{"id": 1, "text": "Me cobraron dos veces la factura de agosto.", "lang": "es"}',
    "not JSON",
    '{"id": "b", "text": ""}',
    "",
    '{"id": "c"}',
    '["text"]',
    '{"id": "d", "text": "🙁 The parcel arrived late because the courier got lost."}',
    '{"id": "e", "text": 5}',
)


def test_extract_answers_in_order_and_names_bad_lines(motivo: Run, tmp_path: Path) -> None:
    raw = "\n".join(LINES).encode() + b'\n{"id": "f", "text": "\xff"}\n{"id": "g", "text": "Bom dia"}'
    piped = motivo("extract", "-", stdin=raw)
    assert piped.code == 3
    answers = [json.loads(line) for line in piped.out.splitlines()]
    assert [answer["id"] for answer in answers] == [1, "b", "d", "g"]
    *each, last = piped.err.splitlines()
    assert [int(line.split("line ")[1].split(":")[0]) for line in each] == [2, 5, 6, 8, 9]
    assert "5 lines" in last

    texts = [row.get("text") for row in (json.loads(LINES[0]), json.loads(LINES[2]), json.loads(LINES[6]))]
    assert any(answer["causes"] for answer in answers)
    for answer, text in zip(answers, texts, strict=False):
        assert 0 <= answer["score"] <= 1
        for span in [*answer["causes"], *answer["effects"]]:
            assert text[span["start"] : span["end"]] == span["quote"]
        for cause in answer["causes"]:
            assert cause["kind"] in ("explicit", "implicit")
            assert cause["deeper_of"] is None or 0 <= cause["deeper_of"] < len(answer["causes"])

    file = tmp_path / "texts.jsonl"
    file.write_bytes(raw)
    assert motivo("extract", file, "--no-vectors").out == piped.out
    file.write_text(LINES[0])
    assert motivo("extract", file).code == 0
    assert motivo("extract", "-").out == b""
    motivo("extract", tmp_path / "none.jsonl").refuses(3, "none.jsonl")
