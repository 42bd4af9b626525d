"""Whatever may be asked of a reader: operations with arguments, good and bad ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from graph import And, Condition, Linked, Measure, Not, Or, Order, Reader, Walk, Where
from schema import Amount, Direction, MotivoError
from tests.api.auth import world
from tests.api.auth.conftest import PSEUDONYMS

KINDS = (*world.VOCABULARY.kinds, "Nothing")
TYPES = (*world.VOCABULARY.relationships, "NOTHING")
TRIPLES = world.VOCABULARY.triples
SHARED_KEYS = ("fibre", "mobile", "late", "rain", "vans", "north", "south", "phone", "x1")
OTHER_KEYS = (
    "r9",
    "r8-zz",
    "kkticket-zz",
    "memo-zz",
    "invoice-zz-both",
    "kkrecord-zz",
    "nobody",
    "~none",
    "",
    "~",
)
WORDS = (
    "late",
    "zz",
    "zzrui",
    "qqpersonal",
    "qqsensitive",
    "na",
    "ill",
    "north",
    "memo",
    "name late",
    '"',
    "*",
    "",
)
VALUES: tuple[Any, ...] = (
    *WORDS,
    "Name zzrui qqpersonal",
    "ill zzrui qqsensitive",
    "gold",
    "es",
    0,
    3,
    5.0,
    True,
    None,
    date(1933, 3, 3),
    date(2020, 1, 6),
    datetime(2026, 5, 5, tzinfo=UTC),
    Amount(Decimal("777777.77"), "EUR"),
)
OPS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "is_null", "nothing")
MOMENTS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def keys_of(kind: str) -> st.SearchStrategy[str]:
    """Return keys of nodes of a kind, seen or hidden, and their pseudonyms, and others."""
    own = [world.key(kind, name) for name in world.NORTH + world.SOUTH]
    others = [*SHARED_KEYS, *OTHER_KEYS]
    hidden = [PSEUDONYMS.hide(kind, one) for one in (*own, *SHARED_KEYS, *OTHER_KEYS[:6])]
    return st.sampled_from([*own, *own, *hidden, *others])


def names_of(kind: str) -> st.SearchStrategy[str]:
    known = world.VOCABULARY.kinds[kind].properties if kind in world.VOCABULARY.kinds else {}
    return st.sampled_from(["key", "nothing", *known])


def wheres(kind: str) -> st.SearchStrategy[Condition]:
    return st.builds(
        lambda name, op, value, key: Where(name, op, _fit(op, key if name == "key" else value)),  # type: ignore[arg-type]
        names_of(kind),
        st.sampled_from(OPS),
        st.sampled_from(VALUES),
        keys_of(kind),
    )


def _typed(kind: str, name: str, values: list[Any]) -> list[Any]:
    """Return the values that a property may have."""
    declared = world.VOCABULARY.kinds[kind].properties if kind in world.VOCABULARY.kinds else {}
    wanted = declared[name].value_type.python if name in declared else str
    return [value for value in values if type(value) is wanted]


def _fit(op: str, value: Any) -> Any:
    return [value, "late"] if op == "in" else value


@st.composite
def conditions(draw: st.DrawFn, kind: str, depth: int = 3) -> Condition:
    form = (
        draw(st.sampled_from(["where", "where", "and", "or", "not", "linked", "linked"]))
        if depth
        else "where"
    )
    if form == "where":
        return draw(wheres(kind))
    if form == "not":
        return Not(draw(conditions(kind, depth - 1)))
    if form in ("and", "or"):
        inner = draw(st.lists(conditions(kind, depth - 1), max_size=2))
        return And(inner) if form == "and" else Or(inner)
    steps = list(world.VOCABULARY.steps(kind)) or [(TRIPLES[0], Direction.OUT)]
    triple, way = draw(st.sampled_from(steps))
    far = triple.end if way is Direction.OUT else triple.start
    return Linked(triple, way, draw(st.lists(conditions(far, depth - 1), max_size=2)))


def some_conditions(kind: str) -> st.SearchStrategy[list[Condition]]:
    return st.lists(conditions(kind), max_size=2)


def refs() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(KINDS).flatmap(lambda kind: keys_of(kind).map(lambda key: (kind, key)))


def orders(kind: str) -> st.SearchStrategy[Order | None]:
    return st.none() | st.builds(Order, names_of(kind), st.booleans())


def types() -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from(TYPES), max_size=3)


LIMITS = st.sampled_from([1, 2, 100, 100, 0])


@st.composite
def of_kind(draw: st.DrawFn, operation: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments of an operation on a kind."""
    kind = draw(st.sampled_from(KINDS))
    key = draw(keys_of(kind))
    where = draw(some_conditions(kind))
    names = draw(st.lists(names_of(kind), max_size=2))
    measures = [Measure("count")] + [
        Measure(draw(st.sampled_from(["distinct", "sum", "mean", "min", "max"])), name)  # type: ignore[arg-type]
        for name in draw(st.lists(names_of(kind), max_size=2))
    ]
    made: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "get": ((kind, key), {"at": draw(st.none() | st.sampled_from(MOMENTS))}),
        "find": ((kind, key), {"at": draw(st.none() | st.sampled_from(MOMENTS))}),
        "get_many": ((kind, [key, draw(keys_of(kind))]), {"where": where}),
        "history": ((kind, key), {}),
        "lookup": ((kind, name := draw(names_of(kind)), _typed(kind, name, [key, *VALUES])), {}),
        "expand": ((kind, key), {}),
        "neighbours": (
            (kind, key),
            {
                "types": draw(types()),
                "direction": draw(st.none() | st.sampled_from(Direction)),
                "limit": draw(LIMITS),
            },
        ),
        "page": (
            (kind,),
            {
                "after": draw(st.none() | keys_of(kind)),
                "limit": draw(LIMITS),
                "where": where,
                "order": draw(orders(kind)),
            },
        ),
        "aggregate": ((kind,), {"by": names, "measures": measures, "where": where}),
        "arrivals": (
            (kind,),
            {"after": draw(st.none() | st.just("0") | keys_of(kind)), "limit": draw(LIMITS)},
        ),
        "find_true_key": ((kind, key), {}),
    }
    return made[operation]


