"""Rows to graph per second, beside raw inserts of the same rows; growth, peak memory, file size.

    python benchmarks/writing.py [--rows 10000 100000 1000000] [--folder DIR] [--json]

For each size: a shop's CSV files are ingested into a fresh store; then what the store holds, every
row of every table, is inserted by `sqlite3.executemany` into an empty store with the same tables,
indexes, triggers and pragmas, in as many transactions; then the ingest is run again over unchanged
files. Each in a process of its own, so that the peak of its memory is its own. What raw inserts
are given is ready made: nothing is read, checked, looked up or merged in the time that counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from benchmarks.shop import write_shop
from graph import open_store
from ingest import ingest, load_project
from ingest.pipeline import BATCH_ROWS

STORE, RAW = "shop.db", "raw.db"
Measures = dict[str, float]


def ingest_shop(folder: Path) -> Measures:
    """Ingest the folder's project into its store."""
    project = load_project(folder / "motivo.yaml")
    begun, cpu = time.perf_counter(), time.process_time()
    with closing(open_store(f"sqlite:///{folder / STORE}", project.vocabulary)) as store:
        counts = ingest(project, store).sources.values()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "written": sum(c.written for c in counts),
        "transactions": sum(-(-c.read // BATCH_ROWS) for c in counts),
    }


def insert_raw(folder: Path, transactions: int) -> Measures:
    """Insert every row of the folder's store into an empty store by `executemany`."""
    vocabulary = load_project(folder / "motivo.yaml").vocabulary
    open_store(f"sqlite:///{folder / RAW}", vocabulary).close()
    source = sqlite3.connect(folder / STORE)
    target = sqlite3.connect(folder / RAW, isolation_level=None)
    for pragma in ("cache_size = -65536", "temp_store = MEMORY", "synchronous = FULL"):
        target.execute(f"PRAGMA {pragma}")
    target.execute("DELETE FROM setting")
    slices = [slice_table(source, *table, transactions) for table in find_tables(source)]
    seconds = cpu = rows = 0.0
    for ready in zip(*slices, strict=True):
        begun, begun_cpu = time.perf_counter(), time.process_time()
        target.execute("BEGIN IMMEDIATE")
        for statement, some in ready:
            target.executemany(statement, some)
        target.execute("COMMIT")
        seconds += time.perf_counter() - begun
        cpu += time.process_time() - begun_cpu
        rows += sum(len(some) for _, some in ready)
    source.close()
    begun = time.perf_counter()
    target.close()  # as an ingest ends: what is left in the WAL goes into the file
    return {"seconds": seconds + time.perf_counter() - begun, "cpu": cpu, "stored": rows}


def find_tables(source: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the tables that rows are written to, each with the order in which they were."""
    found = []
    for name, sql in source.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        if "VIRTUAL" in sql or name.rpartition("_search")[1] or name.startswith("sqlite_"):
            continue  # the triggers fill the full-text indexes
        columns = [row[1] for row in source.execute(f'PRAGMA table_info("{name}")')]
        order = "record" if "record" in columns else "rowid" if "WITHOUT ROWID" not in sql else "run"
        found.append((name, order))
    return found


def slice_table(
    source: sqlite3.Connection, table: str, order: str, pieces: int
) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Yield the rows of a table in equal parts, each with the statement that inserts them."""
    count = source.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    rows = source.execute(f'SELECT * FROM "{table}" ORDER BY {order}')
    statement = f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows.description))})'
    done = 0
    for piece in range(1, pieces + 1):
        size = count * piece // pieces - done
        done += size
        yield statement, rows.fetchmany(size) if size else []


def run_task(folder: Path, *task: str) -> Measures:
    """Run a task of this script in a process of its own; return what it measured."""
    command = [sys.executable, __file__, "--folder", str(folder), "--task", *task]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Measures = json.loads(done.stdout)
    return found


def measure(folder: Path, rows: int) -> Measures:
    """Measure one size."""
    write_shop(folder, rows)
    store = folder / STORE
    store.unlink(missing_ok=True)
    first = run_task(folder, "ingest")
    size = store.stat().st_size
    raw = run_task(folder, "raw", str(int(first["transactions"])))
    (folder / RAW).unlink()
    again = run_task(folder, "ingest")
    return {
        "rows": rows,
        "stored": raw["stored"],
        "ingest_rows_per_s": rows / first["seconds"],
        "raw_rows_per_s": rows / raw["seconds"],
        "ratio": raw["seconds"] / first["seconds"],
        "ingest_cpu_s": first["cpu"],
        "raw_cpu_s": raw["cpu"],
        "peak_mb": first["peak_mb"],
        "file_mb": size / 1e6,
        "again_rows_per_s": rows / again["seconds"],
        "again_written": again["written"],
        "again_peak_mb": again["peak_mb"],
        "again_file_mb": store.stat().st_size / 1e6,
    }


def print_table(results: list[Measures]) -> None:
    for name in results[0]:
        digits = 2 if name == "ratio" else 0
        print(name.ljust(18), *(f"{result[name]:>12,.{digits}f}" for result in results))
    for before, after in pairwise(results):
        times = after["rows"] / before["rows"]
        slower = times * before["ingest_rows_per_s"] / after["ingest_rows_per_s"]
        print(f"{times:.0f} times the rows take {slower:.1f} times as long")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where to work, and to leave the last store")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--task", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.task:
        name, *arguments = chosen.task
        found = ingest_shop(chosen.folder) if name == "ingest" else insert_raw(chosen.folder, int(*arguments))
        found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        results = [measure(folder, rows) for rows in chosen.rows]
    print(json.dumps(results)) if chosen.json else print_table(results)


if __name__ == "__main__":
    main()
