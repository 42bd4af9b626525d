"""How long what the service asks takes: pages in order, batches of neighbours, conditions, groups, search.

    python benchmarks/pages.py [--complaints 1000000] [--store FILE] [--json]

Reads a store of that many complaints, three for each customer, which it writes first, or the one that an
earlier run left in FILE. Times are CPU milliseconds of one reader in one thread: the median and the 99th
percentile of all that was asked.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.shop import CAUSES, REGIONS, WORDS
from graph import And, Linked, Order, Page, Reader, Store, Where, open_store
from schema.kinds import Direction, Triple
from schema.vocabulary import core_vocabulary

FILED = Triple("Customer", "FILED", "Complaint")
ATTRIBUTED_TO = Triple("Complaint", "ATTRIBUTED_TO", "Cause")
IN = Triple("Customer", "IN", "Region")
BATCH = 10_000
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1_000
# One more index than every project has, for groups of few values.
VOCABULARY = core_vocabulary().extend(
    {"kinds": {"Complaint": {"properties": {"status": {"type": "text", "indexed": True}}}}}
)
LATEST = Order("filed_at", descending=True)


def keys(count: int, letter: str) -> list[str]:
    """Return keys, scattered, as ids of real systems often are."""
    return [f"{letter}{i * 7_919 % 10_000_019:08}" for i in range(count)]


def batches(count: int) -> Iterator[range]:
    for first in range(0, count, BATCH):
        yield range(first, min(first + BATCH, count))


def write(store: Store, complaints: int, each: int = 3) -> None:
    """Write complaints, so many of each customer on average, with a cause; a customer is in a region."""
    draw = random.Random(complaints)
    customers, ids = keys(max(1, complaints // each), "C"), keys(complaints, "K")
    with store.transaction() as t:
        t.begin_run("benchmark")
    for some in batches(len(customers)):
        with store.transaction() as t:
            rows = [customers[i] for i in some]
            t.upsert_records("crm", rows, list(some))
            columns = {
                "name": [" ".join(draw.choices(WORDS, k=2)).title() for _ in rows],
                "email": [f"{row.lower()}@example.com" for row in rows],
                "segment": draw.choices(("home", "small business", "company"), k=len(rows)),
            }
            t.upsert_nodes("SourceRecord", "crm", rows, rows, columns)
            regions = [f"R{draw.randrange(REGIONS):02}" for _ in rows]
            t.upsert_relationships(IN, "crm", rows, rows, regions, {})
    for some in batches(complaints):
        with store.transaction() as t:
            rows = [ids[i] for i in some]
            t.upsert_records("desk", rows, list(some))
            columns = {
                "title": [" ".join(draw.choices(WORDS, k=4)) for _ in rows],
                "text": [" ".join(draw.choices(WORDS, k=24)) for _ in rows],
                "score": [float(draw.randrange(1, 6)) for _ in rows],
                "status": draw.choices(("closed", "open", "waiting"), (7, 2, 1), k=len(rows)),
                "filed_at": [BEGIN + timedelta(seconds=draw.randrange(DAYS * 86_400)) for _ in rows],
            }
            t.upsert_nodes("Complaint", "desk", rows, rows, columns)
            t.upsert_relationships(FILED, "desk", rows, draw.choices(customers, k=len(rows)), rows, {})
            causes = [f"cause.{int(CAUSES * draw.random() ** 2)}" for _ in rows]
            t.upsert_relationships(ATTRIBUTED_TO, "desk", rows, rows, causes, {"starts_at": [0] * len(rows)})
    with store.transaction() as t:
        t.finish_run()


class Asked:
    """What is asked, a number of times each, with places spread over all complaints."""

    def __init__(self, reader: Reader, complaints: int, times: int) -> None:
        self.reader = reader
        self.times = times
        self.draw = random.Random(1)
        self.complaints, self.customers = keys(complaints, "K"), keys(max(1, complaints // 3), "C")
        self.found: dict[str, float] = {}

    def measure(self, name: str, ask: Callable[[int], object], times: int = 0) -> None:
        seconds = []
        for i in range(times or self.times):
            begun = time.process_time()
            ask(i)
            seconds.append((time.process_time() - begun) * 1e3)
        p50, p99 = np.quantile(seconds, (0.5, 0.99))
        self.found |= {f"{name} p50": float(p50), f"{name} p99": float(p99)}

    def some(self, of: Sequence[str], count: int) -> list[str]:
        return self.draw.sample(of, min(count, len(of)))

    def pages(self) -> None:
        page = self.reader.page
        ids = sorted(self.complaints)
        deep = [ids[len(ids) * i // self.times] for i in range(self.times)]
        self.measure("first page by key", lambda _: page("Complaint"))
        self.measure("deep page by key", lambda i: page("Complaint", after=deep[i]))
        for way, order in (("filed_at", Order("filed_at")), ("filed_at, latest first", LATEST)):
            cursors = [self._cursor(order, place) for place in np.linspace(0.02, 0.98, 20)]
            self.measure(f"first page by {way}", lambda _, o=order: page("Complaint", order=o))
            self.measure(
                f"deep page by {way}",
                lambda i, o=order, c=cursors: page("Complaint", order=o, after=c[i % len(c)]),
            )
        is_open = [Where("status", "eq", "open")]
        self.measure("latest open", lambda _: page("Complaint", order=LATEST, where=is_open))
        region = [Linked(FILED, Direction.IN, [Linked(IN, Direction.OUT, [Where("key", "eq", "R07")])])]
        self.measure("latest of a region", lambda _: page("Complaint", order=LATEST, where=region))
        mine = [
            [Linked(FILED, Direction.IN, [Where("key", "eq", k)])] for k in self.some(self.customers, 100)
        ]
        self.measure(
            "latest of a customer", lambda i: page("Complaint", order=LATEST, where=mine[i % len(mine)])
        )
        self.measure("latest by score, no index", lambda _: page("Complaint", order=Order("score")), 3)

    def _cursor(self, order: Order, place: float) -> str:
        """Return the cursor of a complaint that lies so far in an order."""
        share = 1 - place if order.descending else place
        moment = BEGIN + timedelta(days=DAYS * share)
        op = "le" if order.descending else "ge"
        found: Page = self.reader.page(
            "Complaint", order=order, where=[Where("filed_at", op, moment)], limit=1
        )
        return found.cursors[0]

    def neighbours(self) -> None:
        follow = self.reader.follow
        out = Direction.OUT
        fifty = [self.some(self.customers, 50) for _ in range(self.times)]
        filed = [[n.node.key for near in follow(FILED, out, some).values() for n in near] for some in fifty]
        causes = [f"cause.{i}" for i in range(20)]
        many = self.complaints[:: max(1, len(self.complaints) // 500)][:500]
        self.measure("500 complaints by key", lambda _: self.reader.get_many("Complaint", many))
        self.measure("causes of 500 complaints", lambda _: follow(ATTRIBUTED_TO, out, many))
        self.measure("50 customers by key", lambda i: self.reader.get_many("Customer", fifty[i]))
        self.measure("complaints of 50 customers", lambda i: follow(FILED, out, fifty[i]))
        self.measure(
            "two latest of 50 customers", lambda i: follow(FILED, out, fifty[i], order=LATEST, limit=2)
        )
        self.measure("causes of these complaints", lambda i: follow(ATTRIBUTED_TO, out, filed[i]))
        self.measure("degrees of 50 customers", lambda i: self.reader.degrees(FILED, out, fifty[i]))
        self.measure(
            "20 latest of each of 20 causes",
            lambda _: follow(ATTRIBUTED_TO, Direction.IN, causes, order=LATEST, limit=20),
            10,
        )
        self.measure(
            "degrees of 20 causes", lambda _: self.reader.degrees(ATTRIBUTED_TO, Direction.IN, causes), 5
        )
        refs = [[("Complaint", key) for key in some] + [("Cause", c) for c in causes] for some in filed]
        self.measure("between these and 20 causes", lambda i: self.reader.between(refs[i]))
        pairs = [self.some(self.customers, 2) for _ in range(self.times)]
        self.measure(
            "shortest paths of 2 customers",
            lambda i: self.reader.shortest_paths(("Customer", pairs[i][0]), ("Customer", pairs[i][1])),
            20,
        )

    def groups(self) -> None:
        aggregate = self.reader.aggregate
        year = [Where("filed_at", "ge", BEGIN), Where("filed_at", "lt", BEGIN + timedelta(days=365))]
        day = [And([Where("filed_at", "ge", BEGIN), Where("filed_at", "lt", BEGIN + timedelta(hours=1))])]
        self.measure("count all", lambda _: aggregate("Complaint"), 5)
        self.measure("count a year, indexed", lambda _: aggregate("Complaint", where=year), 5)
        self.measure("count an hour by status", lambda _: aggregate("Complaint", by=["status"], where=day), 5)
        self.measure("count by filed_at, indexed", lambda _: aggregate("Complaint", by=["filed_at"]), 3)
        self.measure("count by status, indexed", lambda _: aggregate("Complaint", by=["status"]), 5)
        self.measure("count by score, no index", lambda _: aggregate("Complaint", by=["score"]), 3)

    def texts(self) -> None:
        words = [f"{a} {b}" for a in WORDS[:3] for b in WORDS[-3:]]
        titles = {"Complaint": ["title"]}
        self.measure("search, two words", lambda i: self.reader.search(words[i]), len(words))
        self.measure(
            "search in titles", lambda i: self.reader.search(words[i], properties=titles), len(words)
        )
        self.measure("version", lambda _: self.reader.version())
        mark = self.reader.arrivals("Complaint").mark
        self.measure("arrivals", lambda _: self.reader.arrivals("Complaint", after=mark))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--complaints", type=int, default=10_000)
    parser.add_argument("--store", type=Path, help="where the store is, or is to stay")
    parser.add_argument("--times", type=int, default=100, help="how often each is asked")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = chosen.store or Path(temporary) / "complaints.db"
        there = path.exists()
        with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as store:
            written = {}
            if not there:
                begun = time.process_time()
                write(store, chosen.complaints)
                written["write, s"] = time.process_time() - begun
            with closing(store.reader()) as reader:
                complaints = reader.totals().nodes["Complaint"]
                asked = Asked(reader, complaints, chosen.times)
                for ask in (asked.pages, asked.neighbours, asked.groups, asked.texts):
                    ask()
    results = written | {"complaints": complaints} | asked.found
    if chosen.json:
        print(json.dumps(results))
        return
    for name, value in results.items():
        print(name.ljust(40), f"{value:>12,.{0 if value > 1000 else 2}f}")


if __name__ == "__main__":
    main()
