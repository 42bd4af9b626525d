"""Flat tables: what a column is, and what is wrong with a file."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import read_table
from schema import SourceError

EVENING = dt.datetime(2024, 2, 1, 18)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "-2", "NA"], [1, -2, None]),
        (["1.5", "+2e3", ""], [1.5, 2000.0, None]),
        (["007", "12"], ["007", "12"]),
        (["2024-02-28", "?"], [dt.date(2024, 2, 28), None]),
        (["2024-02-30", "2024-02-01"], ["2024-02-30", "2024-02-01"]),
        (["2024-02-01 10:00:00 -0800", "2024-02-01T18:00"], [EVENING, EVENING]),
        (["NA", "b", ""], ["NA", "b", None]),
        (["true", "false"], ["true", "false"]),
        (["", ""], [None, None]),
    ],
)  # fmt: skip
def test_a_column_is_what_all_of_it_is(tmp_path: Path, cells: list[str], expected: list[Any]) -> None:
    table = read_table(write(tmp_path / "t.csv", "k,x", *(f"0,{cell}" for cell in cells)))
    assert table["x"].to_pylist() == expected


def test_packed_tabs_and_names_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv.gz"
    path.write_bytes(gzip.compress(b'a.b\t"it\'s ""c"""\n1\tx\n'))
    assert read_table(path).to_pylist() == [{"a.b": 1, 'it\'s "c"': "x"}]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    given_table = pa.table({"x": pa.array([["a"], None]), "d": pa.array([dt.date(2024, 1, 1), None])})
    pq.write_table(given_table, tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").equals(given_table)


def test_wrong_rows_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b", "1,2", "1,2,3", "4,5")
    with pytest.raises(SourceError, match="line 3"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"", "first line"),
        ("t.parquet", b"no", "not a Parquet"),
        ("t.csv.gz", b"no", "cannot be unpacked"),
        ("t.csv.gz", gzip.compress(b"a\n" + b"1\n" * 10**6), "200 times"),
        ("t.csv", b"a,a\n1,2\n", "two columns"),
        ("t.csv", b"a,b\n\xff,2\n", "line 2"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said) as caught:
        read_table(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_table(tmp_path / "none.csv")


def test_no_rows(tmp_path: Path) -> None:
    assert read_table(write(tmp_path / "t.csv", "a,b")).num_rows == 0


@given(
    rows=st.lists(
        st.lists(
            st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=8),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=20,
    )
)
def test_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["a", "b"], *([f"x{a}", f"y{b}"] for a, b in rows)])
    table = read_table(path)
    assert table.to_pylist() == [{"a": f"x{a}", "b": f"y{b}"} for a, b in rows]
