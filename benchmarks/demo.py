"""What is found of the causes planted in the demo company, seed by seed.

    python benchmarks/demo.py [--seeds 10] [--json]

Each seed is the whole demo: a company is generated, ingested and searched, and what is reported is
held against what was planted. `rate` is the highest number of complaints an exposed unit among the
reported root causes, `q` the highest q-value.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from algorithms import find_causes
from api.demo import generate_company, match_planted
from graph import open_store
from ingest import ingest, load_project

SHOWN = (
    "seed",
    "planted",
    "found",
    "missed",
    "false",
    "complaints",
    "unlinked",
    "units",
    "rate",
    "q",
    "seconds",
)


def run_demo(folder: Path, seed: int) -> dict[str, Any]:
    """Run the demo of a seed in an empty folder, and return its figures."""
    begun = time.perf_counter()
    truth = generate_company(folder, seed=seed)
    project = load_project(folder / "motivo.yaml")
    with closing(open_store(f"sqlite:///{folder / 'motivo.db'}")) as store:
        report = ingest(project, store)
        found = find_causes(store.reader())
    match = match_planted(truth, [asdict(cause) for cause in found.root_causes])
    return {
        "seed": seed,
        "planted": len(truth.planted),
        "found": len(match.found),
        "missed": len(match.missed),
        "false": len(match.false),
        "complaints": found.complaints + found.unlinked,
        "unlinked": found.unlinked,
        "units": found.units,
        "rate": round(max((c.complaints / c.exposed for c in found.root_causes), default=0.0), 2),
        "q": max((c.q_value for c in found.root_causes), default=1.0),
        "seconds": round(time.perf_counter() - begun, 1),
        "ingest_seconds": round(report.seconds, 1),
        "causes": [
            {
                "pattern": [f"{part.path} {part.op} {part.value}" for part in cause.pattern],
                "complaints": cause.complaints,
                "exposed": cause.exposed,
                "lift": round(cause.lift, 2),
                "q": cause.q_value,
                "dose": [round(dose.rate, 2) for dose in cause.dose],
            }
            for cause in found.root_causes
        ],
    }


def show(result: dict[str, Any]) -> str:
    cells = (f"{result[name]:.0e}" if name == "q" else f"{result[name]:,}" for name in SHOWN)
    return " ".join(cell.rjust(10) for cell in cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2, help="run the seeds from 1 to this one")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if not chosen.json:
        print(*(name.rjust(10) for name in SHOWN))
    results = []
    for seed in range(1, chosen.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            results.append(run_demo(Path(folder), seed))
        if not chosen.json:
            print(show(results[-1]), flush=True)
    if chosen.json:
        print(json.dumps(results))
        return
    planted, found, false = (sum(r[name] for r in results) for name in ("planted", "found", "false"))
    print(f"found {found} of {planted} planted causes; {false} reported that are none of them")


if __name__ == "__main__":
    main()
