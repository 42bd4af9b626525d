"""Vocabularies that are as unkind to GraphQL as they may be."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from api.graphql.types.names import OWN_TYPES
from schema import VALUE_TYPES, Vocabulary, core_vocabulary

# Names of ours, names that are made of others, names that differ in what camelCase drops.
KINDS = sorted(
    {
        *OWN_TYPES,
        *("A", "As", "AB", "B", "Ab1", "AFilter", "AEdge", "AConnection", "AOrder", "AOrderField", "ANode"),
        *(
            "FiledComplaintEdge",
            "ComplaintFilter",
            "FromB",
            "Y",
            "Ay",
            "Ey",
            "Ies",
            "Bus",
            "Buses",
            "Ch",
            "True",
        ),
    }
)
PROPERTIES = [
    *("a_1", "a1", "a_b", "ab", "caption", "history", "provenance", "and", "or", "not", "in", "eq"),
    *("null", "true", "false", "cursor", "typename", "filed_complaint", "filed_from_customer", "about_a"),
    *("kind", "type", "from", "to", "first", "after", "filter", "order_by", "nodes", "edges", "page_info"),
]
TYPES = [
    "A",
    "A_B",
    "A_FROM",
    "B",
    "FILED",
    "FILED_FROM",
    "IN",
    "IN_A",
    "ABOUT",
    "HOLDS",
    "QUERY",
    "A_1",
    "A1",
]

properties = st.dictionaries(st.sampled_from(PROPERTIES), st.sampled_from(sorted(VALUE_TYPES)), max_size=8)


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """Return a vocabulary of hostile names, on its own or on top of what every project has."""
    base = draw(st.sampled_from([Vocabulary(), core_vocabulary()]))
    names = draw(
        st.lists(
            st.one_of(st.sampled_from(KINDS), st.from_regex(r"[A-Z][A-Za-z0-9]{0,3}", fullmatch=True)),
            max_size=6,
            unique=True,
        )
    )
    kinds: dict[str, Any] = {name: {"properties": draw(properties)} for name in names}
    there = [*base.kinds, *(name for name in names if name not in base.kinds)]
    relationships: dict[str, Any] = {}
    if there:
        pairs = st.tuples(st.sampled_from(there), st.sampled_from(there)).map(" -> ".join)
        for name in draw(st.lists(st.sampled_from(TYPES), max_size=5, unique=True)):
            ends = draw(st.lists(pairs, min_size=1, max_size=4, unique=True))
            relationships[name] = {"ends": ends, "properties": draw(properties)}
    try:
        return base.extend({"kinds": kinds, "relationships": relationships})
    except ValueError:
        assume(False)
        raise
