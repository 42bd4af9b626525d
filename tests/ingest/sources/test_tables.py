"""Parquet and SQLite: canonical texts, cursors, broken values; and opening sources."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sources import find_path, open_source, texts_of
from schema.errors import SourceError
from tests.ingest.sources.reading import (
    check_resuming,
    open_file,
    read_all,
    spec,
    write_parquet,
    write_sqlite,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(TEXT | st.none(), min_size=3, max_size=3), min_size=1, max_size=12),
    size=st.integers(1, 5),
)
def test_tables_of_texts_read_back_and_resume(rows: list[list[str | None]], size: int) -> None:
    names = ["a", 'b "q"', "rowid"]
    wanted = [{n: v for n, v in zip(names, row, strict=True) if v} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        write_sqlite(Path(folder) / "t.db", names, rows, 'my "table"')
        write_parquet(Path(folder) / "t.parquet", names, rows)
        for source in (
            open_file(Path(folder) / "t.db", "sqlite", table='my "table"'),
            open_file(Path(folder) / "t.parquet", "parquet"),
        ):
            assert source.columns() == names
            assert source.size() == len(rows)
            assert read_all(source)[0] == wanted
            check_resuming(source, size)


def test_values_of_every_type_are_texts_of_one_form(tmp_path: Path) -> None:
    zone = dt.timezone(dt.timedelta(hours=-3))
    table = pa.table(
        {
            "i": [3, None],
            "f": [3.0, 1.5],
            "nan": [float("nan"), 1e-7],
            "b": [True, False],
            "d": [dt.date(2018, 2, 3), None],
            "t": [dt.datetime(2018, 2, 3, 4, 5), None],
            "tz": pa.array([dt.datetime(2018, 2, 3, 4, tzinfo=zone), None], pa.timestamp("ns", "UTC")),
            "m": [Decimal("129.90"), None],
            "l": [[1, 2], []],
            "s": [{"x": "é", "y": {"z": 1}}, None],
            "dict": pa.array(["a", "b"]).dictionary_encode(),
            "bytes": pa.array([b"caf\xc3\xa9", None]),
            "empty": ["", " "],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    rows, positions, broken, _ = read_all(open_file(tmp_path / "t.parquet", "parquet"))
    assert not broken
    assert positions == ["row 1", "row 2"]
    assert rows[0] == {
        "i": "3",
        "f": "3",
        "b": "true",
        "d": "2018-02-03",
        "t": "2018-02-03T04:05:00",
        "tz": "2018-02-03T07:00:00+00:00",
        "m": "129.90",
        "l": "[1,2]",
        "s.x": "é",
        "s.y.z": "1",
        "dict": "a",
        "bytes": "café",
    }
    assert rows[1] == {"f": "1.5", "nan": "0.0000001", "b": "false", "l": "[]", "dict": "b", "empty": " "}


def test_values_that_are_no_text_break_their_row(tmp_path: Path) -> None:
    texts = pa.Array.from_buffers(pa.string(), 3, pa.array([b"ok", b"\xff", b"a\0b"]).buffers())
    pq.write_table(pa.table({"a": texts, "n": [1, 2, 3]}), tmp_path / "t.parquet")
    write_sqlite(tmp_path / "t.db", ["a", "n"], [["ok", 1], [b"\xff", 2], ["a\0b", 3]])
    connection = sqlite3.connect(tmp_path / "t.db")
    connection.execute("INSERT INTO t VALUES (CAST(x'ff' AS TEXT), 4)")
    connection.commit()
    for source in (
        open_file(tmp_path / "t.parquet", "parquet"),
        open_file(tmp_path / "t.db", "sqlite", table="t"),
    ):
        rows, positions, broken, _ = read_all(source)
        assert rows == [{"a": "ok", "n": "1"}]
        assert positions == ["row 1"]
        assert [b.position for b in broken][:2] == ["row 2", "row 3"]
        assert all(b.message.startswith("a ") and b.raw for b in broken)
        check_resuming(source, 2)


def test_sqlite_views_and_tables_without_row_ids(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    write_sqlite(path, ["a", "n"], [["x", 2.0], ["y", 1.25], ["x", 2.0]])
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIEW v AS SELECT n, a FROM t")
    connection.execute("CREATE TABLE w (k TEXT PRIMARY KEY, n) WITHOUT ROWID")
    connection.execute("INSERT INTO w VALUES ('b', 1), ('a', 2)")
    connection.commit()
    for table, wanted in (
        ("v", [{"n": "1.25", "a": "y"}, {"n": "2", "a": "x"}, {"n": "2", "a": "x"}]),
        ("w", [{"k": "a", "n": "2"}, {"k": "b", "n": "1"}]),
    ):
        source = open_file(path, "sqlite", table=table)
        assert read_all(source)[0] == wanted
        check_resuming(source, 1)


def test_a_sqlite_source_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    write_sqlite(path, ["a"], [["x"]])
    before = path.read_bytes()
    read_all(open_file(path, "sqlite", table="t"))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("format_", "said"),
    [("parquet", "is not a Parquet file"), ("sqlite", "SQLite"), ("csv", "first line")],
)
def test_what_is_not_of_the_format(tmp_path: Path, format_: str, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0" * 100)
    with pytest.raises(SourceError, match=said):
        open_file(path, format_, table="t")


def test_a_missing_table_names_those_there_are(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "t.db", ["a"], [])
    with pytest.raises(SourceError, match=r"no table 'x'.*one of: t"):
        open_file(tmp_path / "t.db", "sqlite", table="x")


def test_a_missing_file_names_the_path_and_the_line(tmp_path: Path) -> None:
    missing = spec(tmp_path / "none.csv", "csv")
    assert find_path(missing, tmp_path) is None
    with pytest.raises(SourceError) as caught:
        open_source(missing, tmp_path)
    assert str(tmp_path / "none.csv") in str(caught.value)
    assert "motivo.yaml:3" in caught.value.hint
    with pytest.raises(SourceError, match="is not a file"):
        open_source(spec(tmp_path, "csv"), tmp_path.parent)


@given(value=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1))
def test_numbers_keep_their_value(value: Any) -> None:
    texts, flaws = texts_of(pa.array([value]))
    text = texts[0].as_py()
    assert not flaws
    assert type(value)(text) == value
    assert "e" not in text


def test_times_beyond_the_calendar_break_their_row(tmp_path: Path) -> None:
    far = pa.array([0, 10**18, -(10**18)], pa.timestamp("us"))
    lists = pa.array([[0], [0], [10**18]], pa.list_(pa.timestamp("us")))
    days = pa.array([0, 2**30, None], pa.date32())
    pq.write_table(pa.table({"t": far, "l": lists, "d": days}), tmp_path / "t.parquet")
    rows, positions, broken, _ = read_all(open_file(tmp_path / "t.parquet", "parquet"))
    assert rows == [{"t": "1970-01-01T00:00:00", "l": '["1970-01-01T00:00:00"]', "d": "1970-01-01"}]
    assert positions == ["row 1"]
    assert [b.position for b in broken] == ["row 2", "row 3"]
    assert all("years" in b.message and b.raw for b in broken)


def test_generated_columns_are_columns(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "t.db")
    connection.execute("CREATE TABLE t (a, b AS (a || '!'), c AS (a || '?') STORED)")
    connection.execute("INSERT INTO t VALUES ('x')")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5 (a)")
    connection.commit()
    connection.close()
    source = open_file(tmp_path / "t.db", "sqlite", table="t")
    assert read_all(source)[0] == [{"a": "x", "b": "x!", "c": "x?"}]
    assert open_file(tmp_path / "t.db", "sqlite", table="f").columns() == ["a"]


def test_a_path_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        open_source(spec(tmp_path / ("x" * 300), "csv"), tmp_path)
