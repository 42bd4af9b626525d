"""Facets: the greatest groups of many groupings, each as if its own filter were off."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algorithms.aggregation import Grouping, count_facets
from algorithms.aggregation.facets import find_subject
from graph import And, Condition, Linked, Not, Or, Where
from schema import Direction, UsageError
from schema.paths import parse_path
from tests.algorithms.aggregation.company import FILED, STATES, VOCABULARY, Company, companies, group
from tests.algorithms.aggregation.test_aggregate import GROUPINGS, plain
from tests.algorithms.aggregation.views import make_view

IN, OUT = Direction.IN, Direction.OUT
FACETS = [g for g in GROUPINGS["Complaint"] if "count" not in g.path]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(company=companies(), facets=st.lists(st.sampled_from(FACETS), max_size=4), top=st.integers(1, 4))
def test_facets_are_the_greatest_groups(company: Company, facets: list[Grouping], top: int) -> None:
    keys = sorted(company.nodes["Complaint"])
    chosen = [key for key in keys if company.nodes["Complaint"][key]["status"] != "es"]
    where = [Where("status", "ne", "es")]
    for skip in (True, False):
        found = count_facets(
            company.view(), "Complaint", facets, where=where, top=top, skip_own=skip, customers=True
        )
        for facet, grouping in zip(found, facets, strict=True):
            own = skip and grouping.path == "Complaint.status"
            held = group(company, "Complaint", keys if own else chosen, [grouping])
            sizes = sorted(-len(nodes) for nodes in held.values())
            assert [-bucket.count for bucket in facet.buckets] == sizes[:top]
            shown = {(plain(bucket.group.value),) for bucket in facet.buckets}
            for bucket in facet.buckets:
                nodes = held[(plain(bucket.group.value),)]
                assert (bucket.count, bucket.customers) == (
                    len(nodes),
                    company.customers("Complaint", nodes),
                )
            others = {key for groups, nodes in held.items() if groups not in shown for key in nodes}
            assert (facet.others, facet.other_count) == (len(held) - len(shown), len(others))
            assert facet.total == len(keys if own else chosen)
            assert facet.withheld == 0


NODES: Any = {
    "Customer": {"ana": {"segment": "home"}, "rui": {"segment": "company"}},
    "Complaint": {
        "c1": {"language": "es", "status": "open"},
        "c2": {"language": "es", "status": "shut"},
        "c3": {"language": "pt", "status": "open"},
    },
    "Cause": {"late": {"name_en": "Late"}, "dear": {}},
}
LINKS: Any = {
    FILED: [("ana", "c1"), ("ana", "c2"), ("rui", "c3")],
    STATES: [("c1", "late"), ("c1", "dear"), ("c3", "dear")],
}


@pytest.mark.parametrize(
    ("condition", "facet"),
    [
        (Where("language", "in", ["es"]), "language"),
        (Or([Where("language", "eq", "es"), Where("language", "eq", "en")]), "language"),
        (Not(Where("language", "eq", "pt")), "language"),
        (Linked(FILED, IN, [Where("segment", "eq", "home")]), "Complaint<-FILED-Customer.segment"),
        (Linked(FILED, IN, [Where("key", "eq", "ana")]), "Complaint<-FILED-Customer"),
        (Linked(FILED, IN, [Linked(FILED, OUT, [Where("key", "eq", "c2")])]), None),
        (Or([Where("language", "eq", "es"), Where("status", "eq", "open")]), None),
        (Linked(FILED, IN, [Where("segment", "eq", "home"), Where("key", "eq", "ana")]), None),
        (Or([]), None),
    ],
)
def test_whose_a_condition_is(condition: Condition, facet: str | None) -> None:
    path = find_subject(condition, "Complaint")
    known = {
        "language": "Complaint.language",
        "Complaint<-FILED-Customer.segment": "Complaint<-FILED-Customer.segment",
        "Complaint<-FILED-Customer": "Complaint<-FILED-Customer",
    }
    found = [name for name, text in known.items() if parse_path(text, VOCABULARY) == path]
    assert found == ([] if facet is None else [facet])


def test_what_another_choice_would_bring() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    where: list[Condition] = [
        And([Where("language", "eq", "es"), Linked(FILED, IN, [Where("segment", "eq", "home")])])
    ]
    by_language, by_status = count_facets(view, "Complaint", ["language", "status"], where=where)
    assert [(bucket.group.value, bucket.count) for bucket in by_language.buckets] == [("es", 2)]
    assert by_status.total == 2
    where = [Where("language", "eq", "es")]
    by_language, by_status = count_facets(view, "Complaint", ["language", "status"], where=where)
    assert [(bucket.group.value, bucket.count) for bucket in by_language.buckets] == [("es", 2), ("pt", 1)]
    assert by_language.total == 3
    assert by_status.total == 2


def test_nodes_are_called_by_their_captions_and_may_be_in_several_groups() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    (facet,) = count_facets(view, "Complaint", ["Complaint-ATTRIBUTED_TO->Cause"], top=2)
    assert facet.overlapping
    assert [(b.group.value, b.group.label(), b.count) for b in facet.buckets] == [
        ("dear", "dear", 2),
        (None, "(none)", 1),
    ]
    assert (facet.others, facet.other_count, facet.total) == (1, 1, 3)


def test_nodes_that_have_a_name_in_several_languages_are_called_as_the_reader_speaks() -> None:
    causes = {"dear": {"name_en": "Dear", "name_es": "Caro"}, "late": {"name_en": "Late"}}
    view = make_view(VOCABULARY, {**NODES, "Cause": causes}, LINKS)
    (facet,) = count_facets(view, "Complaint", ["Complaint-ATTRIBUTED_TO->Cause"])
    called = {b.group.value: [b.group.label(lang) for lang in ("en", "es", "pt")] for b in facet.buckets}
    assert called["dear"] == ["Dear", "Caro", "Dear"]
    assert called["late"] == ["Late", "Late", "Late"]


def test_a_facet_without_groups() -> None:
    with pytest.raises(UsageError):
        count_facets(make_view(VOCABULARY, NODES, LINKS), "Complaint", ["language"], top=0)
    (facet,) = count_facets(make_view(VOCABULARY, {}, {}), "Complaint", ["language"])
    assert (facet.buckets, facet.total, facet.others) == ((), 0, 0)
