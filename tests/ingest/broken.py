"""The same visits as files of every format, with one of each mistake that the format allows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PROJECT = """\
version: 1
name: clinic
kinds:
  Visit: {{properties: {{on: date, note: text}}}}
sources:
  visits: {{path: {path}, key: id{more}}}
targets:
  nodes:
    - source: visits
      kind: Visit
      key: id
      properties: {{on: {{column: day, format: "%d/%m/%Y"}}, note: note}}
"""
LONG = "á" * 500_000  # 1 MB
GOOD = [("V1", "01/02/2026", "tos"), ("V2", "28/02/2026", LONG), ("V3", "03/02/2026", 'ok; all, "fine"')]
# key (or None where none can be read), the row, a word of the message
BAD = [
    ("V4", ("V4", "31/02/2026", "no such day"), "31/02/2026"),
    ("V1", ("V1", "02/02/2026", "another V1"), "says otherwise"),
    (None, ("", "04/02/2026", "no key"), "empty"),
]
TWICE = GOOD[0]  # again, letter by letter: known already, and no mistake


def write_project(folder: Path, path: str, more: str = "") -> Path:
    project = folder / "motivo.yaml"
    project.write_text(PROJECT.format(path=path, more=more), encoding="utf-8")
    return project


def write_csv(folder: Path) -> tuple[Path, int]:
    lines = ["id,day,note"]
    lines += [",".join('"' + value.replace('"', '""') + '"' for value in row) for row in [*GOOD, TWICE]]
    lines += [",".join(row) for _, row, _ in BAD]
    raw = ("\n".join(lines) + "\n").encode()
    raw += b"V5,05/02/2026,\xff\xfe\n"  # not UTF-8
    raw += b"V6,06/02/2026\n"  # too few columns
    raw += b"V7,07/02/2026,a,b\n"  # too many
    raw += b"V8,08/02/2026,a\0b\n"
    raw += b'V9,09/02/2026,"never closed\n'
    raw += b"V10,10/02/2026,after the quote\n"
    raw += b",,\n"  # nothing but empty columns
    (folder / "visits.csv").write_bytes(raw)
    return write_project(folder, "visits.csv"), 6


def _objects() -> list[bytes]:
    rows = [*GOOD, TWICE, *(row for _, row, _ in BAD)]
    return [
        json.dumps(dict(zip(("id", "day", "note"), row, strict=True)), ensure_ascii=False).encode()
        for row in rows
    ]


def write_jsonl(folder: Path) -> tuple[Path, int]:
    lines = _objects()
    lines.append(b'{"id": "V5", "day": "05/02/2026", "note": "\xff"}')
    lines.append(b'["V6"]')
    lines.append(b'{"id": "V7", "day": ')
    lines.append(b'{"id": "V8", "day": "08/02/2026", "note": "a\\u0000b"}')
    lines.append(b'{"id": "V9", "day": "09/02/2026", "note": "never closed}')
    lines.append(b'{"id": "V10", "day": "10/02/2026", "note": "after the quote"}')
    (folder / "visits.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return write_project(folder, "visits.jsonl"), 5


def write_json(folder: Path) -> tuple[Path, int]:
    parts = _objects()
    parts.append(b'{"id": "V5", "day": "05/02/2026", "note": "\xff"}')
    parts.append(b'["V6"]')
    parts.append(b'{"id": "V8", "day": "08/02/2026", "note": "a\\u0000b"}')
    parts.append(b'{"id": "V10", "day": "10/02/2026", "note": "after the quote"}')
    (folder / "visits.json").write_bytes(b"[\n" + b",\n".join(parts) + b"\n]\n")
    return write_project(folder, "visits.json"), 3


def write_sqlite(folder: Path) -> tuple[Path, int]:
    base = sqlite3.connect(folder / "visits.sqlite")
    base.execute("CREATE TABLE visit (id, day, note)")
    rows = [*GOOD, TWICE, *(row for _, row, _ in BAD), ("V10", "10/02/2026", "after the quote")]
    base.executemany("INSERT INTO visit VALUES (?, ?, ?)", rows)
    base.execute("INSERT INTO visit VALUES ('V5', '05/02/2026', CAST(x'ff' AS TEXT))")
    base.execute("INSERT INTO visit VALUES ('V8', '08/02/2026', ?)", ("a\0b",))
    base.commit()
    base.close()
    return write_project(folder, "visits.sqlite", ", table: visit"), 2


def write_parquet(folder: Path) -> tuple[Path, int]:
    rows = [*GOOD, TWICE, *(row for _, row, _ in BAD), ("V10", "10/02/2026", "after the quote")]
    rows.append(("V8", "08/02/2026", "a\0b"))
    ids, days, notes = zip(*rows, strict=True)
    raw = [note.encode() for note in notes]
    table = pa.table(
        {"id": [*ids, "V5"], "day": [*days, "05/02/2026"], "note": pa.array([*raw, b"\xff"], pa.binary())}
    )
    pq.write_table(table, folder / "visits.parquet")
    return write_project(folder, "visits.parquet"), 2


# Each writes its file and the project file, and returns its path and how many more rows cannot be read.
FORMATS: dict[str, Callable[[Path], tuple[Path, int]]] = {
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
}
