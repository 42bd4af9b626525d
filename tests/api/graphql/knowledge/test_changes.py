"""What people change through the service: by role, kept through the next ingest, and in the audit log."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from api.auth import Role
from ingest import ingest, load_project
from ingest.text.review import Desk
from ingest.text.review.statements import read_complaint
from tests.api.cli.test_review import ROOF
from tests.api.graphql.knowledge.office import Office

ROLES = (Role.ANYONE, Role.WIDGET, Role.ANALYST, Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)
MUTATIONS = {
    'acceptCauseProposal(id: "p") { number }': "ia",
    'renameCause(id: "p", names: {en: "x"}) { number }': "ia",
    'mergeCauseProposal(id: "p", into: "q") { number }': "ia",
    'splitCauseProposal(id: "p", quotes: [1]) { number }': "ia",
    'rejectCauseProposal(id: "p") { number }': "ia",
    "undoCauseDecisions { number }": "ia",
    'correctComplaintCause(complaint: "c", cause: "x") { number }': "gia",
    'mergeCustomers(into: "c", customers: ["d"]) { number }': "ia",
    'splitCustomer(customer: "c", records: ["r"]) { number }': "ia",
    'keepCustomersApart(customers: ["c", "d"]) { number }': "ia",
    "undoIdentityDecision { number }": "ia",
    'recordAction(rootCause: "rc", what: "x", startsOn: "2026-01-01") { exposed }': "nia",
    'removeAction(id: "a9")': "nia",
    'ingestEvents(source: "s", rows: []) { read }': "a",
    "startRootCauseSearch(timeLimit: 0) { id }": "nia",
    'cancelJob(id: "j") { id }': "nia",
}
LETTERS = dict(zip("owngia", ROLES, strict=True))


def reread(office: Office) -> None:
    """Ingest the shop's files again, as if each message had been written anew."""
    path = office.folder / "messages.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    path.write_text("".join(json.dumps({**row, "seen": "again"}) + "\n" for row in rows), "utf-8")
    ingest(load_project(office.folder / "motivo.yaml"), office.store)


def audited(office: Office) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in office.log.read_text("utf-8").splitlines()]
    return [change for line in lines for change in line.get("changes", ())]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_each_role_may_do_what_it_may(office: Office, mutation: str) -> None:
    allowed = {LETTERS[letter] for letter in MUTATIONS[mutation]}
    for role in ROLES:
        [(code, _)] = office.complain("mutation { " + mutation + " }", role=role, customer=None)
        refused = "unauthenticated" if role is Role.ANYONE else "refused"
        assert (code == refused) == (role not in allowed), (role, code)
    assert not office.log.exists() or audited(office) == []


def test_every_mutation_is_in_the_list_of_roles(office: Office) -> None:
    assert office.schema.mutation_type is not None
    assert set(office.schema.mutation_type.fields) == {m.partition("(")[0].split()[0] for m in MUTATIONS}


def complain_of(office: Office, cause: str) -> dict[str, Any]:
    """Return a complaint that states a cause, and which of its quotes does."""
    reader = office.store.reader()
    for node in reader.page("Complaint", limit=500).nodes:
        stated = read_complaint(reader, node.key)
        for number, statement in enumerate(stated, 1):
            if statement.cause == cause and len(stated) > 1:
                return {"c": node.key, "quote": number}
    raise AssertionError(cause)


CORRECT = """mutation ($c: String!, $cause: String!, $quote: Int) {
  correctComplaintCause(complaint: $c, cause: $cause, quote: $quote, why: "I rang them") {
    action by to complaints
  }
}"""


