"""`motivo localize`: tables with actual and forecast, good or bad."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.cli.conftest import Run

CALL = ("--real", "sold", "--predict", "forecast.units")
Rows = list[dict[str, Any]]


def draw(cause: dict[str, str], ratio: float = 0.4) -> Rows:
    """Leaves of three dimensions; those of the cause (all, if it is empty) sell `ratio` of their forecast."""
    made: Rows = []
    for number, (region, shop, day) in enumerate(product("NSEW", ["1", "2", "3"], ["mon", "tue", "wed"])):
        row: dict[str, Any] = {'the "region"': region, "shop, kind": f"s{shop}", "day": day, "code": number}
        forecast = 900 + 37 * (number % 11)
        held = all(row[name] == value for name, value in cause.items())
        row |= {"sold": forecast * (ratio if held else 1) + number % 7 - 3, "forecast.units": forecast}
        made.append(row)
    return made


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_each_table_has_its_answer(motivo: Run, tmp_path: Path) -> None:
    causes: list[dict[str, str]] = [{'the "region"': "S"}, {"shop, kind": "s2", "day": "wed"}, {}]
    paths = [write(tmp_path / f"t{i}.csv", draw(cause)) for i, cause in enumerate(causes)]
    pq.write_table(pa.Table.from_pylist(draw(causes[0], 1.7)), tmp_path / "t3.parquet")
    done = motivo("localize", *paths, tmp_path / "t3.parquet", *CALL, "--json")
    assert done.code == 0
    assert done.err == ""
    results = done.json["results"]
    assert [result["table"] for result in results] == [*map(str, paths), str(tmp_path / "t3.parquet")]
    found = [[cause["pattern"] for cause in result["root_causes"]] for result in results]
    assert found == [[causes[0]], [causes[1]], [], [causes[0]]]
    assert [result["external"] for result in results] == [False, False, True, False]
    assert all(result["seconds"] > 0 for result in results)
    (cause,) = results[0]["root_causes"]
    assert cause["score"] > 3
    assert cause["real"] / cause["predict"] == pytest.approx(0.4, abs=0.01)


def test_dimensions_are_chosen_and_what_they_do_not_show_is_external(motivo: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", draw({'the "region"': "S"}))
    by_code = motivo("localize", path, *CALL, "--dimensions", "day", "--dimensions", '"shop, kind"', "--json")
    (result,) = by_code.json["results"]
    assert result["external"]
    assert result["root_causes"] == []
    shown = motivo("localize", path, *CALL, "--dimensions", "day", "--lang", "es")
    assert "Ninguna combinación" in shown.out.decode()


def test_people_read_a_table(motivo: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", draw({"day": "tue"}))
    for lang, word in (("en", "forecast"), ("es", "previsto"), ("pt", "previsto")):
        text = motivo("localize", path, *CALL, "--lang", lang).out.decode()
        assert "day = tue" in text
        assert word in text
        assert "-60%" in text
    nothing = motivo("localize", write(tmp_path / "n.csv", draw({}, 1.0)), *CALL)
    assert "as forecast" in nothing.out.decode()


def test_dimensions_that_are_numbers_dates_or_missing(motivo: Run, tmp_path: Path) -> None:
    rows = draw({"day": "tue"})
    for row in rows:
        row["day"] = {"mon": "2026-01-05", "tue": "", "wed": "2026-01-07"}[row["day"]]
        row["code"] = row["code"] % 2
    path = write(tmp_path / "t.csv", rows)
    (result,) = motivo("localize", path, *CALL, "--dimensions", "day,code", "--json").json["results"]
    assert [cause["pattern"] for cause in result["root_causes"]] == [{"day": None}]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--real", "sold"], 2, ["--predict"]),
        (["--real", "sould", "--predict", "sold"], 2, ["--real", "sould", "forecast.units"]),
        ([*CALL, "--dimensions", "day,week"], 2, ["--dimensions", "week"]),
        ([*CALL, "--dimensions", "day,sold"], 2, ["sold"]),
        ([*CALL, "--max-order", "0"], 2, ["--max-order"]),
        (["--real", "day", "--predict", "sold"], 3, ["t.csv", "day", "number"]),
    ],
)
def test_a_wrong_call(motivo: Run, tmp_path: Path, options: list[str], code: int, words: list[str]) -> None:
    motivo("localize", write(tmp_path / "t.csv", draw({})), *options).refuses(code, *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", ["t.csv"]),
        (b"a,sold,forecast.units\nx,1,\n", ["t.csv", "forecast.units", "row 1"]),
        (b"a,sold,forecast.units\nx,inf,2\n", ["t.csv", "sold", "row 1"]),
        (b"a,sold,forecast.units\nx,1,2\ny,1\n", ["t.csv", "line 3"]),
    ],
)
def test_a_wrong_table(motivo: Run, tmp_path: Path, text: bytes, words: list[str]) -> None:
    (tmp_path / "t.csv").write_bytes(text)
    motivo("localize", tmp_path / "t.csv", *CALL).refuses(3, *words)


def test_no_table(motivo: Run, tmp_path: Path) -> None:
    motivo("localize", tmp_path / "none.csv", *CALL).refuses(3, "none.csv")
    motivo("localize", *CALL).refuses(2, "TABLE")


def test_numbers_alone_are_no_dimensions(motivo: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("n,sold,forecast.units\n1,2,3\n")
    motivo("localize", tmp_path / "t.csv", *CALL).refuses(2, "--dimensions")


@pytest.mark.parametrize(
    "text",
    ["a,sold,forecast.units\n", "a,sold,forecast.units\nx,1,2\n", "a,sold,forecast.units\nx,5,5\nx,5,5\n",
     "a,sold,forecast.units\nx,0,0\ny,0,0\n"],
)  # fmt: skip
def test_tables_that_say_nothing(motivo: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    done = motivo("localize", tmp_path / "t.csv", *CALL, "--dimensions", "a", "--json")
    assert done.code == 0
    assert done.json["results"][0]["root_causes"] == []


def test_ten_thousand_columns(motivo: Run, tmp_path: Path) -> None:
    table = pa.Table.from_pylist(draw({"day": "tue"}))
    wide = {f"w{i}": pa.repeat("xyz"[i % 3], table.num_rows) for i in range(10_000)}
    columns = dict(zip(table.column_names, table.columns, strict=True))
    pq.write_table(pa.table(columns | wide), tmp_path / "t.parquet")
    (result,) = motivo("localize", tmp_path / "t.parquet", *CALL, "--json").json["results"]
    assert [cause["pattern"] for cause in result["root_causes"]] == [{"day": "tue"}]
