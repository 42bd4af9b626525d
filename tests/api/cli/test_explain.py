"""`motivo explain`: any flat table, good or bad."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run

Rows = list[dict[str, Any]]


def draw(rows: int = 4000) -> Rows:
    """Rows that complain more in R3, and with three or more late days."""
    rng = random.Random(5)
    made: Rows = []
    for number in range(rows):
        region, late = f"R{rng.randrange(8)}", rng.randrange(-5, 6)
        chance = 0.4 if region == "R3" else 0.3 if late >= 3 else 0.04
        done = rng.random() < chance
        made.append(
            {"id": f"c{number}", 'the "region"': region, "days.late": late, "code": rng.randrange(300),
             "reason": "late" if done else "", "months": 1 + number % 3, "complained": int(done)}
        )  # fmt: skip
    return made


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def patterns(found: Any) -> list[list[tuple[str, str, Any]]]:
    return [[(p["feature"], p["op"], p["value"]) for p in c["pattern"]] for c in found["root_causes"]]


def test_the_causes_of_a_table_are_found(motivo: Run, tmp_path: Path) -> None:
    rows = draw()
    found = motivo("explain", str(write(tmp_path / "t.csv", rows)), "--outcome", "complained", "--json").json
    assert patterns(found) in (
        [[('the "region"', "=", "R3")], [("days.late", ">=", 3)]],
        [[("days.late", ">=", 3)], [('the "region"', "=", "R3")]],
    )
    assert found["rows"] == 4000
    assert found["outcomes"] == sum(row["complained"] for row in rows)
    assert found["left_out"] == {"reason": "known of rows with complained only"}
    for cause in found["root_causes"]:
        assert 1 <= cause["lift_low"] <= cause["lift"] <= cause["lift_high"]
    inside = [row for row in rows if row['the "region"'] == "R3" or row["days.late"] >= 3]
    assert found["unexplained"] == found["outcomes"] - sum(row["complained"] for row in inside)


def test_columns_are_chosen(motivo: Run, tmp_path: Path) -> None:
    path = str(write(tmp_path / "t.csv", draw()))
    call = ("explain", path, "--outcome", "complained", "--json")
    alone = motivo(*call, "--features", "days.late,id", "--features", "code").json
    assert alone["features"] == ["days.late", "id", "code"]
    assert patterns(alone) == [[("days.late", ">=", 3)]]
    without = motivo(*call, "--exclude", '"the ""region""",id', "--weight", "months").json
    assert without["features"] == ["days.late", "code"]


def test_what_is_asked_about_is_answered(motivo: Run, tmp_path: Path) -> None:
    path = str(write(tmp_path / "t.csv", draw()))
    call = ("explain", path, "--outcome", "complained")
    asked = ("--why-not", "days.late >= 3,code=7", "--why-not", "code", "--why-not", "days.late>=3")
    few, code, told = motivo(*call, *asked, "--json").json["why_not"]
    assert few["reason"] == "few_complaints"
    assert [(p["feature"], p["op"], p["value"]) for p in few["pattern"]] == [
        ("days.late", ">=", 3),
        ("code", "=", 7),
    ]
    assert code["reason"] in ("price", "not_raised")
    assert told["reason"] == "reported"
    assert told["cause"] in (1, 2)
    assert set(told["explanation"]) == {"en", "es", "pt"}
    assert "causa raiz" in motivo(*call, *asked, "--lang", "pt").out.decode()
    for wrong in ("colour=red", "days.late~3", "days.late>=soon", 'the "region"<R3'):
        motivo(*call, "--why-not", wrong).refuses(2)


def test_people_get_a_table_in_their_language(motivo: Run, tmp_path: Path) -> None:
    path = str(write(tmp_path / "t.csv", draw()))
    shown = motivo("explain", path, "--outcome", "complained", "--lang", "pt")
    assert "days.late >= 3" in shown.out.decode()
    assert "4,000 linhas" in shown.out.decode()
    assert "reason is left out" in shown.err


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"complained": "maybe"}, (), "row 7, column 'complained': the value 'maybe'"),
        ({"complained": ""}, (), "row 7, column 'complained': the value is missing"),
        ({"complained": -1}, (), "row 7"),
        ({"months": 0}, ("--weight", "months"), "row 7, column 'months'"),
        ({}, ("--weight", 'the "region"'), "holds no numbers"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(
    motivo: Run, tmp_path: Path, change: dict[str, Any], options: tuple[str, ...], said: str
) -> None:
    rows = draw(40)
    rows[6] |= change
    motivo("explain", str(write(tmp_path / "t.csv", rows)), "--outcome", "complained", *options).refuses(
        3, said
    )


@pytest.mark.parametrize(
    "options", [("--features", "colour"), ("--exclude", "colour"), ("--weight", "colour")]
)
def test_a_column_that_is_not_there_is_named(motivo: Run, tmp_path: Path, options: tuple[str, str]) -> None:
    path = str(write(tmp_path / "t.csv", draw(10)))
    motivo("explain", path, "--outcome", "complained", *options).refuses(2, options[0], "colour", "days.late")


@pytest.mark.parametrize(
    "content",
    ["y,x\n", "y,x\n1,2\n", "y,x\n" + "0,1\n" * 50, "y,x\n" + "1,1\n" * 50, "y\n1\n0\n", "y,x\n1,\n0,\n" * 1,
     "y,x\n" + "".join(f"{k % 2},{'inf' if k % 3 else '-inf'}\n" for k in range(60))],
    ids=["no rows", "one row", "no outcome", "outcome only", "no feature", "nothing known", "infinities"],
)  # fmt: skip
def test_where_nothing_can_be_said_nothing_is(motivo: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "t.csv").write_text(content)
    done = motivo("explain", str(tmp_path / "t.csv"), "--outcome", "y", "--json")
    assert done.code == 0, done
    assert done.json["root_causes"] == []
    assert motivo("explain", str(tmp_path / "t.csv"), "--outcome", "y").code == 0


def test_ten_thousand_columns(motivo: Run, tmp_path: Path) -> None:
    rng = random.Random(1)
    names = ["y", *(f"c{k}" for k in range(9_999))]
    rows = [[rng.randrange(2), *(rng.randrange(3) for _ in names[1:])] for _ in range(60)]
    with (tmp_path / "t.csv").open("w", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    done = motivo("explain", str(tmp_path / "t.csv"), "--outcome", "y", "--json")
    assert done.json["root_causes"] == []
    assert len(done.json["features"]) == 9_999