def test_a_corrected_cause_survives_that_the_text_is_read_again(own: Office) -> None:
    about = complain_of(own, "delivery.late")
    told = own.ask(CORRECT, {**about, "cause": "billing.double_charge"}, role=Role.AGENT)
    assert told["correctComplaintCause"] == {
        "action": "correct",
        "by": "agent",
        "to": "billing.double_charge",
        "complaints": 1,
    }
    text = """query ($c: String!) { complaint(key: $c) {
      attributedToCause { edges { decidedBy node { key } } }
    } }"""
    now = {"decidedBy": "agent", "node": {"key": "billing.double_charge"}}

    def stated() -> list[Any]:
        edges: list[Any] = own.ask(text, {"c": about["c"]})["complaint"]["attributedToCause"]["edges"]
        return edges

    before = len(stated())
    for _ in range(2):
        assert now in stated()
        assert {"decidedBy": None, "node": {"key": "delivery.late"}} not in stated()
        reread(own)
    assert len(stated()) == before
    assert audited(own) == [
        {
            "name": "correctComplaintCause",
            "subjects": [["Complaint", about["c"]], ["Cause", "billing.double_charge"]],
        }
    ]
    assert own.complain(CORRECT, {**about, "cause": "nothing"})[0][0] == "not_found"
    assert own.complain(CORRECT, {"c": "nothing", "cause": "delivery.late"})[0][0] == "not_found"
    own.ask("mutation { undoCauseDecisions { action } }")
    assert {"decidedBy": None, "node": {"key": "delivery.late"}} in stated()
    history = own.ask("{ causeDecisions { action why } }")["causeDecisions"]
    assert history == [{"action": "undo", "why": ""}, {"action": "correct", "why": "I rang them"}]


def test_who_sees_some_customers_corrects_theirs_only(own: Office) -> None:
    rows = {"Courier": ("quick",)}
    reader = own.store.reader()
    seen = "query ($c: String!) { complaint(key: $c) { key } }"
    keys = [node.key for node in reader.page("Complaint", limit=500).nodes]
    hidden = next(k for k in keys if own.ask(seen, {"c": k}, role=Role.AGENT, rows=rows)["complaint"] is None)
    variables = {"c": hidden, "cause": "delivery.late"}
    assert own.complain(CORRECT, variables, role=Role.AGENT, rows=rows)[0][0] == "not_found"
    merge = 'mutation { mergeCustomers(into: "crm:C1", customers: ["crm:C2"]) { number } }'
    codes = [own.complain(merge, role=Role.INVESTIGATOR, rows={"Courier": ("none",)})[0][0]]
    codes += [own.complain("{ causeProposals { waiting } }", rows=rows)[0][0]]
    assert codes == ["not_found", "refused"]


QUEUE = """{ causeProposals { waiting unlike resting nodes {
  id state name complaints nearest { key }
  quotes(first: 3) { number quote language complaints complaint { key } }
} } }"""


def test_proposals_are_decided_on(own: Office) -> None:
    rows = [
        {"id": f"N{i}", "email": f"p{i}@correo.example", "text": text, "at": "2026-09-20T10:00:00"}
        for i, text in enumerate((*ROOF, *ROOF))
    ]
    send = 'mutation ($rows: [JSON!]!) { ingestEvents(source: "messages", rows: $rows) { written } }'
    assert own.ask(send, {"rows": rows})["ingestEvents"]["written"] == len(rows)
    queue = own.ask(QUEUE, role=Role.INVESTIGATOR)["causeProposals"]
    desk = Desk(own.store, by="test").queue()
    assert queue["waiting"] == desk.statements
    assert [p["id"] for p in queue["nodes"]] == [p.id for p in desk.proposals]
    [proposal, *_] = queue["nodes"]
    assert proposal["quotes"][0]["quote"]
    accept = """mutation ($id: String!) {
      acceptCauseProposal(id: $id, names: {es: "Zumbido"}, why: "six say so") { number action to by why }
    }"""
    made = own.ask(accept, {"id": proposal["id"]}, role=Role.INVESTIGATOR, name="eva")["acceptCauseProposal"]
    assert (made["action"], made["by"], made["why"]) == ("accept", "eva", "six say so")
    assert own.ask("query ($k: String!) { cause(key: $k) { nameEs } }", {"k": made["to"]}) == {
        "cause": {"nameEs": "Zumbido"}
    }
    assert audited(own)[-1]["subjects"][:2] == [["Cause", proposal["id"]], ["Cause", made["to"]]]
    quotes = "query ($id: String!) { causeQuotes(id: $id) { number quote } }"
    assert own.ask(quotes, {"id": made["to"]})["causeQuotes"][0]["number"] == 1
    undo = "mutation ($last: Int) { undoCauseDecisions(last: $last) { number } }"
    assert own.complain(undo, {"last": made["number"] + 1})[0][0] == "refused"
    own.ask(undo, {"last": made["number"]})
    assert own.ask(QUEUE)["causeProposals"] == queue


