"""API keys: made once, shown once, kept as digests, revoked."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.auth import Caller, Role, add_key, list_keys, revoke_key
from api.auth.keys import PATTERN, SETTING, KeyRing
from graph import Store, open_store
from schema import AuthenticationError, NotFoundError, UsageError
from schema.kinds import Triple
from tests.graph.conformance.company import VOCABULARY, customer, ingest, link, node


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'm.db'}", VOCABULARY)) as store:
        said = [customer("ana"), node("Region", "north", name="North"), node("Agent", "7")]
        said += [link(Triple("Customer", "IN", "Region"), "ana", "north")]
        ingest(store, crm={"1": said})
        yield store


def ring(store: Store, **options: Any) -> KeyRing:
    return KeyRing(store.reader().setting, **({"fresh": 0} | options))


def test_a_key_tells_whose_it_is(store: Store) -> None:
    key, kept = add_key(store, Role.AGENT, name="dialler", rows={"Region": ["north"]}, days=30)
    caller = ring(store).get_caller(key)
    assert caller == Caller(
        Role.AGENT, f"key:{kept.id}", rows={"Region": ("north",)}, expires_at=kept.expires
    )
    assert kept.expires is not None
    assert timedelta(days=29) < kept.expires - datetime.now(UTC) <= timedelta(days=30)
    other, _ = add_key(store, Role.ADMIN)
    assert ring(store).get_caller(other).role is Role.ADMIN
    assert list_keys(store.reader()) == sorted(list_keys(store.reader()), key=lambda k: k.created)
    assert [(k.name, k.role) for k in list_keys(store.reader())].count(("dialler", Role.AGENT)) == 1


def test_nothing_that_is_kept_makes_a_key(store: Store) -> None:
    key, _ = add_key(store, Role.ANALYST)
    match = PATTERN.fullmatch(key)
    assert match is not None
    kept = json.dumps(store.reader().setting(SETTING))
    assert match["secret"] not in kept
    assert match["secret"] not in repr(list_keys(store.reader()))
    assert len(bytes.fromhex(match["secret"])) == 32
    assert list_keys(store.reader())[0].digest not in repr(list_keys(store.reader()))


def test_scanners_can_tell_a_key_by_its_form_and_checksum(store: Store) -> None:
    key, _ = add_key(store, Role.ANALYST)
    assert key.startswith("motivo_")
    assert int(key[-8:], 16) == zlib.crc32(key[:-8].encode())


def test_keys_that_are_not_good(store: Store) -> None:
    key, kept = add_key(store, Role.ANALYST)
    other, _ = add_key(store, Role.ADMIN)
    match, swapped = PATTERN.fullmatch(key), PATTERN.fullmatch(other)
    assert match is not None
    assert swapped is not None
    for wrong in (
        "",
        "motivo_",
        key[:-1],
        key + "0",
        key.upper(),
        key + "\n",
        key.replace(match["secret"], "0" * 64),
        key.replace(match["id"], "0" * 12),
        key.replace(match["id"], swapped["id"]),
        f"motivo_{kept.id}_{kept.digest}00000000",
        "x" * 1_000_000,
    ):
        with pytest.raises(AuthenticationError):
            ring(store).get_caller(wrong)


def test_a_revoked_key_is_not_good_and_stays_in_the_list(store: Store) -> None:
    key, kept = add_key(store, Role.ANALYST)
    slow = ring(store, fresh=0.3)
    assert not slow.is_fresh
    assert slow.get_caller(key)
    assert slow.is_fresh
    revoked = revoke_key(store, kept.id)
    assert revoked.revoked is not None
    assert revoke_key(store, kept.id) == revoked
    with pytest.raises(AuthenticationError):
        ring(store).get_caller(key)
    time.sleep(0.31)
    with pytest.raises(AuthenticationError):
        slow.get_caller(key)
    assert [k.id for k in list_keys(store.reader())] == [kept.id]
    with pytest.raises(NotFoundError):
        revoke_key(store, "000000000000")


def test_a_key_expires(store: Store) -> None:
    key, kept = add_key(store, Role.ANALYST, days=1)
    said = store.reader().setting(SETTING)
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    with store.transaction() as transaction:
        transaction.keep_setting(SETTING, {kept.id: said[kept.id] | {"expires": past}})
    with pytest.raises(AuthenticationError):
        ring(store).get_caller(key)
    assert not replace(kept, expires=datetime.now(UTC)).holds(datetime.now(UTC))


@pytest.mark.parametrize("role", [Role.WIDGET, Role.ANYONE])
def test_roles_without_keys(store: Store, role: Role) -> None:
    with pytest.raises(UsageError):
        add_key(store, role)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ({"Region": ["nroth"]}, NotFoundError),
        ({"Regoin": ["north"]}, UsageError),
        ({"RootCause": ["r1"]}, UsageError),
        ({"Customer": ["nobody"]}, NotFoundError),
    ],
)
def test_rows_by_which_nobody_can_be_told(
    store: Store, rows: dict[str, list[str]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_key(store, Role.AGENT, rows=rows)
    assert list_keys(store.reader()) == []


def test_rows_through_records_and_of_customers_by_name(store: Store) -> None:
    assert add_key(store, Role.AGENT, rows={"Agent": ["7"], "Customer": ["ana"]})


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_days(store: Store, days: int) -> None:
    with pytest.raises(UsageError):
        add_key(store, Role.ANALYST, days=days)


def test_without_keys_there_are_none(store: Store) -> None:
    assert list_keys(store.reader()) == []
    with pytest.raises(AuthenticationError):
        ring(store).get_caller("motivo_000000000000_" + "0" * 72)
