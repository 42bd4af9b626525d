"""Full-text search: all words, the last as a prefix, without regard to case and accents."""

from __future__ import annotations

import pytest

from graph import Judgement, Store
from schema.errors import UsageError
from tests.graph.conformance.company import append, customer, ingest, node

COVERS = ("Reader.search",)

TEXTS = {
    "c1": "Error de facturación: me cobraron dos veces la misma factura.",
    "c2": "A entrega atrasou três semanas e ninguém respondeu.",
    "c3": "The installer never came, and the invoice was wrong.",
    "c4": "Cobrança em dobro na fatura; não há resposta!",
}
ROWS = {key: [node("Complaint", key, text=text)] for key, text in TEXTS.items()}


@pytest.fixture
def full(store: Store) -> Store:
    ingest(store, a=ROWS)
    return store


def found(store: Store, text: str, kinds: list[str] | None = None) -> list[str]:
    return sorted(hit.node.key for hit in store.reader().search(text, kinds=kinds))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("facturación", ["c1"]),
        ("facturacion", ["c1"]),
        ("FACTURACIÓN", ["c1"]),
        ("fáctúrácion", ["c1"]),
        ("factura", ["c1"]),
        ("fact", ["c1"]),
        ("fat", ["c4"]),
        ("cobranca", ["c4"]),
        ("cobr", ["c1", "c4"]),
        ("tres semanas", ["c2"]),
        ("semanas tres", ["c2"]),
        ("invoice install", ["c3"]),
        ("install invoice", []),
        ("invoice nothing", []),
        ("ctura", []),
        ("respo", ["c2", "c4"]),
    ],
)
def test_words(full: Store, text: str, keys: list[str]) -> None:
    assert found(full, text) == keys


@pytest.mark.parametrize("text", ["", " ", "\t\n", "!!!", '"', "*", "--", "«»", "\x00"])
def test_a_text_without_words_finds_nothing(full: Store, text: str) -> None:
    assert found(full, text) == []


@pytest.mark.parametrize(
    "text",
    [
        'fact"ura',
        '"',
        '""" OR 1=1 --',
        "factura OR entrega",
        "factura AND NOT entrega",
        "NOT factura",
        "NEAR(factura error)",
        "text:factura",
        "-factura +error",
        "^error",
        "fact*ura",
        "(factura",
        "factura)",
        "{[factura]}",
        "factura~2^3",
        "/fact.*/",
        "factura\\",
        "'; DROP TABLE Complaint; --",
        "a" * 10_000,
        "e" + "\u0301" * 50,
        "😀",
    ],
)
def test_operators_are_words_and_signs(full: Store, text: str) -> None:
    before = full.reader().totals()
    assert isinstance(found(full, text), list)
    assert full.reader().totals() == before


def test_operators_do_not_operate(full: Store) -> None:
    assert found(full, "factura OR entrega") == []
    assert found(full, "NOT zzz") == []
    append(full, a={"c9": [node("Complaint", "c9", text="factura or entrega not")]})
    assert found(full, "factura OR entrega") == ["c9"]
    assert found(full, "entrega NOT") == ["c9"]


def test_quotes_around_words_are_no_hindrance(full: Store) -> None:
    assert found(full, '"facturación"') == ["c1"]


def test_a_snippet_marks_the_words(full: Store) -> None:
    (hit,) = full.reader().search("facturacion")
    assert "«facturación»" in hit.snippet
    assert hit.snippet.replace("«", "").replace("»", "").strip("… ") in TEXTS["c1"]


def test_a_snippet_of_a_long_text_is_short(full: Store) -> None:
    words = " ".join(f"word{i}" for i in range(5000))
    append(full, a={"c9": [node("Complaint", "c9", text=f"{words} needle {words}")]})
    (hit,) = full.reader().search("needle")
    assert "«needle»" in hit.snippet
    assert len(hit.snippet) < 1000


def test_words_may_stand_in_several_properties(store: Store) -> None:
    ingest(store, a={"1": [node("Complaint", "c", title="Late", text="three weeks")]})
    assert found(store, "late weeks") == ["c"]


def test_only_searchable_properties_are_searched(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="seen", carrier="unseen")]})
    assert found(store, "seen") == ["p"]
    assert found(store, "unseen") == []


def test_kinds_narrow(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "x", label="needle"), node("Agent", "y", name="needle")]})
    assert found(store, "needle") == ["x", "y"]
    assert found(store, "needle", ["Agent"]) == ["y"]
    assert found(store, "needle", ["Agent", "Parcel"]) == ["x", "y"]
    assert found(store, "needle", ["Invoice"]) == []
    assert found(store, "needle", []) == []
    with pytest.raises(UsageError):
        found(store, "needle", ["Nothing"])


def test_hits_are_nodes_in_order_of_rank(full: Store) -> None:
    reader = full.reader()
    hits = reader.search("cobr")
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
    assert all(hit.node == reader.get("Complaint", hit.node.key) for hit in hits)
    assert [hit.node.key for hit in reader.search("cobr", limit=1)] == [hits[0].node.key]


def test_new_text_is_found_and_old_text_is_not(full: Store) -> None:
    append(full, a={"c1": [node("Complaint", "c1", text="El técnico no vino")]})
    assert found(full, "facturacion") == []
    assert found(full, "tecnico") == ["c1"]
    append(full, a={"c1": [node("Complaint", "c1")]})
    assert found(full, "tecnico") == []


def test_what_is_closed_is_not_found_until_it_is_back(full: Store) -> None:
    ingest(full, a={})
    assert found(full, "facturacion") == []
    ingest(full, a=ROWS)
    assert found(full, "facturacion") == ["c1"]


def test_a_hidden_text_is_not_found_until_it_is_heard(store: Store) -> None:
    ingest(
        store,
        a={"1": [node("Parcel", "p", label="first")]},
        b={"1": [node("Parcel", "p", label="second")]},
    )
    assert found(store, "second") == []
    ingest(store, a={})
    assert found(store, "second") == ["p"]
    assert found(store, "first") == []


def test_customers_are_found_as_they_are_merged(store: Store) -> None:
    ingest(store, a={"1": [customer("r1", name="Ana Souza")]}, b={"1": [customer("r2", name="A. Souza")]})
    assert found(store, "souza") == ["r1", "r2"]
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement("r2", "r1")])
    assert found(store, "souza") == ["r1"]
    assert {hit.node.kind for hit in store.reader().search("souza")} == {"Customer"}


def test_a_transaction_undone_leaves_no_words(full: Store) -> None:
    with pytest.raises(ValueError, match="on purpose"), full.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_records("a", ["c9"], [9])
        transaction.upsert_nodes("Complaint", "a", ["c9"], ["c9"], {"text": ["needle"]})
        raise ValueError("on purpose")
    assert found(full, "needle") == []
