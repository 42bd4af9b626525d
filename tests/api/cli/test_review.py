"""`motivo text review` on a store that was ingested: by subcommands, and by keys in a terminal."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run
from tests.api.cli.terminal import Terminal

PROJECT = """\
version: 1
text: {extractor: lexical}
name: waiting room
languages: [en]
sources:
  forms: {path: forms.jsonl, key: id}
targets:
  nodes:
    - {source: forms, kind: Complaint, key: id, properties: {text: text}}
"""
# Failures that no taxonomy has, told so that any extractor sees them.
ROOF = (
    "I am angry because the roof of the waiting room was leaking.",
    "I am angry because the roof of the waiting room leaked again.",
    "My coat is ruined because the roof of the waiting room was leaking all night.",
)
PARROT = (
    "My daughter is crying because the parrot in the lobby bit her finger.",
    "I had to see a doctor because a parrot bit my finger.",
)


class Room:
    """A project of one file, its store, and the command on both."""

    def __init__(self, folder: Path, motivo: Run) -> None:
        self.folder = folder
        self.store = f"sqlite:///{folder / 'motivo.db'}"
        self._motivo = motivo
        (folder / "motivo.yaml").write_text(PROJECT)
        self.ingest(*ROOF, *PARROT)

    def ingest(self, *texts: str) -> Any:
        lines = (json.dumps({"id": f"c{i}", "text": text}) for i, text in enumerate(texts))
        (self.folder / "forms.jsonl").write_text("\n".join(lines) + "\n")
        done = self._motivo("ingest", self.folder / "motivo.yaml", "--store", self.store, "--json")
        assert done.code == 0, done
        return done.json

    def run(self, *arguments: object) -> Any:
        return self._motivo("text", "review", *arguments, "--store", self.store)

    def json(self, *arguments: object) -> Any:
        done = self.run(*arguments, "--json")
        assert done.code == 0, done
        assert done.err == ""
        return done.json

    def proposal(self, word: str) -> str:
        rows = self.json("list", "--size", 2)["proposals"]
        return next(str(r["id"]) for r in rows if any(word in e["quote"] for e in r["examples"]))

    def labels(self) -> dict[str, list[str]]:
        rows = map(json.loads, self.run("export").out.splitlines())
        return {row["id"]: [cause["cause"] for cause in row["causes"]] for row in rows}


@pytest.fixture
def room(tmp_path: Path, motivo: Run) -> Room:
    return Room(tmp_path, motivo)


def test_from_the_list_to_a_labelled_file(room: Room) -> None:
    found = room.json("list", "--size", 2)
    assert found["waiting"] == 5
    assert [(row["complaints"], row["state"]) for row in found["proposals"]] == [(3, "new"), (2, "new")]
    for row in found["proposals"]:
        assert set(row["names"]) == {"en", "es", "pt"}
        for e in row["examples"]:
            assert e["text"][e["start"] : e["end"]] == e["quote"]
    roof = room.proposal("roof")
    made = room.json(
        "accept",
        roof,
        "--en",
        "Leaking roof",
        "--es",
        "Gotera",
        "--by",
        "Eva",
        "--why",
        "seen it",
        "--size",
        2,
    )
    decision = made["decision"]
    assert (decision["action"], decision["by"], decision["why"]) == ("accept", "Eva", "seen it")
    assert (decision["id"], decision["to"], made["proposals"]) == (roof, "own.leaking_roof", 1)
    assert room.labels() == {f"c{i}": ["own.leaking_roof"] for i in range(3)}


def test_decisions_survive_reading_again(room: Room, motivo: Run) -> None:
    room.json("accept", room.proposal("roof"), "--en", "Leaking roof", "--size", 2)
    room.json("correct", "c4", "--cause", "own.leaking_roof")
    expected = {f"c{i}": ["own.leaking_roof"] for i in (0, 1, 2, 4)}
    assert room.labels() == expected
    assert room.ingest(*ROOF, *PARROT)["sources"]["forms"]["written"] == 0
    assert room.labels() == expected
    # Every row has changed, one is new, and one is gone: the judgements hold for the texts as they are now.
    texts = [f"{text} Please answer." for text in (*ROOF, *PARROT)]
    new = "I am angry because the roof of the waiting room was leaking on Monday."
    assert room.ingest(*texts, new)["sources"]["forms"]["written"] == 6
    assert room.labels() == {**expected, "c5": ["own.leaking_roof"]}
    causes = motivo("doctor", "--store", room.store, "--json").json
    assert causes["problems"] == []


def test_every_decision_is_in_the_history_and_can_be_undone(room: Room) -> None:
    assert "Nothing was decided yet" in room.run("history").out.decode()
    roof, parrot = room.proposal("roof"), room.proposal("parrot")
    size = ("--size", 2)
    room.json("rename", parrot, "--pt", "Papagaio", *size)
    room.json("merge", parrot, "--into", roof, *size)
    split = room.json("split", roof, "--quotes", "1,2", *size)["decision"]["to"]
    room.json("accept", split, "--en", "Some", "--pack", "buildings", *size)
    room.json("rename", "own.some", "--es", "Algo", *size)
    room.json("merge", "own.some", "--into", "delivery.late", *size)
    room.json("reject", roof, *size)
    room.json("undo", 2, "--why", "wrong", *size)
    rows = room.json("history")["decisions"]
    assert [row["action"] for row in rows] == [
        "rename", "merge", "split", "accept", "rename", "merge", "reject", "undo",
    ]  # fmt: skip
    assert [row["undone_by"] for row in rows] == [None] * 5 + [8, 8, None]
    assert {row["by"] for row in rows} == {getpass.getuser()}
    assert rows[-1]["undid"] == [6, 7]
    assert [row["action"] for row in room.json("history", "own.some")["decisions"]] == [
        "accept",
        "rename",
        "merge",
    ]
    table = room.run("history", "--lang", "es").out.decode()
    assert "deshecha" in table
    assert "wrong" in table
    assert len(room.json("list", "own.some")["quotes"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["accept", "p00000000"], 5, ("p00000000", "motivo text review list")),
        (["merge", "p00000000", "--into", "delivery.late"], 5, ("p00000000",)),
        (["rename", "delivery.late", "--en", "x"], 6, ("company's",)),
        (["correct", "nobody", "--cause", "delivery.late"], 5, ("nobody",)),
        (["correct", "c0", "--cause", "own.x"], 5, ("own.x", "accept it first")),
        (["split", "delivery.late", "--quotes", "x"], 2, ("'x'", "1,3,7-9")),
        (["undo"], 5, ("nothing was decided",)),
        (["undo", "x"], 2, ("'x'",)),
        (["merge", "p00000000"], 2, ("--into",)),
        ([], 2, ("terminal", "motivo text review list")),
    ],
)
def test_a_mistake_is_told_in_one_line(
    room_of_all: Room, arguments: list[str], code: int, words: tuple[str, ...]
) -> None:
    room_of_all.run(*arguments).refuses(code, *words)


@pytest.fixture(scope="module")
def room_of_all(tmp_path_factory: pytest.TempPathFactory, motivo: Run) -> Room:
    return Room(tmp_path_factory.mktemp("room"), motivo)


def test_an_empty_queue_says_what_next(room: Room, motivo: Run, tmp_path: Path) -> None:
    few = room.run("list", "--size", 9).out.decode()
    assert "5 quotes have no cause" in few
    assert "--size 2" in few
    room.ingest("Thank you, all is well.")
    assert "Nothing waits" in room.run("list").out.decode()
    assert "Nada espera" in room.run("list", "--lang", "pt").out.decode()
    motivo("text", "review", "list", "--store", f"sqlite:///{tmp_path / 'none.db'}").refuses(4, "none.db")


def test_options_before_a_subcommand_hold_for_it(room: Room, motivo: Run) -> None:
    done = motivo("text", "review", "--store", room.store, "--size", 2, "--lang", "es", "list")
    assert "Causas propuestas" in done.out.decode()


def test_the_queue_by_keys(room: Room) -> None:
    command = ("text", "review", "--store", room.store, "--size", "2", "--by", "Eva")
    with Terminal(*command) as terminal:
        first = terminal.wait_for("Your decision:")
        assert "3 complaints" in first
        assert "«the roof of the waiting room was leaking»" in first
        assert "I am angry because" in first
        terminal.type("?")
        terminal.wait_for("a accept")
        terminal.wait_for("Your decision:")
        terminal.type("a")
        for prompt, answer in (
            ("(en)", "Leaking roof"),
            ("(es)", "Gotera"),
            ("(pt)", ""),
            ("Why", "seen it"),
        ):
            terminal.wait_for(prompt)
            terminal.type(answer + "\n")
        terminal.wait_for("own.leaking_roof")
        terminal.wait_for("Your decision:")
        terminal.type("x")
        terminal.wait_for("Why")
        terminal.type("\n")
        terminal.wait_for("no cause")
        terminal.wait_for("2 decisions")
        assert terminal.end() == 0
    assert [d["by"] for d in room.json("history")["decisions"]] == ["Eva", "Eva"]
    assert room.labels() == {**{f"c{i}": ["own.leaking_roof"] for i in range(3)}, "c3": [], "c4": []}


def test_merge_split_rename_and_undo_by_keys(room: Room) -> None:
    command = ("text", "review", "--store", room.store, "--size", "2", "--lang", "es")
    with Terminal(*command) as terminal:
        terminal.wait_for("Su decisión:")
        terminal.type("u")  # there is nothing yet
        terminal.wait_for("nothing was decided")
        terminal.wait_for("Su decisión:")
        terminal.type("s")
        for prompt, answer in (("Qué citas", "1"), ("Adónde", ""), ("Por qué", "")):
            terminal.wait_for(prompt)
            terminal.type(answer + "\n")
        terminal.wait_for("separada")
        terminal.wait_for("Su decisión:")
        terminal.type("u")
        terminal.wait_for("se deshizo")
        terminal.wait_for("3 reclamos")
        terminal.wait_for("Su decisión:")
        terminal.type("m")
        for prompt, answer in (("Con cuál", "delivery.late"), ("Por qué", "")):
            terminal.wait_for(prompt)
            terminal.type(answer + "\n")
        terminal.wait_for("delivery.late")
        terminal.wait_for("Su decisión:")
        terminal.type("r")
        for prompt in ("(en)", "(es)", "(pt)", "Por qué"):
            terminal.wait_for(prompt)
            terminal.type("Loro\n" if prompt == "(es)" else "\n")
        terminal.wait_for("renombrada")
        terminal.wait_for("es: Loro")
        terminal.wait_for("Su decisión:")
        terminal.type("q")
        terminal.wait_for("esperan 1")
        assert terminal.end() == 0
    assert room.labels() == {f"c{i}": ["delivery.late"] for i in range(3)}


def test_stopped_by_the_keyboard(room: Room) -> None:
    with Terminal("text", "review", "--store", room.store, "--size", "2") as terminal:
        terminal.wait_for("Your decision:")
        terminal.type("\x03")
        terminal.wait_for("stopped")
        assert terminal.end() == 130
