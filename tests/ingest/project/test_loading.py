"""A project file read whole, and every mistake in one told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.project import Project, RootCauseSpec, load_project
from schema.errors import ProjectError
from schema.kinds import Triple

GOOD = """\
version: 1
name: shop
languages: [pt, es]
country: BR
currency: BRL
timezone: America/Sao_Paulo
kinds:
  Order: {properties: {status: text, days_late: integer, delivered_at: time, total: money}}
  Seller:
    properties: {state: text}
relationships:
  PLACED: {ends: [Customer -> Order]}
  SOLD_BY:
    ends: [Order -> Seller]
    properties: {price: money}
sources:
  customers:
    path: customers.csv
    key: customer_id
    system: crm
  orders:
    path: data/orders.txt
    format: csv
    delimiter: ";"
    encoding: latin-1
    key: [order_id, item]
    optional: true
    computed:
      days_late: date_diff('day', estimated::date, delivered::date)
  bills: {path: bills.db, table: invoices}
targets:
  nodes:
    - source: customers
      kind: Customer
      key: customer_id
      properties: {tax_number: cpf, email: mail}
    - source: orders
      name: order
      kind: Order
      key: [order_id, item]
      where: status <> 'test'
      properties:
        status: status
        days_late: {column: days_late, required: true}
        delivered_at: {column: delivered, format: "%d/%m/%Y", timezone: UTC}
        total: {column: total, decimal: ","}
    - source: orders
      kind: Complaint
      key: order_id
      detect: true
      properties: {text: comment}
  relationships:
    - source: orders
      type: PLACED
      start: {kind: Customer, key: customer_id, system: crm}
      end: order
    - source: orders
      type: SOLD_BY
      start: order
      end: {kind: Seller, key: seller}
      where: seller is not null
      properties: {price: price}
identity:
  - tax_number
  - [name, birth_date]
root_causes:
  unit: Order
  depth: 2
  exclude: [Order.delivered_at, Contact]
  money: Order.total
  features:
    - gap(Order<-PLACED-Customer.since,  max(Order.delivered_at))
    - count(Order-SOLD_BY->Seller)
  discover: false
