"""The page on security says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from api.auth import Caller, Policy, Role, list_visible
from api.auth.keys import PATTERN
from api.settings import AuthSettings
from schema import CUSTOMER, Sensitivity, core_vocabulary

PAGE = (Path(__file__).parents[3] / "docs" / "security.md").read_text("utf-8")


def rows(pattern: str) -> list[tuple[str, ...]]:
    """Return the cells of the rows of tables that begin with something."""
    found = re.findall(rf"^\| `({pattern})` \| (.*) \|$", PAGE, re.MULTILINE)
    return [(name, *cells.split(" | ")) for name, cells in found]


def test_each_role_and_what_it_sees() -> None:
    told = {name: cells for name, _, *cells in rows("[a-z]+")}
    assert list(told) == ["anyone", "analyst", "widget", "agent", "investigator", "admin"]
    assert set(told) == set(Role)
    for role in Role:
        caller, known = Caller(role), role is not Role.ANYONE
        seen = ["yes" if known and caller.may_see(sensitivity) else "no" for sensitivity in Sensitivity]
        policy = Policy(core_vocabulary(), caller)
        keys = "no" if not known else "pseudonyms" if CUSTOMER in policy.pseudonymous else "yes"
        assert told[role] == [*seen, keys], role


def test_each_property_that_is_not_public_and_who_sees_it() -> None:
    vocabulary = core_vocabulary()
    seen = {role: list_visible(vocabulary, role) for role in Role}
    wanted = [
        (name := f"{owner.name}.{p.name}", str(p.sensitivity), ", ".join(r for r in Role if seen[r][name]))
        for owner in (*vocabulary.kinds.values(), *vocabulary.relationships.values())
        for p in owner.properties.values()
        if p.sensitivity is not Sensitivity.PUBLIC
    ]
    assert rows(r"[A-Za-z_]+\.\w+") == wanted


def test_each_setting() -> None:
    assert AuthSettings.__doc__ is not None
    settings = re.findall(r"^    (MOTIVO_\w+):", AuthSettings.__doc__, re.MULTILINE)
    assert [name for name, *_ in rows(r"MOTIVO_\w+")] == settings


def test_the_form_of_keys() -> None:
    (form,) = re.findall(r"`(motivo_\[[^`]*)`", PAGE)
    unnamed = re.sub(r"\(\?P<\w+>([^)]*)\)", r"\1", PATTERN.pattern)
    assert unnamed.replace("{64}[0-9a-f]{8}", "{72}") == form
