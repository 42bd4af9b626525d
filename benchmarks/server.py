"""The store on Neo4j beside the bare driver: writes, the customer view, projection, copies, bulk import.

    python benchmarks/server.py [--customers 10000] [--copy 5000] [--complaints 10000] [--url URL] [--json]
                                (--copy 250000: a million nodes)
    python benchmarks/server.py --only-pages [--complaints 100000]      what pages.py asks, alone

Starts a server of its own from its Maven artefacts; one that is named by --url is filled, and nothing is
imported in bulk. What `pages.py` asks is timed as it is waited for, the server's work included.
"Bare" is what a program would write without Motivo: UNWIND-MERGE, one query a view, one query streamed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from neo4j import READ_ACCESS, Driver, GraphDatabase, NotificationMinimumSeverity

from benchmarks.pages import VOCABULARY, Asked, write
from graph import Store, copy_store, export_neo4j_admin, open_store
from graph.neo4j.address import parse_address
from schema import Triple, core_vocabulary
from tests.graph.neo4j.server import JavaServer, await_answer

BATCH = 2_000
TOLD = {"source": "crm", "run": 1, "valid_from": 1_700_000_000_000_000}
MERGE_NODES = "UNWIND $rows AS row MERGE (n:{} {{key: row.key}}) SET n += row"
MERGE_LINKS = (
    "UNWIND $rows AS row MATCH (a:{} {{key: row.a}}) MATCH (b:{} {{key: row.b}}) "
    "MERGE (a)-[r:{}]->(b) SET r += row.p"
)
FILED = Triple("Customer", "FILED", "Complaint")
Measures = dict[str, float]


def rows_of(customers: int) -> list[tuple[str, list[str], dict[str, list[Any]]]]:
    """Return what each kind has: keys and columns. A customer has an invoice and a complaint."""
    rng = random.Random(1)
    words = [
        "factura",
        "cobro",
        "router",
        "demora",
        "instalador",
        "técnico",
        "línea",
        "corte",
        "visita",
        "doble",
        "plan",
        "móvil",
    ]
    numbers = range(customers)
    return [
        (
            "SourceRecord",
            [f"crm:{i}" for i in numbers],
            {
                "name": [f"Customer {i}" for i in numbers],
                "email": [f"c{i}@example.com" for i in numbers],
                "segment": [rng.choice(["prepaid", "control", "post"]) for _ in numbers],
            },
        ),
        (
            "Invoice",
            [f"inv-{i}" for i in numbers],
            {
                "number": [f"{i:08}" for i in numbers],
                "status": [rng.choice(["paid", "open"]) for _ in numbers],
            },
        ),
        (
            "Complaint",
            [f"case-{i}" for i in numbers],
            {
                "text": [" ".join(rng.choices(words, k=12)) for _ in numbers],
                "language": ["es" for _ in numbers],
                "score": [float(rng.randrange(1, 6)) for _ in numbers],
            },
        ),
    ]


LINKS = (
    (Triple("Customer", "BILLED", "Invoice"), "crm:{}", "inv-{}"),
    (FILED, "crm:{}", "case-{}"),
    (Triple("Complaint", "ABOUT", "Invoice"), "case-{}", "inv-{}"),
)


class OwnWriter:
    """Writes by the contract, a batch of customers a transaction, a record a row."""

    def __init__(self, store: Store, customers: int) -> None:
        self._store = store
        self._kinds = rows_of(customers)
        with store.transaction() as transaction:
            self._run = transaction.begin_run("benchmark")

    def write_nodes(self, numbers: range) -> None:
        with self._store.transaction() as transaction:
            transaction.resume_run(self._run)
            for kind, keys, columns in self._kinds:
                records = [keys[i] for i in numbers]
                transaction.upsert_records(kind, records, [1] * len(records))
                said = {name: [values[i] for i in numbers] for name, values in columns.items()}
                transaction.upsert_nodes(kind, kind, records, records, said)

    def write_links(self, numbers: range) -> None:
        with self._store.transaction() as transaction:
            transaction.resume_run(self._run)
            for triple, start, end in LINKS:
                records = [f"{triple.type}{i}" for i in numbers]
                transaction.upsert_records("links", records, [1] * len(records))
                starts, ends = [start.format(i) for i in numbers], [end.format(i) for i in numbers]
                transaction.upsert_relationships(triple, "links", records, starts, ends, {})


class BareWriter:
    """Merges the very same nodes and relationships, ledger and provenance included, by the driver alone."""

    LABELS = ("S", "V", "I", "C", "R")

    def __init__(self, driver: Driver, customers: int) -> None:
        self._driver = driver
        for label in self.LABELS:
            driver.execute_query(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.key IS UNIQUE")
        (_, people, said), (_, bills, billed), (_, cases, filed) = rows_of(customers)
        self._kinds = {"S": (people, said), "V": (people, said), "I": (bills, billed), "C": (cases, filed)}

    def _nodes(self, label: str, rows: list[dict[str, Any]]) -> None:
        self._driver.execute_query(MERGE_NODES.format(label), rows=rows)

    def _links(self, start: str, type_: str, end: str, rows: list[dict[str, Any]]) -> None:
        self._driver.execute_query(MERGE_LINKS.format(start, end, type_), rows=rows)

    def write_nodes(self, numbers: range) -> None:
        for label, (keys, columns) in self._kinds.items():
            values = [{name: column[i] for name, column in columns.items()} for i in numbers]
            rows = [{"key": keys[i], **said, **TOLD} for i, said in zip(numbers, values, strict=True)]
            self._nodes(label, rows)
            if label == "V":
                links = [{"a": keys[i], "b": keys[i], "p": {**TOLD, "record": 1}} for i in numbers]
                self._links("S", "RESOLVES_TO", "V", links)
                continue
            self._nodes("R", [record(label + keys[i], i) for i in numbers])
            told = [{"run": 1, "valid_from": 1, "data": json.dumps(one)} for one in values]
            says = [
                {"a": f"record:1:{label}{keys[i]}", "b": keys[i], "p": one}
                for i, one in zip(numbers, told, strict=True)
            ]
            self._links("R", "SAYS", label, says)

    def write_links(self, numbers: range) -> None:
        for start, type_, end in (("V", "BILLED", "I"), ("V", "FILED", "C"), ("C", "ABOUT", "I")):
            self._nodes("R", [record(f"{type_}{i}", i) for i in numbers])
            a, b = self._kinds[start][0], self._kinds[end][0]
            rows = [{"a": a[i], "b": b[i], "p": {**TOLD, "record": i, "via_start": a[i]}} for i in numbers]
            self._links(start, type_, end, rows)

    def forget(self) -> None:
        with self._driver.session() as session:
            for label in self.LABELS:
                session.run(f"MATCH (n:{label}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS").consume()


def write_both(own: OwnWriter, bare: BareWriter | None, customers: int) -> Measures:
    """Write by both in turns, batch by batch, so that whatever else the machine does is shared; seconds."""
    spent = {"own_nodes": 0.0, "bare_nodes": 0.0, "own_links": 0.0, "bare_links": 0.0}
    for what in ("nodes", "links"):
        for first in range(0, customers, BATCH):
            numbers = range(first, min(first + BATCH, customers))
            for name, writer in (("own", own), ("bare", bare)):
                if writer is not None:
                    act = writer.write_nodes if what == "nodes" else writer.write_links
                    spent[f"{name}_{what}"] += timed(lambda a=act, n=numbers: a(n))
    return spent


def record(key: str, number: int) -> dict[str, Any]:
    return {"key": f"record:1:{key}", "id": number, "source": 1, "digest": number, "run": 1}


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def percentile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


def view(store: Store, driver: Driver, customers: int, graph: str) -> Measures:
    """Ask for a customer's relationships and their other ends, by the contract and by one bare query."""
    rng = random.Random(2)
    keys = [f"crm:{rng.randrange(customers)}" for _ in range(600)]
    reader = store.reader()
    query = (
        f"MATCH (n:{graph}_Customer {{key: $key}})-[r:BILLED|FILED|HAD|HOLDS|IN|RESOLVES_TO]-(o) "
        "RETURN type(r), labels(o), properties(r), properties(o) LIMIT 50"
    )
    ours: list[float] = []
    bare: list[float] = []
    with driver.session(default_access_mode=READ_ACCESS) as session:
        for key in keys:
            ours.append(timed(lambda k=key: reader.neighbours("Customer", k, limit=50)))
            bare.append(timed(lambda k=key: session.execute_read(lambda t: t.run(query, key=k).values())))
    ours, bare = ours[100:], bare[100:]
    return {
        "view_p50_ms": statistics.median(ours) * 1000,
        "view_p99_ms": percentile(ours, 0.99),
        "bare_view_p50_ms": statistics.median(bare) * 1000,
        "bare_view_p99_ms": percentile(bare, 0.99),
    }


