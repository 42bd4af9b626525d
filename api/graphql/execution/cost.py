"""What an operation costs, known before it runs: about how many objects it may ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphql import GraphQLObjectType

from api.graphql.execution.fields import Arguments
from api.graphql.execution.selections import PlannedField, Selection


class Costs:
    """The costs of the selections of one operation, with its variables."""

    def __init__(self, get_arguments: Callable[[PlannedField], Arguments | Exception]) -> None:
        self.get_arguments = get_arguments
        self.known: dict[tuple[int, str], int] = {}

    def get(self, selection: Selection, types: Sequence[GraphQLObjectType]) -> int:
        """Return the cost of a selection, for one object of the dearest of these types."""
        return max((self.get_level(selection, type_) for type_ in types), default=0)

    def get_level(self, selection: Selection, type_: GraphQLObjectType) -> int:
        """Return the cost of a selection for one object of this type: at least one."""
        place = (id(selection), type_.name)
        if place not in self.known:
            self.known[place] = max(1, sum(map(self.get_field, selection.of(type_).fields)))
        return self.known[place]

    def get_field(self, field: PlannedField) -> int:
        """Return the cost of a field of one object."""
        below = self.get(field.below, field.types) if field.below else 0
        if field.rule.cost is not None:
            arguments = self.get_arguments(field)
            if not isinstance(arguments, Exception):
                return max(0, field.rule.cost(arguments, below))
        return below + (field.rule.resolve is not None)
