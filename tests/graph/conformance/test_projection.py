"""The open graph as arrays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from graph import Store
from schema.errors import UsageError
from schema.kinds import Direction, Triple
from schema.values import Amount
from schema.vocabulary import RESOLVES_TO
from tests.graph.conformance.company import HANDLED, NEXT, PASSED, SENT, ingest, link, node

COVERS = ("Reader.project",)

EVERYTHING = {
    "label": "Caixa nº 1 😀",
    "carrier": "post",
    "pieces": -3,
    "weight": 0.1,
    "fragile": False,
    "sent_on": date(1969, 7, 20),
    "lost_at": datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=UTC),
    "fee": Amount(Decimal("-12.3400"), "BRL"),
    "notify": "ana@example.com",
    "call": "+5511987654321",
    "customs": "br.cpf:52998224725",
}


@pytest.fixture
def graph(store: Store) -> Store:
    ingest(
        store,
        a={
            "1": [node("Parcel", "z", **EVERYTHING), node("Parcel", "m"), node("Region", "north")],
            "2": [link(NEXT, "z", "a", note="to a stub"), link(NEXT, "m", "z"), link(NEXT, "m", "a")],
            "3": [link(PASSED, "z", "north", scan=s) for s in (3, 1, 2)],
            "4": [link(SENT, "ana", "z", paid=Amount(Decimal("0.0001"), "EUR"))],
        },
        b={"1": [link(NEXT, "z", "a", note="said again")]},
    )
    return store


def test_columns_have_the_types_of_the_vocabulary(graph: Store) -> None:
    table = graph.reader().project().nodes["Parcel"]
    assert dict(zip(table.schema.names, table.schema.types, strict=True)) == {
        "key": pa.string(),
        "label": pa.string(),
        "carrier": pa.string(),
        "pieces": pa.int64(),
        "weight": pa.float64(),
        "fragile": pa.bool_(),
        "sent_on": pa.date32(),
        "lost_at": pa.timestamp("us", tz="UTC"),
        "fee": pa.decimal128(18, 4),
        "fee_currency": pa.string(),
        "notify": pa.string(),
        "call": pa.string(),
        "customs": pa.string(),
    }


def test_nodes_are_in_order_of_keys_stubs_too(graph: Store) -> None:
    table = graph.reader().project().nodes["Parcel"]
    assert table["key"].to_pylist() == ["a", "m", "z"]
    assert table["label"].to_pylist() == [None, None, EVERYTHING["label"]]


def test_values_are_exact(graph: Store) -> None:
    (*_, row) = graph.reader().project().nodes["Parcel"].to_pylist()
    assert row == EVERYTHING | {"key": "z", "fee": Decimal("-12.34"), "fee_currency": "BRL"}


def test_relationships_are_positions_in_order(graph: Store) -> None:
    projection = graph.reader().project()
    table = projection.relationships[NEXT]
    assert (table["start"].type, table["end"].type) == (pa.int64(), pa.int64())
    assert table.select(["start", "end", "note"]).to_pylist() == [
        {"start": 1, "end": 0, "note": None},
        {"start": 1, "end": 2, "note": None},
        {"start": 2, "end": 0, "note": "to a stub"},
    ]
    passed = projection.relationships[PASSED]
    assert passed.select(["start", "end", "scan"]).to_pylist() == [
        {"start": 2, "end": 0, "scan": scan} for scan in (1, 2, 3)
    ]
    (sent,) = projection.relationships[SENT].to_pylist()
    assert (sent["paid"], sent["paid_currency"]) == (Decimal("0.0001"), "EUR")


def test_ends_and_csr(graph: Store) -> None:
    projection = graph.reader().project()
    start, end = projection.ends(NEXT)
    assert (start.tolist(), end.tolist()) == ([1, 1, 2], [0, 2, 0])
    assert start.dtype == end.dtype == np.dtype(np.int64)
    back = projection.ends(NEXT, Direction.IN)
    assert [part.tolist() for part in back] == [[0, 2, 0], [1, 1, 2]]
    assert projection.csr(NEXT).toarray().tolist() == [[0, 0, 0], [1, 0, 1], [1, 0, 0]]
    assert projection.csr(NEXT, Direction.IN).toarray().tolist() == [[0, 1, 1], [0, 0, 0], [0, 1, 0]]
    assert projection.csr(PASSED).toarray().tolist() == [[0], [0], [3]]
    assert projection.csr(PASSED).shape == (3, 1)


def test_everything_is_there_empty_or_not(graph: Store) -> None:
    reader = graph.reader()
    projection = reader.project()
    assert set(projection.nodes) == set(reader.vocabulary.kinds)
    assert set(projection.relationships) == set(reader.vocabulary.triples)
    assert projection.nodes["Invoice"].num_rows == 0
    assert projection.nodes["Invoice"].schema.field("amount").type == pa.decimal128(18, 4)
    assert projection.csr(HANDLED).shape == (3, 0)


def test_kinds_bring_the_triples_among_them(graph: Store) -> None:
    projection = graph.reader().project(kinds=["Parcel", "Region"])
    assert set(projection.nodes) == {"Parcel", "Region"}
    assert set(projection.relationships) == {NEXT, PASSED}


def test_triples_bring_the_kinds_at_their_ends(graph: Store) -> None:
    projection = graph.reader().project(kinds=[], triples=[PASSED, RESOLVES_TO])
    assert set(projection.nodes) == {"Parcel", "Region", "SourceRecord", "Customer"}
    assert set(projection.relationships) == {PASSED, RESOLVES_TO}
    assert set(graph.reader().project(kinds=["Agent"], triples=[]).nodes) == {"Agent"}


def test_the_parts_are_those_of_the_whole(graph: Store) -> None:
    whole, part = graph.reader().project(), graph.reader().project(kinds=["Parcel"])
    assert part.nodes["Parcel"].equals(whole.nodes["Parcel"])
    assert part.relationships[NEXT].equals(whole.relationships[NEXT])


def test_what_is_closed_is_left_out(graph: Store) -> None:
    ingest(graph, a={"1": [node("Parcel", "m")]}, b={})
    projection = graph.reader().project()
    assert projection.nodes["Parcel"]["key"].to_pylist() == ["m"]
    assert projection.relationships[NEXT].num_rows == 0


def test_keys_are_in_order_of_code_points(store: Store) -> None:
    keys = ["", "10", "2", "Z", "a", "á", "～", "😀"]
    ingest(store, a={"1": [node("Parcel", key) for key in reversed(keys)]})
    assert store.reader().project(kinds=["Parcel"]).nodes["Parcel"]["key"].to_pylist() == keys


def test_what_cannot_be_asked(store: Store) -> None:
    with pytest.raises(UsageError):
        store.reader().project(kinds=["Nothing"])
    with pytest.raises(UsageError):
        store.reader().project(triples=[Triple("Parcel", "NEXT", "Agent")])
