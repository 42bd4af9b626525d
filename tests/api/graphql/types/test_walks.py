"""Walking: neighbours of any kind, numbers first, paths, subgraphs, and why an edge is there."""

from __future__ import annotations

from typing import Any

import pytest

from api.auth import Role
from tests.api.graphql.shop import Counting, Desk

NEIGHBOURS = """
query (
  $id: ID!, $types: [RelationshipName!], $way: Direction, $kinds: [KindName!], $first: Int, $after: String
) {
  neighbours(id: $id, relationship: $types, direction: $way, kinds: $kinds, first: $first, after: $after) {
    totalCount
    edges { cursor direction relationship { type from { key } to { key } } node { key } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def shorten(edges: Any) -> list[str]:
    return [
        f"{e['relationship']['from']['key']}-{e['relationship']['type']}->{e['relationship']['to']['key']}"
        for e in edges
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_pages_of_neighbours_are_all_that_the_store_has(desk: Desk, ids: dict[str, str], size: int) -> None:
    found: list[str] = []
    after = None
    while True:
        page = desk.ask(NEIGHBOURS, {"id": ids["ana"], "first": size, "after": after})["neighbours"]
        found += shorten(page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert desk.reader is not None
    near = desk.reader.neighbours("Customer", "crm:ana")
    assert found == [
        f"{n.relationship.start}-{n.relationship.triple.type}->{n.relationship.end}" for n in near
    ]
    assert page["totalCount"] == len(near)


def test_neighbours_are_chosen(desk: Desk, ids: dict[str, str]) -> None:
    def ask(name: str, **variables: Any) -> list[str]:
        return shorten(desk.ask(NEIGHBOURS, {"id": ids[name], **variables})["neighbours"]["edges"])

    assert ask("m1", types=["FILED"]) == ["crm:ana-FILED->m1"]
    assert ask("m1", way="OUT", kinds=["Cause", "Order"]) == [
        "m1-ABOUT->o1",
        "m1-ATTRIBUTED_TO->delivery.late",
    ]
    assert ask("m1", types=["FILED"], way="OUT") == []
    assert ask("late", kinds=["Action"]) == [
        "carrier-ADDRESSES->delivery.late",
        "old-ADDRESSES->delivery.late",
    ]


def test_neighbours_of_nobody(desk: Desk, ids: dict[str, str]) -> None:
    assert desk.complain(NEIGHBOURS, {"id": ids["nobody"]}) == ["there is no Customer 'nobody'"]
    assert desk.complain(NEIGHBOURS, {"id": "xyz"}) == ["'xyz' is not an id"]
    errors = desk.complain(NEIGHBOURS, {"id": ids["ana"], "after": "xyz"})
    assert errors == ["'xyz' is not a cursor of these neighbours"]


EXPAND = """
query ($id: ID!, $threshold: Int!) {
  expand(id: $id, threshold: $threshold) {
    node { caption }
    count
    kinds { kind label count }
    branches {
      relationship label direction kind count supernode
      neighbours(first: 1) { totalCount nodes { key } pageInfo { hasNextPage } }
    }
  }
}
"""


def test_numbers_come_first(desk: Desk, counting: tuple[Desk, Counting], ids: dict[str, str]) -> None:
    found = desk.ask(EXPAND, {"id": ids["late"], "threshold": 2}, language="es")["expand"]
    assert found["node"] == {"caption": "entrega tardía"}
    assert found["count"] == 4
    assert found["kinds"] == [
        {"kind": "Complaint", "label": "reclamo", "count": 2},
        {"kind": "Action", "label": "acción", "count": 2},
    ]
    assert [(b["relationship"], b["direction"], b["count"], b["supernode"]) for b in found["branches"]] == [
        ("ATTRIBUTED_TO", "IN", 2, True),
        ("ADDRESSES", "IN", 2, True),
    ]
    assert found["branches"][0]["neighbours"] == {
        "totalCount": 2,
        "nodes": [{"key": "m1"}],
        "pageInfo": {"hasNextPage": True},
    }
    asking, reader = counting
    asking.ask(EXPAND.replace("first: 1", "first: 0"), {"id": ids["late"], "threshold": 3})
    assert "follow" not in reader.calls


PATHS = """
query ($from: ID!, $to: ID!, $types: [RelationshipName!], $kinds: [KindName!], $longest: Int!) {
  shortestPath(from: $from, to: $to, types: $types, kinds: $kinds, longest: $longest) {
    length nodes { key } edges { type }
  }
  shortestPaths(from: $from, to: $to, types: $types, kinds: $kinds, longest: $longest) {
    nodes { key } edges { fromId toId sentence }
  }
}
"""


def test_a_path_is_walked_either_way(desk: Desk, ids: dict[str, str]) -> None:
    variables = {"from": ids["bruno"], "to": ids["m1"], "types": ["FILED", "ATTRIBUTED_TO"], "longest": 4}
    found = desk.ask(PATHS, variables)
    assert found["shortestPath"] == {
        "length": 3,
        "nodes": [{"key": key} for key in ("crm:bruno", "m2", "delivery.late", "m1")],
        "edges": [{"type": "FILED"}, {"type": "ATTRIBUTED_TO"}, {"type": "ATTRIBUTED_TO"}],
    }
    assert [path["nodes"] for path in found["shortestPaths"]] == [found["shortestPath"]["nodes"]]
    last = found["shortestPaths"][0]["edges"][2]
    assert (last["fromId"], last["toId"]) == (ids["m1"], ids["late"])


def test_where_there_is_no_path(desk: Desk, ids: dict[str, str]) -> None:
    variables = {"from": ids["bruno"], "to": ids["m1"], "types": ["FILED"], "longest": 4}
    assert desk.ask(PATHS, variables) == {"shortestPath": None, "shortestPaths": []}
    variables = {"from": ids["bruno"], "to": ids["bruno"], "longest": 0}
    itself = [{"key": "crm:bruno"}]
    assert desk.ask(PATHS, variables) == {
        "shortestPath": {"length": 0, "nodes": itself, "edges": []},
        "shortestPaths": [{"nodes": itself, "edges": []}],
    }
    assert set(desk.complain(PATHS, {**variables, "longest": 11})) == {"`longest` is from 0 to 10, not 11"}


def test_a_subgraph(desk: Desk, ids: dict[str, str]) -> None:
    text = """query ($ids: [ID!]!) {
      subgraph(ids: $ids) { nodes { key } edges { type fromId toId } missing truncated }
    }"""
    given = [ids[name] for name in ("ana", "m1", "late", "nobody", "m1")]
    assert desk.ask(text, {"ids": given})["subgraph"] == {
        "nodes": [{"key": key} for key in ("crm:ana", "m1", "delivery.late")],
        "edges": [
            {"type": "FILED", "fromId": ids["ana"], "toId": ids["m1"]},
            {"type": "ATTRIBUTED_TO", "fromId": ids["m1"], "toId": ids["late"]},
        ],
        "missing": [ids["nobody"]],
        "truncated": False,
    }
    assert desk.ask(text, {"ids": []})["subgraph"]["nodes"] == []


WHY = """
query ($ids: [ID!]!) { subgraph(ids: $ids) { edges { id label sentence properties provenance { source } } } }
"""


def test_an_edge_says_why_it_is_there(desk: Desk, ids: dict[str, str]) -> None:
    told = {}
    for language in ("en", "es", "pt"):
        (edge,) = desk.ask(WHY, {"ids": [ids["m2"], ids["late"]]}, language=language)["subgraph"]["edges"]
        told[language] = edge["sentence"].partition("support")[0]
    assert told == {
        "en": "Complaint «El paquete llegó tarde» is attributed to cause «late delivery». "
        "The text says: «llegó tarde». The judgement is 90% sure. Known from ",
        "es": "Reclamo «El paquete llegó tarde» se atribuye a causa «entrega tardía». "
        "El texto dice: «llegó tarde». El juicio es seguro en un 90%. Se sabe por ",
        "pt": "Reclamação «El paquete llegó tarde» é atribuída a causa «entrega atrasada». "
        "O texto diz: «llegó tarde». O juízo tem 90% de certeza. Sabe-se por ",
    }
    assert edge["properties"]["quote"] == "llegó tarde"


def test_an_edge_does_not_say_what_may_not_be_seen(desk: Desk, ids: dict[str, str]) -> None:
    (edge,) = desk.ask(WHY, {"ids": [ids["m2"], ids["late"]]}, role=Role.ANALYST)["subgraph"]["edges"]
    assert "llegó tarde»." not in edge["sentence"].partition("«late delivery»")[2]
    assert "quote" not in edge["properties"]
    assert edge["properties"]["confidence"] == 0.9


def test_a_judgement_says_what_speaks_for_it(desk: Desk, ids: dict[str, str]) -> None:
    text = NEIGHBOURS.replace("type from", "sentence type from")
    found = desk.ask(text, {"id": ids["ana"], "types": ["RESOLVES_TO"]})
    sentences = [edge["relationship"]["sentence"] for edge in found["neighbours"]["edges"]]
    assert "What speaks for it: email. The judgement is 97% sure. Decided by motivo." in sentences[0]


def test_nodes_by_their_ids(counting: tuple[Desk, Counting], ids: dict[str, str]) -> None:
    desk, reader = counting
    text = (
        "query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id key } nodes(ids: $ids) { __typename caption } }"
    )
    found = desk.ask(text, {"id": ids["m1"], "ids": [ids[n] for n in ("late", "nobody", "m1", "late")]})
    late = {"__typename": "Cause", "caption": "late delivery"}
    assert found == {
        "node": {"id": ids["m1"], "key": "m1"},
        "nodes": [
            late,
            None,
            {"__typename": "Complaint", "caption": "Chegou tarde, quero meu dinheiro"},
            late,
        ],
    }
    assert reader.calls == ["get_many"] * 4


@pytest.mark.parametrize("id_", ["", "x", "ÿ", "e30", "Q3VzdG9tZXI", "=" * 10, "a" * 10_000])
def test_what_is_no_id_is_refused(desk: Desk, id_: str) -> None:
    errors = desk.complain("query ($id: ID!) { node(id: $id) { key } }", {"id": id_})
    assert len(errors) == 1
    assert "is not an id" in errors[0]
