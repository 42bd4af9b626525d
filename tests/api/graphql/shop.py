"""A shop that sells on subscription and by order: who its customers are, what they bought, why they complain.

Ana is known to two systems, Bruno and Carla to one. `Visit` hangs on a `Branch`, which is of no one customer
but does not say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLSchema

from api.auth import Caller, Role
from api.graphql.building import build_schema
from api.graphql.execution import Documents, InvalidOperationError, Limits, execute
from api.graphql.request import Request
from graph import Judgement, Reader, Store
from schema import ATTRIBUTED_TO, Amount, Triple, core_vocabulary
from tests.graph.conformance.company import Fact, customer, ingest, link, node

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {
            "Order": {
                "about": "A purchase.",
                "begins": "bought_at",
                "label": {"en": "order", "es": "pedido", "pt": "pedido"},
                "properties": {
                    "bought_at": "time",
                    "days_late": "integer",
                    "note": {"type": "text", "sensitivity": "sensitive", "searchable": True},
                },
            },
            "Branch": {"properties": {"name": "text", "opened_on": "date"}, "caption": "name"},
            "Visit": {"begins": "on", "properties": {"on": "date"}},
        },
        "relationships": {
            "PLACED": {"ends": "Customer -> Order"},
            "SHOPS_AT": {"ends": "Customer -> Branch"},
            "AT": {"ends": "Visit -> Branch"},
            "PAYS": {"ends": "Payment -> Order"},
            "ABOUT": {"ends": "Complaint -> Order"},
        },
    }
)

HOLDS = Triple("Customer", "HOLDS", "Subscription")
OF = Triple("Subscription", "OF", "Product")
BILLED = Triple("Customer", "BILLED", "Invoice")
PAYS = Triple("Payment", "PAYS", "Invoice")
PAYS_ORDER = Triple("Payment", "PAYS", "Order")
HAD = Triple("Customer", "HAD", "Contact")
THROUGH = Triple("Contact", "THROUGH", "Channel")
FILED = Triple("Customer", "FILED", "Complaint")
ABOUT_ORDER = Triple("Complaint", "ABOUT", "Order")
PLACED = Triple("Customer", "PLACED", "Order")
SHOPS_AT = Triple("Customer", "SHOPS_AT", "Branch")
AT = Triple("Visit", "AT", "Branch")
ADDRESSES = Triple("Action", "ADDRESSES", "Cause")
ADDRESSES_ROOT = Triple("Action", "ADDRESSES", "RootCause")


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def brl(value: str) -> Amount:
    return Amount(Decimal(value), "BRL")


def late(complaint: str, quote: str) -> Fact:
    return link(
        ATTRIBUTED_TO,
        complaint,
        "delivery.late",
        quote=quote,
        starts_at=0,
        ends_at=len(quote),
        manner="explicit",
        confidence=0.9,
        extractor="lexical",
    )


CRM: Mapping[str, Sequence[Fact]] = {
    "ana": [customer("crm:ana", name="Ana Souza", email="ana@shop.example", segment="gold")],
    "bruno": [customer("crm:bruno", name="Bruno Lima", segment="silver", tax_number="br.cpf:52998224725")],
    "carla": [customer("crm:carla", name="Carla Dias", segment="gold")],
    "branch": [
        node("Branch", "centro", name="Centro", opened_on=date(2020, 1, 1)),
        *(link(SHOPS_AT, f"crm:{name}", "centro") for name in ("ana", "bruno")),
        node("Visit", "v1", on=date(2026, 1, 5)),
        link(AT, "v1", "centro"),
    ],
}
BILLING: Mapping[str, Sequence[Fact]] = {
    "a1": [customer("billing:a1", email="ana@shop.example")],
    "box": [node("Product", "box", name="Coffee box", price=brl("49.90"))],
    "s1": [
        node("Subscription", "s1", status="active", started_on=date(2026, 1, 10), monthly_fee=brl("49.90")),
        link(HOLDS, "billing:a1", "s1"),
        link(OF, "s1", "box"),
    ],
    "s2": [
        node("Subscription", "s2", status="ended", started_on=date(2025, 3, 1), ended_on=date(2026, 2, 1)),
        link(HOLDS, "crm:bruno", "s2"),
        link(OF, "s2", "box"),
    ],
    "i1": [
        node("Invoice", "i1", number="2026-001", amount=brl("49.90"), issued_on=date(2026, 2, 1)),
        link(BILLED, "billing:a1", "i1"),
    ],
    "i2": [
        node("Invoice", "i2", number="2026-002", amount=brl("49.90"), issued_on=date(2026, 3, 1)),
        link(BILLED, "billing:a1", "i2"),
    ],
    "p1": [
        node("Payment", "p1", amount=brl("49.90"), method="card", paid_at=at(2, 3)),
        link(PAYS, "p1", "i1"),
    ],
    "p2": [
        node("Payment", "p2", amount=brl("18.00"), method="pix", paid_at=at(3, 9)),
        link(PAYS_ORDER, "p2", "o1"),
    ],
    "o1": [
        node("Order", "o1", bought_at=at(3, 8), days_late=4, note="fraud check"),
        link(PLACED, "crm:ana", "o1"),
    ],
    "o2": [node("Order", "o2", bought_at=at(3, 10), days_late=0), link(PLACED, "crm:carla", "o2")],
}
SUPPORT: Mapping[str, Sequence[Fact]] = {
    "cause": [
        node(
            "Cause",
            "delivery.late",
            name_en="late delivery",
            name_es="entrega tardía",
            name_pt="entrega atrasada",
            domain="delivery",
        )
    ],
    "m0": [
        node("Contact", "m0", direction="in", subject="Where is it?", at=at(3, 12)),
        link(HAD, "crm:ana", "m0"),
        node("Channel", "chat", name="Chat"),
        link(THROUGH, "m0", "chat"),
    ],
    "m1": [
        node("Complaint", "m1", text="Chegou tarde, quero meu dinheiro", score=1.0, filed_at=at(3, 14)),
        link(FILED, "crm:ana", "m1"),
        link(ABOUT_ORDER, "m1", "o1"),
        late("m1", "Chegou tarde"),
    ],
    "m2": [
        node("Complaint", "m2", text="El paquete llegó tarde", score=2.0, filed_at=at(3, 20), language="es"),
        link(FILED, "crm:bruno", "m2"),
        late("m2", "llegó tarde"),
    ],
    "m3": [
        node("Complaint", "m3", title="Wrong colour", text="Red, not blue", filed_at=at(1, 2)),
        link(FILED, "crm:ana", "m3"),
    ],
}
DESK: Mapping[str, Sequence[Fact]] = {
    "carrier": [
        node("Action", "carrier", name="Another carrier", starts_on=date(2026, 4, 1)),
        link(ADDRESSES, "carrier", "delivery.late"),
    ],
    "old": [
        node(
            "Action",
            "old",
            name="A call to the carrier",
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 2, 1),
        ),
        link(ADDRESSES, "old", "delivery.late"),
    ],
    "stock": [
        node("RootCause", "rc-1", name_en="days late ≥ 2", name_es="días de retraso ≥ 2", unit="Order"),
        node("Action", "stock", name="More stock"),
        link(ADDRESSES_ROOT, "stock", "rc-1"),
    ],
}


def open_shop(store: Store) -> Store:
    """Bring the shop into an empty store of its vocabulary."""
    ingest(store, crm=CRM, billing=BILLING, support=SUPPORT, desk=DESK)
    with store.transaction() as transaction:
        transaction.begin_run("the same project")
        transaction.assign([Judgement("billing:a1", "crm:ana", 0.97, "email", "motivo")])
        transaction.finish_run()
    return store


@dataclass
class Desk:
    """Asks a store through its schema."""

    store: Store
    reader: Reader | None = None
    services: Any = None
    schema: GraphQLSchema = field(default_factory=lambda: build_schema(VOCABULARY))

    def __post_init__(self) -> None:
        self.documents = Documents(self.schema, Limits())
        self.reader = self.reader or self.store.reader()

    def respond(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        role: Role = Role.ADMIN,
        language: str = "en",
    ) -> dict[str, Any]:
        """Return the response to an operation."""
        assert self.reader is not None
        caller = Caller(role, "tester")
        request = Request(caller, self.reader, self.store, language, "r1", self.services)
        return execute(self.documents.prepare(text), request, variables).to_response()

    def ask(self, text: str, variables: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Return the data of an answer that has no errors."""
        response = self.respond(text, variables, **options)
        assert "errors" not in response, response["errors"]
        return response["data"]

    def validate(self, text: str) -> list[str]:
        """Return what is wrong with a document."""
        try:
            self.documents.prepare(text)
        except InvalidOperationError as invalid:
            return [error.message for error in invalid.errors]
        return []

    def complain(self, text: str, variables: Mapping[str, Any] | None = None, **options: Any) -> list[str]:
        """Return the messages of the errors of an answer."""
        return [error["message"] for error in self.respond(text, variables, **options).get("errors", ())]


class Counting:
    """A reader that notes what it is asked."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.calls = reader, [""] * 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.reader, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(name)
            return found(*args, **kwargs)

        return call
