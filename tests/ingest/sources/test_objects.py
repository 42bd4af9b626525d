"""JSON arrays and JSON Lines: round trips, resuming, broken items."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.errors import SourceError
from tests.ingest.sources.reading import check_resuming, open_file, read_all

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
NAME = st.text("abcé", min_size=1, max_size=3)
OBJECTS = st.lists(st.dictionaries(NAME, TEXT | st.none(), min_size=1, max_size=4), max_size=12)


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@settings(max_examples=50, deadline=None)
@given(objects=OBJECTS, ascii_=st.booleans(), indent=st.sampled_from([None, 1]), size=st.integers(1, 5))
def test_what_json_wrote_reads_back_and_resumes(
    objects: list[dict[str, Any]], ascii_: bool, indent: int | None, size: int
) -> None:
    wanted = [{k: v for k, v in row.items() if v} for row in objects]
    lines = "".join(json.dumps(row, ensure_ascii=ascii_) + "\n" for row in objects)
    array = json.dumps(objects, ensure_ascii=ascii_, indent=indent)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("jsonl", lines), ("json", array)):
            source = open_file(write(Path(folder), f"t.{name}", text), name)
            assert set(source.columns()) == {k for row in objects for k in row}
            rows, _, broken, _ = read_all(source)
            assert not broken
            assert rows == wanted
            check_resuming(source, size)


@settings(max_examples=80, deadline=None)
@given(body=st.text('{}[],:"ab1\\ \n', max_size=40).map(str.encode) | st.binary(max_size=30))
def test_whatever_the_bytes_reading_ends_and_resumes(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), "t.json", b'[{"a": "b"},' + body)
        source = open_file(path, "json")
        rows, _, _, batches = read_all(source)
        assert rows[0] == {"a": "b"}
        assert sum(b.advanced for b in batches) <= len(path.read_bytes())
        check_resuming(source, 1)
        path = write(Path(folder), "t.jsonl", b'{"a": "b"}\n' + body)
        source = open_file(path, "jsonl")
        assert read_all(source)[0][0] == {"a": "b"}
        check_resuming(source, 1)


def test_nested_objects_are_columns_and_lists_stay_json(tmp_path: Path) -> None:
    text = '{"id": 12345678901234567890, "a": {"b": {"c": 1.50}, "d": true}, "l": [1, {"x": "é"}]}'
    rows, _, _, _ = read_all(open_file(write(tmp_path, "t.jsonl", text), "jsonl"))
    assert rows == [{"id": "12345678901234567890", "a.b.c": "1.5", "a.d": "true", "l": '[1,{"x":"é"}]'}]


def test_every_broken_line_is_told(tmp_path: Path) -> None:
    lines = [
        b'{"id": "1"}',
        b"",
        b'{"id": "2", }',
        b"[1]",
        b'{"id": "3", "id": "4"}',
        b'{"id": "caf\xe9"}',
        b'{"id": "a\\u0000b"}',
        b'{"id": "\\ud800"}',
        b'{"id": NaN}',
        b'{"a": {"b": 1}, "a.b": 2}',
        b"[" * 5000 + b"]" * 5000,
        b'{"id": "5"}',
    ]
    source = open_file(write(tmp_path, "t.jsonl", b"\n".join(lines)), "jsonl")
    rows, positions, broken, _ = read_all(source)
    assert [r["id"] for r in rows] == ["1", "5"]
    assert positions == ["line 1", "line 12"]
    assert [b.position for b in broken] == [f"line {n}" for n in range(3, 12)]
    told = [b.message for b in broken]
    assert told[1] == "is not an object, '{...}'"
    assert told[2] == "the name 'id' is there twice"
    assert "not utf-8" in told[3]
    assert "NUL" in told[4]
    assert "UTF-8" in told[5]
    assert "two values for a.b" in told[7]
    assert "deep" in told[8]
    assert all(b.raw for b in broken)


def test_a_line_longer_than_any_record_is_skipped(tmp_path: Path) -> None:
    text = b'{"a": "1"}\n{"a": "' + b"x" * (9 * 2**20) + b'"}\n{"a": "2"}'
    rows, _, broken, _ = read_all(open_file(write(tmp_path, "t.jsonl", text), "jsonl"))
    assert [r["a"] for r in rows] == ["1", "2"]
    assert [b.position for b in broken] == ["line 2"]


def test_an_array_with_broken_items_goes_on(tmp_path: Path) -> None:
    text = b'\xef\xbb\xbf[{"a": 1}, 7, {"a": 1, "a": 2}, {"a": "caf\xe9"}, {"a": NaN}, {"a": 3}]\n'
    rows, positions, broken, _ = read_all(open_file(write(tmp_path, "t.json", text), "json"))
    assert rows == [{"a": "1"}, {"a": "3"}]
    assert positions == ["item 1", "item 6"]
    assert [b.position for b in broken] == ["item 2", "item 3", "item 4", "item 5"]
    assert broken[0].raw == "7"
    assert broken[2].raw == '{"a": "caf\\udce9"}'


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('{"a": 2} {"a": 3}]', "stands where"),
        ('{"a": 2}', "ends before"),
        ('{"a": ', "not JSON"),
        ('{"a": 2},]', "behind a comma"),
        ('{"a": 2}] {"a": 3}', "behind the end"),
        ("[" * 5000, "deep"),
    ],
)
def test_an_array_that_breaks_off_is_told_once(tmp_path: Path, rest: str, said: str) -> None:
    path = write(tmp_path, "t.json", '[{"a": 1}, ' + rest)
    source = open_file(path, "json")
    rows, _, broken, batches = read_all(source)
    assert rows[0] == {"a": "1"}
    assert len(broken) == 1
    assert said in broken[0].message
    assert "cannot be read from here on" in broken[0].message
    assert sum(b.advanced for b in batches) == path.stat().st_size
    check_resuming(source, 1)


def test_items_far_larger_than_the_window(tmp_path: Path) -> None:
    big = "é" * 2**20
    rows, _, broken, _ = read_all(
        open_file(write(tmp_path, "t.json", json.dumps([{"a": big}, {"a": "x"}])), "json"), 1
    )
    assert [len(r["a"] or "") for r in rows] == [2**20, 1]
    assert not broken


def test_a_window_ends_anywhere(tmp_path: Path) -> None:
    objects = [{"n": i, "text": "ação" * (i % 7)} for i in range(20_000)]
    source = open_file(write(tmp_path, "t.json", json.dumps(objects, ensure_ascii=False)), "json")
    rows, _, broken, _ = read_all(source, 3000)
    assert [int(r["n"] or -1) for r in rows] == list(range(20_000))
    assert not broken


@pytest.mark.parametrize(("name", "text"), [("json", '{"a": 1}'), ("json", ""), ("jsonl", '[\n{"a": 1}\n]')])
def test_what_is_not_of_the_format(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(SourceError, match=r"array|object"):
        open_file(write(tmp_path, f"t.{name}", text), name).columns()


def test_an_empty_line_is_no_row_and_an_empty_object_is_one(tmp_path: Path) -> None:
    for name, text in (("jsonl", '{}\n\n{"a": 1}\n{ }\n'), ("json", '[{}, {"a": 1}, {}]')):
        rows, _, broken, _ = read_all(open_file(write(tmp_path, f"t.{name}", text), name))
        assert (rows, broken) == ([{}, {"a": "1"}, {}], [])


@pytest.mark.parametrize(("name", "text"), [("json", " [ ] "), ("jsonl", ""), ("jsonl", "\n \n")])
def test_a_file_without_a_row(tmp_path: Path, name: str, text: str) -> None:
    source = open_file(write(tmp_path, f"t.{name}", text), name)
    assert source.columns() == []
    assert read_all(source)[3] == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("jsonl", "hello\n", r"no object.*line 1"),
        ("json", "[[1]]", r"no object.*item 1"),
        ("json", "[{}]", r"no object.*empty"),
        ("json", json.dumps([{f"k{i}": i} for i in range(3_000)]), "different names"),
    ],
)
def test_rows_without_columns_are_an_error(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        open_file(write(tmp_path, f"t.{name}", text), name).columns()


def test_a_number_too_long_breaks_its_own_item_only(tmp_path: Path) -> None:
    text = '[{"a": ' + "9" * 5_000 + '}, {"a": ' + "9" * 500 + "}]"
    rows, _, broken, _ = read_all(open_file(write(tmp_path, "t.json", text), "json"))
    assert rows == [{"a": "9" * 500}]
    assert [(b.position, "digits" in b.message) for b in broken] == [("item 1", True)]
