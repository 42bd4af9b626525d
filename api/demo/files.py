"""The company's three systems as files, each with its own habits, gaps and a few bad rows."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

from api.demo.messages import Message
from api.demo.people import spell_cpf, spell_email, spell_phone
from api.demo.records import Company, Person, Subscription

_CRM_COLUMNS = (
    "customer_id", "full_name", "email", "phone", "cpf", "birth_date", "city", "region",
    "segment", "customer_since", "preferred_language", "sales_channel",
)  # fmt: skip
_BAD_PHONES = ("+55 11 0000-0000", "(41) 123", "11 99999 9999 9", "ramal 220")
_BAD_DATES = ("31/02/2026", "00/03/2026", "2026-13-01")
_TABLES = """
CREATE TABLE accounts (account_id TEXT PRIMARY KEY, cpf TEXT, email TEXT, payment_method TEXT,
  due_day INTEGER, opened_on TEXT);
CREATE TABLE plans (plan_code TEXT PRIMARY KEY, name TEXT, technology TEXT, monthly_price TEXT);
CREATE TABLE installers (installer_id TEXT PRIMARY KEY, name TEXT, region TEXT, depot TEXT);
CREATE TABLE towers (tower_id TEXT PRIMARY KEY, city TEXT, controller TEXT);
CREATE TABLE billing_runs (run_id TEXT PRIMARY KEY, month TEXT, processed_on TEXT, server TEXT);
CREATE TABLE subscriptions (subscription_id TEXT PRIMARY KEY, account_id TEXT, plan_code TEXT,
  status TEXT, ordered_on TEXT, installed_on TEXT, started_on TEXT, monthly_fee TEXT,
  installer_id TEXT, router_model TEXT, firmware TEXT, tower_id TEXT);
CREATE TABLE invoices (invoice_id TEXT PRIMARY KEY, account_id TEXT, run_id TEXT, issued_on TEXT,
  due_on TEXT, amount TEXT, status TEXT);
CREATE TABLE invoice_lines (invoice_id TEXT, subscription_id TEXT, amount TEXT,
  PRIMARY KEY (invoice_id, subscription_id));
CREATE TABLE payments (payment_id TEXT PRIMARY KEY, invoice_id TEXT, paid_at TEXT, method TEXT,
  amount TEXT);
