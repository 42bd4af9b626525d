"""What an operation costs, known before it runs: about how many objects it may ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphql import GraphQLObjectType

from api.graphql.execution.fields import Arguments
from api.graphql.execution.selections import Level, PlannedField, Selection


class Costs:
    """The costs of the selections of one operation, with its variables."""

    def __init__(self, get_arguments: Callable[[PlannedField], Arguments | Exception]) -> None:
        self.get_arguments = get_arguments
        self.known: dict[Level, int] = {}
        self.varied = 0  # how often a variable had a say

    def get(self, selection: Selection, types: Sequence[GraphQLObjectType]) -> int:
        """Return the cost of a selection, for one object of the dearest of these types."""
        return max((self.get_level(selection, type_) for type_ in types), default=0)

    def get_level(self, selection: Selection, type_: GraphQLObjectType) -> int:
        """Return the cost of a selection for one object of this type: at least one."""
        level = selection.of(type_)
        if level.cost is not None:
            return level.cost
        if level in self.known:
            self.varied += 1
            return self.known[level]
        before = self.varied
        cost = self.known[level] = max(1, sum(map(self.get_field, level.fields)))
        if self.varied == before:
            level.cost = cost
        return cost

    def get_field(self, field: PlannedField) -> int:
        """Return the cost of a field of one object."""
        below = self.get(field.below, field.types) if field.below else 0
        if field.rule.cost is not None:
            self.varied += field.constant is None
            arguments = self.get_arguments(field)
            if not isinstance(arguments, Exception):
                return max(0, field.rule.cost(arguments, below))
        return below + (field.rule.resolve is not None)
