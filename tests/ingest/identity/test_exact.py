"""Which records of several systems become one customer."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import Store, open_store
from ingest import ingest, load_project

FIELDS = ("id", "name", "email", "tax", "born")
PROJECT = """\
version: 1
name: people
country: ES
sources:
{sources}
targets:
  nodes:
{targets}
identity: [tax_number, email, [name, birth_date]]
"""
DNI = ("12345678Z", "87654321X", "10000900V")

Person = dict[str, str]


def read(folder: Path, systems: dict[str, list[Person]], store: Store) -> list[set[str]]:
    """Ingest people as several systems know them; return which records are of one customer."""
    for name, people in systems.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, FIELDS, restval="")
            writer.writeheader()
            writer.writerows(people)
    properties = "{name: name, email: email, tax_number: tax, birth_date: born}"
    targets = (f"    - {{source: {s}, kind: Customer, key: id, properties: {properties}}}" for s in systems)
    sources = (f"  {s}: {{path: {s}.csv, key: id}}" for s in systems)
    project = folder / "motivo.yaml"
    project.write_text(PROJECT.format(sources="\n".join(sources), targets="\n".join(targets)))
    ingest(load_project(project), store)
    return groups(store)


def groups(store: Store) -> list[set[str]]:
    reader = store.reader()
    customers = [node.key for node in reader.page("Customer", limit=10_000).nodes]
    found = [set(records) for records in reader.records_of(customers).values()]
    assert sum(map(len, found)) == reader.totals().nodes["SourceRecord"]
    return sorted(found, key=min)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'motivo.db'}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"tax": DNI[0]}, {"tax": "12345678-z"}),
        ({"email": "Ana@Correo.example"}, {"email": " ana@correo.example "}),
        ({"name": "Ana Gil", "born": "1980-02-01"}, {"name": "Ana Gil", "born": "1980-02-01"}),
    ],
)
def test_records_meet_by_any_declared_key(tmp_path: Path, store: Store, one: Person, other: Person) -> None:
    found = read(tmp_path, {"crm": [{"id": "1", **one}], "shop": [{"id": "9", **other}]}, store)
    assert found == [{"crm:1", "shop:9"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Ana Gil", "born": "1980-02-01"}, {"name": "Ana Gil", "born": "1981-02-01"}),
        ({"name": "Ana Gil"}, {"name": "Ana Gil"}),
        ({}, {}),
    ],
)
def test_records_with_a_part_of_a_key_do_not_meet(
    tmp_path: Path, store: Store, one: Person, other: Person
) -> None:
    found = read(tmp_path, {"crm": [{"id": "1", **one}], "shop": [{"id": "9", **other}]}, store)
    assert found == [{"crm:1"}, {"shop:9"}]


def test_records_meet_over_a_third(tmp_path: Path, store: Store) -> None:
    crm = [{"id": "1", "email": "a@x.example"}]
    shop = [{"id": "2", "tax": DNI[0]}]
    desk = [{"id": "3", "email": "a@x.example", "tax": DNI[0]}]
    found = read(tmp_path, {"crm": crm, "shop": shop, "desk": desk}, store)
    assert found == [{"crm:1", "desk:3", "shop:2"}]
    customer = store.reader().page("Customer").nodes[0]
    assert (customer.properties["email"], customer.properties["tax_number"]) == (
        "a@x.example",
        f"es.dni:{DNI[0]}",
    )


@pytest.mark.parametrize("together", [True, False], ids=["one system", "two systems"])
def test_other_tax_numbers_keep_apart_what_else_is_equal(
    tmp_path: Path, store: Store, together: bool
) -> None:
    first = {"id": "1", "email": "shared@x.example", "tax": DNI[0]}
    second = {"id": "2", "email": "shared@x.example", "tax": DNI[1]}
    systems = {"a": [first, second]} if together else {"a": [first], "b": [second]}
    assert [len(group) for group in read(tmp_path, systems, store)] == [1, 1]


def test_a_value_that_many_share_is_nobodys(tmp_path: Path, store: Store) -> None:
    people = [{"id": f"{i:02}", "email": "info@x.example"} for i in range(21)]
    assert len(read(tmp_path, {"crm": people}, store)) == 21
    assert len(read(tmp_path, {"crm": people[:20]}, open_store(f"sqlite:///{tmp_path / 'few.db'}"))) == 1


def test_a_changed_record_that_no_longer_matches_splits_off(tmp_path: Path, store: Store) -> None:
    crm = [{"id": "1", "email": "a@x.example"}]
    assert read(tmp_path, {"crm": crm, "shop": [{"id": "9", "email": "a@x.example"}]}, store) == [
        {"crm:1", "shop:9"}
    ]
    assert read(tmp_path, {"crm": crm, "shop": [{"id": "9", "email": "b@x.example"}]}, store) == [
        {"crm:1"},
        {"shop:9"},
    ]
    assert read(tmp_path, {"crm": crm, "shop": [{"id": "9", "email": "a@x.example"}]}, store) == [
        {"crm:1", "shop:9"}
    ]
    assert store.reader().check() == []


def test_a_changed_record_moves_to_another_customer(tmp_path: Path, store: Store) -> None:
    crm = [{"id": "1", "email": "a@x.example"}, {"id": "2", "email": "b@x.example"}]
    shop = {"id": "9", "email": "a@x.example"}
    assert read(tmp_path, {"crm": crm, "shop": [shop]}, store) == [{"crm:1", "shop:9"}, {"crm:2"}]
    moved = {**shop, "email": "b@x.example"}
    assert read(tmp_path, {"crm": crm, "shop": [moved]}, store) == [{"crm:1"}, {"crm:2", "shop:9"}]


def test_reading_again_changes_nobody(tmp_path: Path, store: Store) -> None:
    systems = {"crm": [{"id": str(i), "email": f"{i % 3}@x.example"} for i in range(9)]}
    before = read(tmp_path, systems, store)
    assert [len(group) for group in before] == [3, 3, 3]
    customers = store.reader().customers_of(sorted(set().union(*before)))
    assert read(tmp_path, systems, store) == before
    assert store.reader().customers_of(sorted(set().union(*before))) == customers


person = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "Ana", "Leo"]),
        "email": st.sampled_from(["", "a@x.example", "b@x.example", "c@x.example"]),
        "born": st.sampled_from(["", "1980-02-01"]),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["crm", "shop", "desk"]), person), max_size=8), st.randoms())
def test_the_order_of_systems_and_rows_changes_nobody(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, Person]], draw: object
) -> None:
    systems: dict[str, list[Person]] = {"crm": [], "shop": [], "desk": []}
    for i, (system, known) in enumerate(people):
        systems[system].append({"id": str(i), **known})
    shuffled = [(name, draw.sample(rows, len(rows))) for name, rows in systems.items()]  # type: ignore[attr-defined]
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for order in (systems, dict(shuffled)):
        folder = tmp_path_factory.mktemp("people")
        store = open_store(f"sqlite:///{folder / 'motivo.db'}")
        if people:
            found.append(read(folder, order, store))
        store.close()
    assert found[:1] == found[1:]
