"""A company with subscriptions, in which one product makes people complain."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from graph import Store, open_store
from schema import ATTRIBUTED_TO, Amount, Triple, core_vocabulary
from tests.graph.conformance.company import Fact, customer, ingest, link, node

HOLDS = Triple("Customer", "HOLDS", "Subscription")
OF = Triple("Subscription", "OF", "Product")
FILED = Triple("Customer", "FILED", "Complaint")
ABOUT = Triple("Complaint", "ABOUT", "Subscription")
CUSTOMERS = 600
PRODUCTS = ("fibre", "mobile", "tv", "voice")


def fill(url: str) -> Store:
    """Write 600 customers with a subscription each; those of `tv` complain of it, others seldom."""
    store = open_store(url, core_vocabulary())
    rng = np.random.default_rng(7)
    said: list[Fact] = [node("Product", name, name=name.upper(), category="net") for name in PRODUCTS]
    said += [node("Cause", "billing.late", name_en="late bill", name_es="factura tardía")]
    for number in range(CUSTOMERS):
        who, what = f"customer {number:03}", f"subscription {number:03}"
        product = PRODUCTS[int(rng.integers(4))]
        begun = date(2025, 1, 1) + timedelta(days=int(rng.integers(300)))
        fee = Amount(Decimal(int(rng.integers(20, 90))), "BRL")
        said += [
            customer(who, name=f"Ana {number}", segment="home" if number % 3 else "company"),
            node("Subscription", what, started_on=begun, monthly_fee=fee, status="active"),
            link(HOLDS, who, what),
            link(OF, what, product),
        ]
        if rng.random() < (0.6 if product == "tv" else 0.05):
            complaint = f"complaint {number:03}"
            filed = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=int(rng.integers(90)))
            said += [
                node(
                    "Complaint",
                    complaint,
                    text="Cobrança errada" if number % 2 else "Llega tarde la factura",
                    language="pt" if number % 2 else "es",
                    status="open",
                    score=float(rng.integers(1, 6)),
                    filed_at=filed,
                ),
                link(FILED, who, complaint),
                link(ABOUT, complaint, what),
                link(ATTRIBUTED_TO, complaint, "billing.late", starts_at=0, ends_at=5, quote="Cobra"),
            ]
    ingest(store, crm={str(number): [fact] for number, fact in enumerate(said)})
    return store
