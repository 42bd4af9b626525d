"""How long reading takes: a customer's neighbourhood, shared causes, pages, search, projection.

    python benchmarks/reading.py [--rows 1000000] [--store FILE] [--json]

Reads a shop of that many rows, ingested first, or the store that `writing.py --folder` left. Times
are of one reader in one thread, over a fixed sample; each is the first of its kind in its process.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shop import WORDS, write_shop
from graph import Reader, open_store
from ingest import ingest, load_project

Measures = dict[str, float]


def measure_each(name: str, ask: Callable[[Any], object], sample: Sequence[Any]) -> Measures:
    """Ask once for each of a sample; return quantiles of the time in milliseconds."""
    times = []
    for item in sample:
        begun = time.perf_counter()
        ask(item)
        times.append((time.perf_counter() - begun) * 1e3)
    p50, p99 = np.quantile(times, (0.5, 0.99))
    return {f"{name}_p50_ms": float(p50), f"{name}_p99_ms": float(p99)}


def sample_keys(reader: Reader, kind: str, size: int) -> list[str]:
    """Return keys of a kind, drawn at random from all."""
    keys: list[str] = []
    found = reader.page(kind, limit=1000)
    while found.nodes:
        keys += [node.key for node in found.nodes]
        found = reader.page(kind, after=found.nodes[-1].key, limit=1000)
    return random.Random(1).sample(keys, min(size, len(keys)))


def view_customer(reader: Reader, key: str) -> None:
    """Find a customer, count what it has, and fetch fifty of its relationships."""
    reader.find("Customer", key)
    reader.expand("Customer", key)
    reader.neighbours("Customer", key, limit=50)


def follow_cause(reader: Reader, complaint: str) -> None:
    """Walk from a complaint to its cause, and to fifty complaints that share it."""
    for cause in reader.neighbours("Complaint", complaint, types=["ATTRIBUTED_TO"]):
        reader.neighbours("Cause", cause.node.key, types=["ATTRIBUTED_TO"], limit=50)


def measure(reader: Reader, size: int) -> Measures:
    customers = sample_keys(reader, "Customer", size)
    complaints = sample_keys(reader, "Complaint", size // 10)
    orders = sorted(sample_keys(reader, "Order", size // 10))
    deep = orders[len(orders) * 9 // 10 :]
    words = [f"{a} {b}" for a in WORDS[:5] for b in WORDS[-4:]]
    found: Measures = {}
    found |= measure_each("customer_view", lambda key: view_customer(reader, key), customers)
    found |= measure_each("shared_cause", lambda key: follow_cause(reader, key), complaints)
    found |= measure_each("first_page", lambda _: reader.page("Order", limit=100), deep)
    found |= measure_each("deep_page", lambda key: reader.page("Order", after=key, limit=100), deep)
    found |= measure_each("search", reader.search, words)
    begun = time.perf_counter()
    projection = reader.project()
    seconds = time.perf_counter() - begun
    edges = sum(table.num_rows for table in projection.relationships.values())
    return found | {
        "project_s": seconds,
        "nodes": sum(table.num_rows for table in projection.nodes.values()),
        "edges": edges,
        "edges_per_s": edges / seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--store", type=Path, help="a store that is there, instead of a new one")
    parser.add_argument("--sample", type=int, default=2_000, help="customers that are viewed")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = chosen.store or Path(temporary) / "shop.db"
        store = open_store(f"sqlite:///{path}", create=chosen.store is None)
        if chosen.store is None:
            ingest(load_project(write_shop(Path(temporary), chosen.rows)), store)
        results = measure(store.reader(), chosen.sample)
        store.close()
    if chosen.json:
        print(json.dumps(results))
    else:
        for name, value in results.items():
            print(name.ljust(22), f"{value:>14,.{0 if value > 1000 else 2}f}")


if __name__ == "__main__":
    main()
