"""The matrix sees what a guard lets through that is left open: else it would prove nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from api.auth import Caller, Role
from graph import Reader
from tests.api.service.house import SETTINGS, House
from tests.api.service.running import running
from tests.api.service.test_matrix_files import export

Guard = Callable[[Reader, Caller], Reader]
LISTS = "{ customers { nodes { __typename key code email taxNumber } } }"


@contextmanager
def opened(house: House, guard: Guard) -> Iterator[House]:
    """Open the same service with another guard; what both stand on stays open when it closes."""
    parts = replace(house.parts, guard=guard, closing=())
    with running(house.company.store, parts, SETTINGS) as service:
        mutant = copy.copy(house)
        mutant.client = service.client()
        yield mutant


def test_a_reader_without_a_guard_is_caught(house: House) -> None:
    with opened(house, lambda reader, _caller: reader) as mutant:
        for name in ("widget", "analyst", "analyst of the north", "agent of the north"):
            asker = mutant.askers[name]
            for text in (LISTS, '{ search(text: "zq") { snippet node { key } } }'):
                with pytest.raises(AssertionError, match="zq"):
                    mutant.post(asker, text)
            if name != "widget":
                with pytest.raises(AssertionError, match="zq"):
                    export(mutant, asker, LISTS)


def test_rows_that_are_not_narrowed_are_caught(house: House) -> None:
    def guard(reader: Reader, caller: Caller) -> Reader:
        return house.parts.guard(reader, replace(caller, rows={}, customer=None, role=widen(caller.role)))

    with opened(house, guard) as mutant:
        for name in ("widget", "analyst of the north", "agent of the north"):
            with pytest.raises(AssertionError, match="zq"):
                mutant.post(mutant.askers[name], "{ customers { nodes { key code } } }")


def widen(role: Role) -> Role:
    """Return a role that sees as much, of all customers."""
    return Role.AGENT if role is Role.WIDGET else role


def test_keys_without_pseudonyms_are_caught(house: House) -> None:
    def guard(reader: Reader, caller: Caller) -> Reader:
        return house.parts.guard(reader, replace(caller, role=Role.AGENT))

    with opened(house, guard) as mutant, pytest.raises(AssertionError, match="level='key'"):
        mutant.post(mutant.askers["analyst"], "{ customers { nodes { key } } }")


def test_a_field_that_is_not_masked_is_caught(house: House) -> None:
    """Beside the marks, each field says how sensitive it is: a value above somebody's clearance is seen."""
    asker, customer = house.askers["analyst"], {"__typename": "Customer", "birthDate": "1931"}
    masked = {"extensions": {"masked": ["Customer.birthDate"]}}
    with pytest.raises(AssertionError, match=r"Customer\.birthDate"):
        house.check_masks(asker, {"data": {"__typename": "Query", "customers": [customer]}, **masked})
    customer["birthDate"] = None  # type: ignore[assignment]
    with pytest.raises(AssertionError, match=r"Customer\.birthDate"):
        house.check_masks(asker, {"data": customer})  # that it is hidden has to be told
    house.check_masks(asker, {"data": customer, **masked})


def test_what_is_in_ids_and_cursors_is_seen(house: House) -> None:
    known, asker = house.know(0), house.askers["analyst"]
    cursor = house.client.post(
        "/graphql",
        json={"query": "{ customers(first: 1) { pageInfo { endCursor } } }"},
        headers=house.askers["admin"].headers,
    )
    for text in (known["Customer.id"], cursor.text):
        assert house.find_leaks(asker, "", text), text
        assert not house.find_leaks(house.askers["admin"], "", text)
