"""How good the proposals of the review queue are, on complaints whose reasons other people named.

    python benchmarks/review.py [--rows 6000] [--list] [--json]

Reads `airline_negativereason_en` of the data folder ($MOTIVO_DATA, else ../shared/data): tweets about
airlines, for which the taxonomy has no pack. A proposal is the purer, the more of its complaints have
its commonest reason; beside it stands what groups of the same sizes have that are drawn by chance.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from graph import open_store
from ingest import ingest, load_project
from ingest.text.review import Desk, Queue

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("MOTIVO_DATA", ROOT.parent / "shared" / "data"))
DRAWS = 300
PROJECT = """\
version: 1
name: airlines
languages: [en]
sources: {tweets: {path: tweets.jsonl, key: id}}
targets:
  nodes:
    - {source: tweets, kind: Complaint, key: id, properties: {text: text}}
"""


def write_tweets(folder: Path, rows: int) -> dict[str, str]:
    """Write the first complaints as a project; return the reason of each."""
    reasons: dict[str, str] = {}
    path = DATA / "airline_negativereason_en" / "tweets.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file, (folder / "tweets.jsonl").open("w") as out:
        for row in csv.DictReader(file):
            if row["negativereason"] and len(reasons) < rows:
                key = f"T{len(reasons)}"
                reasons[key] = row["negativereason"]
                out.write(json.dumps({"id": key, "text": row["text"]}) + "\n")
    (folder / "motivo.yaml").write_text(PROJECT)
    return reasons


def count_purest(groups: list[list[str]]) -> int:
    return sum(Counter(group).most_common(1)[0][1] for group in groups)


def measure(queue: Queue, reasons: dict[str, str], waiting: list[str]) -> dict[str, Any]:
    groups = [[reasons[key] for key in {s.complaint for s in p.statements}] for p in queue.proposals]
    complaints = sum(map(len, groups))
    draw, chance = random.Random(0), 0.0
    for _ in range(DRAWS):
        drawn = draw.sample([reasons[key] for key in waiting], len(waiting))
        places = iter(drawn * 2)
        chance += count_purest([[next(places) for _ in group] for group in groups]) / DRAWS
    return {
        "unnamed": queue.statements,
        "proposals": len(groups),
        "complaints": complaints,
        "purity": round(count_purest(groups) / complaints, 3) if complaints else None,
        "purity_by_chance": round(chance / complaints, 3) if complaints else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--list", action="store_true", help="print each proposal")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reasons = write_tweets(folder, options.rows)
        store = open_store(f"sqlite:///{folder / 'motivo.db'}")
        ingest(load_project(folder / "motivo.yaml"), store)
        desk = Desk(store, by="benchmark")
        begun = time.perf_counter()
        queue = desk.queue()
        seconds = time.perf_counter() - begun
        unknown = store.reader().neighbours("Cause", "unknown", types=["ATTRIBUTED_TO"], limit=10**9)
        figures = measure(queue, reasons, sorted({n.node.key for n in unknown}))
        store.close()
    figures["seconds"] = round(seconds, 1)
    if options.list:
        for p in queue.proposals:
            commonest, count = Counter(reasons[s.complaint] for s in p.statements).most_common(1)[0]
            print(f"{p.size:3} {p.names['en'][:50]:50} {count:3} {commonest}")
    print(json.dumps(figures) if options.json else "\n".join(f"{k:18} {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
