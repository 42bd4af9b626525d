"""Aggregates, facets and trends as fields: what they count, and what small groups are withheld."""

from __future__ import annotations

from typing import Any

import pytest

from algorithms.exports import export_rows
from api.auth import Role
from tests.api.graphql.knowledge.office import Office

AGGREGATE = """query (
  $kind: KindName!, $by: [GroupingInput!], $measures: [MeasureInput!], $filter: NodeFilter,
  $order: AggregateOrder, $first: Int, $small: Int! = 0
) {
  aggregate(
    kind: $kind, by: $by, measures: $measures, filter: $filter, orderBy: $order, first: $first,
    suppressBelow: $small
  ) {
    rows { groups { value label } figures { name value } } total { name value } overlapping withheld cut asOf
  }
}"""


def aggregate(office: Office, role: Role = Role.ADMIN, **variables: Any) -> dict[str, Any]:
    variables = {"first": 100, **variables}
    found: dict[str, Any] = office.ask(AGGREGATE, variables, role=role)["aggregate"]
    return found


def values(found: dict[str, Any]) -> dict[Any, list[Any]]:
    return {row["groups"][0]["value"]: [f["value"] for f in row["figures"]] for row in found["rows"]}


def test_figures_are_those_of_the_store(office: Office) -> None:
    found = aggregate(office, kind="Complaint", by=[{"path": "Complaint-ATTRIBUTED_TO->Cause"}])
    reader = office.store.reader()
    degrees = {
        c.key: len({n.node.key for n in reader.neighbours("Cause", c.key, types=["ATTRIBUTED_TO"])})
        for c in reader.page("Cause").nodes
    }
    assert values(found) == {key: [count] for key, count in degrees.items() if count}
    assert found["overlapping"] is True
    [total] = found["total"]
    assert total == {"name": "count", "value": reader.totals().nodes["Complaint"]}


def test_causes_are_called_as_in_the_language_of_who_asks(office: Office) -> None:
    path = "Complaint-ATTRIBUTED_TO->Cause"
    text = f'''{{
      aggregate(kind: Complaint, by: [{{path: "{path}"}}]) {{ rows {{ groups {{ value label }} }} }}
      facets(kind: Complaint, facets: [{{path: "{path}"}}]) {{ buckets {{ group {{ value label }} }} }}
    }}'''
    reader, names = office.store.reader(), dict[str, set[str]]()
    for language in ("en", "es", "pt"):
        told = office.ask(text, language=language)
        groups = [group for row in told["aggregate"]["rows"] for group in row["groups"]]
        groups += [bucket["group"] for facet in told["facets"] for bucket in facet["buckets"]]
        causes = {group["value"]: group["label"] for group in groups if group["value"]}
        nodes = reader.get_many("Cause", list(causes))
        assert causes == {key: node.properties[f"name_{language}"] for key, node in nodes.items()}
        columns = export_rows(reader, "Complaint", columns=[path], language=language)
        spelled = {cell for batch in columns for cell in batch.column(0).to_pylist() if cell}
        assert set(causes.values()) <= {name for cell in spelled for name in cell.split("; ")}
        names[language] = set(causes.values())
    assert not names["en"] & names["es"]


def test_properties_are_named_as_in_graphql_or_as_in_the_vocabulary(office: Office) -> None:
    measures = [
        {"op": "COUNT"},
        {"op": "CUSTOMERS"},
        {"op": "SUM", "of": "total"},
        {"op": "QUANTILE", "of": "days"},
    ]
    one = aggregate(office, kind="Complaint", by=[{"path": "filedAt", "per": "WEEK"}])
    other = aggregate(office, kind="Complaint", by=[{"path": "filed_at", "per": "WEEK"}])
    assert one["rows"] == other["rows"]
    assert one["rows"][0]["groups"][0]["label"] == "2026-W36"
    found = aggregate(office, kind="Order", by=[{"path": "Order-BROUGHT_BY->Courier"}], measures=measures)
    slow = values(found)["slow"]
    assert slow[3] == 11
    assert [set(money) for money in slow[2]] == [{"amount", "currency"}]
    ranges = aggregate(office, kind="Order", by=[{"path": "days", "width": 5}])
    assert {"low": 0.0, "high": 5.0, "currency": None} in [r["groups"][0]["value"] for r in ranges["rows"]]


def test_rows_are_sorted_and_cut(office: Office) -> None:
    measures = [{"op": "MEAN", "of": "days"}]
    by = [{"path": "Order-BROUGHT_BY->Courier"}]
    order = {"measure": measures[0]}
    found = aggregate(office, kind="Order", by=by, measures=measures, order=order, first=1)
    assert [row["groups"][0]["value"] for row in found["rows"]] == ["slow"]
    assert found["cut"] == 3
    assert found["total"] is not None
    least = aggregate(
        office, kind="Order", by=by, measures=measures, order={**order, "direction": "ASC"}, first=1
    )
    assert least["rows"][0]["groups"][0]["value"] != "slow"


def test_filters_are_of_the_kind_that_is_asked_for(office: Office) -> None:
    filter_ = {"complaint": {"aboutOrder": {"broughtByCourier": {"key": {"eq": "slow"}}}}}
    some = aggregate(office, kind="Complaint", filter=filter_)["total"][0]["value"]
    assert 0 < some < aggregate(office, kind="Complaint")["total"][0]["value"]
    assert office.complain(AGGREGATE, {"kind": "Order", "filter": filter_}) == [
        ("usage", "the filter is on Complaint")
    ]
    hidden = {"kind": "Complaint", "filter": {"complaint": {"text": {"contains": "x"}}}}
    assert office.complain(AGGREGATE, hidden, role=Role.ANALYST)[0][0] == "refused"


