"""`motivo text teach` as people and scripts run it, against a server on this machine."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.api.cli.conftest import MOTIVO, Outcome, Run, environment
from tests.ingest.shop import make_shop
from tests.ingest.text.teacher.server import Exchange, Server, mark, serve

COUNT = 24


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    rows = [{"id": n, "text": f"El pedido {'x' * n} delivery.late*llegó tarde*"} for n in range(COUNT)]
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def settings(server: Server, **more: str) -> dict[str, str]:
    return {"MOTIVO_TEACHER_URL": server.url, "MOTIVO_TEACHER_MODEL": "small", **more}


def test_off_by_default(motivo: Run, texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    motivo("text", "teach", texts, "--out", out, "--yes").refuses(2, "MOTIVO_TEACHER_URL")
    assert list(tmp_path.iterdir()) == [texts]


def test_the_plan_is_shown_and_nothing_sent_without_leave(motivo: Run, texts: Path, tmp_path: Path) -> None:
    with serve() as server:

        def teach(stdin: bytes, *more: object) -> Outcome:
            arguments = ("text", "teach", texts, "--out", "out.jsonl", *more)
            return motivo(*arguments, stdin=stdin, cwd=tmp_path, **settings(server))

        for answer in (b"", b"n\n", b"\n"):
            outcome = teach(answer)
            assert outcome.code == 6
            assert outcome.out == b""
            assert f"{COUNT} texts" in outcome.err
            assert "small at 127.0.0.1" in outcome.err
            assert "price unknown" in outcome.err
            assert "nothing was sent" in outcome.err
        assert server.asked == []
        assert not (tmp_path / "out.jsonl").exists()
        outcome = teach(b"y\n", "--price", "2", "8", "--json")
        assert outcome.code == 0
        assert "price unknown" not in outcome.err
    report = outcome.json
    assert report["answered"] == report["plan"]["to_ask"] == COUNT
    assert report["cost"] == COUNT * (1000 * 2 + 100 * 8) / 1e6
    assert report["plan"]["cost"] > 0
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == COUNT
    assert (tmp_path / "motivo-teacher.db").exists()


def test_nothing_is_asked_where_all_is_known(motivo: Run, texts: Path, tmp_path: Path) -> None:
    arguments = ("text", "teach", texts, "--out", "out.jsonl")
    with serve() as server:
        cache = str(tmp_path / "kept.db")
        more = settings(server, MOTIVO_TEACHER_CACHE=cache, MOTIVO_TEACHER_KEY="sk-1")
        assert motivo(*arguments, "--yes", cwd=tmp_path, **more).code == 0
        assert server.asked[0].headers["Authorization"] == "Bearer sk-1"
        outcome = motivo(*arguments, cwd=tmp_path, **more)  # stdin is empty: there is no question
    assert outcome.code == 0, outcome
    assert len(server.asked) == COUNT
    assert "cached" in outcome.out.decode()
    assert b"sk-1" not in Path(cache).read_bytes()


def test_failures_have_their_code_and_the_rest_its_labels(motivo: Run, texts: Path, tmp_path: Path) -> None:
    with texts.open("a") as file:
        file.write('\nnope\n{"id": "bad", "text": "ilegible"}\n')
    arguments = ("text", "teach", texts, "--out", "out.jsonl", "--yes", "--json")

    def script(exchange: Exchange) -> None:
        if exchange.text == "ilegible":
            exchange.reply("I cannot")
        else:
            mark(exchange)

    with serve(script) as server:
        outcome = motivo(*arguments, cwd=tmp_path, **settings(server))
    assert outcome.code == 8
    assert (outcome.json["failed"], outcome.json["wrong"], outcome.json["answered"]) == (1, 1, COUNT)
    assert f"line {COUNT + 1}: not JSON" in outcome.err
    assert f"line {COUNT + 2}: there is no JSON object" in outcome.err
    with serve() as server:
        outcome = motivo(*arguments, cwd=tmp_path, **settings(server))
        assert server.texts == ["ilegible"]
    assert outcome.code == 3
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == COUNT + 1


def test_killed_and_run_again_it_asks_for_the_rest_only(motivo: Run, texts: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    with serve() as server:
        more = settings(server, MOTIVO_TEACHER_CACHE=str(tmp_path / "whole.db"))
        assert motivo("text", "teach", texts, "--out", whole, "--yes", **more).code == 0

    reached, held = threading.Event(), threading.Event()

    def script(exchange: Exchange) -> None:
        if exchange.number >= COUNT // 2:  # half are answered, the next ones wait until the process is dead
            if exchange.number == COUNT // 2 + 2:  # all three that ask wait: what they had is kept
                reached.set()
            held.wait(60)
        mark(exchange)

    arguments = ("text", "teach", str(texts), "--out", "out.jsonl", "--yes", "--concurrency", "3")
    with serve(script) as server:
        process = subprocess.Popen(
            [MOTIVO, *arguments], cwd=tmp_path, env=environment(**settings(server)), stderr=subprocess.DEVNULL
        )
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        held.set()
        before = server.texts[: COUNT // 2]
    assert not (tmp_path / "out.jsonl").exists()

    with serve() as server:
        outcome = motivo(*arguments, "--json", cwd=tmp_path, **settings(server))
        again = server.texts
    assert outcome.code == 0, outcome
    assert set(again).isdisjoint(before)
    assert outcome.json["cached"] == len(before)
    assert outcome.json["answered"] == len(again) == COUNT - len(before)
    assert (tmp_path / "out.jsonl").read_bytes() == whole.read_bytes()


def test_stopped_it_ends_at_once_and_says_how_to_go_on(texts: Path, tmp_path: Path) -> None:
    reached, held = threading.Event(), threading.Event()

    def script(exchange: Exchange) -> None:
        reached.set()
        held.wait(60)

    with serve(script) as server:
        process = subprocess.Popen(
            [MOTIVO, "text", "teach", str(texts), "--out", "out.jsonl", "--yes"],
            cwd=tmp_path,
            env=environment(**settings(server)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert reached.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        held.set()
    assert process.returncode == 130
    assert out == b""
    assert b"motivo: stopped" in err
    assert b"Traceback" not in err
    assert sorted(p.suffix for p in tmp_path.iterdir() if "out" in p.name) == []


def test_a_project_may_have_its_texts_read_by_the_teacher(motivo: Run, tmp_path: Path) -> None:
    project = make_shop(tmp_path, customers=5, orders=5, messages=6)
    project.write_text(project.read_text().replace("{extractor: lexical}", "{extractor: teacher}"))
    arguments = ("ingest", project, "--store", f"sqlite:///{tmp_path / 'm.db'}", "--json")
    motivo(*arguments, cwd=tmp_path).refuses(2, "MOTIVO_TEACHER_URL")
    assert not (tmp_path / "m.db").exists()

    def script(exchange: Exchange) -> None:
        words = exchange.text.split()
        cause = {"quote": words[0], "cause": "support.rude"}
        exchange.reply({"complaint": True, "causes": [cause]})

    with serve(script) as server:
        outcome = motivo(*arguments, cwd=tmp_path, **settings(server))
        asked = len(server.asked)
        again = motivo(*arguments, cwd=tmp_path, **settings(server))
        assert len(server.asked) == asked > 0
    assert outcome.code == again.code == 0, outcome
    assert "teacher-small-" in outcome.err
    relationships = outcome.json["relationships"]
    assert any("ATTRIBUTED_TO" in name and count for name, count in relationships.items())
    assert sum(c["written"] for c in again.json["sources"].values()) == 0


def test_a_misspelt_extractor_is_told_with_its_line(motivo: Run, tmp_path: Path) -> None:
    project = make_shop(tmp_path, customers=1, orders=1, messages=1)
    project.write_text(project.read_text().replace("{extractor: lexical}", "{extractor: techer}"))
    motivo("ingest", project, "--store", f"sqlite:///{tmp_path / 'm.db'}").refuses(
        3, "text.extractor", "teacher"
    )
