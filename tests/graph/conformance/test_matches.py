"""Full-text search: where the words stand, which properties are looked at, what else must be met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import Hit, Linked, Not, Store, Where
from schema.errors import UsageError
from schema.kinds import Direction
from tests.graph.conformance.company import FILED, customer, ingest, link, node
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.search",)

TEXTS = {
    "c1": "Error de facturación: me cobraron dos veces la misma factura.",
    "c2": "A entrega atrasou três semanas e ninguém respondeu.",
    "c3": "😀😀 The installer never came — the INVOICE was wrong; installer?",
    "c4": "Cobranc\u0327a em dobro na fatura; não há resposta!",
}


@pytest.fixture
def full(store: Store) -> Store:
    ingest(
        store,
        a={key: [node("Complaint", key, text=text, title=f"Title {key}")] for key, text in TEXTS.items()},
        b={
            "1": [
                node("Parcel", "p", label="the invoice"),
                node("Agent", "x", name="Invoice Installer"),
                customer("ana", name="Ana Invoice"),
                link(FILED, "ana", "c3"),
            ]
        },
    )
    return store


def marked(hits: Sequence[Hit]) -> dict[str, dict[str, list[str]]]:
    """Return the words that are marked, by key and property."""
    found: dict[str, dict[str, list[str]]] = {}
    for hit in hits:
        assert len({m.property for m in hit.matches}) == len(hit.matches)
        for match in hit.matches:
            text = hit.node.properties[match.property]
            assert list(match.spans) == sorted(match.spans)
            assert all(0 <= start < end <= len(text) for start, end in match.spans)
            words = [text[start:end] for start, end in match.spans]
            found.setdefault(hit.node.key, {})[match.property] = words
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("facturacion", {"c1": ["facturación"]}),
        ("FACT", {"c1": ["facturación", "factura"]}),
        ("misma dos", {"c1": ["dos", "misma"]}),
        ("tres SEMANAS", {"c2": ["três", "semanas"]}),
        ("invoice installer", {"c3": ["installer", "INVOICE", "installer"]}),
        ("the inst", {"c3": ["The", "installer", "the", "installer"]}),
        ("cobranca", {"c4": ["Cobranc\u0327a"]}),
        ("nao ha", {"c4": ["não", "há"]}),
        ("cobr", {"c1": ["cobraron"], "c4": ["Cobranc\u0327a"]}),
        ("la la la mis", {"c1": ["la", "misma"]}),
        ("resposta", {"c4": ["resposta"]}),
        ("nothing", {}),
    ],
)
def test_words_are_marked_as_they_stand_in_the_text(
    full: Store, text: str, words: Mapping[str, list[str]]
) -> None:
    hits = full.reader().search(text, kinds=["Complaint"])
    assert marked(hits) == {key: {"text": found} for key, found in words.items()}


def test_words_of_several_properties(store: Store) -> None:
    said = {"title": "Late again", "text": "Late, late, LATE. Three weeks!"}
    ingest(
        store, a={"1": [node("Complaint", "c", **said)], "2": [node("Complaint", "d", title="Late weeks")]}
    )
    reader = store.reader()
    assert marked(reader.search("late weeks")) == {
        "c": {"title": ["Late"], "text": ["Late", "late", "LATE", "weeks"]},
        "d": {"title": ["Late", "weeks"]},
    }
    (first, _) = sorted(reader.search("late weeks"), key=lambda hit: hit.node.key)
    assert [m.property for m in first.matches] == ["title", "text"]  # as they are declared


def found(store: Store, text: str, **options: Any) -> list[str]:
    return sorted(hit.node.key for hit in store.reader().search(text, **options))


def test_properties_are_those_looked_at(store: Store) -> None:
    ingest(
        store,
        a={
            "1": [node("Complaint", "c", title="late needle", text="three weeks")],
            "2": [node("Complaint", "d", title="three weeks", text="late needle")],
            "3": [node("Agent", "e", name="late needle")],
        },
    )
    title, text = {"Complaint": ["title"]}, {"Complaint": ["text"]}
    assert found(store, "needle", properties=title) == ["c"]
    assert found(store, "needle", properties=text) == ["d"]
    assert found(store, "late weeks", properties=title) == []
    assert found(store, "late weeks", properties={"Complaint": ["text", "title"]}) == ["c", "d"]
    assert found(store, "needle", properties={"Complaint": ["title"], "Agent": ["name"]}) == ["c", "e"]
    assert found(store, "needle", properties={"Complaint": []}) == []
    assert found(store, "needle", properties={}) == []
    assert found(store, "needle", properties=title, kinds=["Agent"]) == []
    assert found(store, "needle", properties=title, kinds=["Agent", "Complaint"]) == ["c"]


def test_what_is_not_looked_at_is_not_shown(store: Store) -> None:
    hidden = "the needle is a secret"
    ingest(store, a={"1": [node("Complaint", "c", title="a needle", text=hidden)]})
    (hit,) = store.reader().search("needle", properties={"Complaint": ["title"]})
    assert marked([hit]) == {"c": {"title": ["needle"]}}
    assert hit.snippet == "a «needle»"
    (hit,) = store.reader().search("needle", properties={"Complaint": ["text"]})
    assert marked([hit]) == {"c": {"text": ["needle"]}}
    assert "secret" in hit.snippet


def test_each_kind_has_its_conditions(full: Store) -> None:
    filed = Linked(FILED, Direction.IN)
    assert found(full, "invoice") == ["ana", "c3", "p", "x"]
    assert found(full, "invoice", where={"Complaint": [filed]}) == ["ana", "c3", "p", "x"]
    assert found(full, "invoice", where={"Complaint": [Not(filed)]}) == ["ana", "p", "x"]
    where = {"Complaint": [Not(filed)], "Agent": [Where("key", "ne", "x")], "Invoice": []}
    assert found(full, "invoice", where=where) == ["ana", "p"]
    assert found(
        full, "invoice", where={"Customer": [Where("name", "starts", "ana")]}, kinds=["Customer"]
    ) == ["ana"]


def test_the_limit_is_of_those_that_meet_the_conditions(store: Store) -> None:
    ingest(store, a={str(i): [node("Parcel", f"{i:02}", label="needle", pieces=i)] for i in range(30)})
    where = {"Parcel": [Where("pieces", "ge", 25)]}
    hits = store.reader().search("needle", where=where, limit=3)
    assert [hit.node.key for hit in hits] == ["25", "26", "27"]
    assert len(store.reader().search("needle", where=where)) == 5


def test_what_cannot_be_asked(full: Store) -> None:
    wrong: list[dict[str, Any]] = [
        {"properties": {"Nothing": ["text"]}},
        {"properties": {"Complaint": ["nothing"]}},
        {"properties": {"Complaint": ["status"]}},
        {"properties": {"Complaint": ['text" : "']}},
        {"where": {"Nothing": []}},
        {"where": {"Complaint": [Where("nothing", "eq", 1)]}},
        {"limit": 0},
        {"limit": -1},
    ]
    for options in wrong:
        with pytest.raises(UsageError):
            full.reader().search("invoice", **options)


SIGNS = "needle NEEDLE néedle ne\u0301edle needles hay 😀 , « » … ß İ ﬁ \x01 \x02 \ufdd0 \ufdd1 \ue000"
PIECES = st.lists(st.sampled_from([*SIGNS.split(" "), " ", "\n"]), max_size=15).map("".join)


def test_the_word_is_marked_wherever_it_stands(fresh: Fresh, examples: Callable[[int], int]) -> None:
    @settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(before=PIECES, after=PIECES)
    def check(before: str, after: str) -> None:
        marks_the_word(store, before, after)

    with fresh() as store:
        check()


def marks_the_word(store: Store, before: str, after: str) -> None:
    """Look for a word between others, where others were before."""
    text = f"{before} needle {after}"
    ingest(store, a={"1": [node("Complaint", "c", text=text)]})
    (hit,) = store.reader().search("needle")
    assert hit.node.properties["text"] == text
    (match,) = hit.matches
    assert (len(before) + 1, len(before) + 7) in match.spans
    assert list(match.spans) == sorted(set(match.spans))
    assert all(0 <= start < end <= len(text) for start, end in match.spans)
