"""Texts and names are data: nothing but data ever changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import Decision, Judgement, Linked, Move, Not, Order, Store, Subject, Where, open_store
from graph.neo4j.address import parse_address
from graph.neo4j.layout import quoted
from graph.questions import write_cursor
from schema.errors import MotivoError, NotFoundError, UsageError
from schema.kinds import Direction, Triple
from tests.graph.conformance.company import BEFORE_ALL, NEXT, TAGGED, VOCABULARY, append, link, node
from tests.graph.neo4j.graphs import Graphs

PIECES = st.sampled_from(
    [
        "`",
        "``",
        "'",
        '"',
        "\\",
        "\\u0060",
        "\\u0027",
        "\u0060",
        "\u02b9",
        "$key",
        "{graph: 'x'}",
        "}) DETACH DELETE n //",
        "` {x: 1}) CREATE (:Hacked) //",
        "'; MATCH (n) DETACH DELETE n; //",
        "/* */",
        "\n",
        "\ufeff",
        "CALL db.labels()",
        ") OR 1=1 --",
        "*:*",
        "[a TO z]",
        "ñ",
        "😀",
    ]
)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
HOSTILE = st.lists(PIECES | ANY, min_size=1, max_size=5).map("".join)


@pytest.fixture(scope="module")
def store(neo4j_graphs: Graphs) -> Iterator[Store]:
    with neo4j_graphs.lent() as url, closing(open_store(url, VOCABULARY)) as store:
        append(store, base={"1": [node("Agent", "witness", name="untouched")]})
        yield store


@pytest.fixture(scope="module")
def names(neo4j_graphs: Graphs, store: Store) -> Any:
    """Return a function that tells all labels, types and property names in the database."""

    def read() -> set[str]:
        driver = neo4j_graphs._driver
        found = set()
        for procedure, column in (
            ("db.labels()", "label"),
            ("db.relationshipTypes()", "relationshipType"),
            ("db.propertyKeys()", "propertyKey"),
        ):
            records = driver.execute_query(f"CALL {procedure} YIELD {column} RETURN {column}").records
            found |= {record[0] for record in records}
        return found

    def write_everything() -> None:
        everything(store, "plain")
        everything(store, "long" * 10_000)  # of which the property that an index may hold is another one
        attempts(store, "plain")

    write_everything()
    return read


def everything(store: Store, text: str) -> None:
    """Put a text wherever a text can stand."""
    said = [
        node("Parcel", text, label=text, carrier=text),
        link(NEXT, text, "q", note=text),
        link(TAGGED, text, text, word=text),
    ]
    append(store, **{text: {text: said}})
    with store.transaction() as transaction:
        transaction.begin_run(text)
        transaction.assign([Judgement(text, text, 0.5, text, text)])
        transaction.keep_setting(text, text)
        transaction.decide(Decision(text, text, text, BEFORE_ALL, text, {text: text}, [Subject(text, text)]))
    with store.transaction() as transaction:
        transaction.begin_run(text)
        transaction.move_relationships(NEXT, [Move(text, "q", None, text, {"note": text})])


def attempts(store: Store, text: str) -> None:
    """Use a text as a name, which is refused, and in questions."""
    reader = store.reader()
    for ask in (
        lambda: reader.find(text, text),
        lambda: reader.lookup("Parcel", text, [text]),
        lambda: reader.neighbours("Parcel", text, types=[text]),
        lambda: reader.page("Parcel", where=[Where(text, "eq", text)]),
        lambda: reader.aggregate("Parcel", by=[text]),
        lambda: reader.project(triples=[Triple(text, text, text)]),
        lambda: reader.search(text),
        lambda: reader.page("Parcel", where=[Where("label", "contains", text)], after=text),
        lambda: reader.history("Parcel", text),
        lambda: reader.decisions(text),
        lambda: reader.page("Parcel", where=[Not(Linked(NEXT, Direction.OUT, [Where("key", "eq", text)]))]),
        lambda: reader.page("Parcel", where=[Linked(NEXT, Direction.OUT, [Where(text, "eq", text)])]),
        lambda: reader.page("Parcel", where=[Linked(Triple(text, text, text), Direction.OUT)]),
        lambda: reader.page("Parcel", where=[Where("carrier", "starts", text)], order=Order("label")),
        lambda: reader.page("Parcel", order=Order(text)),
        lambda: reader.page("Parcel", order=Order("label"), after=text),
        lambda: reader.page("Parcel", order=Order("label"), after=write_cursor(Order("label"), text, text)),
        lambda: reader.follow(NEXT, Direction.OUT, [text], after=write_cursor(None, None, text, text)),
        lambda: reader.follow(Triple(text, text, text), Direction.OUT, [text]),
        lambda: reader.degrees(NEXT, Direction.IN, [text], where=[Where("label", "lt", text)]),
        lambda: reader.between([("Parcel", text), (text, text)]),
        lambda: reader.shortest_paths(("Parcel", text), ("Parcel", "q"), kinds=[text]),
        lambda: reader.search(text, properties={"Parcel": [text]}),
        lambda: reader.search(text, where={"Parcel": [Where("label", "ge", text)]}),
        lambda: reader.arrivals("Parcel", after=text),
        lambda: reader.arrivals(text),
    ):
        with suppress(UsageError, NotFoundError):
            ask()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=HOSTILE)
def test_nothing_but_data_changes(store: Store, names: Any, text: str) -> None:
    before = names()
    everything(store, text)
    attempts(store, text)
    assert names() == before
    reader = store.reader()
    assert reader.get("Agent", "witness").properties == {"name": "untouched"}
    assert reader.get("Parcel", text).properties == {"label": text, "carrier": text}
    assert reader.setting(text) == text
    assert [d.why for d in reader.decisions(text)][-1:] == [text]


@pytest.mark.parametrize("text", ["`" * 1_000_000, "\\u0060" * 170_000, "'\"`" * 333_333])
def test_a_megabyte_is_data(store: Store, names: Any, text: str) -> None:
    before = names()
    everything(store, text)
    assert names() == before
    assert store.reader().get("Parcel", text).properties["label"] == text


@given(text=HOSTILE)
def test_no_name_of_a_vocabulary_can_leave_its_quotes(text: str) -> None:
    try:
        VOCABULARY.extend({"kinds": {text: {"properties": {text.lower(): "text"}}}})
    except ValueError:
        with pytest.raises(ValueError, match="no name"):
            quoted(f"`{text}")
        return
    assert quoted(text) == f"`{text}`"


@given(text=HOSTILE)
def test_no_name_of_a_graph_can_leave_its_quotes(text: str) -> None:
    try:
        address = parse_address(f"neo4j://localhost/neo4j?graph={text}")
    except MotivoError:
        return
    assert address.graph == "" or address.graph.isalnum()