def stream(store: Store, driver: Driver, graph: str) -> Measures:
    """Project the customers' complaints, and stream the same rows by the bare driver into lists."""
    reader = store.reader()
    queries = (
        f"MATCH (n:{graph}_Customer) RETURN id(n), properties(n)",
        f"MATCH (n:{graph}_Complaint) RETURN id(n), properties(n)",
        f"MATCH (a:{graph}_Customer)-[r:FILED]->(b:{graph}_Complaint) RETURN id(a), id(b), properties(r)",
    )

    def bare() -> int:
        rows = 0
        with driver.session(default_access_mode=READ_ACCESS, fetch_size=5_000) as session:
            for query in queries:
                rows += len([record.values() for record in session.run(query)])
        return rows

    rounds = [(timed(lambda: reader.project(kinds=[], triples=[FILED])), timed(bare)) for _ in range(5)]
    projected = reader.project(kinds=[], triples=[FILED])
    edges = projected.relationships[FILED].num_rows
    elements = edges + sum(table.num_rows for table in projected.nodes.values())
    best, bare_best = (min(one[i] for one in rounds) for i in (0, 1))
    return {
        "project_edges_per_s": edges / best,
        "project_elements_per_s": elements / best,
        "bare_elements_per_s": elements / bare_best,
        "project_ratio": bare_best / best,
    }


