"""Root causes as fields: each figure, whom they hold for, and what each role is shown of them."""

from __future__ import annotations

from typing import Any

import pytest

from algorithms import find_causes
from api.auth import Caller, Role
from api.graphql.knowledge.causes import Question
from api.graphql.services import Services
from tests.api.graphql.knowledge.office import Office

FIGURES = """
  id rank unit title explanation complaints customers cumulativeCustomers exposed rate baseRate
  lift liftLow liftHigh qValue coverage cumulativeCoverage onset onsetLow onsetHigh onsetRatio ended
  trend trendRatio trendLow trendHigh
  pattern { path op value } aliases { path op value }
  money { amount currency } cumulativeMoney { amount currency }
  monthly { month complaints } emerging { since complaints expected ratio }
  dose { op value exposed complaints rate }
"""
ALL = "{ rootCauses { complaints units features unexplained unlinked current asOf nodes {" + FIGURES + "} } }"


def test_what_is_found_is_told(office: Office) -> None:
    told = office.ask(ALL)["rootCauses"]
    found = find_causes(office.store.reader())
    assert (told["complaints"], told["units"]) == (found.complaints, found.units)
    assert (told["unexplained"], told["features"]) == (found.unexplained, found.features)
    assert told["current"] is True
    [node], [cause] = told["nodes"], found.root_causes
    assert (node["id"], node["rank"], node["unit"]) == (cause.id, 1, "Order")
    assert node["pattern"] == [{"path": p.path, "op": p.op, "value": p.value} for p in cause.pattern]
    for name, of in (("lift", "lift"), ("liftLow", "lift_low"), ("qValue", "q_value"), ("rate", "rate")):
        assert node[name] == getattr(cause, of)
    assert (node["complaints"], node["customers"], node["exposed"]) == (
        cause.complaints,
        cause.customers,
        cause.exposed,
    )
    assert node["money"] == [{"amount": f"{v:.2f}", "currency": c} for c, v in (cause.money or {}).items()]
    assert [(m["month"], m["complaints"]) for m in node["monthly"]] == list(cause.monthly)


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_it_is_told_in_the_language_of_who_asks(office: Office, language: str) -> None:
    text = "{ rootCauses { nodes { title explanation stated { name cause { caption } } } } }"
    [node] = office.ask(text, language=language)["rootCauses"]["nodes"]
    [cause] = find_causes(office.store.reader()).root_causes
    assert (node["title"], node["explanation"]) == (cause.title[language], cause.explanation[language])
    assert [s["name"] for s in node["stated"]] == [s.names[language] for s in cause.stated]
    assert [s["cause"]["caption"] for s in node["stated"]] == [s["name"] for s in node["stated"]]


def get_one(office: Office, fields: str, **options: Any) -> Any:
    [node] = office.ask("{ rootCauses { nodes { " + fields + " } } }", **options)["rootCauses"]["nodes"]
    return node


EVIDENCE = "evidence { quote complaint { key text } cause { key } }"


def test_quotes_are_shown_to_those_who_may_know_people(office: Office) -> None:
    shown = get_one(office, EVIDENCE, role=Role.AGENT)["evidence"]
    assert shown
    for one in shown:
        assert one["quote"] in one["complaint"]["text"]
    response = office.respond("{ rootCauses { nodes { " + EVIDENCE + " } } }", role=Role.ANALYST)
    masked = response["data"]["rootCauses"]["nodes"][0]["evidence"]
    assert len(masked) == len(shown)
    assert {(one["quote"], one["complaint"]["text"]) for one in masked} == {(None, None)}
    assert all(one["complaint"]["key"].startswith("~") for one in masked), "pseudonyms"
    assert "Quote.quote" in response["extensions"]["masked"]


