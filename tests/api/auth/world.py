"""A small company in two regions, in which everything that may be hidden has a mark that is looked for.

- `zz` is in every key and text of what belongs to customers of the south, who are hidden from the north;
- `kk` is in every key of a kind that has personal properties;
- `qqpersonal`, `qqsensitive` are in values, and PERSONAL and SENSITIVE ones that are no texts are below.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from graph import Judgement, Store
from schema import Amount, Triple, core_vocabulary
from tests.graph.conformance.company import Fact, append, customer, ingest, link, node

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {
            "Customer": {
                "properties": {
                    "nick": {"type": "text", "sensitivity": "personal", "searchable": True},
                    "diagnosis": {
                        "type": "text",
                        "sensitivity": "sensitive",
                        "searchable": True,
                        "indexed": True,
                    },
                    "income": {"type": "money", "sensitivity": "personal"},
                }
            },
            "Router": {"properties": {"model": {"type": "text", "searchable": True}}},
            "Ticket": {
                "properties": {
                    "text": {"type": "text", "sensitivity": "personal", "searchable": True},
                    "on": "date",
                }
            },
            "Memo": {"properties": {"text": {"type": "text", "searchable": True}}},
            # A kind that is called as a type is, with other properties to hide.
            "SKU": {
                "shared": True,
                "properties": {"code": {"type": "text", "sensitivity": "sensitive", "searchable": True}},
            },
        },
        "relationships": {
            "USES": {"ends": "Subscription -> Router"},
            "ON": {"ends": ["Ticket -> Router", "Memo -> Product"]},
            "KNOWS": {
                "ends": "Customer -> Customer",
                "properties": {"how": {"type": "text", "sensitivity": "personal"}, "long": "integer"},
            },
            "SOLD_IN": {"ends": "Product -> Region"},
            "SKU": {"ends": "Product -> SKU", "properties": {"code": "text"}},
        },
    }
)
NORTH, SOUTH = ("ana", "bia"), ("zzrui", "zzsol")
PERSONAL_MONEY = Amount(Decimal("777777.77"), "EUR")
SENSITIVE_DATE = date(1933, 3, 3)
PERSONAL = ("qqpersonal", "777777")
SENSITIVE = ("qqsensitive", "1933")
KEYS = "kk"
HIDDEN = "zz"


def t(start: str, type_: str, end: str) -> Triple:
    return VOCABULARY.get_triple(start, type_, end)


def key(kind: str, name: str) -> str:
    """Return the key of somebody's node of a kind."""
    personal = kind in ("Customer", "SourceRecord", "Contact", "Complaint", "Ticket")
    return f"{KEYS if personal else ''}{kind.lower()}-{name}"


def describe(name: str, region: str, values: str = "") -> list[Fact]:
    """Return what the systems say of a customer; with `values`, other personal ones."""
    me = key("Customer", name)
    own = {k: key(k, name) for k in ("Complaint", "Subscription", "Invoice", "Payment", "Contact")}
    mark = name if name in SOUTH else ""
    said = [
        customer(
            me,
            name=f"Name {mark} qqpersonal{values}",
            nick=f"nick {mark} qqpersonal{values}",
            diagnosis=f"ill {mark} qqsensitive{values}",
            birth_date=SENSITIVE_DATE if not values else None,
            income=PERSONAL_MONEY if not values else Amount(Decimal(len(name)), "BRL"),
            segment=f"gold {mark}".strip(),
            language="es",
            since=date(2020, 1, 1 + len(name)),
        ),
        link(t("Customer", "IN", "Region"), me, region),
        node(
            "Complaint",
            own["Complaint"],
            text=f"late again {mark} qqpersonal{values}",
            title=f"late {mark}",
            language="es",
            score=float(len(name)),
            filed_at=datetime(2026, 5, len(name), tzinfo=UTC),
        ),
        node("Subscription", own["Subscription"], status=f"active {mark}".strip()),
        node("Invoice", own["Invoice"], number=f"N {mark}", amount=Amount(Decimal(len(name)), "EUR")),
        node("Payment", own["Payment"], method=f"card {mark}".strip(), installments=len(name)),
        node("Contact", own["Contact"], subject=f"call {mark} qqpersonal{values}", direction="in"),
        link(t("Customer", "FILED", "Complaint"), me, own["Complaint"]),
        link(t("Customer", "HOLDS", "Subscription"), me, own["Subscription"]),
        link(t("Customer", "BILLED", "Invoice"), me, own["Invoice"]),
        link(t("Customer", "HAD", "Contact"), me, own["Contact"]),
        link(t("Payment", "PAYS", "Invoice"), own["Payment"], own["Invoice"]),
        link(t("Subscription", "OF", "Product"), own["Subscription"], "fibre"),
        link(t("Complaint", "ABOUT", "Subscription"), own["Complaint"], own["Subscription"]),
        link(t("Contact", "THROUGH", "Channel"), own["Contact"], "phone"),
    ]
    for place in (0, 9):
        said.append(
            link(
                t("Complaint", "ATTRIBUTED_TO", "Cause"),
                own["Complaint"],
                "late",
                starts_at=place,
                quote=f"late {mark} qqpersonal{values}",
                manner="explicit",
            )
        )
    return said