@st.composite
def of_triple(draw: st.DrawFn, operation: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments of an operation along a triple."""
    triple = draw(st.sampled_from(TRIPLES))
    way = draw(st.sampled_from(Direction))
    near, far = (triple.start, triple.end) if way is Direction.OUT else (triple.end, triple.start)
    given = (triple, way, draw(st.lists(keys_of(near), max_size=6)))
    where = draw(some_conditions(far) if draw(st.booleans()) else st.just([]))
    if operation == "degrees":
        return given, {"where": where}
    if operation == "follow_all":
        walk = Walk(*given, limit=draw(LIMITS), where=where, order=draw(orders(far)))
        return ([walk, replace(walk, where=())],), {}
    return given, {"where": where, "limit": draw(LIMITS), "order": draw(orders(far)), "after": None}


def _others() -> Mapping[str, st.SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]]:
    def call(*arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> Any:
        return st.tuples(st.tuples(*arguments), st.fixed_dictionaries(named))

    kinds = st.none() | st.lists(st.sampled_from(KINDS), max_size=3)
    searched = st.dictionaries(
        st.sampled_from(KINDS),
        st.lists(st.sampled_from(["name", "text", "nick", "diagnosis", "code"]), max_size=2),
        max_size=2,
    )
    met = st.sampled_from(KINDS).flatmap(lambda kind: some_conditions(kind).map(lambda where: {kind: where}))
    paths = {"types": types(), "longest": st.sampled_from([1, 3, 6])}
    return {
        "customers_of": call(st.lists(keys_of("SourceRecord"), max_size=6)),
        "records_of": call(st.lists(keys_of("Customer"), max_size=6)),
        "between": call(st.lists(refs(), max_size=20)),
        "shortest_path": call(refs(), refs(), **paths),
        "shortest_paths": call(refs(), refs(), kinds=kinds, limit=LIMITS, **paths),
        "search": call(
            st.sampled_from(WORDS),
            kinds=kinds,
            limit=LIMITS,
            properties=st.none() | searched,
            where=st.none() | met,
        ),
        "totals": call(),
        "project": call(kinds, st.none() | st.lists(st.sampled_from(TRIPLES), max_size=4)),
        "setting": call(st.sampled_from(["project", "api_keys", "nothing"])),
        "decisions": call(st.sampled_from(["identity", "causes"])),
        "latest_run": call(),
        "progress": call(st.just(1), st.just("crm")),
        "known_records": call(st.just("crm"), st.just(["kkrow-zzrui"])),
        "rejected_rows": call(),
        "check": call(),
        "version": call(),
    }


ON_KINDS = (
    "get",
    "find",
    "get_many",
    "history",
    "lookup",
    "expand",
    "neighbours",
    "page",
    "aggregate",
    "arrivals",
    "find_true_key",
)
QUESTIONS: Mapping[str, st.SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    **{name: of_kind(name) for name in ON_KINDS},
    **{name: of_triple(name) for name in ("follow", "follow_all", "degrees")},
    **_others(),
}


@dataclass(frozen=True)
class Question:
    """An operation, and what it is asked."""

    operation: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]

    def ask(self, reader: Reader) -> Any:
        """Return the answer, or the error of the family."""
        operation: Callable[..., Any] = getattr(reader, self.operation)
        try:
            return operation(*self.arguments, **self.named)
        except MotivoError as error:
            return error


def questions() -> st.SearchStrategy[Question]:
    return st.sampled_from(sorted(QUESTIONS)).flatmap(
        lambda name: QUESTIONS[name].map(lambda given: Question(name, given[0], given[1]))
    )
