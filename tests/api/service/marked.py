"""A company in which everything that may be hidden from somebody is a mark of its own.

Forty people, the even ones of the north, the odd ones of the south. Courier `slow` of either region is late
since spring, and people complain of it; two of them complain of everything.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from graph import Store, open_store
from ingest import ingest, load_project
from schema import Amount, Vocabulary
from tests.api.service.marks import Marks
from tests.api.service.project import LATE, PROJECT, ROOF, TWICE
from tests.graph.conformance.company import Fact, append, link, node

PEOPLE, ORDERS, ANGRY = 40, 8, (6, 7)
NORTH = frozenset(range(0, PEOPLE, 2))
SPRING, TODAY = date(2026, 4, 1), date(2026, 9, 28)


class Company:
    """The files of the company, its store, its marks; `keys`: of what is of each of its people, by kind."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.marks, self.draw = folder, Marks(range(PEOPLE)), random.Random(7)
        self.keys: list[dict[str, list[str]]] = [{} for _ in range(PEOPLE)]
        self.shared = {
            "Product": ["fibre"],
            "Region": ["north", "south"],
            "Channel": ["phone"],
            "Campaign": ["spring"],
            "SKU": ["x1"],
            "Depot": ["depot-1", "depot-2"],
            "Cause": ["delivery.late"],
        }
        self.couriers = {
            (north, name): self.marks.make(
                "Courier.key", "own", *(i for i in range(PEOPLE) if (i in NORTH) is north)
            )
            for north in (True, False)
            for name in ("slow", "quick", "sure")
        }
        self.write_files()
        project = load_project(folder / "motivo.yaml")
        self.store: Store = open_store(f"sqlite:///{folder / 'motivo.db'}")
        ingest(project, self.store)
        vocabulary = self.store.reader().vocabulary
        append(self.store, desk={f"d{i}": list(self.tell(i, vocabulary)) for i in range(PEOPLE)})
        append(self.store, office={"o": list(self.tell_shared(vocabulary))})

    def key(self, kind: str, i: int, level: str = "key") -> str:
        """Return the key of something new of somebody."""
        made = self.marks.make(f"{kind}.key", level, i)
        self.keys[i].setdefault(kind, []).append(made)
        return made

    # Files

    def write_files(self) -> None:
        """Write what the systems say, and the project file."""
        customers = [self.meet(i) for i in range(PEOPLE)]
        again = customers[4] | {
            "id": self.marks.make("Customer.key", "key", 4),
            "dni": self.tax_number(4, 900),
        }
        self.write("customers.csv", [*customers, again])
        accounts = [{"id": self.key("Account", i)} for i in range(8)]
        names = ("email", "name")
        rows = [account | {n: customers[i][n] for n in names} for i, account in enumerate(accounts)]
        self.write("accounts.csv", rows)
        orders, messages = [], []
        for i in range(PEOPLE):
            own = list(self.order(i))
            orders += own
            messages.append(self.message(i, LATE, SPRING, own[0]["id"] if i < 2 else ""))
            for n, row in enumerate(own):
                messages += self.complain(i, n, row)
        self.write("orders.csv", orders)
        messages += [self.message(8 + n, ROOF[n % 3], TODAY) for n in range(12)]
        text = "".join(json.dumps(row) + "\n" for row in messages)
        (self.folder / "messages.jsonl").write_text(text, "utf-8")
        (self.folder / "motivo.yaml").write_text(PROJECT, "utf-8")

    def write(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Write a table."""
        with (self.folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def tax_number(self, i: int, number: int) -> str:
        """Return a number of the form that Spain has."""
        value = 87_654_000 + number
        self.marks.note(str(value), "Customer.taxNumber", "sensitive", i)
        return f"{value}{'TRWAGMYFPDXBNJZSQVHLCKE'[value % 23]}"

    def meet(self, i: int) -> dict[str, Any]:
        """Return the row of a customer."""
        marks = self.marks
        born = str(date(1931, 1, 1) + timedelta(days=31 * i))
        row = {
            "id": self.key("Customer", i),
            "email": marks.make("Customer.email", "personal", i) + "@mark.example",
            "phone": "+34" + marks.note(f"61234{i:04}", "Customer.phone", "personal", i),
            "dni": self.tax_number(i, i),
            "born": marks.note(born, "Customer.birthDate", "sensitive", i),
            "income": marks.note(f"{7_654_000 + i}.25", "Customer.income", "personal", i),
            "code": marks.make("Customer.code", "own", i),
            "diagnosis": "ill " + marks.make("Customer.diagnosis", "sensitive", i),
            "segment": "gold" if i % 3 else "silver",
            "language": "en",
            "since": str(date(2020, 1, 1 + i % 2)),
        }
        for name in ("name", "external", "address", "nick"):
            row[name] = f"{name} {marks.make(f'Customer.{name}', 'personal', i)}"
        return row

    def order(self, i: int) -> Iterator[dict[str, Any]]:
        """Yield the rows of somebody's orders."""
        for n in range(24 if i in ANGRY else ORDERS):
            on = date(2026, 1, 1) + timedelta(days=self.draw.randrange(260))
            name = self.draw.choice(("slow", "quick", "sure"))
            late = name == "slow" and on >= SPRING
            yield {
                "id": self.key("Order", i),
                "customer": self.keys[i]["Customer"][0],
                "courier": self.couriers[i in NORTH, name],
                "depot": f"depot-{1 + n % 2}",
                "day": on,
                "days": 9 + self.draw.randrange(3) if late else 2 + self.draw.randrange(2),
                "total": f"{self.draw.randrange(900, 9900) / 100:.2f}",
                "tag": self.marks.make("Order.tag", "own", i),
                "note": self.marks.make("Order.note", "sensitive", i),
                "receipt": self.marks.make("BROUGHT_BY.receipt", "personal", i),
            }

    def complain(self, i: int, n: int, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield what somebody writes of an order; who is angry writes of all, and of most these days."""
        soon, these_days = min(order["day"] + timedelta(days=14), TODAY), TODAY - timedelta(days=n % 6)
        if i in ANGRY:
            yield self.message(
                i, LATE if n % 4 == 0 else TWICE, soon if n % 4 == 0 else these_days, order["id"]
            )
        elif order["days"] > 8:
            yield self.message(i, LATE, soon, order["id"])
        elif (3 * i + n) % 17 == 0:
            yield self.message(i, TWICE, soon, order["id"])

    def message(self, i: int, text: str, on: date, order: str = "") -> dict[str, Any]:
        """Return the row of a complaint."""
        return {
            "id": self.key("Complaint", i),
            "customer": self.keys[i]["Customer"][0],
            "order": order,
            "at": f"{on}T10:00:00",
            "text": text.format(self.marks.make("Complaint.text", "personal", i)),
            "title": self.marks.make("Complaint.title", "personal", i),
            "status": self.marks.make("Complaint.status", "own", i),
            "score": 1.5,
            "language": "en",
        }

    # What no file says

    def tell(self, i: int, vocabulary: Vocabulary) -> Iterator[Fact]:
        """Yield more of somebody, and what joins them to the next one, who is of the other region."""
        marks, me, to = self.marks, f"crm:{self.keys[i]['Customer'][0]}", vocabulary.get_triple
        own = {kind: self.key(kind, i, "own") for kind in ("Subscription", "Invoice", "Payment")}
        contact, complaint, order = (
            self.key("Contact", i),
            self.keys[i]["Complaint"][0],
            self.keys[i]["Order"][0],
        )

        def say(name: str, level: str = "own") -> str:
            return marks.make(name, level, i)

        money = Amount(Decimal("12.50"), "EUR")
        days = {"started_on": date(2025, 1, 2), "ended_on": date(2026, 8, 1)}
        state = say("Subscription.status")
        yield node("Subscription", own["Subscription"], status=state, monthly_fee=money, **days)
        days = {"issued_on": date(2026, 2, 1), "due_on": date(2026, 3, 1)}
        number, state = say("Invoice.number"), say("Invoice.status")
        yield node("Invoice", own["Invoice"], number=number, status=state, amount=money, **days)
        paid = {"paid_at": datetime(2026, 2, 5, tzinfo=UTC), "installments": 2}
        yield node("Payment", own["Payment"], method=say("Payment.method"), amount=money, **paid)
        said = {n: say(f"Contact.{n}") for n in ("direction", "purpose", "response")}
        words = {n: say(f"Contact.{n}", "personal") for n in ("subject", "text")}
        yield node("Contact", contact, at=datetime(2026, 2, 3, tzinfo=UTC), **said, **words)
        yield link(to("Customer", "IN", "Region"), me, "north" if i in NORTH else "south")
        yield link(to("Customer", "HOLDS", "Subscription"), me, own["Subscription"])
        yield link(to("Customer", "BILLED", "Invoice"), me, own["Invoice"])
        yield link(to("Customer", "HAD", "Contact"), me, contact)
        yield link(to("Contact", "THROUGH", "Channel"), contact, "phone")
        yield link(to("Contact", "PART_OF", "Campaign"), contact, "spring")
        yield link(to("Subscription", "OF", "Product"), own["Subscription"], "fibre")
        yield link(
            to("Subscription", "IN", "Region"), own["Subscription"], "north" if i in NORTH else "south"
        )
        charges = {"amount": money, "quantity": 1.0}
        yield link(to("Invoice", "CHARGES", "Subscription"), own["Invoice"], own["Subscription"], **charges)
        yield link(to("Invoice", "CHARGES", "Product"), own["Invoice"], "fibre", **charges)
        yield link(to("Payment", "PAYS", "Invoice"), own["Payment"], own["Invoice"])
        yield link(to("Payment", "PAYS", "Order"), own["Payment"], order)
        yield link(to("Complaint", "THROUGH", "Channel"), complaint, "phone")
        for kind in ("Subscription", "Invoice", "Payment"):
            yield link(to("Complaint", "ABOUT", kind), complaint, own[kind])
        yield link(to("Complaint", "ABOUT", "Contact"), complaint, contact)
        yield link(to("Complaint", "ABOUT", "Product"), complaint, "fibre")
        for account in self.keys[i].get("Account", ()):
            judged = {"probability": 0.9, "rule": "email", "decided_by": "matcher"}
            yield link(to("SourceRecord", "SAME_AS", "SourceRecord"), me, f"web:{account}", **judged)
        # What of theirs has to do with others.
        for step in (1, 2):
            other = (i + step) % PEOPLE
            how = marks.make("KNOWS.how", "personal", i, other, every=True)
            them = f"crm:{self.keys[other]['Customer'][0]}"
            yield link(to("Customer", "KNOWS", "Customer"), me, them, how=how, years=3)

    def tell_shared(self, vocabulary: Vocabulary) -> Iterator[Fact]:
        """Yield what is of no one customer, and the invoice and complaint of two regions."""
        to, marks = vocabulary.get_triple, self.marks
        yield node("Product", "fibre", name="Fibre", category="net", price=Amount(Decimal("30"), "EUR"))
        yield node("SKU", "x1", code=marks.make("SKU.code", "sensitive"))
        for number in (1, 2):
            manager = marks.make("Depot.manager", "personal")
            yield node("Depot", f"depot-{number}", name=f"Depot {number}", manager=manager)
        yield node("Region", "north", name="North")
        yield node("Region", "south", name="South")
        yield node("Channel", "phone", name="Phone")
        days = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
        yield node("Campaign", "spring", name="Spring", **days)
        yield node("Action", "vans", name="More vans", owner="Desk", new_only=False, **days)
        yield link(to("Product", "SKU", "SKU"), "fibre", "x1", code="plain")
        yield link(to("Action", "ADDRESSES", "Cause"), "vans", "delivery.late")
        yield link(to("Cause", "MERGED_INTO", "Cause"), "delivery.late", "delivery.not_received")
        one, other = self.keys[0], self.keys[1]
        joint = marks.make("Invoice.key", "own", 0, 1)
        yield node("Invoice", joint, number=marks.make("Invoice.number", "own", 0, 1))
        for keys in (one, other):
            yield link(to("Customer", "BILLED", "Invoice"), f"crm:{keys['Customer'][0]}", joint)
        paid = marks.make("Payment.key", "own", 0, 1, every=True)
        yield node("Payment", paid, method=marks.make("Payment.method", "own", 0, 1, every=True))
        yield link(to("Payment", "PAYS", "Invoice"), paid, joint)
        yield link(to("Complaint", "ABOUT", "Subscription"), other["Complaint"][0], one["Subscription"][0])
