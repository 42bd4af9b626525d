"""Ordered pages walk an index, and files of before get it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph import Condition, Linked, Order, Where, open_store
from graph.sqlite.reader import SqliteReader
from graph.sqlite.tables import FORMAT
from schema.kinds import Direction
from schema.vocabulary import Vocabulary, core_vocabulary
from tests.graph.conformance.company import FILED, SENT, VOCABULARY, append, customer, ingest, link, node

ROWS = {
    f"{i:04}": [
        customer(f"c{i:04}", email=f"{i * 7919 % 1000}@example.com" if i % 5 else None, segment=f"s{i % 3}"),
        link(FILED, f"c{i:04}", f"k{i:04}"),
        link(SENT, f"c{i:04}", f"p{i % 4}"),
    ]
    for i in range(1000)
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "graph.db"
    with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as store:
        ingest(store, a=ROWS)
    return path


class Steps:
    """Counts the steps of SQLite's machine: what a question costs, whatever else the computer does."""

    def __init__(self, reader: SqliteReader) -> None:
        self.count = 0
        reader._connection.set_progress_handler(self._step, 10)

    def _step(self) -> None:
        self.count += 10

    def of(self, ask: Any) -> int:
        before = self.count
        ask()
        return self.count - before


@pytest.fixture(autouse=True)
def _less_is_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proportions of a large store in a small one."""
    monkeypatch.setattr("graph.sqlite.conditions.FEW", 12)


@pytest.fixture(scope="module")
def reader(path: Path) -> Iterator[SqliteReader]:
    with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as store:
        reader = store.reader()
        assert isinstance(reader, SqliteReader)
        yield reader


HOME: list[Condition] = [Where("segment", "ne", "s1")]
ASKS: dict[str, tuple[str, Order | None, Sequence[Condition]]] = {
    "by key": ("Customer", None, ()),
    "by key, downwards": ("Customer", Order("key", descending=True), ()),
    "by key, if": ("Customer", None, HOME),
    "by key, beginning so": ("Customer", None, [Where("key", "starts", "c")]),
    "by an indexed property": ("Customer", Order("email"), ()),
    "by an indexed property, downwards": ("Customer", Order("email", descending=True), ()),
    "by an indexed property, if": ("Customer", Order("email"), HOME),
    "by a range of it": (
        "Customer",
        Order("email"),
        [Where("email", "ge", "1"), Where("email", "lt", "999")],
    ),
    "by a range of it, downwards": (
        "Customer",
        Order("email", descending=True),
        [Where("email", "ge", "1"), Where("email", "lt", "999")],
    ),
    "by a neighbour": ("Customer", Order("email"), [Linked(SENT, Direction.OUT, [Where("key", "ne", "p1")])]),
}


@pytest.mark.parametrize("what", ASKS)
def test_a_deep_page_costs_what_the_first_does(reader: SqliteReader, what: str) -> None:
    kind, order, where = ASKS[what]
    steps = Steps(reader)
    costs: list[int] = []
    after: str | None = None
    while True:
        page = reader.page(kind, after=after, limit=20, order=order, where=where)
        costs.append(steps.of(lambda a=after: reader.page(kind, after=a, limit=20, order=order, where=where)))
        if page.next is None:
            break
        after = page.next
    assert len(costs) > 25
    assert max(costs) < 3 * sorted(costs)[len(costs) // 2]
    every = reader.page(kind, limit=1000, order=order, where=where)
    assert max(costs) < steps.of(lambda: reader.page(kind, limit=1000, order=order, where=where)) / 10
    assert len(every.nodes) > 500


@pytest.mark.parametrize(
    "where",
    [
        [Where("email", "eq", "7@example.com")],
        [Where("key", "in", ["c0500", "c0900"])],
        [Where("key", "starts", "c070")],
        [Where("email", "ge", "99"), Where("email", "lt", "992")],
        [Linked(FILED, Direction.OUT, [Where("key", "eq", "k0500")])],
        [Linked(FILED, Direction.OUT, [Linked(FILED, Direction.IN, [Where("key", "starts", "c050")])])],
    ],
    ids=str,
)
@pytest.mark.parametrize("order", [None, Order("email"), Order("segment")], ids=str)
def test_what_leaves_few_is_found_first(
    reader: SqliteReader, where: list[Condition], order: Order | None
) -> None:
    steps = Steps(reader)
    all_ = steps.of(lambda: reader.page("Customer", where=HOME, order=Order("segment"), limit=1))
    assert steps.of(lambda: reader.page("Customer", where=where, order=order)) < all_ / 3
    assert steps.of(lambda: reader.aggregate("Customer", where=where)) < all_ / 3


def names(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as file:
        return {name for (name,) in file.execute("SELECT name FROM sqlite_schema")}


def test_files_of_before_get_what_they_lack(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    url = f"sqlite:///{path}"
    with closing(open_store(url, core_vocabulary())) as store:
        append(store, a={"1": [node("Complaint", "k1"), customer("ana", email="ana@example.com")]})
    there = names(path)
    with closing(sqlite3.connect(path)) as file:
        for name in there:
            if name.endswith(".order"):
                file.execute(f'DROP INDEX "{name}"')
            if name.endswith("_reopened"):
                file.execute(f'DROP TRIGGER "{name}"')
        file.execute("DROP TABLE reopened_node")
        file.execute("DELETE FROM setting WHERE name = 'version'")
        file.execute('CREATE INDEX "Customer.email" ON "Customer" (email) WHERE email IS NOT NULL')
        file.execute("PRAGMA user_version = 2")
        file.commit()
    with closing(open_store(url)) as store:
        assert names(path) == there
        reader = store.reader()
        version, mark = reader.version(), reader.arrivals("Complaint").mark
        assert version
        ingest(store, a={})
        ingest(store, a={"1": [node("Complaint", "k1")]})
        assert [n.key for n in reader.arrivals("Complaint", after=mark).nodes] == ["k1"]
        assert reader.version() != version
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (FORMAT,)


def test_a_property_declared_indexed_later_gets_its_index(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    kind = {"properties": {"size": {"type": "integer"}}}
    with closing(open_store(f"sqlite:///{path}", Vocabulary().extend({"kinds": {"Box": kind}}))) as store:
        append(store, a={str(i): [node("Box", f"b{i}", size=i % 3)] for i in range(9)})
        assert "Box.size.order" not in names(path)
        kind = {"properties": {"size": {"type": "integer", "indexed": True}}}
        store.declare(Vocabulary().extend({"kinds": {"Box": kind}}))
        assert "Box.size.order" in names(path)
        page = store.reader().page("Box", order=Order("size"), limit=4)
        assert [n.key for n in page.nodes] == ["b0", "b3", "b6", "b1"]
