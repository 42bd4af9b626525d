"""From rows to typed nodes and relationships: the same for every format, all errors of a row."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mapping import Identified, MappedBatch, Mapper
from ingest.project import Project, load_project
from ingest.sources import Batch, open_source
from schema.errors import ProjectError
from tests.ingest.sources.reading import write_parquet, write_sqlite

HEAD = """\
version: 1
name: shop
country: BR
currency: BRL
timezone: America/Sao_Paulo
kinds:
  Order: {properties: {status: text, days: integer, at: time, on: date, total: money}}
relationships: {PLACED: {ends: [Customer -> Order], properties: {days: integer}}}
"""
PROJECT = (
    HEAD
    + """\
sources:
  orders:
    path: orders.csv
    key: id
    system: erp
    computed: {days: "date_diff('day', due::date, done::date)"}
targets:
  nodes:
    - {source: orders, name: buyer, kind: Customer, key: who, where: who is not null,
       properties: {email: mail}}
    - source: orders
      name: order
      kind: Order
      key: id
      where: status <> 'test'
      properties:
        status: {column: status, required: true}
        days: days
        on: {column: day, format: "%d/%m/%Y"}
        at: time
        total: total
  relationships:
    - {source: orders, type: PLACED, start: buyer, end: order, properties: {days: days}}
    - {source: orders, type: PLACED, start: {kind: Customer, key: other, system: erp}, end: order}
