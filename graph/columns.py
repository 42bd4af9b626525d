"""The values of properties, column by column, as a store keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graph.model import Columns
from schema.errors import UsageError
from schema.kinds import Property
from schema.values import ValueType


@dataclass(frozen=True)
class PropertyColumns:
    """The properties of a kind or type, as columns."""

    owner: str
    properties: tuple[Property, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of the columns."""
        return tuple(p.name for p in self.properties)

    def encode(self, columns: Columns, rows: int) -> list[Sequence[Any]]:
        """Return the stored values, column by column, in the order of the columns."""
        unknown = set(columns) - set(self.names)
        if unknown:
            raise UsageError(
                f"{self.owner} has no property {', '.join(sorted(unknown))}",
                hint="one of " + ", ".join(self.names),
            )
        stored: list[Sequence[Any]] = []
        for p in self.properties:
            values = columns.get(p.name)
            if values is None:
                stored.append([None] * rows)
            elif type(p.value_type).encode is ValueType.encode:
                stored.append(values)
            else:
                encode = p.value_type.encode
                stored.append([None if v is None else encode(v) for v in values])
        return stored

    @cached_property
    def _decoders(self) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
        """The names, each with what makes a value of what is stored, where that is not the value itself."""
        types = [(p.name, p.value_type) for p in self.properties]
        return tuple((n, None if type(t).decode is ValueType.decode else t.decode) for n, t in types)

    def decode(self, stored: Sequence[Any]) -> dict[str, Any]:
        """Return the values of a row by name, those that there are."""
        return {
            name: value if decode is None else decode(value)
            for (name, decode), value in zip(self._decoders, stored, strict=True)
            if value is not None
        }