PAGE = """query ($first: Int, $after: String, $quiet: Boolean) { rootCauses { nodes {
  exposedCustomers(first: $first, after: $after, notYetComplaining: $quiet) {
    totalCount nodes { key } pageInfo { hasNextPage endCursor }
  }
} } }"""


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
@pytest.mark.parametrize("quiet", [False, True])
def test_exposed_customers_come_by_page(office: Office, role: Role, quiet: bool) -> None:
    found: list[str] = []
    after, total = None, None
    while total is None or after is not None:
        variables = {"first": 5, "after": after, "quiet": quiet}
        page = office.ask(PAGE, variables, role=role)["rootCauses"]["nodes"][0]["exposedCustomers"]
        total = page["totalCount"]
        found += [node["key"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    assert len(found) == len(set(found)) == total
    assert found == sorted(found)
    assert all(key.startswith("~") == (role is Role.ANALYST) for key in found)
    survey = office.services.causes.survey(office.open_reader(Caller(Role.ADMIN)), Question()).value
    if role is Role.ADMIN:
        [cause] = survey.findings.root_causes
        assert found == survey.list_exposed(cause.id, quiet=quiet, limit=999)
    assert office.complain(PAGE, {"after": "bm9wZQ"}) == [("usage", "'bm9wZQ' is not a cursor")]


def test_a_customer_view_shows_what_they_are_exposed_to(office: Office) -> None:
    exposed = get_one(office, "exposedCustomers(first: 3) { nodes { key } }")["exposedCustomers"]
    keys = [node["key"] for node in exposed["nodes"]]
    views = "query ($keys: [String!]) { customerViews(keys: $keys) { rootCauses { id title } } }"
    told = office.ask(views, {"keys": keys}, role=Role.AGENT)["customerViews"]
    assert [[cause["title"] for cause in view["rootCauses"]] for view in told] == [["days: 11"]] * 3
    one = "query ($key: String) { customerView(key: $key) { rootCauses { id title } } }"
    widget = {"role": Role.WIDGET, "customer": keys[0]}
    assert office.ask(one, {"key": keys[0]}, **widget)["customerView"] == told[0]
    # A page that shows one customer is told which, and no figures of all the others.
    figures = "query ($key: String) { customerView(key: $key) { rootCauses { id complaints } } }"
    [(code, message)] = office.complain(figures, {"key": keys[0]}, **widget)
    assert code == "refused"
    assert "Finding.complaints" in message
    assert office.complain("{ rootCauses { nodes { id } } }", **widget)[0][0] == "refused"


def test_filters_choose_complaints_and_units(office: Office) -> None:
    def ask(filter_: str, **options: Any) -> dict[str, Any]:
        text = "{ rootCauses(filter: " + filter_ + ") { complaints units nodes { id } } }"
        return dict(office.ask(text, **options)["rootCauses"])

    every = office.ask("{ rootCauses { complaints units } }")["rootCauses"]
    late = ask('{causes: ["delivery.late"]}')
    assert 0 < late["complaints"] < every["complaints"]
    assert late["units"] == every["units"]
    same = ask('{complaint: {attributedToCause: {key: {eq: "delivery.late"}}}}')
    assert same == late
    some = ask('{order: {broughtByCourier: {key: {eq: "slow"}}}}')
    assert 0 < some["units"] < every["units"]
    assert ask('{from: "2030-01-01"}') == {**every, "complaints": 0, "nodes": []}
    half = [ask('{until: "2026-09-14"}')["complaints"], ask('{from: "2026-09-15"}')["complaints"]]
    assert sum(half) == every["complaints"]
    assert min(half) > 0


def test_what_cannot_be_asked_is_said(office: Office) -> None:
    def complain(arguments: str, **options: Any) -> tuple[str, str]:
        [error] = office.complain("{ rootCauses" + arguments + " { units } }", **options)
        return error

    assert complain("(unit: Complaint)")[0] == "usage"
    assert complain("(maxOrder: 9)")[0] == "usage"
    assert complain("(first: 9999)")[0] == "usage"
    assert complain('(filter: {customer: {key: {eq: "x"}}})')[0] == "usage"
    code, message = complain('(filter: {complaint: {text: {contains: "x"}}})', role=Role.ANALYST)
    assert code == "refused"
    assert "Complaint.text" in message
    assert office.complain("{ rootCauses { units } }", role=Role.ANYONE)[0][0] == "unauthenticated"


def test_one_is_found_by_its_id(office: Office) -> None:
    id_ = get_one(office, "id")["id"]
    one = "query ($id: ID!) { rootCause(id: $id) { id title } }"
    assert office.ask(one, {"id": id_})["rootCause"] == {"id": id_, "title": "days: 11"}
    assert office.ask(one, {"id": "rc-none"})["rootCause"] is None


def test_they_are_looked_for_before_anyone_asks(office: Office) -> None:
    services = Services(office.store, office.open_reader)
    services.causes.prepare([Caller(Role.AGENT), Caller(Role.ANALYST)])
    for role in (Role.AGENT, Role.ANALYST):
        found = services.causes.survey(office.open_reader(Caller(role)), Question(), patience=0)
        assert found.value.findings.root_causes
    services.close()
    services.causes.prepare([Caller(Role.ADMIN)])  # nothing any more


def test_row_scope_holds(office: Office) -> None:
    rows = {"Courier": ("quick",)}
    scoped = office.ask(ALL, role=Role.AGENT, rows=rows)["rootCauses"]
    every = office.ask(ALL, role=Role.AGENT)["rootCauses"]
    assert 0 < scoped["units"] < every["units"]
    [some], [node] = scoped["nodes"], every["nodes"]
    assert some["id"] == node["id"]
    assert some["exposed"] < node["exposed"]
    reader = office.open_reader(Caller(Role.AGENT, rows=rows))
    survey = office.services.causes.survey(reader, Question()).value
    assert 0 < len(survey.customers) < office.store.reader().totals().nodes["Customer"]


def test_causes_of_few_customers_are_not_shown_to_analysts(office: Office) -> None:
    text = "{ rootCauses { nodes { id customers } } }"
    [node] = office.ask(text, role=Role.ANALYST)["rootCauses"]["nodes"]
    settings = office.services.settings
    object.__setattr__(settings, "smallest_group", node["customers"] + 1)
    try:
        assert office.ask(text, role=Role.ANALYST)["rootCauses"]["nodes"] == []
        one = "query ($id: ID!) { rootCause(id: $id) { id } }"
        assert office.ask(one, {"id": node["id"]}, role=Role.ANALYST) == {"rootCause": None}
        assert len(office.ask(text, role=Role.AGENT)["rootCauses"]["nodes"]) == 1
    finally:
        object.__setattr__(settings, "smallest_group", 5)


def test_what_causes_come_from_is_walked(office: Office) -> None:
    [link] = office.ask(
        '{ causesOfCauses(causes: ["delivery.late", "delivery.not_received"]) '
        "{ depth cause { key } causedBy { key } } }"
    )["causesOfCauses"]
    reader = office.store.reader()
    [told] = reader.neighbours("Cause", link["cause"]["key"], types=["CAUSED_BY"])
    assert (link["depth"], link["causedBy"]["key"]) == (1, told.node.key)
    node = get_one(office, "causesOfCauses { cause { key } } stated { cause { key } }")
    stated = {s["cause"]["key"] for s in node["stated"]}
    assert {one["cause"]["key"] for one in node["causesOfCauses"]} <= stated
    assert office.complain('{ causesOfCauses(causes: ["nothing"]) { depth } }')[0][0] == "not_found"
    assert office.complain('{ causesOfCauses(causes: ["x"], depth: 9) { depth } }')[0][0] == "usage"


def test_alerts_are_told(office: Office) -> None:
    told = office.ask("{ alerts { until watched falseAYear nodes { kind id title since ratio } } }")["alerts"]
    assert told["until"] == "2026-09-28"
    assert told["watched"] > 1
    assert told["falseAYear"] > 0