def copy_and_import(folder: Path, url: str, server: JavaServer | None, customers: int) -> Measures:
    """Copy an SQLite store onto the server; import its export into an empty one; count both."""
    found: Measures = {}
    with closing(open_store(f"sqlite:///{folder / 'copy.db'}", core_vocabulary())) as source:
        write_both(OwnWriter(source, customers), None, customers)
        wanted = source.reader().totals()
        found["copy_nodes"] = sum(wanted.nodes.values())
        with closing(open_store(f"{url}?graph=copied")) as target:
            found["copy_s"] = timed(lambda: copy_store(source, target))
            assert target.reader().totals() == wanted
        if server is None:
            return found
        out = folder / "files"
        begun = time.perf_counter()
        written = export_neo4j_admin(source, out)
        found["export_s"] = time.perf_counter() - begun
        # The files lie elsewhere than the command is run.
        options = re.sub(r"=([^=\s]+\.csv)", lambda m: f"={out / m[1]}", written.command).split()[1:]
        other = JavaServer(folder / "empty", heap="1g", options=())
        found["import_s"] = timed(lambda: other.admin(*options))
        other.start()
        try:
            await_answer(other.url)
            with closing(open_store(other.url)) as imported:
                assert imported.reader().totals() == wanted
                assert imported.reader().check() == source.reader().check()
        finally:
            other.stop()
    return found


class Waited(Asked):
    """What the service asks, timed by the clock: the server works in another process."""

    def measure(self, name: str, ask: Callable[[int], object], times: int = 0) -> None:
        ask(0)  # the server makes a plan once
        seconds = [timed(lambda i=i: ask(i)) for i in range(times or self.times)]
        self.found |= {f"{name} p50": percentile(seconds, 0.5), f"{name} p99": percentile(seconds, 0.99)}


def ask_pages(url: str, complaints: int) -> Measures:
    """Write complaints, and ask for what the service asks for."""
    with closing(open_store(f"{url}?graph=pages", VOCABULARY)) as store:
        found: Measures = {"complaints": complaints, "write, s": timed(lambda: write(store, complaints))}
        asked = Waited(store.reader(), complaints, 100)
        for ask in (asked.pages, asked.neighbours, asked.groups, asked.texts):
            ask()
    return found | asked.found


@contextmanager
def target(folder: Path, url: str | None) -> Iterator[tuple[str, JavaServer | None]]:
    if url:
        yield url, None
        return
    server = JavaServer(folder / "server", heap="1g", options=()).start()
    try:
        await_answer(server.url)
        yield server.url, server
    finally:
        server.stop()


def measure(folder: Path, url: str, server: JavaServer | None, customers: int, copied: int) -> Measures:
    address = parse_address(url)
    found: Measures = {"customers": customers}
    with GraphDatabase.driver(
        address.uri,
        auth=(address.user, address.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
    ) as driver:
        # Both once at small size, so that the server has compiled what it runs.
        for name, size in (("warm", 2 * BATCH), ("bench", customers)):
            bare = BareWriter(driver, size)
            with closing(open_store(f"{url}?graph={name}", core_vocabulary())) as store:
                spent = write_both(OwnWriter(store, size), bare, size)
                bare.forget()
                if name == "bench":
                    found |= view(store, driver, size, name) | stream(store, driver, name)
        # A customer: itself, record, invoice, complaint, their three rows; three says and a resolution. Then
        # three relationships and their rows.
        for what, elements in (("nodes", 11 * customers), ("links", 6 * customers)):
            own, plain = spent[f"own_{what}"], spent[f"bare_{what}"]
            found |= {
                f"{what}_elements_per_s": elements / own,
                f"bare_{what}_elements_per_s": elements / plain,
                f"{what}_ratio": plain / own,
            }
    return found | copy_and_import(folder, url, server, copied)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--copy", type=int, default=5_000)
    parser.add_argument("--complaints", type=int, default=10_000)
    parser.add_argument("--only-pages", action="store_true")
    parser.add_argument("--url", help="a server that is there, whose database may be filled")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, target(Path(temporary), chosen.url) as (url, server):
        found = ask_pages(url, chosen.complaints)
        if not chosen.only_pages:
            found |= measure(Path(temporary), url, server, chosen.customers, chosen.copy)
    if chosen.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(name.ljust(40), f"{value:>14,.2f}")


if __name__ == "__main__":
    main()
