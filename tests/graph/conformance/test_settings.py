"""Settings: JSON values under names."""

from __future__ import annotations

from typing import Any

import pytest

from graph import Store

COVERS = ("Transaction.keep_setting", "Reader.setting")


@pytest.mark.parametrize(
    "value", [0, -1.5, True, None, "", "á 😀", [], {}, {"a": [1, {"b": None}], "": "x"}, 2**53]
)
def test_a_json_value_is_kept(store: Store, value: Any) -> None:
    with store.transaction() as transaction:
        transaction.keep_setting("name", value)
    found = store.reader().setting("name")
    assert (found, type(found)) == (value, type(value))


def test_what_was_not_kept_is_none(store: Store) -> None:
    assert store.reader().setting("name") is None
    assert store.reader().setting("vocabulary") is None


def test_the_last_value_counts(store: Store) -> None:
    for value in ("old", "new"):
        with store.transaction() as transaction:
            transaction.keep_setting("name", value)
            assert transaction.reader.setting("name") == value
    assert store.reader().setting("name") == "new"


def test_no_name_disturbs_the_store(store: Store) -> None:
    before = store.reader().vocabulary
    with store.transaction() as transaction:
        for name in ("vocabulary", "", "x'y\"z`", "kept.x"):
            transaction.keep_setting(name, name)
    for name in ("vocabulary", "", "x'y\"z`", "kept.x"):
        assert store.reader().setting(name) == name
    assert store.reader().vocabulary == before
