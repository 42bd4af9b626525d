"""Completing the values of a field: a whole column at a time, by the shape of its type.

A completed column has, for each value, what goes into the answer, None for null, or FAILED where an error was
recorded. Who may be null turns FAILED into None; who may not hands it up (the specification's "handling
execution errors").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from math import isfinite
from types import NoneType
from typing import Any, Protocol

from graphql import (
    GraphQLAbstractType,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import is_iterable

from api.graphql.execution.fields import get_type_name
from api.graphql.execution.trails import Items, Kept, Trail
from api.graphql.request import Request

Column = Sequence[Any]
FAILED: Any = type("Failed", (), {"__repr__": lambda _: "FAILED"})()
MAX_INT = 2**31
MISSING = (NoneType, type(Undefined), Exception)


class NullError(Exception):
    """A position that may not be null is."""


class Answering(Protocol):
    """What shapes need of whoever answers (see `executor.py`)."""

    request: Request
    failures: int

    def fail(self, trail: Trail, index: int, error: Exception) -> None:
        """Record an error at a place of a column."""
        ...

    def answer(self, selection: Any, type_: GraphQLObjectType, objects: Column, trail: Trail) -> Column:
        """Answer what is selected of objects of one type; return a completed column."""
        ...


class Shape(Protocol):
    """How values of a type are completed."""

    nullable: bool

    def complete(self, values: Column, trail: Trail, run: Answering) -> Column:
        """Return the completed column of values."""
        ...


def is_whole(values: Column) -> bool:
    """Tell whether integers (and nulls) are as large as an Int may be."""
    smallest, largest = min(filter(None, values), default=0), max(filter(None, values), default=0)
    return bool(smallest >= -MAX_INT and largest < MAX_INT)


def is_finite(values: Column) -> bool:
    """Tell whether floats (and nulls) are finite; where their sum is not, it is not said that they are."""
    return isfinite(sum(filter(None, values)))


def is_anything(_values: Column) -> bool:
    """Tell that values of the right class need no further look."""
    return True


# Columns that are in the answer as they are: the classes of their values, and what must hold beside.
PLAIN: Mapping[str, tuple[frozenset[type], Callable[[Column], bool]]] = {
    "String": (frozenset({str, NoneType}), is_anything),
    "ID": (frozenset({str, NoneType}), is_anything),
    "Boolean": (frozenset({bool, NoneType}), is_anything),
    "Int": (frozenset({int, NoneType}), is_whole),
    "Float": (frozenset({float, NoneType}), is_finite),
}


def complete_present(
    values: Column,
    trail: Trail,
    run: Answering,
    complete: Callable[[Column, Trail, Answering], Column],
) -> Column:
    """Complete those values of a column that are neither null nor errors, and put the others in between."""
    if not any(issubclass(class_, MISSING) for class_ in set(map(type, values))):
        return complete(values, trail, run)
    completed: list[Any] = [None] * len(values)
    kept: list[int] = []
    for index, value in enumerate(values):
        if isinstance(value, Exception):
            run.fail(trail, index, value)
            completed[index] = FAILED
        elif value is not None and value is not Undefined:
            kept.append(index)
    column = complete([values[index] for index in kept], Kept(trail, kept), run)
    for index, value in zip(kept, column, strict=True):
        completed[index] = value
    return completed


def read_list(value: Any) -> Any:
    """Return what may be iterated over as a list, and an error for what may not."""
    if value is None or value is Undefined or isinstance(value, Exception):
        return value
    if not is_iterable(value):
        return TypeError(f"a list was expected, not a value of {type(value)}")
    try:
        return list(value)
    except Exception as error:
        return error


class Leaf:
    """Scalars and enums."""

    nullable = True

    def __init__(self, type_: GraphQLLeafType) -> None:
        self.name = type_.name
        self.coerce = type_.coerce_output_value
        self.classes, self.is_plain = PLAIN.get(type_.name, (frozenset[type](), is_anything))

    def complete(self, values: Column, trail: Trail, run: Answering) -> Column:
        """Coerce each value, unless all can stay."""
        if self.classes.issuperset(map(type, values)) and self.is_plain(values):
            return values
        completed: list[Any] = []
        for index, value in enumerate(values):
            coerced = self.coerce_one(value)
            if isinstance(coerced, Exception):
                run.fail(trail, index, coerced)
                coerced = FAILED
            completed.append(coerced)
        return completed

    def coerce_one(self, value: Any) -> Any:
        """Return a value as it goes into the answer, or the error that it is or makes."""
        if value is None or value is Undefined:
            return None
        if isinstance(value, Exception):
            return value
        try:
            coerced = self.coerce(value)
        except Exception as error:
            return error
        if coerced is None or coerced is Undefined:
            return TypeError(f"{self.name} makes nothing of a value of {type(value)}")
        return coerced


class Required:
    """What may not be null."""

    nullable = False

    def __init__(self, inner: Shape, coordinate: str) -> None:
        self.inner = inner
        self.coordinate = coordinate

    def complete(self, values: Column, trail: Trail, run: Answering) -> Column:
        """Complete, and record an error for each null."""
        completed = self.inner.complete(values, trail, run)
        if None not in completed:
            return completed
        checked = list(completed)
        for index, value in enumerate(completed):
            if value is None:
                run.fail(trail, index, NullError(self.coordinate))
                checked[index] = FAILED
        return checked


class Listed:
    """Lists, whose items are completed together."""

    nullable = True

    def __init__(self, inner: Shape) -> None:
        self.inner = inner

    def complete(self, values: Column, trail: Trail, run: Answering) -> Column:
        """Complete the items of all lists as one column."""
        if not {list, tuple, NoneType}.issuperset(map(type, values)):
            values = [read_list(value) for value in values]
        return complete_present(values, trail, run, self.complete_lists)

    def complete_lists(self, lists: Column, trail: Trail, run: Answering) -> Column:
        """Complete lists, none of which is null."""
        lengths = list(map(len, lists))
        if not any(lengths):
            return [[] for _ in lists]
        before = run.failures
        items = list(chain.from_iterable(lists))
        below = Items(trail, lengths, self.inner.nullable)
        column = iter(self.inner.complete(items, below, run))
        completed = [list(islice(column, length)) for length in lengths]
        return completed if run.failures == before else [self.settle(items) for items in completed]

    def settle(self, items: list[Any]) -> Any:
        """Return a list whose items may have failed."""
        if FAILED not in items:
            return items
        return [None if item is FAILED else item for item in items] if self.inner.nullable else FAILED


class Composite:
    """Objects of one type."""

    nullable = True

    def __init__(self, type_: GraphQLObjectType, selection: Any) -> None:
        self.type = type_
        self.selection = selection

    def complete(self, values: Column, trail: Trail, run: Answering) -> Column:
        """Answer what is selected of the objects."""
        return complete_present(values, trail, run, self.complete_objects)

    def complete_objects(self, objects: Column, trail: Trail, run: Answering) -> Column:
        """Answer objects, none of which is null."""
        return run.answer(self.selection, self.type, objects, trail)


class Abstract:
    """Objects of an interface or a union, which are answered one runtime type after the other."""

    nullable = True

    def __init__(self, type_: GraphQLAbstractType, schema: GraphQLSchema, selection: Any) -> None:
        self.type = type_
        self.types = {possible.name: possible for possible in schema.get_possible_types(type_)}
        self.selection = selection

    def complete(self, values: Column, trail: Trail, run: Answering) -> Column:
        """Answer what is selected of the objects."""
        return complete_present(values, trail, run, self.complete_objects)

    def complete_objects(self, objects: Column, trail: Trail, run: Answering) -> Column:
        """Answer objects, none of which is null, a type at a time."""
        places: dict[str, list[int]] = {}
        completed: list[Any] = [FAILED] * len(objects)
        for index, value in enumerate(objects):
            try:
                name = get_type_name(value, self.type, run.request)
                if name not in self.types:
                    raise TypeError(f"{name!r} is not a type of {self.type.name}")
                places.setdefault(name, []).append(index)
            except Exception as error:
                run.fail(trail, index, error)
        for name, indices in places.items():
            chosen = [objects[index] for index in indices]
            column = run.answer(self.selection, self.types[name], chosen, Kept(trail, indices))
            for index, value in zip(indices, column, strict=True):
                completed[index] = value
        return completed


def make_shape(type_: GraphQLOutputType, coordinate: str, schema: GraphQLSchema, selection: Any) -> Shape:
    """Return the shape of a type: of the field with this coordinate, of which this is selected."""
    if is_non_null_type(type_):
        return Required(make_shape(type_.of_type, coordinate, schema, selection), coordinate)
    if is_list_type(type_):
        return Listed(make_shape(type_.of_type, coordinate, schema, selection))
    if is_leaf_type(type_):
        return Leaf(type_)
    if is_object_type(type_):
        return Composite(type_, selection)
    return Abstract(type_, schema, selection)  # type: ignore[arg-type]