"""


def load(tmp_path: Path, text: str) -> Project:
    path = tmp_path / "motivo.yaml"
    path.write_text(text, "utf-8")
    return load_project(path)


def error_of(tmp_path: Path, text: str) -> ProjectError:
    with pytest.raises(ProjectError) as caught:
        load(tmp_path, text)
    return caught.value


def test_a_project_is_what_its_file_says(tmp_path: Path) -> None:
    project = load(tmp_path, GOOD)
    assert (project.name, project.languages, project.country) == ("shop", ("pt", "es"), "BR")
    orders, bills = project.sources["orders"], project.sources["bills"]
    assert (orders.format, orders.delimiter, orders.key) == ("csv", ";", ("order_id", "item"))
    assert orders.encoding == "iso8859-1"
    assert orders.optional
    assert orders.system == "orders"
    assert orders.computed["days_late"].place.line == 29
    assert (bills.format, bills.table, bills.key) == ("sqlite", "invoices", ())
    customer, order, complaint = project.nodes
    assert (customer.name, customer.kind) == ("Customer", "Customer")
    assert customer.properties["tax_number"].type.clean("529.982.247-25") == "br.cpf:52998224725"
    assert order.where is not None
    assert order.where.sql == "status <> 'test'"
    assert order.properties["days_late"].required
    assert str(order.properties["total"].type.clean("1.234,50")) == "1,234.50 BRL"
    assert complaint.detect
    placed, sold = project.relationships
    assert placed.triple == Triple("Customer", "PLACED", "Order")
    assert (placed.start.system, placed.start.key) == ("crm", ("customer_id",))
    assert (placed.end.target, placed.end.key) == ("order", ("order_id", "item"))
    assert sold.end.kind == "Seller"
    assert project.identity == (("tax_number",), ("name", "birth_date"))
    assert project.root_causes == RootCauseSpec(
        "Order",
        2,
        ("Order.delivered_at", "Contact"),
        "Order.total",
        ("gap(Order<-PLACED-Customer.since, max(Order.delivered_at))", "count(Order-SOLD_BY->Seller)"),
        discover=False,
    )
    assert "Seller" in project.vocabulary.kinds
    assert set(project.declarations) == {"kinds", "relationships"}


def test_the_least_project(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        "version: 1\nname: x\nsources: {a: {path: a.csv}}\n"
        "targets: {nodes: [{source: a, kind: Product, key: no}]}\n",
    )
    assert project.languages == ("en", "es", "pt")
    assert project.nodes[0].key == ("no",)
    assert project.root_causes == RootCauseSpec()
    assert project.timezone == "UTC"
    assert project.extractor == ""


def test_the_extractor_is_chosen(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD + "text: {extractor: lexical}\n").extractor == "lexical"
    assert load(tmp_path, GOOD + "text: {}\n").extractor == ""
    error = error_of(tmp_path, GOOD + "text: {extractor: lexicla}\n")
    assert "'lexicla'" in error.message
    assert "'lexical'" in error.hint


# What is written, what it becomes, words of the message, words of the hint, and a text in the
# line that is named where that is not the line that was changed.
MISTAKES = [
    ("version: 1", "version: 2", "version", "version: 1", ""),
    ("name: shop\n", "", "'name' is missing", "name: ...", "version: 1"),
    ("name: shop", "nme: shop", "nme", "'name'", ""),
    ("languages: [pt, es]", "languages: [pt, fr]", "'fr'", "en, es, pt", ""),
    ("country: BR", "country: XX", "country", "BR", ""),
    ("currency: BRL", "currency: real", "currency", "BRL", ""),
    ("America/Sao_Paulo", "America/SaoPaulo", "time zone", "America/Sao_Paulo", ""),
    ("status: text,", "status: txet,", "txet", "", ""),
    ("properties: {state: text}", "propertys: {state: text}", "propertys", "", ""),
    ("Customer -> Order", "Customer -> Oder", "no kind 'Oder'", "'Order'", ""),
    ("ends: [Customer -> Order]", "ends: 5", "expected a text or a list", "", "PLACED:"),
    ("    path: customers.csv\n", "", "'path' is missing", "path", "  customers:"),
    ("path: customers.csv", "path: customers.xls", "ending", "csv, json", ""),
    ("format: csv", "format: cvs", "'cvs'", "'csv'", ""),
    ('delimiter: ";"', 'delimiter: ";;"', "one sign", "", ""),
    ("encoding: latin-1", "encoding: utf-16", "utf-16", "UTF-8", ""),
    ("encoding: latin-1", "encoding: nonsense", "nonsense", "utf-8", ""),
    ("encoding: latin-1", "encoding: utf-7", "utf-7", "UTF-8", ""),
    ("encoding: latin-1", "encoding: idna", "idna", "UTF-8", ""),
    ("optional: true", "optional: perhaps", "true or false", "", ""),
    ("bills.db, table: invoices", "bills.db", "'table' is missing", "table", ""),
    ("bills.db, table", "bills.csv, table", "no meaning for csv", "sqlite", ""),
    ("source: customers", "source: custmers", "no source 'custmers'", "'customers'", ""),
    ("kind: Customer\n", "kind: Custmer\n", "no kind 'Custmer'", "'Customer'", ""),
    ("kind: Customer\n", "kind: SourceRecord\n", "not written directly", "kind: Customer", ""),
    ("      key: customer_id\n      prop", "      prop", "'key' is missing", "key", "- source: customers"),
    ("email: mail", "e_mail: mail", "no property 'e_mail'", "'email'", ""),
    (
        "name: order\n",
        "name: Complaint\n",
        "called 'Complaint' already",
        "another 'name'",
        "- source: orders\n      kind: Complaint",
    ),
    ("required: true", "requird: true", "requird", "'required'", ""),
    ("timezone: UTC}", "decimal: ','}", "not an option of time", "format, timezone", ""),
    ('"%d/%m/%Y"', '"%d/%Q"', "'%d/%Q'", "%d/%m/%Y", ""),
    ('"%d/%m/%Y"', "%d/%m/%Y", "not YAML", "quotes", ""),
    ('decimal: ","', 'decimal: "x"', "'x'", ",", ""),
    ("kind: Complaint", "kind: Contact\n      name: o", "only a Complaint", "where", "detect: true"),
    ("{text: comment}", "{title: comment}", "needs the property 'text'", "text", "detect: true"),
    ("type: PLACED", "type: PLACD", "no relationship 'PLACD'", "'PLACED'", ""),
    ("type: PLACED", "type: SOLD_BY", "no Customer-SOLD_BY->Order", "Order-SOLD_BY->Seller", ""),
    ("type: PLACED", "type: RESOLVES_TO", "decided", "", ""),
    ("system: crm}", "system: cmr}", "no system 'cmr'", "'crm'", ""),
    ("kind: Seller, key: seller", "kind: Seller, key: s, system: crm", "only a Customer", "", ""),
    ("end: order\n", "end: ordr\n", "no target 'ordr'", "'order'", ""),
    ("end: order\n", "end: Customer\n", "target of source 'customers'", "kind: ...", ""),
    ("{price: price}", "{prize: price}", "SOLD_BY has no property 'prize'", "'price'", ""),
    ("  - tax_number", "  - taxnumber", "no property 'taxnumber'", "'tax_number'", ""),
    ("[name, birth_date]", "tax_number", "there twice", "", "- tax_number\nroot_causes"),
    ("unit: Order", "unit: Oder", "no kind 'Oder'", "'Order'", ""),
    ("unit: Order", "unit: Complaint", "unit of exposure", "Customer", ""),
    ("depth: 2", "depth: two", "whole number", "", ""),
    ("depth: 2", "depth: 99", "1 to 6", "", ""),
    ("Order.delivered_at", "Order.deliverd_at", "deliverd_at", "'delivered_at'", ""),
    ("money: Order.total", "money: Oder.total", "'Oder'", "'Order'", ""),
    ("money: Order.total", "money: Order.status", "no sum of money", "type money", ""),
    ("money: Order.total", "money: Order", "no sum of money", "type money", ""),
    ("unit: Order", "unit: Customer", "does not begin at the unit", "Customer", "money:"),
    ("money: Order.total", "money: Order-BOUGHT->Order.total", "'BOUGHT'", "", ""),
    ("count(Order-SOLD_BY", "cuont(Order-SOLD_BY", "no fold 'cuont'", "'count'", "- cuont"),
    ("count(Order-SOLD_BY->Seller)", "sum(Order.status)", "of type text", "sum is of", "- sum"),
    ("count(Order-SOLD_BY->Seller)", "sum(Order)", "sum is of a property", "total", "- sum"),
    (
        "count(Order-SOLD_BY->Seller)",
        "count(Order.total)",
        "count is of nodes",
        "leave out .total",
        "- count",
    ),
    ("count(Order-SOLD_BY->Seller)", "Order-SOLD_BY->Seler", "Seler", "", "- Order-SOLD"),
    (
        "count(Order-SOLD_BY->Seller)",
        "Order-SOLD_BY->Seller.stat",
        "no property 'stat'",
        "'state'",
        "- Order-SOLD",
    ),
    ("count(Order-SOLD_BY->Seller)", "latest(Order-SOLD_BY->Seller.state)", "no date", "max", "- latest"),
    (
        "count(Order-SOLD_BY->Seller)",
        "gap(Order.total, Order<-PLACED-Customer.since)",
        "of type money",
        "date",
        "- gap(Order.t",
    ),
    (
        "count(Order-SOLD_BY->Seller)",
        "gap(Order<-PLACED-Customer.since)",
        "between two dates",
        "such as",
        "- gap(Order<-PLACED-Customer.since)",
    ),
    (
        "count(Order-SOLD_BY->Seller)",
        "Customer.segment",
        "does not begin at the unit",
        "Order",
        "- Customer.segment",
    ),
    (
        "count(Order-SOLD_BY->Seller)",
        "Order<-PLACED-Customer.email",
        "personal data",
        "public",
        "- Order<-PLACED",
    ),
    (
        "count(Order-SOLD_BY->Seller)",
        "Order<-PLACED-Customer-FILED->Complaint",
        "explains no",
        "",
        "- Order<-PLACED",
    ),
    ("count(Order-SOLD_BY->Seller)", "Order", "the unit itself", "property", "- Order\n"),
    (
        "- count(Order-SOLD_BY->Seller)",
        "- gap(Order<-PLACED-Customer.since, max(Order.delivered_at))",
        "twice",
        "remove",
        "- gap(Order<-PLACED-Customer.since, max",
    ),
    ("discover: false", "discover: never", "true or false", "", ""),
    ("country: BR", "country: GB", "tax numbers need a country", "BR", "{tax_number: cpf"),
    (
        "name: shop",
        "name: shop\nname: shop",
        "there twice (first in line 2)",
        "remove",
        "name: shop\nlanguages",
    ),
    ("name: shop", "name: [shop]", "expected a text", "", ""),
    ("targets:\n", "targets: {\n", "not YAML", "", "- source: customers"),
]


def test_to_discover_nothing_something_must_be_declared(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("  features:")] + "  discover: false\n"
    error = error_of(tmp_path, text)
    assert "leaves no feature" in error.message
    assert "features" in error.hint
    assert load(tmp_path, text.replace("false", "true")).root_causes.discover


@pytest.mark.parametrize(("good", "bad", "said", "hint", "where"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_a_remedy(
    tmp_path: Path, good: str, bad: str, said: str, hint: str, where: str
) -> None:
    assert good in GOOD
    text = GOOD.replace(good, bad, 1)
    error = error_of(tmp_path, text)
    place = re.match(re.escape(str(tmp_path / "motivo.yaml")) + r":(\d+): ", error.message)
    assert place, error.message
    assert int(place[1]) == text.count("\n", 0, text.index(where or bad)) + 1, error.message
    assert said in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b"", 1, "is empty"),
        (b"- a\n- b\n", 1, "expected entries"),
        (b"version: 1\nname: caf\xe9\n", 2, "not UTF-8"),
        (b"version: 1\nname: a\x01\n", 2, "not YAML"),
        (b"a: &a [*a]\n", 1, "too large"),
        (b"a: " + b"[" * 200 + b"]" * 200, 1, "nested too deeply"),
        (b"a: " + b"[" * 100_000, 1, "nested"),
        (b"a: !!python/object/apply:os.getcwd []\n", 1, "not an entry"),
        (b"#" * 2_000_000, 1, "larger"),
    ],
)
def test_files_that_are_no_project(tmp_path: Path, raw: bytes, line: int, said: str) -> None:
    path = tmp_path / "motivo.yaml"
    path.write_bytes(raw)
    with pytest.raises(ProjectError, match=said) as caught:
        load_project(path)
    assert caught.value.message.startswith(f"{path}:{line}: ")


def test_a_laugh_of_a_billion_aliases_is_cut_short(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert "too large" in error_of(tmp_path, "\n".join(lines)).message


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"none\.yaml:1: there is no such file"):
        load_project(tmp_path / "none.yaml")


def test_the_fingerprint_is_of_what_a_row_becomes(tmp_path: Path) -> None:
    before = load(tmp_path, GOOD)

    def changes(good: str, bad: str, source: str) -> bool:
        assert good in GOOD
        after = load(tmp_path, GOOD.replace(good, bad, 1))
        return after.fingerprint(source) != before.fingerprint(source)

    assert load(tmp_path, "\n\n" + GOOD).fingerprint("orders") == before.fingerprint("orders")
    assert not changes("data/orders.txt", "elsewhere.csv", "orders")
    assert not changes('format: csv\n    delimiter: ";"\n    encoding: latin-1', "format: json", "orders")
    assert not changes("depth: 2", "depth: 3", "orders")
    assert not changes("email: mail", "email: mail2", "orders")
    assert changes("email: mail", "email: mail2", "customers")
    assert changes("status <> 'test'", "status <> 'x'", "orders")
    assert changes("estimated::date", "promised::date", "orders")
    assert changes("key: [order_id, item]\n    optional", "key: order_id\n    optional", "orders")
    assert changes('decimal: ","', 'decimal: "."', "orders")
    assert changes("days_late: integer", "days_late: number", "orders")
    assert changes("currency: BRL", "currency: EUR", "orders")
    assert changes("seller is not null", "seller <> ''", "orders")