"""
)
COLUMNS = ["id", "who", "mail", "status", "due", "done", "day", "time", "total", "other"]
FINE = [
    "1",
    "c1",
    "Ana@X.com",
    "sent",
    "2018-01-01",
    "2018-01-04",
    "28/02/2018",
    "2018-02-28 21:00",
    "9.90",
    "",
]


def load(folder: Path, text: str = PROJECT) -> Project:
    (folder / "motivo.yaml").write_text(text, "utf-8")
    return load_project(folder / "motivo.yaml")


def batch_of(*rows: list[str], columns: list[str] = COLUMNS) -> Batch:
    arrays = [pa.array([v or None for v in c], pa.string()) for c in zip(*rows, strict=True)]
    positions = [f"line {i + 2}" for i in range(len(rows))]
    return Batch(pa.table(arrays, names=columns), positions, [], {}, 0)


def row(**changes: str) -> list[str]:
    return [changes.get(name, value) for name, value in zip(COLUMNS, FINE, strict=True)]


def run(project: Project, batch: Batch, source: str = "orders") -> tuple[Identified, MappedBatch]:
    mapper = Mapper(project, source, batch.table.column_names)
    identified = mapper.identify(batch)
    return identified, mapper.map(batch, identified.good)


def test_a_row_becomes_typed_nodes_and_relationships(tmp_path: Path) -> None:
    batch = batch_of(FINE, row(id="2", status="test"), row(id="3", who="", other="c9"))
    identified, mapped = run(load(tmp_path), batch)
    assert identified.keys == mapped.record_keys == ["1", "2", "3"]
    assert identified.good == [0, 1, 2]
    assert not identified.rejected
    assert not mapped.rejected
    buyer, order = mapped.nodes
    assert (buyer.target, buyer.kind, buyer.rows) == ("buyer", "SourceRecord", [0, 1])
    assert buyer.keys == ["erp:c1", "erp:c1"]
    assert buyer.columns == {"email": ["ana@x.com"] * 2, "system": ["erp"] * 2}
    assert (order.kind, order.rows, order.keys) == ("Order", [0, 2], ["1", "3"])
    assert order.columns["days"] == [3, 3]
    assert order.columns["on"][0] == date(2018, 2, 28)
    assert order.columns["at"][0] == datetime(2018, 3, 1, tzinfo=UTC)
    assert str(order.columns["total"][0]) == "9.90 BRL"
    placed, other = mapped.relationships
    # No node at an end, or an empty key: no relationship.
    assert (placed.rows, placed.starts, placed.ends) == ([0], ["erp:c1"], ["1"])
    assert placed.columns == {"days": [3]}
    assert (placed.start_target, placed.end_target) == ("buyer", "order")
    assert (other.rows, other.starts, other.ends) == ([2], ["erp:c9"], ["3"])
    assert (other.start_target, other.end_target) == ("", "order")


def test_only_some_rows_are_mapped(tmp_path: Path) -> None:
    batch = batch_of(FINE, row(id="2"), row(id="3", day="x"), row(id="4"))
    mapper = Mapper(load(tmp_path), "orders", COLUMNS)
    mapped = mapper.map(batch, [1, 2, 3])
    assert mapped.record_keys == [None, "2", None, "4"]
    assert mapped.nodes[1].rows == [1, 3]
    assert mapped.rejected[0].position == "line 4"
    nothing = mapper.map(batch, [])
    assert [n.rows for n in nothing.nodes] == [[], []]


def test_all_errors_of_a_row_are_told_and_it_says_nothing(tmp_path: Path) -> None:
    bad = row(id="2", mail="nobody", status="", day="31/02/2018", time="soon", total="much")
    unfit = row(id="3", done="31/02/2018")
    _, mapped = run(load(tmp_path), batch_of(FINE, bad, unfit))
    # A condition on an empty status is not true: the order, and its errors, are not there.
    assert [(e.field) for e in mapped.rejected[0].errors] == ["mail"]
    assert [e.field for e in mapped.rejected[1].errors] == ["days"]
    assert mapped.rejected[1].errors[0].message == (
        "cannot be computed from due = '2018-01-01', done = '31/02/2018'"
    )
    bad[3] = "sent"
    _, mapped = run(load(tmp_path), batch_of(FINE, bad, unfit))
    rejected = mapped.rejected[0]
    assert (rejected.source, rejected.position, rejected.key) == ("orders", "line 3", "2")
    assert dict(rejected.row) == {k: v or None for k, v in zip(COLUMNS, bad, strict=True)}
    told = {e.field: e.message for e in rejected.errors}
    assert set(told) == {"mail", "day", "time", "total"}
    assert told["day"] == "'31/02/2018' is not a day of the calendar in the form %d/%m/%Y"
    assert mapped.record_keys == ["1", None, None]
    assert all(part.rows == [0] for part in (*mapped.nodes, mapped.relationships[0]))


def test_required_and_keys(tmp_path: Path) -> None:
    text = PROJECT.replace("      where: status <> 'test'\n", "")
    rows = [row(id="2", status=" "), row(id=" "), row(id="x" * 513), row(id="4", who="y" * 513)]
    identified, mapped = run(load(tmp_path, text), batch_of(FINE, *rows))
    assert [(r.key, r.errors[0].field) for r in identified.rejected] == [(None, "id"), (None, "id")]
    assert "is empty" in identified.rejected[0].errors[0].message
    assert "512" in identified.rejected[1].errors[0].message
    assert identified.good == [0, 1, 4]
    assert [(r.key, r.errors[0].field) for r in mapped.rejected] == [("2", "status"), ("4", "who")]
    assert "Order.status needs it" in mapped.rejected[0].errors[0].message


def test_broken_rows_are_rejected_as_they_were_read(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(",".join(COLUMNS).encode() + b"\n1,caf\xe9\n")
    project = load(tmp_path)
    source = open_source(project.sources["orders"], tmp_path)
    (batch,) = source.read(None, 10)
    identified, mapped = run(project, batch)
    assert dict(identified.rejected[0].row) == {"raw": "1,caf\\xe9"}
    assert identified.rejected[0].position == "line 2"
    assert identified.keys == mapped.record_keys == []


def test_keys_of_several_columns_and_rows_without_a_key(tmp_path: Path) -> None:
    text = HEAD + (
        "sources: {s: {path: s.csv}, k: {path: s.csv, key: [a, b]}}\n"
        "targets:\n  nodes:\n    - {source: s, kind: Order, key: [a, b]}\n"
        "    - {source: k, kind: Order, key: a}\n"
    )
    project = load(tmp_path, text)
    batch = batch_of(["x/y", "z%"], ["x", "y/z"], ["x", ""], columns=["a", "b"])
    identified, mapped = run(project, batch, "s")
    assert mapped.nodes[0].keys == ["x%2Fy/z%25", "x/y%2Fz"]
    assert [(e.field) for r in mapped.rejected for e in r.errors] == ["b"]
    assert len(set(identified.keys)) == 3
    assert all(len(key or "") == 32 for key in identified.keys)
    identified, _ = run(project, batch, "k")
    assert identified.keys == ["x%2Fy/z%25", "x/y%2Fz", None]


def test_detect_is_left_to_the_reader_of_texts(tmp_path: Path) -> None:
    text = HEAD + (
        "sources: {s: {path: s.csv}}\ntargets:\n  nodes:\n    - {source: s, kind: Complaint, "
        "key: a, detect: true, where: b::int <= 2, properties: {text: c}}\n"
    )
    batch = batch_of(["1", "1", "bad"], ["2", "5", "fine"], ["3", "x", "?"], columns=["a", "b", "c"])
    _, mapped = run(load(tmp_path, text), batch, "s")
    assert mapped.nodes[0].detect
    assert mapped.nodes[0].rows == [0]
    (rejected,) = mapped.rejected
    assert rejected.errors[0].field == "b"
    assert rejected.errors[0].message == ("the condition 'b::int <= 2' cannot be computed from b = 'x'")


MISTAKES = [
    ("key: id\n    system", "key: idd\n    system", "key: idd", "no column 'idd'", "'id'"),
    ("mail}", "male}", "male}", "no column 'male'", "'mail'"),
    ("key: other", "key: others", "key: others", "no column 'others'", "'other'"),
    ("key: who", "key: whom", "key: whom", "no column 'whom'", "'who'"),
    ("due::date", "duo::date", "computed", '"duo" not found', "due"),
    ("done::date)", "done::date", "computed", "not SQL", ""),
    ("done::date)", "done::date), 1", "computed", "single expression", ""),
    ("date_diff('day', due::date, done::date)", "1; DROP TABLE x", "computed", "not SQL", ""),
    ("date_diff('day', due::date, done::date)", "due AS x", "computed", "not", ""),
    ("date_diff('day', due::date, done::date)", "count(due)", "computed", "aggregates", ""),
    ("date_diff('day', due::date, done::date)", "(select 1)", "computed", "subquery", ""),
    ("date_diff('day', due::date, done::date)", "random()", "computed", "volatile", ""),
    ("date_diff('day', due::date, done::date)", "*", "computed", "computed", ""),
    ("date_diff('day', due::date, done::date)", "due) OR (1=1", "computed", "not SQL", ""),
    ("date_diff('day', due::date, done::date)", "nofunction(due)", "computed", "nofunction", ""),
    ('{days: "date', '{due: "date', "computed", "has a column 'due' already", "another name"),
    ("status <> 'test'", "statuss <> 'test'", "statuss", '"statuss" not found', "status"),
    ("status <> 'test'", "5 < row_number() over ()", "row_number", "window", ""),
]


@pytest.mark.parametrize(("good", "bad", "where", "said", "hint"), MISTAKES)
def test_what_the_columns_do_not_bear_is_told_before_reading(
    tmp_path: Path, good: str, bad: str, where: str, said: str, hint: str
) -> None:
    assert good in PROJECT
    text = PROJECT.replace(good, bad, 1)
    line = text.count("\n", 0, text.index(where)) + 1
    with pytest.raises(ProjectError) as caught:
        Mapper(load(tmp_path, text), "orders", COLUMNS)
    assert caught.value.message.startswith(f"{tmp_path / 'motivo.yaml'}:{line}: ")
    assert said in caught.value.message
    assert hint in caught.value.hint


def test_expressions_see_no_files(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    text = PROJECT.replace(
        "date_diff('day', due::date, done::date)",
        f"(SELECT content FROM read_text('{tmp_path / 'secret.txt'}'))",
    )
    with pytest.raises(ProjectError):
        Mapper(load(tmp_path, text), "orders", COLUMNS)


def test_conditions_may_use_computed_columns_and_times_are_local(tmp_path: Path) -> None:
    text = (
        PROJECT.replace("status <> 'test'", "days::int > 2")
        .replace('{days: "', '{hour: "extract(hour from (time || \'Z\')::timestamptz)", days: "')
        .replace("status: {column: status, required: true}", "status: hour")
    )
    _, mapped = run(load(tmp_path, text), batch_of(FINE, row(id="2", done="2018-01-02")))
    assert mapped.nodes[1].rows == [0]
    assert mapped.nodes[1].columns["status"] == ["18"]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
CELL = st.sampled_from(["", " ", "1", "x", "2018-01-01", "31/12/2018", "a@b.co", "sent", "test"]) | TEXT


@settings(max_examples=12, deadline=None)
@given(
    cells=st.lists(st.lists(CELL, min_size=9, max_size=9), min_size=1, max_size=8),
    size=st.integers(1, 9),
)
def test_the_same_rows_mean_the_same_in_every_format(cells: list[list[str]], size: int) -> None:
    rows = [[str(i), *some] for i, some in enumerate(cells)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "o.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([COLUMNS, *rows])
        objects: list[dict[str, Any]] = [
            {k: v or None for k, v in reversed(list(zip(COLUMNS, r, strict=True)))} for r in rows
        ]
        (folder / "o.json").write_text(json.dumps(objects), "utf-8")
        lines = "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects)
        (folder / "o.jsonl").write_text(lines, "utf-8")
        write_parquet(folder / "o.parquet", COLUMNS, rows)
        write_sqlite(folder / "o.db", COLUMNS, rows)
        results = []
        for path in ("o.csv", "o.json", "o.jsonl", "o.parquet", "o.db\n    table: t"):
            project = load(folder, PROJECT.replace("orders.csv", path))
            source = open_source(project.sources["orders"], folder)
            mapper = Mapper(project, "orders", source.columns())
            found: list[Any] = []
            for batch in source.read(None, size):
                if not batch.positions:  # the end of an array
                    continue
                identified = mapper.identify(batch)
                mapped = mapper.map(batch, identified.good)
                found += zip(identified.keys, identified.digests, mapped.record_keys, strict=True)
                found += [sorted((n.target, *z) for z in _rows_of(n)) for n in mapped.nodes]
                found += [(r.rows, r.starts, r.ends, r.columns) for r in mapped.relationships]
                found += [(r.key, dict(r.row), list(r.errors)) for r in mapped.rejected]
            results.append(found)
        for found in results:
            assert found == results[0]


def _rows_of(nodes: Any) -> list[tuple[Any, ...]]:
    columns = [[repr(v) for v in nodes.columns[name]] for name in sorted(nodes.columns)]
    return list(zip(nodes.rows, nodes.keys, *columns, strict=True))


def test_digests_are_of_content_alone(tmp_path: Path) -> None:
    project = load(tmp_path)

    def digest(values: list[str], columns: list[str] = COLUMNS) -> int:
        batch = batch_of(values, columns=columns)
        return Mapper(project, "orders", columns).identify(batch).digests[0]

    first = digest(FINE)
    assert -(2**63) <= first < 2**63
    assert digest(FINE[::-1], COLUMNS[::-1]) == first
    assert digest([*FINE, ""], [*COLUMNS, "new"]) == first
    assert digest([*FINE, "x"], [*COLUMNS, "new"]) != first
    assert digest(row(who="c", mail="1Ana@X.com")) != first
    other = load(tmp_path, PROJECT.replace("'test'", "'x'"))
    assert Mapper(other, "orders", COLUMNS).identify(batch_of(FINE)).digests[0] != first


def test_digests_are_the_same_in_another_process() -> None:
    code = "from ingest.mapping.keys import digest_rows; print(digest_rows([b'a\\0b'], 'seed')[0])"
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    }
    assert answers == {"3630714827603037382"}
