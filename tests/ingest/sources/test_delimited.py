"""CSV: round trips, resuming, and every way in which a line can be broken."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.errors import SourceError
from tests.ingest.sources.reading import check_resuming, open_file, read_all

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | (
    st.text('ab",;\n\r\t|', max_size=8)
)


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@settings(max_examples=70, deadline=None)
@given(
    rows=st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), max_size=14)
    ),
    delimiter=st.sampled_from(",;\t|"),
    batch_rows=st.integers(1, 6),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_csv_wrote_reads_back_and_resumes(
    rows: list[list[str]], delimiter: str, batch_rows: int, line_end: str
) -> None:
    names = [f"c{i}" for i in range(len(rows[0]) if rows else 2)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
            writer.writerow(names)
            writer.writerows(rows)
        source = open_file(path, "csv", delimiter=delimiter)
        assert source.columns() == names
        read, _, broken, _ = read_all(source)
        assert not broken
        assert read == [{n: v for n, v in zip(names, row, strict=True) if v} for row in rows]
        check_resuming(source, batch_rows)


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=60) | st.text('a,"\n\r\0é', max_size=60).map(str.encode))
def test_whatever_the_bytes_nothing_is_lost_and_reading_resumes(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "t.csv", b"a,b\n" + body)
        source = open_file(path, "csv")
        rows, positions, broken, batches = read_all(source)
        assert sum(b.advanced for b in batches) == len(body)
        numbers = [int(p.split()[1]) for p in positions + [b.position for b in broken]]
        assert len(set(numbers)) == len(numbers)
        # A line is in a row, in a broken row, or empty.
        assert bool(rows or broken) == bool(body.strip(b"\r\n"))
        check_resuming(source, 2)


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", 'a,b\r\n1,2\r\n\r\n"x\r\ny",3\r\n4,5')
    rows, positions, broken, _ = read_all(open_file(path, "csv"))
    assert rows == [{"a": "1", "b": "2"}, {"a": "x\r\ny", "b": "3"}, {"a": "4", "b": "5"}]
    assert positions == ["line 2", "line 4", "line 6"]
    assert not broken


def test_every_broken_line_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [b"id,text", b"1,fine", b"2,caf\xe9", b"3,a,b", b"4", b"5,a\0b", b"6,fine"]
    rows, positions, broken, _ = read_all(open_file(write(tmp_path / "t.csv", b"\n".join(lines)), "csv"))
    assert [r["id"] for r in rows] == ["1", "6"]
    assert positions == ["line 2", "line 7"]
    told = {b.position: b for b in broken}
    assert told["line 3"].message == "has bytes that are not utf-8"
    assert told["line 3"].raw == "2,caf\\xe9"
    assert told["line 4"].message == "has 3 columns where 2 are expected"
    assert told["line 5"].message == "has 1 columns where 2 are expected"
    assert told["line 6"].message == "has a NUL character"
    assert told["line 6"].raw == "5,a\\x00b"


def test_a_quote_that_never_closes_costs_one_line(tmp_path: Path) -> None:
    text = 'id,text\n1,"open\n2,"shut"\n3,bare\n4,"a ""word"""\n'
    rows, _, broken, _ = read_all(open_file(write(tmp_path / "t.csv", text), "csv"))
    assert [r["id"] for r in rows] == ["2", "3", "4"]
    assert rows[2]["text"] == 'a "word"'
    assert [(b.position, b.raw) for b in broken] == [("line 2", '1,"open')]


def test_a_quote_open_to_the_end_of_a_large_file_costs_one_line(tmp_path: Path) -> None:
    lines = "".join(f"{i},some text of a row that is fine\n" for i in range(300_000))
    path = write(tmp_path / "t.csv", f'id,text\n0,"open\n{lines}')
    assert path.stat().st_size > 9 * 2**20
    rows, _, broken, _ = read_all(open_file(path, "csv"), 50_000)
    assert len(rows) == 300_000
    assert [b.position for b in broken] == ["line 2"]
    assert "never closed" in broken[0].message


def test_a_line_longer_than_any_record_is_skipped(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", b"a,b\n1,2\n3," + b"x" * (9 * 2**20) + b"\n4,5\n")
    rows, positions, broken, _ = read_all(open_file(path, "csv"))
    assert [r["a"] for r in rows] == ["1", "4"]
    assert positions == ["line 2", "line 4"]
    assert broken[0].position == "line 3"
    assert len(broken[0].raw) < 100_000


def test_a_field_of_a_megabyte_is_a_field(tmp_path: Path) -> None:
    big = "ação," * 200_000
    path = write(tmp_path / "t.csv", f'a,b\n1,"{big}"\n2,x\n')
    rows, _, broken, _ = read_all(open_file(path, "csv"))
    assert rows[0]["b"] == big
    assert len(rows) == 2
    assert not broken


def test_large_rows_make_smaller_batches(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b\n" + ("1," + "x" * 2**20 + "\n") * 70)
    batches = list(open_file(path, "csv").read(None, 1000))
    assert sum(b.table.num_rows for b in batches) == 70
    assert max(b.table.num_rows for b in batches) <= 33


@pytest.mark.parametrize(
    ("header", "delimiter"), [("a;b,c;d", ";"), ("a\tb", "\t"), ('"a,x,y"|b', "|"), ("one", ",")]
)
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, header: str, delimiter: str) -> None:
    source = open_file(write(tmp_path / "t.csv", header + "\n"), "csv")
    assert source.columns() == next(csv.reader([header], delimiter=delimiter))


def test_a_byte_order_mark_and_other_encodings(tmp_path: Path) -> None:
    bom = write(tmp_path / "bom.csv", "\ufeffnome,b\nação,1\n".encode())
    assert open_file(bom, "csv").columns() == ["nome", "b"]
    latin = write(tmp_path / "latin.csv", "nome,b\nação,1\n".encode("latin-1"))
    assert read_all(open_file(latin, "csv", encoding="iso8859-1"))[0] == [{"nome": "ação", "b": "1"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "has no first line"),
        (b"a,,b\n", "column 2 has no name"),
        (b"a,b, a\n", "two columns are called 'a'"),
        (b"a,\xff\n", "not utf-8"),
        ("a,b\n1,2\n".encode("utf-16"), "the first line"),
        (b'a,"b\n1,2\n', "not a line of column names"),
    ],
)
def test_a_header_that_is_none(tmp_path: Path, text: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        open_file(write(tmp_path / "t.csv", text), "csv")


def test_a_file_that_changed_does_not_accept_an_old_cursor(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b\n1,2\n3,4\n")
    source = open_file(path, "csv")
    cursor = next(iter(source.read(None, 1))).cursor
    write(path, "a,b\n1,2\n3,4\n5,6\n")
    assert not source.accepts(cursor)
    with pytest.raises(SourceError, match="has changed"):
        list(source.read(cursor, 1))


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_a_file_that_changes_while_it_is_read_is_told_at_its_end(tmp_path: Path, format_: str) -> None:
    text = "a\n1\n2\n3\n" if format_ == "csv" else '{"a": 1}\n{"a": 2}\n{"a": 3}\n'
    path = write(tmp_path / f"t.{format_}", text)
    source = open_file(path, format_)
    batches = source.read(None, 1)
    next(batches)
    write(path, text[: len(text) // 2])
    with pytest.raises(SourceError, match="changed while it was read"):
        list(batches)
    with pytest.raises(SourceError, match="changed while it was read"):
        list(source.read(None, 1))
