"""The generated files: alike every time, joined to one another, and with a few faults."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from api.demo import Truth, generate_company
from ingest.mapping import Mapper
from ingest.project import load_project
from ingest.sources import open_source
from ingest.text import load_taxonomy
from schema import UsageError
from schema.identifiers import Email, Phone, TaxNumber

FILES = ("crm.csv", "messages.jsonl", "motivo.yaml", "truth.json")
CUSTOMERS = 1200


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    directory = tmp_path_factory.mktemp("company")
    return directory, generate_company(directory, seed=3, customers=CUSTOMERS)


def read_table(directory: Path, table: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(directory / "billing.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


def read_messages(directory: Path) -> list[dict[str, str]]:
    lines = (directory / "messages.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_crm(directory: Path) -> list[dict[str, str]]:
    with (directory / "crm.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_seed_gives_the_same_files_in_every_process(tmp_path: Path) -> None:
    code = "import sys, pathlib, api.demo as d; d.generate_company(pathlib.Path(sys.argv[1]), 5, 300)"
    for name, hash_seed in (("one", "1"), ("two", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": f"UTC{hash_seed}"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=environment)
    for file in FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    dumps = []
    for name in ("one", "two"):
        with closing(sqlite3.connect(tmp_path / name / "billing.sqlite")) as connection:
            dumps.append(list(connection.iterdump()))
    assert dumps[0] == dumps[1]


def test_another_seed_gives_another_company_and_a_second_run_doubles_nothing(tmp_path: Path) -> None:
    first = generate_company(tmp_path, 1, 300)
    text = (tmp_path / "messages.jsonl").read_bytes()
    assert generate_company(tmp_path, 1, 300) == first
    assert (tmp_path / "messages.jsonl").read_bytes() == text
    generate_company(tmp_path, 2, 300)
    assert (tmp_path / "messages.jsonl").read_bytes() != text
    assert len(read_table(tmp_path, "accounts")) == 300


def test_too_few_customers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too few"):
        generate_company(tmp_path / "none", customers=10)
    assert not (tmp_path / "none").exists()


def test_the_truth_counts_what_the_files_hold(company: tuple[Path, Truth]) -> None:
    directory, truth = company
    messages = read_messages(directory)
    assert truth.messages == len(messages) == len(truth.labels)
    assert [m["id"] for m in messages] == list(truth.labels)
    labels = truth.labels.values()
    assert truth.complaints == sum(label.complaint for label in labels)
    told = Counter(label.planted for label in labels)
    for planted in truth.planted:
        assert planted.complaints == told[planted.id] > 0
        assert abs(planted.complaints - planted.expected_complaints) < 0.5 * planted.complaints
    assert json.loads((directory / "truth.json").read_text("utf-8")) == json.loads(
        json.dumps(truth.to_dict())
    )


def test_most_complaints_of_a_planted_cause_tell_of_it(company: tuple[Path, Truth]) -> None:
    _, truth = company
    taxonomy = load_taxonomy()
    for planted in truth.planted:
        told = [v.cause for v in truth.labels.values() if v.planted == planted.id]
        assert 0.7 < told.count(planted.told_as) / len(told) < 1
    for label in truth.labels.values():
        assert (label.cause is not None) == label.complaint
        assert label.cause is None or label.cause in taxonomy


def test_every_account_meets_its_customer_and_every_sender_is_known(
    company: tuple[Path, Truth],
) -> None:
    directory, _ = company
    cpf, email, phone = TaxNumber("BR"), Email(), Phone("BR")
    crm: dict[str, str] = {}
    aside = 0
    for row in read_crm(directory):
        try:
            addresses = [phone.clean(row["phone"])] if row["phone"] else []
        except ValueError:
            aside += 1
            continue
        addresses += [email.clean(row["email"])] if row["email"] else []
        addresses += [cpf.clean(row["cpf"])] if row["cpf"] else []
        for address in addresses:
            assert address not in crm
            crm[address] = row["customer_id"]
    known = set(crm)
    joined, alone = [], 0
    for account in read_table(directory, "accounts"):
        mine = [cpf.clean(str(account["cpf"]))] if account["cpf"] else []
        mine += [email.clean(str(account["email"]))] if account["email"] else []
        known |= set(mine)
        met = {crm[address] for address in mine if address in crm}
        assert len(met) <= 1
        alone += not met
        joined += met
    assert alone == aside
    assert len(set(joined)) == len(joined) == CUSTOMERS - aside
    for message in read_messages(directory):
        sender = message["sender"]
        assert (email if "@" in sender else phone).clean(sender) in known


def test_most_messages_name_a_subscription_of_the_account_that_writes(
    company: tuple[Path, Truth],
) -> None:
    directory, truth = company
    accounts = {a["account_id"]: a for a in read_table(directory, "accounts")}
    subscriptions = read_table(directory, "subscriptions")
    owners = {s["subscription_id"]: accounts[s["account_id"]] for s in subscriptions}
    held = Counter(str(s["account_id"]) for s in subscriptions)
    assert len(subscriptions) == truth.subscriptions
    assert set(held.values()) == {1, 2, 3, 4, 5}
    messages = read_messages(directory)
    named = [m for m in messages if m["service"] is not None]
    assert 0.91 < len(named) / len(messages) < 0.95
    known = {a["email"] for a in accounts.values()}
    for message in named:
        sender = message["sender"].lower()
        assert sender not in known or owners[message["service"]]["email"] == sender


def test_invoices_charge_all_that_the_account_holds(company: tuple[Path, Truth]) -> None:
    directory, _ = company
    accounts = {s["subscription_id"]: s["account_id"] for s in read_table(directory, "subscriptions")}
    invoices = {i["invoice_id"]: i for i in read_table(directory, "invoices")}
    charged: dict[object, Decimal] = defaultdict(Decimal)
    lines = read_table(directory, "invoice_lines")
    for line in lines:
        assert accounts[line["subscription_id"]] == invoices[line["invoice_id"]]["account_id"]
        charged[line["invoice_id"]] += Decimal(str(line["amount"]))
    assert len(lines) == len(accounts) * len(invoices) / CUSTOMERS
    assert charged == {key: Decimal(str(i["amount"])) for key, i in invoices.items()}


def test_nothing_that_a_message_brings_hangs_on_a_subscription_but_the_complaint(
    company: tuple[Path, Truth],
) -> None:
    directory, _ = company
    project = load_project(directory / "motivo.yaml")
    assert project.root_causes.unit == "Subscription"
    brought = {str(t.triple) for t in project.relationships if t.source == "messages"}
    assert {t for t in brought if "Subscription" in t} == {"Complaint-ABOUT->Subscription"}
    kinds = {t.kind for t in project.nodes if t.source == "messages"}
    assert kinds - {"Customer", "Complaint"} <= set(project.root_causes.exclude)


def test_the_project_maps_the_files_and_sets_few_rows_aside(company: tuple[Path, Truth]) -> None:
    directory, _ = company
    project = load_project(directory / "motivo.yaml")
    aside = {}
    for name, spec in project.sources.items():
        source = open_source(spec, directory)
        mapper = Mapper(project, name, source.columns())
        rejected = []
        for batch in source.read(None, 10_000):
            identified = mapper.identify(batch)
            mapped = mapper.map(batch, identified.good)
            rejected += identified.rejected + mapped.rejected
        aside[name] = Counter(error.field for row in rejected for error in row.errors)
    assert set(aside.pop("crm")) == {"phone", "customer_since"}
    assert set(aside.pop("invoices")) == {"due_on"}
    assert set(aside.pop("messages")) <= {"sent_at"}
    assert not any(aside.values())
