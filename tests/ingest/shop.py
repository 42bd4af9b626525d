"""A shop that keeps its customers, orders and messages in three systems, for tests of the whole path.

Orders of one courier arrive late, and their buyers complain of it.
"""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from datetime import date, timedelta
from pathlib import Path

PROJECT = """\
version: 1
name: shop
languages: [es, en]
country: ES
currency: EUR
timezone: Europe/Madrid
text: {extractor: lexical}
kinds:
  Order:
    properties: {on: date, days: integer, total: money}
  Courier: {properties: {}}
relationships:
  PLACED: {ends: [Customer -> Order]}
  BROUGHT_BY: {ends: [Order -> Courier]}
  ABOUT: {ends: [Complaint -> Order]}
sources:
  crm: {path: customers.csv, key: id}
  orders:
    path: orders.sqlite
    table: orders
    key: order_id
    system: billing
    computed: {days: "date_diff('day', ordered_on::date, delivered_on::date)"}
  messages: {path: messages.jsonl, key: id, system: support}
targets:
  nodes:
    - {source: crm, kind: Customer, key: id, properties: {name: name, email: email, tax_number: dni}}
    - {source: orders, kind: Customer, key: account, properties: {email: email}}
    - {source: orders, kind: Order, key: order_id, properties: {on: ordered_on, days: days, total: total}}
    - {source: orders, name: courier, kind: Courier, key: courier, where: courier <> ''}
    - {source: messages, kind: Customer, key: email, properties: {email: email}}
    - {source: messages, kind: Complaint, key: id, detect: true, properties: {text: text, filed_at: at}}
  relationships:
    - {source: orders, type: PLACED, start: Customer, end: Order}
    - {source: orders, type: BROUGHT_BY, start: Order, end: courier}
    - {source: messages, type: FILED, start: Customer, end: Complaint}
    - {source: messages, type: ABOUT, start: Complaint, end: {kind: Order, key: order_id}}
identity: [tax_number, email]
root_causes: {unit: Order, money: Order.total}
"""

TEXTS = (
    "El pedido llegó tarde porque el repartidor se perdió. Es una vergüenza.",
    "My parcel arrived late because the courier did not come. I want a refund.",
    "Estoy muy enfadado: me cobraron dos veces el pedido.",
    "Thank you, everything is perfect.",
    "¿Cuál es el horario de la tienda?",
)


def make_shop(folder: Path, *, customers: int = 200, orders: int = 600, messages: int = 120) -> Path:
    """Write the files of a shop and its project file; return the path of the latter.

    One customer in fifty has no valid tax number, one is there twice with different contents, one line
    has no columns, and one order in 97 was delivered on a day that is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(7)
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "email", "dni"])
        for i in range(customers):
            letter = "TRWAGMYFPDXBNJZSQVHLCKE"[(10_000_000 + i) % 23]
            dni = "1" if i % 50 == 7 else f"{10_000_000 + i}{letter}"  # a tax number that is none
            writer.writerow([f"C{i}", f"Persona {i}", f"p{i}@correo.example", dni])
            if i % 50 == 9:
                writer.writerow([f"C{i}", f"Otra {i}", "", ""])  # the same key, and another person
            if i % 50 == 11:
                file.write("a line without columns\n")
    base = sqlite3.connect(folder / "orders.sqlite")
    base.execute("CREATE TABLE orders (order_id, account, email, courier, ordered_on, delivered_on, total)")
    rows = []
    for i in range(orders):
        buyer = draw.randrange(customers)
        ordered = date(2026, 1, 1) + timedelta(days=draw.randrange(200))
        late = 9 if i % 8 == 3 else 0
        delivered = "31/02/2026" if i % 97 == 5 else str(ordered + timedelta(days=2 + late))
        courier = "slow" if late else draw.choice(["quick", "sure", ""])
        email = f"P{buyer}@Correo.example"
        total = f"{draw.randrange(100, 9999) / 100:.2f}"
        rows.append((f"O{i}", f"A{buyer}", email, courier, str(ordered), delivered, total))
    base.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    base.commit()
    base.close()
    with (folder / "messages.jsonl").open("w", encoding="utf-8") as file:
        for i in range(messages):
            order = (8 * i + 3) % orders if i % 4 else draw.randrange(orders)
            text = TEXTS[i % 2] if i % 4 else TEXTS[2 + i // 4 % 3]
            at = f"2026-09-{1 + i % 28:02}T10:00:00"
            row = {"id": f"M{i}", "email": rows[order][2], "order_id": f"O{order}", "text": text, "at": at}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    project = folder / "motivo.yaml"
    project.write_text(PROJECT, encoding="utf-8")
    return project
