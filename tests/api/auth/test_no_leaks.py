"""Whatever is asked, with whatever arguments: nothing hidden comes out.

Two ways to see that. Everything that is hidden has a mark, and no mark is in any answer or error. And where
what is hidden is not there, or is something else, every answer is the very same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from api.auth import Caller, GuardedReader, Role
from graph import Store, open_store
from graph.contract import Reader as Contract
from schema import MotivoError
from tests.api.auth import world
from tests.api.auth.conftest import NORTH, PSEUDONYMS
from tests.api.auth.questions import QUESTIONS, Question, questions

ANA = world.key("Customer", "ana")
BY_ROLE = {
    Role.ANALYST: (*world.PERSONAL, *world.SENSITIVE, world.KEYS),
    Role.AGENT: world.SENSITIVE,
    Role.WIDGET: world.SENSITIVE,
    Role.INVESTIGATOR: (),
    Role.ADMIN: (),
}
CALLERS = {
    "analyst": Caller(Role.ANALYST),
    "analyst of the north": Caller(Role.ANALYST, rows=NORTH),
    "agent": Caller(Role.AGENT),
    "agent of the north": Caller(Role.AGENT, rows=NORTH),
    "agent of two customers": Caller(Role.AGENT, rows={"Customer": (ANA, world.key("Customer", "bia"))}),
    "agent of a product that nobody has": Caller(Role.AGENT, rows={"Product": ("mobile",)}),
    "agent of nothing": Caller(Role.AGENT, rows={"Region": ()}),
    "agent of what is not": Caller(Role.AGENT, rows={"Nothing": ("north",)}),
    "admin of the north": Caller(Role.ADMIN, rows=NORTH),
    "widget": Caller(Role.WIDGET, customer=ANA),
    "widget of nobody": Caller(Role.WIDGET),
    "widget of the south in the north": Caller(
        Role.WIDGET, customer=world.key("Customer", "zzrui"), rows=NORTH
    ),
    "anyone": Caller(),
}
EXAMPLES = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def forbidden(caller: Caller) -> tuple[str, ...]:
    """Return the marks of what a caller may not see."""
    if caller.role is Role.ANYONE:
        return (*BY_ROLE[Role.ANALYST], world.HIDDEN, "fibre", "north")
    whole = not caller.rows and caller.role is not Role.WIDGET
    return BY_ROLE[caller.role] + (() if whole else (world.HIDDEN,))


# What north has in common with south may be seen from the north, by its key.
COMMON = re.compile("invoice-zz-both")


def check(caller: Caller, question: Question, answer: Any) -> None:
    if isinstance(answer, MotivoError):
        told = f"{answer} {answer.__dict__} {answer.__cause__!r}"
        asked = repr((question.arguments, question.named))
        leaked = [mark for mark in forbidden(caller) if mark in told and mark not in asked]
    else:
        shown = COMMON.sub("", world.values_of(answer))
        leaked = [mark for mark in forbidden(caller) if mark in shown]
    assert not leaked, (leaked, question, answer)


@pytest.mark.parametrize("name", CALLERS)
@EXAMPLES
@given(asked=questions())
def test_no_mark_of_what_is_hidden_is_in_any_answer(company: Store, name: str, asked: Question) -> None:
    if asked.operation == "find_true_key":
        return  # which is not for showing
    caller = CALLERS[name]
    reader = GuardedReader(company.reader(), caller, PSEUDONYMS, smallest_group=1)
    check(caller, asked, asked.ask(reader))
    seen = repr((reader.sightings.nodes, reader.sightings.fields))
    assert not [mark for mark in forbidden(caller) if mark in COMMON.sub("", seen)]


def test_each_operation_of_the_contract_is_asked() -> None:
    operations = {name for name in vars(Contract) if not name.startswith("_")}
    assert operations - set(QUESTIONS) == {"vocabulary", "interrupt", "close"}


# The same answers, whatever is hidden


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Return the company; without its customers of the south; and with other personal values."""
    folder = tmp_path_factory.mktemp("worlds")
    stores = {
        name: open_store(f"sqlite:///{folder / name}.db", world.VOCABULARY)
        for name in ("all", "north", "other")
    }
    world.fill(stores["all"])
    world.fill(stores["north"], world.NORTH)
    world.fill(stores["other"], values=" other")
    yield stores
    for store in stores.values():
        store.close()


def normalise(operation: str, answer: Any) -> str:
    """Return an answer as a text, without what differs from one ingest to the next."""
    if operation == "search" and not isinstance(answer, MotivoError):
        # How well a text matches is weighed over all texts; only the order of hits comes of that.
        answer = sorted(answer, key=lambda hit: (hit.node.kind, hit.node.key))
        answer = [(hit.node, hit.snippet, hit.matches) for hit in answer]
    text = world.values_of(answer) + (repr(answer.__dict__) if isinstance(answer, MotivoError) else "")
    text = re.sub(r"(started|valid_from)=datetime.datetime\([^)]*\)", "", text)
    return re.sub(r"mark='[^']*'", "", text)


@pytest.mark.parametrize(
    "caller",
    [
        Caller(Role.AGENT, rows=NORTH),
        Caller(Role.ADMIN, rows={"Customer": (ANA,)}),
        Caller(Role.ANALYST, rows=NORTH),
        Caller(Role.WIDGET, customer=ANA),
    ],
    ids=lambda caller: f"{caller.role} {caller.customer or caller.rows}",
)
@EXAMPLES
@given(asked=questions())
def test_who_is_hidden_changes_no_answer(worlds: dict[str, Store], caller: Caller, asked: Question) -> None:
    if asked.operation == "version" or (asked.operation == "search" and asked.named["limit"] < 100):
        return
    with_them, without = (
        normalise(asked.operation, asked.ask(GuardedReader(worlds[name].reader(), caller, PSEUDONYMS)))
        for name in ("all", "north")
    )
    assert with_them == without


@pytest.mark.parametrize(
    "caller", [Caller(Role.ANALYST), Caller(Role.ANALYST, rows=NORTH)], ids=["whole", "north"]
)
@EXAMPLES
@given(asked=questions())
def test_what_is_hidden_changes_no_answer(worlds: dict[str, Store], caller: Caller, asked: Question) -> None:
    if asked.operation == "version":
        return
    one, other = (
        normalise(
            asked.operation,
            asked.ask(GuardedReader(worlds[name].reader(), caller, PSEUDONYMS, smallest_group=1)),
        )
        for name in ("all", "other")
    )
    assert one == other
