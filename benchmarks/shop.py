"""A shop's exports of any size: the same rows for the same size, written as CSV."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

REGIONS, PRODUCTS, CAUSES = 27, 2_000, 40
WORDS = (
    "late", "parcel", "broken", "wrong", "size", "colour", "missing", "invoice", "twice", "refund",
    "courier", "rude", "slow", "box", "torn", "never", "arrived", "cold", "warranty", "screen",
    "battery", "noise", "leak", "stain", "cancelled", "support", "waiting", "price",
)  # fmt: skip

ORDER_COLUMNS = (
    "order_id", "customer_id", "product", "region", "amount", "status", "purchased_at",
    "promised_on", "delivered_on",
)  # fmt: skip

PROJECT = """\
version: 1
name: shop
languages: [en]
country: BR
currency: BRL

kinds:
  Order:
    about: A purchase.
    properties:
      amount: money
      status: text
      purchased_at: time
      promised_on: date
      delivered_on: date
      days_late: integer

relationships:
  PLACED: {about: Who bought., ends: [Customer -> Order]}
  CONTAINS: {about: What was bought., ends: [Order -> Product]}
  ABOUT: {ends: [Complaint -> Order]}
  IN: {ends: [Order -> Region]}

sources:
  customers: {path: customers.csv, key: customer_id}
  orders:
    path: orders.csv
    key: order_id
    computed:
      days_late: date_diff('day', promised_on::date, delivered_on::date)
  complaints: {path: complaints.csv, key: complaint_id}

targets:
  nodes:
    - source: customers
      kind: Customer
      key: customer_id
      properties: {name: name, email: email, segment: segment, since: since}
    - {source: customers, kind: Region, key: region, properties: {name: region}}
    - source: orders
      kind: Order
      key: order_id
      properties:
        amount: amount
        status: status
        purchased_at: purchased_at
        promised_on: promised_on
        delivered_on: delivered_on
        days_late: days_late
    - source: complaints
      kind: Complaint
      key: complaint_id
      properties: {title: title, score: score, filed_at: filed_at}
  relationships:
    - {source: customers, type: IN, start: Customer, end: Region}
    - source: orders
      type: PLACED
      start: {kind: Customer, key: customer_id, system: customers}
      end: Order
    - {source: orders, type: CONTAINS, start: Order, end: {kind: Product, key: product}}
    - {source: orders, type: IN, start: Order, end: {kind: Region, key: region}}
    - source: complaints
      type: FILED
      start: {kind: Customer, key: customer_id, system: customers}
      end: Complaint
    - {source: complaints, type: ABOUT, start: Complaint, end: {kind: Order, key: order_id}}
    - source: complaints
      type: ATTRIBUTED_TO
      start: Complaint
      end: {kind: Cause, key: cause}
      properties: {starts_at: starts_at}

identity:
  - email
"""


def write_shop(folder: Path, rows: int) -> Path:
    """Write exports of this many rows in all, and return their project file.

    A fifth of the rows are customers, seven tenths orders, a tenth complaints.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(rows)
    customers, complaints = rows // 5, rows // 10
    orders = rows - customers - complaints
    placed = [draw.randrange(customers) for _ in range(orders)]
    _write(
        folder / "customers.csv",
        ("customer_id", "name", "email", "segment", "since", "region"),
        _customers(draw, customers),
    )
    _write(folder / "orders.csv", ORDER_COLUMNS, _orders(draw, placed))
    _write(
        folder / "complaints.csv",
        ("complaint_id", "customer_id", "order_id", "cause", "starts_at", "title", "score", "filed_at"),
        _complaints(draw, placed, complaints),
    )
    project = folder / "motivo.yaml"
    project.write_text(PROJECT, "utf-8")
    return project


def _customer(number: int) -> str:
    return f"C{number * 7_919 % 10_000_019:08}"  # scattered, as ids of real systems often are


def _order(number: int) -> str:
    return f"{number * 2_654_435_761 % 2**32:08x}{number:08x}"


def _day(number: int) -> str:
    return f"{2023 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"


def _customers(draw: random.Random, count: int) -> Iterator[Sequence[object]]:
    for i in range(count):
        name = f"{draw.choice(WORDS)} {draw.choice(WORDS)} {i}".title()
        yield (
            _customer(i), name, f"{name.replace(' ', '.').lower()}@example.com",
            draw.choice(("home", "small business", "company")), _day(draw.randrange(336)),
            f"R{draw.randrange(REGIONS):02}",
        )  # fmt: skip


def _orders(draw: random.Random, placed: Sequence[int]) -> Iterator[Sequence[object]]:
    for i, customer in enumerate(placed):
        day = draw.randrange(980)
        yield (
            _order(i), _customer(customer), f"P{int(PRODUCTS * draw.random() ** 2):04}",
            f"R{draw.randrange(REGIONS):02}", f"{draw.lognormvariate(4, 1):.2f}",
            draw.choice(("delivered", "delivered", "delivered", "returned")),
            f"{_day(day)}T{draw.randrange(24):02}:{draw.randrange(60):02}:00",
            _day(day + 7), _day(day + draw.randrange(2, 14)),
        )  # fmt: skip


def _complaints(draw: random.Random, placed: Sequence[int], count: int) -> Iterator[Sequence[object]]:
    for i in range(count):
        order = draw.randrange(len(placed))
        yield (
            f"K{i:08}", _customer(placed[order]), _order(order), f"cause.{int(CAUSES * draw.random() ** 2)}",
            0, " ".join(draw.choices(WORDS, k=6)), draw.randrange(1, 3),
            f"{_day(draw.randrange(990))}T12:00:00",
        )  # fmt: skip


def _write(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