"""

Row = tuple[str | int | None, ...]


def write_customers(crm: Path, billing: Path, company: Company, rng: Random) -> list[list[str]]:
    """Write the CRM's file and billing's database.

    Returns for each customer the addresses under which the two systems can tell who wrote: an
    e-mail address, a phone number or both.
    """
    people = company.people
    order = list(range(len(people)))
    rng.shuffle(order)
    bad = dict.fromkeys(order[: len(people) // 350], "phone") | dict.fromkeys(
        order[len(people) // 350 : len(people) // 200], "date"
    )
    rows, accounts, addresses = [], [], []
    for position, person in enumerate(people):
        record, account, known = _record(rng, person, bad.get(position, ""))
        rows.append(record)
        accounts.append(account)
        addresses.append(known)
    with crm.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _CRM_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    _write_billing(billing, company, accounts, rng)
    return addresses


def _record(rng: Random, person: Person, bad: str) -> tuple[dict[str, str], Row, list[str]]:
    """Return a customer as the CRM and as billing have it, and the addresses to be known by.

    Something joins the two always: the CPF, or where one of them lacks it the e-mail address.
    """
    crm_cpf, billing_cpf = rng.random() >= 0.04, rng.random() >= 0.03
    joined = crm_cpf and billing_cpf and not bad
    email = not (joined and rng.random() < 0.03)
    phone = not (email and rng.random() < 0.03)
    old_email = joined and rng.random() < 0.05
    record = {
        "customer_id": person.id,
        "full_name": person.name,
        "email": spell_email(rng, person.email) if email else "",
        "phone": spell_phone(rng, person.phone) if phone else "",
        "cpf": spell_cpf(person.cpf) if crm_cpf else "",
        "birth_date": "" if rng.random() < 0.08 else _day(person.birth_date),
        "city": "" if rng.random() < 0.02 else person.city,
        "region": "" if rng.random() < 0.03 else person.region,
        "segment": "" if rng.random() < 0.03 else person.segment,
        "customer_since": _day(person.since),
        "preferred_language": person.language,
        "sales_channel": person.sales_channel,
    }
    if bad == "phone":
        record["phone"] = rng.choice(_BAD_PHONES)
    elif bad == "date":
        record["customer_since"] = rng.choice(_BAD_DATES)
    account: Row = (
        person.account,
        person.cpf if billing_cpf else None,
        f"old.{person.email}" if old_email else person.email if email else None,
        person.payment_method,
        person.due_day,
        person.since.isoformat(),
    )
    known = [person.email] if email else []
    if phone and not bad:  # a row with a fault is set aside, and its phone with it
        known.append(person.phone)
    return record, account, known


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _write_billing(path: Path, company: Company, accounts: Sequence[Row], rng: Random) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        tables = {"accounts": accounts, **_registers(company)}
        tables["subscriptions"] = _subscriptions(company, rng)
        tables["invoices"] = _invoices(company, rng)
        tables["invoice_lines"] = _lines(company)
        tables["payments"] = _payments(company)
        for table, rows in tables.items():
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def _registers(company: Company) -> dict[str, Sequence[Row]]:
    return {
        "plans": [(p.code, p.name, p.technology, _money(p.price)) for p in company.plans],
        "installers": [(i.id, i.name, i.region, i.depot) for i in company.installers],
        "towers": [(t.id, t.city, t.controller) for t in company.towers],
        "billing_runs": [(r.id, r.month, r.processed_on.isoformat(), r.server) for r in company.runs],
    }


def _subscriptions(company: Company, rng: Random) -> list[Row]:
    prices = {plan.code: plan.price for plan in company.plans}
    return [
        (
            s.id,
            company.people[s.person].account,
            s.plan,
            "active" if rng.random() < 0.97 else "suspended",
            s.ordered_on.isoformat(),
            s.installed_on.isoformat() if s.installed_on else None,
            (s.installed_on or s.ordered_on).isoformat(),
            _money(prices[s.plan]),
            s.installer or None,
            None if rng.random() < 0.02 else s.router or None,
            None if rng.random() < 0.03 else s.firmware or None,
            s.tower or None,
        )
        for s in company.subscriptions
    ]


def _invoices(company: Company, rng: Random) -> list[Row]:
    bad = set(rng.sample(range(len(company.invoices)), len(company.people) // 600))
    return [
        (
            i.id,
            company.people[i.person].account,
            i.run,
            i.issued_on.isoformat(),
            "2026-09-31" if position in bad else i.due_on.isoformat(),
            _money(i.amount),
            "paid" if i.paid_on else "open",
        )
        for position, i in enumerate(company.invoices)
    ]


def _lines(company: Company) -> list[Row]:
    """What each invoice charges: each subscription of the account its fee, the first one the usage."""
    prices = {plan.code: plan.price for plan in company.plans}
    held: dict[int, list[Subscription]] = defaultdict(list)
    for s in company.subscriptions:
        held[s.person].append(s)
    lines: list[Row] = []
    for invoice in company.invoices:
        charged = held[invoice.person]
        sums = [prices[s.plan] for s in charged]
        sums[0] += invoice.amount - sum(sums)
        lines += [(invoice.id, s.id, _money(cents)) for s, cents in zip(charged, sums, strict=True)]
    return lines


def _payments(company: Company) -> list[Row]:
    return [
        (
            f"P{i.id[1:]}",
            i.id,
            f"{i.paid_on.isoformat()} 12:00:00",
            company.people[i.person].payment_method,
            _money(i.amount),
        )
        for i in company.invoices
        if i.paid_on
    ]


def write_inbox(path: Path, messages: Iterable[Message], rng: Random) -> None:
    """Write support's messages, one JSON object a line; of a few that do not complain, the clock
    was wrong.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for message in messages:
            broken = not message.label.complaint and rng.random() < 0.003
            line = {
                "id": message.id,
                "sent_at": "2026-02-30 25:61:00" if broken else f"{message.at:%Y-%m-%d %H:%M:%S}",
                "channel": message.channel,
                "sender": message.sender,
                "service": message.service,
                "topic": message.topic,
                "text": message.text,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def write_json(path: Path, value: Mapping[str, object]) -> None:
    """Write an object as JSON for people to read."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
