"""What GraphQL costs through all that a request of the service goes through, but HTTP.

    python benchmarks/asking.py [--complaints 20000] [--each 14] [--rounds 100] [--store FILE] [--json]

CPU milliseconds of one thread from the text of an operation to the bytes of its answer: documents, cost,
the reader that is guarded for the caller, the store, JSON. Asked are `hello`, 50 customers x 10 complaints x
cause, a page of 100 complaints at the beginning and deep inside, and facets; by an agent, an analyst (who is
shown pseudonyms) and an agent of one region. The store is one that `pages.py` writes, kept in FILE if given.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from api.auth import Caller, GuardedReader, Pseudonyms, Role, Secret
from api.graphql.building import build_schema
from api.graphql.execution import Documents, Limits, execute
from api.graphql.request import Request
from api.graphql.services import KnowledgeSettings, Services
from benchmarks.pages import VOCABULARY, write
from graph import Store, open_store

CALLERS = {
    "agent": Caller(Role.AGENT, "agent"),
    "analyst": Caller(Role.ANALYST, "analyst"),
    "agent of a region": Caller(Role.AGENT, "north", rows={"Region": ("R07",)}),
}
PAGE = """query Page($after: String, $filter: ComplaintFilter) {
    complaints(first: 100, after: $after, filter: $filter, orderBy: {field: FILED_AT, direction: DESC}) {
        edges { cursor node { key title status filedAt } } pageInfo { endCursor hasNextPage }
    }
}"""
OPERATIONS = {
    "hello": "{ me { role } }",
    "50 x 10 x cause": """{ customers(first: 50) { nodes { key name filedComplaint(first: 10) { nodes {
        key title status attributedToCause { nodes { key } } } } } } }""",
    "first page": PAGE,
    "deep page": PAGE,
    "facets": """{ facets(kind: Complaint, top: 20, facets: [{path: "Complaint.status"},
        {path: "Complaint<-FILED-Customer-IN->Region"}, {path: "Complaint-ATTRIBUTED_TO->Cause"}]) {
        total buckets { count group { value } } } }""",
}


class Service:
    """Answers operations over a store as the service does."""

    def __init__(self, store: Store) -> None:
        self.store, self.reader = store, store.reader()
        self.documents = Documents(build_schema(self.reader.vocabulary), Limits())
        self.pseudonyms = Pseudonyms(Secret("benchmark" * 8))
        settings = KnowledgeSettings()
        self.services = Services(store, lambda c: GuardedReader(store.reader(), c, self.pseudonyms), settings)

    def answer(self, operation: str, caller: Caller, variables: Mapping[str, Any]) -> bytes:
        plan = self.documents.prepare(OPERATIONS[operation])
        guarded: Any = GuardedReader(self.reader, caller, self.pseudonyms)
        request = Request(caller, guarded, self.store, services=self.services)
        return orjson.dumps(execute(plan, request, variables).to_response())


def find_deep(service: Service, caller: Caller) -> str | None:
    """Return a cursor in the midst of all complaints, by time."""
    middle = {"filter": {"filedAt": {"lte": "2024-05-15T00:00:00Z"}}}
    found = json.loads(service.answer("deep page", caller, middle))
    edges = found["data"]["complaints"]["edges"]
    return edges[0]["cursor"] if edges else None


def measure(service: Service, rounds: int) -> dict[str, dict[str, Any]]:
    figures: dict[str, dict[str, Any]] = {}
    for name, caller in CALLERS.items():
        for operation in OPERATIONS:
            variables = {"after": find_deep(service, caller)} if operation == "deep page" else {}
            answer = service.answer(operation, caller, variables)  # warm
            while b'"overtime"' in answer:  # the arrays of facets are still being read
                time.sleep(1)
                answer = service.answer(operation, caller, variables)
            if b'"errors"' in answer:
                print(name, operation, answer[:300].decode())
                continue
            gc.collect()
            gc.freeze()
            times = []
            for _ in range(rounds):
                begun = time.thread_time()
                service.answer(operation, caller, variables)
                times.append((time.thread_time() - begun) * 1e3)
            times.sort()
            figures[f"{operation}, {name}"] = {
                "median_ms": round(statistics.median(times), 3),
                "p99_ms": round(times[int(len(times) * 0.99)], 3),
                "least_ms": round(times[0], 3),
                "bytes": len(answer),
            }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--complaints", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=14, help="complaints of a customer, on average")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--store", type=Path, help="where the store is, or is to stay")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = chosen.store or Path(temporary) / "complaints.db"
        there = path.exists()
        with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as store:
            if not there:
                write(store, chosen.complaints, chosen.each)
            figures = measure(Service(store), chosen.rounds)
    if chosen.json:
        print(json.dumps(figures, indent=2))
        return
    for name, found in figures.items():
        print(
            f"{name:<36}{found['median_ms']:>9.3f} ms (median){found['p99_ms']:>9.3f} ms (99 %)"
            f"{found['least_ms']:>9.3f} ms (least)"
        )


if __name__ == "__main__":
    main()
