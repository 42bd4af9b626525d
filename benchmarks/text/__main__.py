"""Measure an extractor.

    python -m benchmarks.text [MEASURE ...] [--extractor lexical|vectors] [--full] [--json] [--svg FILE]

Without names all measures run, at small sizes unless --full. With --json one document is printed:
{"extractor", "version", "limit", "load_seconds", "measures": {name: {table: [row, ...]}}}, where a
measure that cannot be run is {"not_run": why}.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.text.harness import NotRun, Run, format_tables, load_named

MEASURES = ("speed", "gold", "crosslingual", "aspects", "causality", "calibration", "curve", "robustness")
SMALL = 200  # items of each large set


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("--extractor", choices=("lexical", "vectors"), default="lexical")
    parser.add_argument("--full", action="store_true", help="read all of every set")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="where calibration draws its plot")
    chosen = parser.parse_args(arguments)
    names = chosen.measures or MEASURES
    unknown = set(names) - set(MEASURES)
    if unknown:
        parser.error(f"no measure {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    report: dict[str, Any] = {"extractor": chosen.extractor, "measures": {}}
    start = time.perf_counter()
    try:
        extractor = load_named(chosen.extractor)
    except NotRun as reason:
        report["not_run"] = str(reason)
        print(json.dumps(report) if chosen.json else f"{chosen.extractor}: not run, {reason}")
        return
    run = Run(extractor, chosen.extractor, None if chosen.full else SMALL, chosen.svg)
    report |= {
        "version": extractor.version,
        "limit": run.limit,
        "load_seconds": round(time.perf_counter() - start, 2),
    }
    if not chosen.json:
        print(report["version"], f"loaded in {report['load_seconds']} s")
    for name in names:
        try:
            tables = import_module(f"benchmarks.text.{name}").measure(run)
        except NotRun as reason:
            report["measures"][name] = {"not_run": str(reason)}
            if not chosen.json:
                print(f"-- {name}: not run, {reason}")
            continue
        report["measures"][name] = tables
        if not chosen.json:
            print(format_tables(tables), flush=True)
    if chosen.json:
        json.dump(report, sys.stdout)
        print()


if __name__ == "__main__":
    main()