def test_small_groups_are_withheld_from_analysts(office: Office) -> None:
    asked = {
        "kind": "Complaint",
        "by": [{"path": "filedAt", "per": "DAY"}],
        "measures": [{"op": "CUSTOMERS"}],
    }
    every, shown = aggregate(office, **asked), aggregate(office, Role.ANALYST, **asked)
    assert shown["withheld"] > 0
    assert all(count >= 5 for [count] in values(shown).values())
    assert min(count for [count] in values(every).values()) < 5
    assert aggregate(office, Role.ANALYST, small=1, **asked)["rows"] == shown["rows"], "whatever they ask"
    assert aggregate(office, small=5, **asked)["rows"] == shown["rows"]
    reader = office.store.reader()
    [about, *_] = reader.neighbours("Complaint", "M1", types=["ABOUT"])
    one = {"complaint": {"aboutOrder": {"key": {"eq": about.node.key}}}}
    assert aggregate(office, **asked, filter=one)["total"][0]["value"] > 0
    few = aggregate(office, Role.ANALYST, **asked, filter=one)
    assert (few["rows"], few["total"]) == ([], None)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AGENT])
def test_what_is_hidden_is_not_grouped_by(office: Office, role: Role) -> None:
    for name in ("email", "tax_number", "taxNumber"):
        hidden = role is Role.ANALYST or name != "email"
        for asked in ({"by": [{"path": name}]}, {"measures": [{"op": "DISTINCT", "of": name}]}):
            found = office.complain(AGGREGATE, {"kind": "Customer", "first": 5, **asked}, role=role)
            assert [code for code, _ in found] == (["refused"] if hidden else [])
    far = {"kind": "Complaint", "by": [{"path": "Complaint<-FILED-Customer.taxNumber"}]}
    assert office.complain(AGGREGATE, far, role=role)[0][0] == "refused"


FACETS = """query ($skip: Boolean!, $customers: Boolean!) {
  facets(
    kind: Complaint, facets: [{path: "Complaint-ATTRIBUTED_TO->Cause"}, {path: "language"}], top: 2,
    filter: {complaint: {language: {eq: "es"}}}, skipOwn: $skip, customers: $customers
  ) { path buckets { group { value label } count customers } total others otherCount overlapping }
}"""


def test_facets_count_as_if_their_own_condition_was_off(office: Office) -> None:
    causes, languages = office.ask(FACETS, {"skip": True, "customers": True})["facets"]
    assert causes["path"] == "Complaint-ATTRIBUTED_TO->Cause"
    assert {b["group"]["value"] for b in languages["buckets"]} == {"es", "en"}
    assert all(b["customers"] <= b["count"] for b in languages["buckets"])
    assert causes["total"] < languages["total"]
    _, own = office.ask(FACETS, {"skip": False, "customers": False})["facets"]
    assert [b["group"]["value"] for b in own["buckets"]] == ["es"]
    assert own["buckets"][0]["customers"] is None


TREND = """query ($lens: GroupingInput, $sub: GroupingInput, $against: BaseInput, $per: Period = WEEK) {
  trend(kind: Complaint, per: $per, lens: $lens, subLens: $sub, against: $against, top: 3) {
    total { count points { begins label count low high exposed rate rateLow rateHigh } }
    series { groups { value label } count points { count } } others undated unlinked known withheld
  }
}"""


def test_trends_count_by_lens_and_sub_lens_and_against_a_base(office: Office) -> None:
    every = office.ask(TREND)["trend"]
    count = office.store.reader().totals().nodes["Complaint"]
    assert every["total"]["count"] == sum(p["count"] for p in every["total"]["points"]) == count
    assert all(p["low"] <= p["count"] <= p["high"] for p in every["total"]["points"])
    assert every["series"] == []
    lens, sub = {"path": "language"}, {"path": "Complaint-ATTRIBUTED_TO->Cause"}
    by = office.ask(TREND, {"lens": lens, "sub": sub})["trend"]
    assert [len(s["groups"]) for s in by["series"]] == [2, 2, 2]
    rates = office.ask(TREND, {"lens": {"path": "Order-BROUGHT_BY->Courier"}, "against": {"kind": "Order"}})[
        "trend"
    ]
    point = rates["total"]["points"][1]
    assert point["rateLow"] < point["rate"] < point["rateHigh"]
    assert {s["groups"][0]["value"] for s in rates["series"]} > {"slow"}
    assert office.complain(TREND, {"sub": sub}) == [("usage", "a sub-lens is of a lens")]
    days = office.ask(TREND, {"per": "DAY"}, role=Role.ANALYST)["trend"]
    assert days["withheld"] > 0
    assert None in [p["count"] for p in days["total"]["points"]]


def test_figures_are_not_for_pages_that_show_one_customer(office: Office) -> None:
    for text, variables in ((AGGREGATE, {"kind": "Order"}), (TREND, {})):
        assert office.complain(text, variables, role=Role.WIDGET, customer="crm:C1")[0][0] == "refused"
