"""Finding by words, and while they are typed; who asks; what there is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.auth import Caller, Role
from api.graphql.execution import execute
from api.graphql.request import Request
from schema import Sensitivity
from tests.api.graphql.shop import VOCABULARY, Desk

SEARCH = """query ($text: String!, $kinds: [KindName!], $first: Int!) {
  search(text: $text, kinds: $kinds, first: $first) {
    kind snippet node { key } highlights { property label offsets { start end } }
  }
}"""
SUGGEST = """query ($text: String!, $kinds: [KindName!], $first: Int!) {
  suggest(text: $text, kinds: $kinds, first: $first) { kind caption match node { key } }
}"""


def test_words_are_found_and_marked(desk: Desk) -> None:
    (hit,) = desk.ask(SEARCH, {"text": "chegou tar", "first": 5}, language="pt")["search"]
    assert (hit["kind"], hit["node"]) == ("Complaint", {"key": "m1"})
    assert hit["snippet"].startswith("«Chegou» «tarde»")
    assert hit["highlights"] == [
        {"property": "text", "label": "texto", "offsets": [{"start": 0, "end": 6}, {"start": 7, "end": 12}]}
    ]


def test_only_some_kinds_are_searched(desk: Desk) -> None:
    assert desk.ask(SEARCH, {"text": "tarde", "kinds": ["Customer"], "first": 5})["search"] == []
    found = desk.ask(SEARCH, {"text": "tarde", "kinds": ["Complaint"], "first": 1})["search"]
    assert len(found) == 1
    assert desk.ask(SEARCH, {"text": "tarde", "first": 0})["search"] == []
    assert desk.complain(SEARCH, {"text": "tarde", "first": 201}) == ["`first` is from 0 to 200, not 201"]


@pytest.mark.parametrize("text", ["", "   ", '"', "*", "a AND", "NEAR(", "\u0000", "«»", "x" * 5000, "🙂"])
def test_any_text_may_be_searched_for(desk: Desk, text: str) -> None:
    assert desk.ask(SEARCH, {"text": text, "first": 5}) == {"search": []}
    assert desk.ask(SUGGEST, {"text": text, "first": 5}) == {"suggest": []}


def test_suggestions_by_key_and_word(desk: Desk) -> None:
    def ask(text: str, **variables: object) -> list[tuple[str, str]]:
        found = desk.ask(SUGGEST, {"text": text, "first": 10, **variables})["suggest"]
        return [(one["match"], one["node"]["key"]) for one in found]

    assert sorted(ask("an")) == [("TEXT", "carrier"), ("TEXT", "crm:ana")]
    assert ask("crm:") == [("KEY", f"crm:{name}") for name in ("ana", "bruno", "carla")] * 2
    assert ask("m1") == [("KEY", "m1")]
    assert ask("late del") == [("TEXT", "delivery.late")]
    assert ask("delivery") == [("KEY", "delivery.late")]  # and not once more for the word
    assert ask("crm:", kinds=["Customer"], first=1) == [("KEY", "crm:ana")]


def test_who_asks(desk: Desk) -> None:
    text = "{ me { role name expiresAt sees customer rows language } }"
    until = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    caller = Caller(Role.AGENT, "ana@desk", rows={"Region": ("south",)}, expires_at=until)
    assert desk.reader is not None
    request = Request(caller, desk.reader, desk.store, "pt")
    assert execute(desk.documents.prepare(text), request).data == {
        "me": {
            "role": "AGENT",
            "name": "ana@desk",
            "expiresAt": "2026-01-02T03:04:05Z",
            "sees": ["PUBLIC", "PERSONAL"],
            "customer": None,
            "rows": {"Region": ["south"]},
            "language": "pt",
        }
    }


@pytest.mark.parametrize(
    "field", ["me { role }", "vocabulary { kinds { name } }", "customers { totalCount }"]
)
def test_who_has_not_signed_in_is_told_nothing(desk: Desk, field: str) -> None:
    response = desk.respond(f"{{ {field} }}", role=Role.ANYONE)
    assert [error["extensions"]["code"] for error in response["errors"]] == ["unauthenticated"]


def test_totals(desk: Desk) -> None:
    found = desk.ask("{ totals { nodes { kind label count } relationships { type count } } }", language="es")
    assert {"kind": "Order", "label": "pedido", "count": 2} in found["totals"]["nodes"]
    assert {"type": "FILED", "count": 3} in found["totals"]["relationships"]


def test_the_vocabulary_names_fields_that_are_there(desk: Desk) -> None:
    text = """{
      vocabulary {
        kinds {
          name label about type field listField shared caption begins ends
          properties { name label about field type sensitivity visible searchable indexed }
          relationships { field name label direction kind }
        }
        relationships { name label about slot ends { start end } properties { name field } }
      }
    }"""
    found = desk.ask(text, language="pt", role=Role.ANALYST)["vocabulary"]
    assert [kind["name"] for kind in found["kinds"]] == list(VOCABULARY.kinds)
    query = desk.schema.query_type
    assert query is not None
    for kind in found["kinds"]:
        assert {kind["field"], kind["listField"]} <= query.fields.keys()
        fields = desk.schema.type_map[kind["type"]].fields  # type: ignore[attr-defined]
        for part in (*kind["properties"], *kind["relationships"]):
            assert part["field"] in fields
        for p in kind["properties"]:
            declared = VOCABULARY.kinds[kind["name"]].properties[p["name"]]
            assert p["visible"] == (declared.sensitivity is Sensitivity.PUBLIC)
    order = next(kind for kind in found["kinds"] if kind["name"] == "Order")
    assert (order["label"], order["begins"], order["field"], order["listField"]) == (
        "pedido",
        "bought_at",
        "order",
        "orders",
    )
    assert [of["name"] for of in found["relationships"]] == list(VOCABULARY.relationships)