def fill(store: Store, people: Iterable[str] = NORTH + SOUTH, values: str = "") -> None:
    """Fill a store with what is shared, and with some customers; what is hidden comes last of each source."""
    shared = [
        node("Product", "fibre", name="Fibre"),
        node("Product", "mobile", name="Mobile"),
        node("Cause", "late", name_en="late", domain="delivery"),
        node("Cause", "rain", name_en="rain"),
        node("Action", "vans", name="More vans"),
        node("Region", "north", name="North"),
        node("Region", "south", name="South"),
        node("Channel", "phone", name="Phone"),
        node("SKU", "x1", code="qqsensitive"),
        node("Memo", "memo-zz", text="memo zz"),
        link(t("Memo", "ON", "Product"), "memo-zz", "fibre"),
        link(t("Product", "SOLD_IN", "Region"), "fibre", "north"),
        link(t("Product", "SOLD_IN", "Region"), "mobile", "south"),
        link(t("Product", "SKU", "SKU"), "fibre", "x1", code="plain"),
        link(t("Cause", "CAUSED_BY", "Cause"), "late", "rain"),
        link(t("Action", "ADDRESSES", "Cause"), "vans", "late"),
    ]
    rows: dict[str, list[Fact]] = {
        f"kkrow-{name}": describe(name, "north" if name in NORTH else "south", values) for name in people
    }
    people = list(people)
    if {"ana", "bia"} <= set(people):
        knows = link(
            t("Customer", "KNOWS", "Customer"), key("Customer", "ana"), key("Customer", "bia"), long=3
        )
        rows["kkrow-ana"].append(knows)
    ingest(store, catalog={"1": shared}, crm=rows)


def fill_ties(store: Store) -> None:
    """Add what north and south have in common, and a record that was ana's and is rui's now."""
    ana, rui = key("Customer", "ana"), key("Customer", "zzrui")
    ties: dict[str, list[Fact]] = {
        "kkrow-zz1": [
            link(t("Customer", "KNOWS", "Customer"), ana, rui, how="qqpersonal zz", long=9),
            link(t("Subscription", "USES", "Router"), key("Subscription", "ana"), "r9"),
            link(t("Subscription", "USES", "Router"), key("Subscription", "zzrui"), "r9"),
            link(t("Subscription", "USES", "Router"), key("Subscription", "zzrui"), "r8-zz"),
            link(t("Ticket", "ON", "Router"), "kkticket-zz", "r9"),
            node("Ticket", "kkticket-zz", text="zz qqpersonal"),
            link(
                t("Complaint", "ABOUT", "Subscription"), key("Complaint", "zzrui"), key("Subscription", "ana")
            ),
            link(t("Customer", "BILLED", "Invoice"), ana, "invoice-zz-both"),
            link(t("Customer", "BILLED", "Invoice"), rui, "invoice-zz-both"),
        ]
    }
    append(store, ties=ties)
    ingest(store, shop={"kkrow-zz2": [customer("kkrecord-zz", name="Was zz qqpersonal", segment="zz gold")]})
    assign(store, "kkrecord-zz", ana)
    assign(store, "kkrecord-zz", rui)


def assign(store: Store, record: str, to: str) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement(record, to, 0.9, "email", "matcher 1")])
        transaction.finish_run()


def values_of(found: Any) -> str:
    """Return all that an answer shows, as one text."""
    if hasattr(found, "nodes") and hasattr(found, "relationships"):
        tables = (*getattr(found, "nodes", {}).items(), *getattr(found, "relationships", {}).items())
        return " ".join(
            repr(table.to_pydict()) if hasattr(table, "to_pydict") else repr((name, table))
            for name, table in tables
        )
    return repr(found)
