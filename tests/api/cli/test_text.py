"""`motivo text`: labels in a terminal, a model learned from labels, and the way back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Outcome, Run, Shop
from tests.api.cli.terminal import Terminal
from tests.ingest.text.learning.zoo import BITES, find_learned, make_texts

TEXTS = (
    "Me cobraron dos veces la factura de agosto. Yo llamé, llamé y nadie me atiende.",
    "O entregador jogou a caixa no chão e o produto chegou quebrado.",
    "Gracias por la atención, todo perfecto.",
)


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    return write(tmp_path / "messages.jsonl", *({"id": k, "text": text} for k, text in enumerate(TEXTS)))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, motivo: Run) -> tuple[Path, Outcome]:
    """Return a folder with a model that was learned, and what was said of it; not to be changed."""
    folder = tmp_path_factory.mktemp("trained")
    labelled = write(folder / "labelled.jsonl", *(text.to_dict() for text in make_texts()))
    more = {"MOTIVO_MODELS": str(folder / "own"), "OMP_NUM_THREADS": "1"}
    return folder / "own", motivo("text", "train", labelled, "--heads-only", "--json", **more)


def test_train_keeps_what_is_better_and_models_go_back(
    trained: tuple[Path, Outcome], tmp_path: Path, motivo: Run
) -> None:
    folder, done = trained
    assert done.code == 0, done
    assert done.err == ""
    found = done.json
    here = {"MOTIVO_MODELS": str(shutil.copytree(folder, tmp_path / "own"))}
    assert found["kept"]
    assert found["texts"] == len(make_texts())
    assert found["before"][found["judged_by"]] < found["after"][found["judged_by"]]
    assert found["new_causes"] == [BITES]
    listed = motivo("text", "models", "--json", **here).json
    assert listed["current"] == found["version"]
    assert [model["version"] for model in listed["models"]] == [found["version"]]

    one = json.dumps({"id": 1, "text": find_learned().text}).encode() + b"\n"
    mine = motivo("extract", "-", stdin=one, **here)
    assert found["version"] in mine.err
    assert json.loads(mine.out)["causes"][0]["cause"] == BITES
    assert motivo("extract", "-", "--no-vectors", stdin=one, **here).err == ""
    facts = motivo("doctor", "--json", "--store", f"sqlite:///{tmp_path}/no.db", **here)
    assert found["version"] in json.loads(facts.out)["facts"]["model"]

    assert motivo("text", "models", "--undo", "--json", **here).json["current"] == "package"
    assert motivo("extract", "-", stdin=one, **here).err == ""
    assert (
        found["version"][:5] in motivo("text", "models", "--use", found["version"][:5], **here).out.decode()
    )
    motivo("text", "models", "--use", "0000", **here).refuses(5, "0000")
    motivo("text", "models", "--use", "package", "--undo", **here).refuses(2, "--undo")


def test_ingest_reads_by_the_model_in_use(trained: tuple[Path, Outcome], tmp_path: Path, motivo: Run) -> None:
    here = {"MOTIVO_MODELS": str(trained[0])}
    write(tmp_path / "notes.jsonl", {"id": "a", "text": "A llama bit my finger. We had paid for the ticket."})
    project = tmp_path / "motivo.yaml"
    project.write_text(
        "version: 1\nname: zoo\nlanguages: [en]\nsources: {notes: {path: notes.jsonl, key: id}}\n"
        "targets:\n  nodes:\n    - {source: notes, kind: Complaint, key: id, properties: {text: text}}\n"
    )
    store = f"sqlite:///{tmp_path / 'zoo.db'}"
    plain = motivo("ingest", project, "--store", store, "--json").json
    own = motivo("ingest", project, "--store", store, "--json", **here)
    assert "your own model" in own.err
    assert own.json["extractor"] != plain["extractor"]
    assert own.json["sources"]["notes"]["written"] == 1


def test_bad_lines_are_all_named_and_nothing_is_learned(tmp_path: Path, motivo: Run) -> None:
    rows = [text.to_dict() for text in make_texts()]
    rows[3]["lang"], rows[5]["causes"][0]["end"] = "xx", 9999
    done = motivo("text", "train", write(tmp_path / "bad.jsonl", *rows), MOTIVO_MODELS=str(tmp_path / "own"))
    assert done.code == 3
    assert "line 4: lang:" in done.err
    assert "line 6: causes[0]:" in done.err
    assert not (tmp_path / "own").exists()


def test_too_few_texts_say_how_many_are_needed(tmp_path: Path, motivo: Run) -> None:
    few = write(tmp_path / "few.jsonl", *(text.to_dict() for text in make_texts()[:12]))
    done = motivo("text", "train", few, "--heads-only")
    done.refuses(3, "are needed", "motivo text label")


def test_what_is_worth_labelling_is_listed(messages: Path, tmp_path: Path, motivo: Run) -> None:
    found = motivo("text", "label", messages, "--list", "10", "--json").json["texts"]
    assert sorted(row["id"] for row in found) == [0, 1, 2]
    assert all(0 <= row["doubt"] <= 1 and isinstance(row["complaint"], bool) for row in found)
    kept = {name: found[0][name] for name in ("id", "text", "lang", "complaint", "causes")}
    out = write(tmp_path / "labelled.jsonl", kept)
    left = motivo("text", "label", messages, "--out", out, "--list", "10", "--json").json["texts"]
    assert sorted(row["id"] for row in left) == sorted(row["id"] for row in found[1:])
    assert out.read_text("utf-8").count("\n") == 1
    assert "duda" in motivo("text", "label", messages, "--list", "2", "--lang", "es").out.decode()


def test_texts_come_from_a_store_too(shop: Shop, motivo: Run) -> None:
    found = motivo("text", "label", "--store", shop.store, "--list", "5", "--json").json["texts"]
    assert 0 < len(found) <= 5


def test_label_says_what_it_needs(messages: Path, tmp_path: Path, motivo: Run) -> None:
    motivo("text", "label", "--list", "3").refuses(2, "TEXTS.jsonl")
    motivo("text", "label", messages).refuses(2, "--out")
    motivo("text", "label", messages, "--out", tmp_path / "x.jsonl").refuses(2, "--list")
    motivo("text", "label", tmp_path / "none.jsonl", "--list", "3").refuses(3, "cannot be read")
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_bytes(b'{"text": 5}\n{"text": "todo mal"}\n\xff\n')
    done = motivo("text", "label", wrong, "--list", "3", "--json")
    assert done.code == 3
    assert [row["id"] for row in done.json["texts"]] == [2]
    assert "line 1:" in done.err
    assert "line 3:" in done.err


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


PROMPT = "Enter to accept >"


def test_a_text_is_labelled_in_the_terminal(tmp_path: Path) -> None:
    text = TEXTS[0]
    messages = write(tmp_path / "one.jsonl", {"id": "m", "text": text, "lang": "es"})
    out = tmp_path / "labelled.jsonl"
    with Terminal("text", "label", messages, "--out", out, "--lang", "en", LANG="C.UTF-8") as terminal:
        shown = terminal.wait_for(PROMPT)
        assert "1 of 1" in shown
        terminal.type("?\n")
        assert "mark these words" in terminal.wait_for(PROMPT)
        terminal.type("n\n")
        assert "No complaint." in terminal.wait_for(PROMPT)
        terminal.type("+ nunca dicho\n")
        assert "not in the text" in terminal.wait_for(PROMPT)
        terminal.type("+ me cobraron dos veces\n")
        terminal.wait_for("Esc leaves):")
        terminal.type("twic")
        terminal.wait_for("billing.double_charge")
        terminal.type("\n")
        shown = terminal.wait_for(PROMPT)
        assert "1«Me cobraron dos veces»" in shown
        assert "A complaint." in shown
        terminal.type("+ llamé\n")
        terminal.wait_for("They are there 2 times")
        terminal.type("2\n")
        terminal.wait_for("Esc leaves):")
        terminal.type(".")
        assert "(no name)" in terminal.wait_for(PROMPT)
        terminal.type("+ factura de agosto. Yo llamé, llamé\n")
        assert "lies over" in terminal.wait_for(PROMPT)
        terminal.type("c 2\n")
        terminal.wait_for("Esc leaves):")
        terminal.type("unreachable")
        terminal.wait_for("support.unreachable")
        terminal.type("\n")
        terminal.wait_for(PROMPT)
        terminal.type("d 1\n")
        terminal.wait_for(PROMPT)
        terminal.type("u\n")
        assert "2«llamé»" in terminal.wait_for(PROMPT)
        assert read(out) == []
        terminal.type("x\n")
        assert "no command" in terminal.wait_for(PROMPT)
        terminal.type("\n")
        terminal.wait_for("1 texts labelled")
        assert terminal.end() == 0
    place = text.rindex("llamé")
    assert read(out) == [
        {
            "id": "m", "text": text, "lang": "es", "complaint": True,
            "causes": [
                {"start": 0, "end": 21, "cause": "billing.double_charge"},
                {"start": place, "end": place + 5, "cause": "support.unreachable"},
            ],
        }
    ]  # fmt: skip


def test_each_decision_is_kept_at_once_and_can_be_taken_back(messages: Path, tmp_path: Path) -> None:
    out = tmp_path / "labelled.jsonl"
    with Terminal("text", "label", messages, "--out", out, "--lang", "pt", NO_COLOR="1") as terminal:
        terminal.wait_for("Enter aceita >")
        terminal.type("\n")
        terminal.wait_for("Enter aceita >")
        assert len(read(out)) == 1
        terminal.type("u\n")
        terminal.wait_for("aberto de novo")
        terminal.wait_for("Enter aceita >")
        assert read(out) == []
        terminal.type("n\n")
        terminal.wait_for("Enter aceita >")
        terminal.type("\n")
        terminal.wait_for("Enter aceita >")
        terminal.type("s\n")
        terminal.wait_for("Enter aceita >")
        terminal.type("q\n")
        assert terminal.end() == 0
    [row] = read(out)
    assert (row["complaint"], row["causes"]) == (False, [])
    # killed in the middle, what was accepted is there, and the next sitting goes on behind it
    with Terminal("text", "label", messages, "--out", out, "--lang", "en") as terminal:
        assert "1 of 2" in terminal.wait_for(PROMPT)
        terminal.type("\n")
        terminal.wait_for(PROMPT)
    assert len(read(out)) == 2
