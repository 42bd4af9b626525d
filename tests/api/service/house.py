"""The service on the company whose data are marked, and one of each role who asks it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.auth import CLEARANCE, Caller, Pseudonyms, Role, Secret, WidgetTokens, add_key
from api.auth.caller import RANKS
from api.auth.policy import find_personal_kinds
from api.graphql.execution import get_rule
from api.graphql.types import encode_id
from api.service import Parts, open_parts
from api.settings import AuthSettings, ServiceSettings
from tests.api.service.coordinates import Coordinates, fill, list_values
from tests.api.service.marked import NORTH, PEOPLE, Company
from tests.api.service.marks import unfold
from tests.api.service.running import Running, running

SECRET = "0123456789abcdef" * 4
ORIGIN = "https://crm.example"
WIDGET = 0  # whom the widget shows
REGION = {"Region": ("north",)}
SETTINGS = ServiceSettings(rate="", rate_address="", rate_refused="", origins=(ORIGIN,))

ALL = "[<Customer.id>, <Complaint.id>, <Order.id>, <Invoice.id>, <Courier.id>, <Product.id>, <Cause.id>]"
ORDERS = '{path: "Order-BROUGHT_BY->Courier"}'
# With what fields are asked for that have arguments, where it is more than the key of a node.
ARGUMENTS = {
    "Query.node": ["id: <Customer.id>", "id: <Product.id>"],
    "Query.nodes": [f"ids: {ALL}"],
    "Query.search": ['text: "late"', 'text: "fibre"', 'text: "zq"'],
    "Query.suggest": ['text: "fib"', 'text: "zq"', 'text: "crm:zq"'],
    "Query.neighbours": ["id: <Customer.id>", "id: <Order.id>", "id: <Product.id>"],
    "Query.expand": ["id: <Customer.id>", "id: <Courier.id>", "id: <Product.id>"],
    "Query.shortestPath": ["from: <Customer.id>, to: <Courier.id>", "from: <Region.id>, to: <Complaint.id>"],
    "Query.shortestPaths": ["from: <Customer.id>, to: <Depot.id>"],
    "Query.subgraph": [f"ids: {ALL}", 'ids: ["UHJvZHVjdApub25l", <Customer.id>]'],
    "Query.customerView": ["key: <Customer.key>", "record: <SourceRecord.key>"],
    "Query.customerViews": ["ids: [<Customer.id>], keys: [<Customer.key>], records: [<SourceRecord.key>]"],
    "Query.aggregate": [
        f'kind: Order, by: [{ORDERS}], measures: [{{op: COUNT}}, {{op: MAX, of: "total"}}]',
        'kind: Customer, by: [{path: "segment"}, {path: "nick"}], measures: [{op: MAX, of: "income"}]',
    ],
    "Query.facets": [
        f"kind: Order, customers: true, top: 1, facets: [{ORDERS}]",
        'kind: Order, facets: [{path: "note"}]',
        'kind: Complaint, facets: [{path: "text"}, {path: "Complaint<-FILED-Customer.name"}]',
    ],
    "Query.trend": [
        "kind: Complaint",
        f"kind: Complaint, against: {{kind: Order}}, lens: {ORDERS}",
        'kind: Order, lens: {path: "note"}',
    ],
    "Query.rootCause": ["id: <late.id>", "id: <angry.id>"],
    "Query.cause": ['key: "delivery.late"', 'key: "billing.double_charge"'],
    "Query.rootCauseNode": ["key: <late.id>", "key: <angry.id>"],
    "Query.action": ['key: "vans"', 'key: "a1"', 'key: "a2"'],
    "Query.causesOfCauses": ['causes: ["delivery.not_received", "delivery.late"]'],
    "Query.job": ["id: <Job.id>", "id: <FailedJob.id>"],
    "Query.causeQuotes": ["id: <Proposal.id>"],
}


@dataclass
class Asker:
    """Somebody who asks. `own`: what they know of what they may see; `others`: of what they may not."""

    name: str
    caller: Caller
    headers: Mapping[str, str]
    own: dict[str, str] = field(default_factory=dict)
    others: list[dict[str, str]] = field(default_factory=list)

    @property
    def people(self) -> frozenset[int]:
        """Whom they see."""
        if self.caller.role is Role.WIDGET:
            return frozenset((WIDGET,))
        return NORTH if self.caller.rows else frozenset(range(PEOPLE))


class House:
    """The service, the company behind it, and who asks."""

    def __init__(self, company: Company, parts: Parts, service: Running) -> None:
        self.company, self.parts, self.service = company, parts, service
        self.pseudonyms = Pseudonyms(Secret(SECRET))
        self.vocabulary = company.store.reader().vocabulary
        self.personal = set(find_personal_kinds(self.vocabulary))
        self.client = service.client()
        self.coordinates = Coordinates(parts.documents.schema, ARGUMENTS)
        self.askers = {asker.name: asker for asker in self._meet()}

    def _meet(self) -> Iterator[Asker]:
        yield Asker("anyone", Caller(), {}, self.know(0))
        token = (
            WidgetTokens(Secret(SECRET), self.pseudonyms)
            .issue(self.know(WIDGET)["Customer.key"], ORIGIN)
            .token
        )
        headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
        widget = Caller(Role.WIDGET, customer=self.know(WIDGET)["Customer.key"])
        yield Asker("widget", widget, headers, self.know(WIDGET), [self.know(1), self.know(2)])
        for role, rows in (
            (Role.ANALYST, {}),
            (Role.ANALYST, REGION),
            (Role.AGENT, REGION),
            (Role.INVESTIGATOR, {}),
            (Role.ADMIN, {}),
        ):
            key, made = add_key(self.company.store, role, rows=rows)
            hidden = role is Role.ANALYST
            others = [
                {name: key for name, key in self.know(0).items() if name.partition(".")[0] in self.personal}
            ]
            yield Asker(
                f"{role} of the north" if rows else role.value,
                Caller(role, f"key:{made.id}", rows=rows),
                {"Authorization": f"Bearer {key}"},
                self.know(0, hidden=hidden),
                (others if hidden else []) + ([self.know(1, hidden=hidden), self.know(1)] if rows else []),
            )

    def know(self, i: int, *, hidden: bool = False) -> dict[str, str]:
        """Return keys and ids of what is somebody's and of what is shared, under pseudonyms where `hidden`."""
        keys = {
            kind: found[0]
            for kind, found in {**self.company.shared, **self.company.keys[i]}.items()
            if kind != "Account"
        }
        keys["Courier"] = self.company.couriers[i in NORTH, "slow"]
        keys["Customer"] = keys["SourceRecord"] = f"crm:{keys['Customer']}"
        if hidden:
            keys = {k: self.pseudonyms.hide(k, key) if k in self.personal else key for k, key in keys.items()}
        known = {f"{kind}.key": key for kind, key in keys.items()}
        return known | {f"{kind}.id": encode_id(kind, key) for kind, key in keys.items()}

    # Asking

    def post(self, asker: Asker, text: str, variables: Mapping[str, Any] | None = None) -> httpx.Response:
        """Ask, and look for leaks."""
        headers = {**asker.headers, "Accept": "application/graphql-response+json"}
        body = {"query": text, "variables": variables}
        return self.check(asker, json.dumps(body), self.client.post("/graphql", json=body, headers=headers))

    def ask(self, asker: Asker | str, text: str, **variables: Any) -> Any:
        """Return the data of an answer that has no errors."""
        one = self.askers[asker] if isinstance(asker, str) else asker
        said = self.post(one, fill(text, one.own), variables).json()
        assert "errors" not in said, said["errors"]
        return said["data"]

    def check(
        self, asker: Asker, asked: str, answer: httpx.Response, text: str | None = None
    ) -> httpx.Response:
        """Return an answer in which there is no mark that its caller may not see, but for what they said."""
        shown = f"{answer.headers}\n{answer.text if text is None else text}"
        leaked = self.find_leaks(asker, asked, shown)
        assert not leaked, (asker.name, leaked, asked, shown[:3000])
        if answer.headers.get("content-type", "").startswith("application/graphql-response+json"):
            self.check_masks(asker, answer.json())
        return answer

    def find_leaks(self, asker: Asker, asked: str, shown: str) -> dict[str, Any]:
        """Return the marks in a text that somebody may not see, and has not said."""
        marks = self.company.marks
        found = marks.find(unfold(shown)) - marks.find(unfold(asked))
        return {m: marks.known[m] for m in found if not marks.is_shown(m, asker.caller, asker.people)}

    def check_masks(self, asker: Asker, said: Mapping[str, Any]) -> None:
        """See that each field above somebody's clearance is null, and that this is told."""
        masked = said.get("extensions", {}).get("masked", [])
        for coordinate, value in list_values(said.get("data")):
            if self.is_above(coordinate, asker.caller):
                assert value is None, coordinate
                assert coordinate in masked, coordinate

    def is_above(self, coordinate: str, caller: Caller) -> bool:
        """Tell whether a field is above a caller's clearance."""
        rule = get_rule(self.coordinates.get_field(coordinate))
        return RANKS.index(rule.sensitivity) > RANKS.index(CLEARANCE[caller.role])

    # What is there only once somebody has done something

    def prepare(self) -> None:
        """Have root causes found, actions recorded, jobs done and decisions made, and tell everybody of it."""
        for name, asker in self.askers.items():
            if name not in ("anyone", "widget"):
                for cause in self.ask(name, "{ rootCauses { nodes { id title } } }")["rootCauses"]["nodes"]:
                    asker.own["late.id" if "days" in cause["title"] else "angry.id"] = cause["id"]
        admin, keys = self.askers["admin"].own, self.company.keys
        for what in ("late", "angry"):
            self.ask(
                "admin",
                f'mutation {{ recordAction(rootCause: <{what}.id>, what: "{what}", startsOn: "2026-09-01") {{ exposed }} }}',
            )
        self.ask(
            "admin",
            'mutation { correctComplaintCause(complaint: <Complaint.key>, cause: "billing.double_charge", quote: 1) { number } }',
        )
        into, other = (f"crm:{keys[i]['Customer'][0]}" for i in (10, 12))
        merge = "mutation ($a: String!, $b: String!) { mergeCustomers(into: $a, customers: [$b]) { number } }"
        self.ask("admin", merge, a=into, b=other)
        queue = self.ask("admin", "{ causeProposals { nodes { id } } }")["causeProposals"]["nodes"]
        admin["Proposal.id"] = self.askers["investigator"].own["Proposal.id"] = queue[0]["id"]
        for name in ("analyst", "analyst of the north", "investigator", "admin"):
            own = self.askers[name].own
            own["Job.id"], own["FailedJob.id"] = self.run_job(name, ""), self.run_job(name, "(unit: Cause)")
        for asker in self.askers.values():
            for known in asker.others:
                known |= {
                    name: admin[name]
                    for name in ("Job.id", "FailedJob.id", "Proposal.id", "late.id", "angry.id")
                }

    def run_job(self, name: str, arguments: str) -> str:
        """Return the id of a job that has ended."""
        id_: str = self.ask(name, f"mutation {{ startRootCauseSearch{arguments} {{ id }} }}")[
            "startRootCauseSearch"
        ]["id"]
        state = "QUEUED"
        while state in ("QUEUED", "RUNNING"):
            state = self.ask(name, "query ($id: ID!) { job(id: $id) { state } }", id=id_)["job"]["state"]
            time.sleep(0.02)
        return id_


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Open the service on a company of its own."""
    company = Company(folder)
    parts = open_parts(company.store, SETTINGS, AuthSettings(secret=SECRET, audit=folder / "audit.jsonl"))
    with running(company.store, parts, SETTINGS) as service:
        yield House(company, parts, service)
    company.store.close()