MERGE = """mutation ($into: String!, $others: [String!]!) {
  mergeCustomers(into: $into, customers: $others, why: "one flat") {
    number action customers { key } records { key }
  }
}"""


def test_customers_are_merged_and_split_for_good(own: Office) -> None:
    told = own.ask(MERGE, {"into": "crm:C1", "others": ["crm:C2"]}, role=Role.INVESTIGATOR)["mergeCustomers"]
    assert (told["action"], told["customers"]) == ("merge", [{"key": "crm:C1"}])
    records = {record["key"] for record in told["records"]}
    assert {"crm:C1", "crm:C2"} < records
    reread(own)
    assert set(own.store.reader().customers_of(sorted(records)).values()) == {"crm:C1"}
    split = """mutation ($records: [String!]!) {
      splitCustomer(customer: "crm:C1", records: $records) { customers { key } }
    }"""
    apart = sorted(r for r in records if r not in ("crm:C2",))
    own.ask(split, {"records": ["crm:C2"]})
    reread(own)
    reader = own.store.reader()
    assert reader.customers_of(["crm:C2"])["crm:C2"] not in set(reader.customers_of(apart).values())
    decisions = own.ask("{ identityDecisions { number action by } }")["identityDecisions"]
    assert [d["action"] for d in decisions] == ["split", "merge"]
    undo = "mutation ($n: Int) { undoIdentityDecision(number: $n) { action } }"
    own.ask(undo, {"n": decisions[0]["number"]})
    assert set(own.store.reader().customers_of(sorted(records)).values()) == {"crm:C1"}
    assert [c["name"] for c in audited(own)] == ["mergeCustomers", "splitCustomer", "undoIdentityDecision"]
    assert ["Customer", "crm:C1"] in audited(own)[0]["subjects"]
    assert own.complain(MERGE, {"into": "crm:C1", "others": ["crm:none"]})[0][0] == "not_found"


def test_customers_that_may_be_one_are_asked_about(own: Office) -> None:
    rows = [
        {
            "id": "X1",
            "name": "Persona 3",
            "email": "p3@correo.example",
            "dni": f"10000900{'TRWAGMYFPDXBNJZSQVHLCKE'[10000900 % 23]}",
        }
    ]
    send = 'mutation ($rows: [JSON!]!) { ingestEvents(source: "crm", rows: $rows) { written } }'
    assert own.ask(send, {"rows": rows})["ingestEvents"]["written"] == 1
    text = "{ doubtfulIdentities { properties customers { key name } records { key } } }"
    [doubt, *_] = own.ask(text, role=Role.INVESTIGATOR)["doubtfulIdentities"]
    assert doubt["properties"] == ["email"]
    assert "crm:X1" in {record["key"] for record in doubt["records"]}
    first, *others = (customer["key"] for customer in doubt["customers"])
    keep = """mutation ($them: [String!]!) {
      keepCustomersApart(customers: $them) { number action customers { key } }
    }"""
    told = own.ask(keep, {"them": [first, *others]}, role=Role.INVESTIGATOR)["keepCustomersApart"]
    assert (told["action"], {c["key"] for c in told["customers"]}) == ("apart", {first, *others})
    assert doubt not in own.ask(text)["doubtfulIdentities"]
    own.ask("mutation ($n: Int) { undoIdentityDecision(number: $n) { action } }", {"n": told["number"]})
    assert doubt in own.ask(text)["doubtfulIdentities"]
    own.ask(MERGE, {"into": first, "others": others})
    assert doubt not in own.ask(text)["doubtfulIdentities"]


RECORD = """mutation ($id: ID!) {
  recordAction(rootCause: $id, what: "Another courier", startsOn: "2026-09-10") {
    exposed action { id what by startsOn newOnly rootCause title }
  }
}"""


