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
from tests.api.auth.issuer import AUDIENCE, Issuer, make_key, running_issuer
from tests.api.service.arguments import ARGUMENTS
from tests.api.service.coordinates import Coordinates, fill, list_values
from tests.api.service.marked import NORTH, PEOPLE, Company
from tests.api.service.marks import unfold
from tests.api.service.running import Running, running

SECRET = "0123456789abcdef" * 4
ORIGIN = "https://crm.example"
WIDGET = 0  # whom the widget shows
REGION = {"Region": ("north",)}
STAFF: tuple[tuple[Role, dict[str, tuple[str, ...]]], ...] = (
    (Role.ANALYST, {}),
    (Role.ANALYST, REGION),
    (Role.AGENT, {}),
    (Role.AGENT, REGION),
    (Role.INVESTIGATOR, {}),
    (Role.ADMIN, {}),
)
SETTINGS = ServiceSettings(rate="", rate_address="", rate_refused="", origins=(ORIGIN,))

RECORD = """
mutation ($id: ID!, $what: String!) {
  recordAction(rootCause: $id, what: $what, startsOn: "2026-09-01") { exposed }
}
"""
CORRECT = """
mutation ($complaint: String!) {
  correctComplaintCause(complaint: $complaint, cause: "billing.double_charge", quote: 1) { number }
}
"""
MERGE = """
mutation ($into: String!, $other: String!) {
  mergeCustomers(into: $into, customers: [$other]) { number }
}
"""
SEARCH = (
    "mutation ($unit: KindName, $order: Int!) { startRootCauseSearch(unit: $unit, maxOrder: $order) { id } }"
)
# Neither what is looked for at the start nor by others who see the same: that is there at once.
ORDERS = {"admin": 1, "investigator": 2, "analyst": 1, "analyst of the north": 1}


@dataclass
class Asker:
    """Somebody who asks. `own`: what they know of what they may see; `others`: of what they may not."""

    name: str
    caller: Caller
    headers: Mapping[str, str]
    own: dict[str, str] = field(default_factory=dict)
    others: list[dict[str, str]] = field(default_factory=list)
    whose: frozenset[int] = frozenset()  # of a widget

    @property
    def people(self) -> frozenset[int]:
        """Whom they see."""
        if self.caller.role is Role.WIDGET:
            return self.whose
        return NORTH if self.caller.rows else frozenset(range(PEOPLE))


class House:
    """The service, the company behind it, and who asks."""

    def __init__(self, company: Company, parts: Parts, service: Running, issuer: Issuer) -> None:
        self.company, self.parts, self.service, self.issuer = company, parts, service, issuer
        self.pseudonyms = Pseudonyms(Secret(SECRET))
        self.vocabulary = company.store.reader().vocabulary
        self.personal = set(find_personal_kinds(self.vocabulary))
        self.client = service.client()
        self.coordinates = Coordinates(parts.documents.schema, ARGUMENTS)
        self.passing = add_key(company.store, Role.AGENT)  # to be revoked
        self.askers = {asker.name: asker for asker in self._meet()}

    def _meet(self) -> Iterator[Asker]:
        yield Asker("anyone", Caller(), {}, self.know(0))
        yield self.make_widget(WIDGET)
        for role, rows in STAFF:
            key, made = add_key(self.company.store, role, rows=rows)
            hidden = role is Role.ANALYST
            true = {n: key for n, key in self.know(0).items() if n.partition(".")[0] in self.personal}
            south = [self.know(1, hidden=hidden), self.know(1)] if rows else []
            yield Asker(
                f"{role} of the north" if rows else role.value,
                Caller(role, f"key:{made.id}", rows=rows),
                {"Authorization": f"Bearer {key}"},
                self.know(0, hidden=hidden),
                [*([true] if hidden else []), *south],
            )

    def make_widget(self, i: int) -> Asker:
        """Return the widget that shows somebody."""
        own = self.know(i)
        token = WidgetTokens(Secret(SECRET), self.pseudonyms).issue(own["Customer.key"], ORIGIN).token
        headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
        widget = Caller(Role.WIDGET, customer=own["Customer.key"])
        others = [self.know(i + 1), self.know(i + 2)]
        return Asker("widget", widget, headers, own, others, frozenset((i,)))

    def know(self, i: int, *, hidden: bool = False) -> dict[str, str]:
        """Return keys and ids of what is somebody's and of what is shared; `hidden`: pseudonyms."""
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

    def list_refused(self, asker: Asker) -> set[str]:
        """Return the fields that are refused to a role, or to who sees some customers only."""
        rules = {c: get_rule(self.coordinates.get_field(c)) for c in self.coordinates.every}
        role, some = asker.caller.role, asker.caller.rows or asker.caller.customer
        found = {c for c, rule in rules.items() if rule.roles is not None and role not in rule.roles}
        people = ("Customer.history", "SourceRecord.history")
        return found | {c for c in rules if some and c.endswith(".history") and c not in people}

    # What is there only once somebody has done something

    def prepare(self) -> None:
        """Have root causes found, actions recorded, jobs done, decisions made, and tell everybody of it."""
        for name, asker in self.askers.items():
            if name not in ("anyone", "widget"):
                found = self.ask(name, "{ rootCauses { nodes { id title } } }")["rootCauses"]["nodes"]
                for cause in found:
                    asker.own["late.id" if "days" in cause["title"] else "angry.id"] = cause["id"]
        admin, customers = (
            self.askers["admin"].own,
            [f"crm:{keys['Customer'][0]}" for keys in self.company.keys],
        )
        for what in ("late", "angry"):
            self.ask("admin", RECORD, id=admin[f"{what}.id"], what=what)
        self.ask("admin", CORRECT, complaint=admin["Complaint.key"])
        self.ask("admin", MERGE, into=customers[10], other=customers[12])
        queue = self.ask("admin", "{ causeProposals { nodes { id } } }")["causeProposals"]["nodes"]
        admin["Proposal.id"] = self.askers["investigator"].own["Proposal.id"] = queue[0]["id"]
        for name in ORDERS:
            own = self.askers[name].own
            own["Job.id"], own["FailedJob.id"] = self.run_job(name), self.run_job(name, unit="Cause")
        told = ("Job.id", "FailedJob.id", "Proposal.id", "late.id", "angry.id")
        for asker in self.askers.values():
            for known in asker.others:
                known |= {name: admin[name] for name in told}

    def run_job(self, name: str, unit: str = "Order") -> str:
        """Return the id of a job that has ended."""
        id_: str = self.ask(name, SEARCH, unit=unit, order=ORDERS[name])["startRootCauseSearch"]["id"]
        state = "QUEUED"
        while state in ("QUEUED", "RUNNING"):
            state = self.ask(name, "query ($id: ID!) { job(id: $id) { state } }", id=id_)["job"]["state"]
            time.sleep(0.02)
        return id_


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Open the service on a company of its own."""
    company = Company(folder)
    with running_issuer() as issuer:
        issuer.keys.append(make_key("OKP", "own"))
        auth = AuthSettings(
            secret=SECRET,
            audit=folder / "audit.jsonl",
            oidc_issuer=issuer.address,
            oidc_audience=AUDIENCE,
            oidc_http=True,
        )
        parts = open_parts(company.store, SETTINGS, auth)
        with running(company.store, parts, SETTINGS) as service:
            yield House(company, parts, service, issuer)
    company.store.close()
