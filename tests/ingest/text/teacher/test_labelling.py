"""A file of texts: order, counts, cost, what is kept, and the extractor."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from ingest.text import Extractor
from ingest.text.teacher import Plan, Prices, TeacherExtractor, label_texts, plan_labels
from ingest.text.teacher.labelling import MOST_FAILURES
from ingest.text.teacher.teacher import MOST_CHARACTERS
from schema.errors import InputError, ServiceError, StoreError, UsageError
from tests.ingest.text.teacher.conftest import Ready
from tests.ingest.text.teacher.server import Exchange, mark, serve
from tests.ingest.text.test_extract import check

LATE = "delivery.late*llegó tarde*"


def write(path: Path, texts: list[str]) -> Path:
    rows = [json.dumps({"id": f"t{n}", "text": text}) for n, text in enumerate(texts)]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return write(tmp_path / "texts.jsonl", [f"El pedido {'x' * n} {LATE}" for n in range(30)])


def test_the_output_is_in_the_order_of_the_texts(ready: Ready, texts: Path, tmp_path: Path) -> None:
    gate = threading.Semaphore(0)

    def script(exchange: Exchange) -> None:
        if exchange.number == 0:  # the first text is answered after three others
            for _ in range(3):
                gate.acquire(timeout=30)
        mark(exchange)
        gate.release()

    out = tmp_path / "out.jsonl"
    with serve(script) as server:
        report = label_texts(texts, out, ready(server.url), concurrency=4)
    assert server.most_at_once <= 4
    rows = read(out)
    assert [row["id"] for row in rows] == [f"t{n}" for n in range(30)]
    assert (report.texts, report.answered, report.cached, report.failed) == (30, 30, 0, 0)
    assert (report.complaints, report.causes, report.tokens_in) == (30, 30, 30_000)
    for row in rows:
        (span,) = row["causes"]
        assert row["text"][span["start"] : span["end"]] == span["quote"] == "llegó tarde"
        assert (span["cause"], row["complaint"], row["lang"], row["dropped"]) == (
            "delivery.late",
            True,
            "es",
            0,
        )


def test_the_same_is_not_asked_twice(ready: Ready, tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", [f"{LATE} a", f"{LATE} b", f"{LATE} a", "123", f"{LATE} a"])
    out = tmp_path / "out.jsonl"
    with serve() as server:
        teacher = ready(server.url)
        plan = plan_labels(path, teacher)
        assert (plan.texts, plan.to_ask, plan.cached, plan.too_long) == (5, 2, 3, 0)
        assert server.asked == []
        report = label_texts(path, out, teacher, concurrency=4)
        assert (report.answered, report.cached) == (2, 3)
        again = label_texts(path, tmp_path / "again.jsonl", ready(server.url))
        assert (again.answered, again.cached, again.tokens_in) == (0, 5, 0)
        assert len(server.asked) == 2
        assert plan_labels(path, teacher) == Plan(5, 5)
        label_texts(path, out, ready(server.url, model="another"))
        assert len(server.asked) == 4
    assert out.read_bytes() == (tmp_path / "again.jsonl").read_bytes()


def test_personal_data_do_not_leave(ready: Ready, tmp_path: Path) -> None:
    text = "Soy Ana Gil, ana@correo.example, 4111 1111 1111 1111: *no llega a ana@correo.example* nada"
    with serve() as server:
        label_texts(write(tmp_path / "t.jsonl", [text]), tmp_path / "out.jsonl", ready(server.url))
        sent = json.dumps(server.asked[0].body)
    for secret in ("Ana", "Gil", "correo", "1111"):
        assert secret not in sent
    (row,) = read(tmp_path / "out.jsonl")
    assert row["causes"][0]["quote"] == "no llega a ana@correo.example"
    assert b"correo" not in b"".join(path.read_bytes() for path in tmp_path.glob("answers.db*"))


def test_bad_lines_and_failed_texts_are_named_and_the_rest_is_labelled(ready: Ready, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    lines = [
        b'\xef\xbb\xbf{"id": 1, "text": "llega a *tarde*"}',
        b"nope",
        b"",
        b'{"id": 2, "text": "no se puede leer"}',
        b'{"id": 3}',
        b'{"id": 4, "text": "' + b"largo " * MOST_CHARACTERS + b'"}',
        b'{"text": "otra *cosa* que falla", "lang": "es-AR"}',
        b'{"id": 6, "text": "\xff"}',
    ]
    path.write_bytes(b"\n".join(lines))
    said: list[str] = []

    def script(exchange: Exchange) -> None:
        if "leer" in exchange.text:
            exchange.reply("no")
        else:
            mark(exchange)

    with serve(script) as server:
        teacher = ready(server.url)
        assert plan_labels(path, teacher).too_long == 1
        report = label_texts(path, tmp_path / "out.jsonl", teacher, complain=said.append)
    assert [row["id"] for row in read(tmp_path / "out.jsonl")] == [1, None]
    assert (report.texts, report.answered, report.failed, report.wrong) == (4, 2, 2, 3)
    assert sorted(line.split(":")[0] for line in said) == [f"line {n}" for n in (2, 4, 5, 6, 8)]


def test_invented_quotes_and_causes_are_counted(ready: Ready, tmp_path: Path) -> None:
    causes = [{"quote": "nunca dicho", "cause": None}, {"quote": "no llega", "cause": "delivery.never"}]
    with serve(lambda e: e.reply({"complaint": True, "causes": causes})) as server:
        path = write(tmp_path / "t.jsonl", ["el paquete no llega", "la caja no llega"])
        report = label_texts(path, tmp_path / "out.jsonl", ready(server.url))
    assert (report.causes, report.dropped, report.unknown) == (2, 2, 2)
    assert [row["dropped"] for row in read(tmp_path / "out.jsonl")] == [1, 1]


def test_a_teacher_that_fails_and_fails_is_given_up(ready: Ready, texts: Path, tmp_path: Path) -> None:
    with serve(lambda e: e.fail(500, "oops") if e.number else mark(e)) as server:
        with pytest.raises(ServiceError, match=f"{MOST_FAILURES} texts in a row"):
            label_texts(texts, tmp_path / "out.jsonl", ready(server.url), concurrency=1)
        assert len(server.asked) < 30 * 5
    assert not (tmp_path / "out.jsonl").exists()
    assert list(tmp_path.glob("*.part")) == []
    with serve() as server:
        report = label_texts(texts, tmp_path / "out.jsonl", ready(server.url))
    assert (report.answered, report.cached) == (29, 1)


def test_a_wrong_key_ends_it_at_once(ready: Ready, texts: Path, tmp_path: Path) -> None:
    with serve(lambda e: e.fail(401, "no")) as server, pytest.raises(ServiceError, match="lets us not in"):
        label_texts(texts, tmp_path / "out.jsonl", ready(server.url), concurrency=1)


def test_cost_is_told_by_the_tokens() -> None:
    assert Prices(0.5, 2.0).cost(1_000_000, 100_000) == 0.7
    assert Prices(0, 0).cost(10**9, 10**9) == 0


def test_the_plan_counts_tokens_about_right(ready: Ready, texts: Path) -> None:
    with serve() as server:
        plan = plan_labels(texts, ready(server.url))
    assert 1_000 < plan.tokens_in / plan.to_ask < 4_000
    assert 50 < plan.tokens_out / plan.to_ask < 500


@pytest.mark.parametrize("name", ["none.jsonl", "."])
def test_what_cannot_be_read_or_written_is_told(ready: Ready, texts: Path, tmp_path: Path, name: str) -> None:
    with serve() as server:
        teacher = ready(server.url)
        with pytest.raises(InputError, match="cannot be read"):
            plan_labels(tmp_path / name, teacher)
        with pytest.raises(InputError, match="cannot be written"):
            label_texts(texts, tmp_path / "nowhere" / "out.jsonl", teacher)
        with pytest.raises(UsageError, match="is what is to be read"):
            label_texts(texts, texts, teacher)
    assert server.asked == []


def test_the_answers_are_kept_for_the_owner_alone(ready: Ready, tmp_path: Path) -> None:
    ready("https://h.example/v1")
    assert stat.S_IMODE((tmp_path / "answers.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["text", "other database", "folder"])
def test_another_file_is_not_taken_for_answers(ready: Ready, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "answers.db"
    if kind == "text":
        path.write_text("this is a text and no database at all, and it is long enough to say so" * 9)
    elif kind == "folder":
        path.mkdir()
    else:
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE t (a)")
        base.commit()
        base.close()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=r"answers\.db"):
        ready("https://h.example/v1")
    assert before is None or path.read_bytes() == before


def test_the_teacher_is_an_extractor(ready: Ready, extractor: Extractor) -> None:
    with serve() as server:
        teacher = TeacherExtractor(ready(server.url), extractor)
        assert teacher.version.startswith("teacher-small-")
        assert teacher.version.endswith(extractor.version)
        assert TeacherExtractor(ready(server.url, model="b"), extractor).version != teacher.version
        for text in (f"El pedido {LATE}", "", "😡", "\ud83d *no anda* \udc00", "123 456", "\x00 *a*"):
            answer = teacher.extract(text)
            check(text, answer)
            assert teacher.extract(text) == answer
        asked = len(server.asked)
    assert asked == 3


def test_where_the_teacher_cannot_read_the_offline_extractor_does(ready: Ready, extractor: Extractor) -> None:
    long = "Me cobraron dos veces la factura y nadie contesta. " * 500
    with serve(lambda e: e.reply("no")) as server:
        teacher = TeacherExtractor(ready(server.url), extractor)
        text = "Me cobraron dos veces la factura y nadie contesta"
        assert teacher.extract(text) == extractor.extract(text)
        assert teacher.extract(long, "es") == extractor.extract(long, "es")
    with serve(lambda e: e.fail(503, "down")) as server:
        teacher = TeacherExtractor(ready(server.url), extractor)
        with pytest.raises(ServiceError, match="503"):
            teacher.extract("Me cobraron dos veces")