def test_an_action_is_recorded_judged_and_taken_back(own: Office) -> None:
    causes = "{ rootCauses { nodes { id exposed effects { verdict action { id } } } } }"
    [cause] = own.ask(causes, role=Role.ANALYST)["rootCauses"]["nodes"]
    assert cause["effects"] == []
    told = own.ask(RECORD, {"id": cause["id"]}, role=Role.ANALYST, language="es")["recordAction"]
    assert told["exposed"] == cause["exposed"]
    action = told["action"]
    assert (action["id"], action["by"], action["rootCause"]) == ("a1", "analyst", cause["id"])
    reader = own.store.reader()
    [exposed] = [d for d in reader.decisions("Action a1") if d.action == "expose"]
    assert all(reader.find(s.kind, s.key) for s in exposed.subjects), "under their own keys"
    effects = """{ effects {
      verdict reason exposedUnits explanation expected ratio low high action { id title }
      exposed { complaintsBefore rateBefore complaintsAfter } others { complaintsBefore }
    } }"""
    [effect] = own.ask(effects, role=Role.ANALYST)["effects"]
    assert (effect["exposedUnits"], effect["action"]["id"]) == (cause["exposed"], "a1")
    assert effect["verdict"] in ("UNKNOWN", "SAME", "FEWER", "MORE")
    [again] = own.ask(causes, role=Role.ADMIN)["rootCauses"]["nodes"]
    assert [e["action"]["id"] for e in again["effects"]] == ["a1"]
    assert own.ask('mutation { removeAction(id: "a1") }') == {"removeAction": "a1"}
    assert own.store.reader().find("Action", "a1") is None
    assert [c["name"] for c in audited(own)] == ["recordAction", "removeAction"]
    assert own.complain(RECORD, {"id": "rc-none"})[0][0] == "not_found"
    assert own.complain(RECORD, {"id": cause["id"]}, rows={"Courier": ("quick",)})[0][0] == "refused"


SEND = """mutation ($rows: [JSON!]!) {
  ingestEvents(source: "orders", rows: $rows) {
    read written unchanged quarantined unused rejected { row key errors { field message } }
  }
}"""


def test_rows_are_sent_one_by_one(own: Office) -> None:
    before = own.store.reader().totals().nodes["Order"]
    rows = [
        {
            "order_id": "N1",
            "account": "A1",
            "ordered_on": "2026-09-01",
            "delivered_on": "2026-09-03",
            "total": 9.5,
        },
        {"order_id": "N2", "account": "A1", "ordered_on": "someday"},
        {
            "order_id": "N1",
            "account": "A1",
            "ordered_on": "2026-09-01",
            "delivered_on": "2026-09-13",
            "colour": 1,
        },
    ]
    told = own.ask(SEND, {"rows": rows})["ingestEvents"]
    assert (told["read"], told["written"], told["quarantined"]) == (3, 2, 1)
    assert told["unused"] == ["colour"]
    [bad] = told["rejected"]
    assert (bad["row"], bad["key"]) == (1, "N2")
    assert {e["field"] for e in bad["errors"]} == {"ordered_on", "days"}
    assert own.store.reader().totals().nodes["Order"] == before + 1
    assert own.store.reader().get("Order", "N1").properties["days"] == 12
    assert ["Order", "N1"] in audited(own)[-1]["subjects"]
    old = 1_000_000_000
    for path in own.folder.iterdir():
        if path.suffix != ".db":
            os.utime(path, (old, old))
    ingest(load_project(own.folder / "motivo.yaml"), own.store)
    assert own.store.reader().get("Order", "N1").properties["days"] == 12, "the file is older"
    nothing = 'mutation { ingestEvents(source: "nothing", rows: [{}]) { read } }'
    assert own.complain(nothing)[0][0] == "not_found"
    (own.folder / "motivo.yaml").unlink()
    assert own.complain(SEND, {"rows": rows})[0][0] == "bad_input"


def test_nothing_is_changed_while_an_ingest_goes_on(own: Office) -> None:
    with own.store.transaction() as t:
        t.begin_run("cut off")
    for text, variables in (
        (MERGE, {"into": "crm:C1", "others": ["crm:C2"]}),
        (SEND, {"rows": [{"order_id": "N1"}]}),
        (CORRECT, {**complain_of(own, "delivery.late"), "cause": "billing.double_charge"}),
    ):
        assert own.complain(text, variables) == [("refused", "an ingest has not ended")]
