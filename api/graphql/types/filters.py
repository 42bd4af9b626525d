"""Filters: arguments that become conditions of the store."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLString,
)

from api.graphql.types.registry import Types, describe
from api.graphql.types.scalars import DATE, LONG, TIME
from api.graphql.types.shared import MONEY_INPUT
from graph import And, Condition, Linked, Not, Or, Where
from schema import NodeKind, Property, UsageError, ValueType
from schema.identifiers import TAX_NUMBERS, TaxNumber
from schema.paths import Step

Compared = list[tuple[str, Any]]  # operators of a value filter and what they compare with

EQUALITY = {
    "eq": ("eq", "Is this; `null` is for what has no value."),
    "ne": ("ne", "Is not this, or has no value; `null`: has a value."),
    "in": ("in", "Is one of these."),
    "notIn": ("notIn", "Is none of these."),
}
ORDER = {
    "gte": ("ge", "Is at least this."),
    "lte": ("le", "Is at most this."),
    "gt": ("gt", "Is more than this."),
    "lt": ("lt", "Is less than this."),
}
TEXT = {
    "contains": ("contains", "Holds this text somewhere, in upper or lower case."),
    "startsWith": ("starts", "Begins with this text, in upper or lower case (of keys: as it is written)."),
}
PRESENCE = {"isNull": ("is_null", "Has no value (`false`: has one).")}
MOST = 200  # conditions of a filter
DEEPEST = 5  # links of a filter behind one another


def _read_compared(given: dict[str, Any]) -> Compared:
    # Only of equality is null a value; elsewhere it stands for a variable that was not filled in.
    return [(op, value) for op, value in given.items() if value is not None or op in ("eq", "ne")]


def _value_filter(name: str, about: str, type_: Any, *operators: Mapping[str, tuple[str, str]]) -> Any:
    fields: dict[str, GraphQLInputField] = {}
    for operator in (op for group in operators for op in group.items()):
        label, (out, says) = operator
        takes: GraphQLInputType = type_
        if label in ("in", "notIn"):
            takes = GraphQLList(GraphQLNonNull(type_))
        elif label == "isNull":
            takes = GraphQLBoolean
        fields[label] = GraphQLInputField(takes, description=says, out_name=out)
    return GraphQLInputObjectType(
        name,
        fields,
        description=f"Conditions on {about}; where several are given, all must be met.",
        out_type=_read_compared,
    )


TEXT_FILTER = _value_filter("TextFilter", "a text", GraphQLString, EQUALITY, ORDER, TEXT, PRESENCE)
LONG_FILTER = _value_filter("LongFilter", "a whole number", LONG, EQUALITY, ORDER, PRESENCE)
FLOAT_FILTER = _value_filter("FloatFilter", "a number", GraphQLFloat, EQUALITY, ORDER, PRESENCE)
DATE_FILTER = _value_filter("DateFilter", "a day", DATE, EQUALITY, ORDER, PRESENCE)
TIME_FILTER = _value_filter("DateTimeFilter", "a moment", TIME, EQUALITY, ORDER, PRESENCE)
BOOLEAN_FILTER = _value_filter("BooleanFilter", "a yes or no", GraphQLBoolean, EQUALITY, PRESENCE)
MONEY_FILTER = _value_filter("MoneyFilter", "a sum of money", MONEY_INPUT, EQUALITY, ORDER, PRESENCE)
VALUE_FILTERS: dict[str, GraphQLInputObjectType] = {
    "text": TEXT_FILTER,
    "email": TEXT_FILTER,
    "phone": TEXT_FILTER,
    "tax_number": TEXT_FILTER,
    "integer": LONG_FILTER,
    "number": FLOAT_FILTER,
    "boolean": BOOLEAN_FILTER,
    "date": DATE_FILTER,
    "time": TIME_FILTER,
    "money": MONEY_FILTER,
}


def define_filters(types: Types) -> None:
    """Make the filter of each kind."""
    for kind in types.vocabulary.kinds.values():
        name = types.names.take(f"{types.kinds[kind.name].type}Filter")
        types.filters[kind.name] = GraphQLInputObjectType(
            name,
            _fields(types, kind),
            description=f"Conditions on {kind.name}; where several are given, all must be met.",
            out_type=_reader(types, kind),
        )


def _fields(types: Types, kind: NodeKind) -> Callable[[], dict[str, GraphQLInputField]]:
    def make() -> dict[str, GraphQLInputField]:
        own, names = types.filters[kind.name], types.kinds[kind.name]
        several = GraphQLList(GraphQLNonNull(own))
        fields = {
            "and": GraphQLInputField(several, description="All of these are met."),
            "or": GraphQLInputField(several, description="One of these is met, at least."),
            "not": GraphQLInputField(own, description="This is not met."),
            "key": GraphQLInputField(TEXT_FILTER, description="Its key."),
        }
        for p in kind.properties.values():
            fields[names.properties[p.name]] = GraphQLInputField(
                VALUE_FILTERS[p.type], description=describe(p.about, p.name)
            )
        for step, label in names.steps.items():
            fields[label] = GraphQLInputField(
                types.filters[step.to],
                description=f"One at least along {step} meets this; without conditions: there is one.",
            )
        return fields

    return make


def _reader(types: Types, kind: NodeKind) -> Callable[[dict[str, Any]], Condition]:
    """Return what makes a condition of a filter that was given for a kind."""
    names = types.kinds[kind.name]
    properties: dict[str, Property | None] = {"key": None}
    properties |= {label: kind.properties[name] for name, label in names.properties.items()}
    steps = {label: step for step, label in names.steps.items()}

    def read(given: dict[str, Any]) -> Condition:
        conditions: list[Condition] = []
        for label, value in given.items():
            if value is None:
                continue
            if label == "and":
                conditions += value
            elif label == "or":
                conditions.append(Or(tuple(value)))
            elif label == "not":
                conditions.append(Not(value))
            elif label in steps:
                conditions.append(_link(steps[label], value))
            else:
                conditions += _compare(properties[label], value)
        return conditions[0] if len(conditions) == 1 else And(tuple(conditions))

    return read


def _link(step: Step, condition: Condition) -> Condition:
    return Linked(step.triple, step.direction, () if condition == And(()) else (condition,))


def _compare(property_: Property | None, compared: Compared) -> list[Condition]:
    name = "key" if property_ is None else property_.name
    return [_condition(property_, name, op, value) for op, value in compared]


def _condition(property_: Property | None, name: str, op: str, value: Any) -> Condition:
    if op in ("eq", "ne"):
        spelled = _spell(property_, value)
        if len(spelled) == 1:
            return Where(name, op, spelled[0])  # type: ignore[arg-type]
        return Where(name, "in", spelled) if op == "eq" else Not(Where(name, "in", spelled))
    if op in ("in", "notIn"):
        is_one = Where(name, "in", [one for given in value for one in _spell(property_, given)])
        return is_one if op == "in" else Not(is_one)
    return Where(name, op, value)  # type: ignore[arg-type]


def _spell(property_: Property | None, value: Any) -> list[Any]:
    """Return a value in all ways in which the store may keep it: `ANA@X.COM` finds ana@x.com.

    It is not said of which country a tax number is; several may have such a one.
    """
    if property_ is None or not isinstance(value, str):
        return [value]
    types: Iterable[ValueType] = ()
    if property_.type in ("email", "phone"):
        types = (property_.value_type,)
    elif property_.type == "tax_number":
        types = (TaxNumber(country) for country in TAX_NUMBERS)
    found = {value: None}
    for type_ in types:
        with suppress(ValueError):  # nothing is equal to what cannot be
            found[type_.clean(value.strip())] = None
    return list(found)


def read_filter(condition: Condition | None) -> tuple[Condition, ...]:
    """Return the conditions of a filter that was given; `UsageError` if it asks too much at once."""
    if condition is None or condition == And(()):
        return ()
    count, depth = _measure(condition)
    if count > MOST or depth > DEEPEST:
        raise UsageError(
            f"a filter has at most {MOST} conditions and {DEEPEST} relationships behind one another",
            hint=f"this one has {count} and {depth}",
        )
    return tuple(condition.conditions) if isinstance(condition, And) else (condition,)


def _measure(condition: Condition) -> tuple[int, int]:
    """Return how many conditions there are, and the longest way over relationships."""
    if isinstance(condition, Where):
        if isinstance(condition.value, float) and not math.isfinite(condition.value):
            raise UsageError("a number of a filter is finite")
        return 1, 0
    below: Sequence[Condition] = (
        (condition.condition,) if isinstance(condition, Not) else condition.conditions
    )
    counted = [_measure(one) for one in below]
    return (
        1 + sum(count for count, _ in counted),
        int(isinstance(condition, Linked)) + max((depth for _, depth in counted), default=0),
    )
