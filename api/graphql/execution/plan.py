"""An operation made ready to be answered again and again.

What @skip and @include leave of it depends on the values of a few variables, so a plan has variants, one for
each combination of those that was met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    execute_sync,
    get_variable_values,
)
from graphql.execution import VariableValues

from api.graphql.execution.answer import invalidate
from api.graphql.execution.limits import Limits
from api.graphql.execution.selections import MOST_FIELDS, PlannedField, Variant, get_conditions

MOST_VARIANTS = 32


class Plan:
    """A valid operation of a document.

    name: what it is called, if it is. kind: query, mutation or subscription.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        limits: Limits,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.limits = limits
        self.kind: OperationType = operation.operation
        self.name = operation.name.value if operation.name else None
        root = schema.get_root_type(self.kind)
        assert root is not None, "validation has seen that the schema has it"  # noqa: S101
        self.root: GraphQLObjectType = root
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.definitions = operation.variable_definitions or ()
        declared = {definition.variable.name.value for definition in self.definitions}
        used = {
            name
            for node in (operation, *self.fragments.values())
            for name in find_conditions(node.selection_set)
        }
        self.conditions = tuple(sorted(declared & used))
        self.variants: dict[tuple[object, ...], Variant] = {}
        self.introspected: dict[str, ExecutionResult] = {}

    @property
    def size(self) -> int:
        """How many fields are planned."""
        return sum(variant.size for variant in list(self.variants.values()))

    def coerce_variables(self, inputs: Mapping[str, Any]) -> VariableValues:
        """Return the values of the variables. Raises InvalidOperationError."""
        found = get_variable_values(
            self.schema,
            self.definitions,
            dict(inputs),
            max_errors=20,
            hide_suggestions=not self.limits.introspection,
        )
        if isinstance(found, list):
            raise invalidate(found)
        return found

    def get_variant(self, variables: VariableValues) -> Variant:
        """Return what @skip and @include leave. Raises InvalidOperationError where they are given null."""
        values = tuple(variables.coerced.get(name) for name in self.conditions)
        variant = self.variants.get(values)
        if variant is None:
            for name, value in zip(self.conditions, values, strict=True):
                if not isinstance(value, bool):
                    message = f"Variable '${name}' of a @skip or @include must not be null."
                    raise invalidate([GraphQLError(message, self.operation)])
            if len(self.variants) >= MOST_VARIANTS or self.size >= MOST_FIELDS:
                self.variants.clear()
            conditions = dict(zip(self.conditions, values, strict=True))
            variant = Variant(self.schema, self.fragments, conditions, self.operation.selection_set)  # type: ignore[arg-type]
            self.variants[values] = variant
        return variant

    def introspect(self, field: PlannedField, inputs: Mapping[str, Any]) -> ExecutionResult:
        """Return what graphql-core answers to a field that asks for the schema."""
        if field.key in self.introspected:
            return self.introspected[field.key]
        operation = OperationDefinitionNode(
            operation=OperationType.QUERY,
            variable_definitions=self.definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=tuple(field.nodes)),
        )
        document = DocumentNode(definitions=(operation, *self.fragments.values()))
        result = execute_sync(self.schema, document, variable_values=dict(inputs))
        if not self.definitions:
            self.introspected[field.key] = result
        return result


def find_conditions(selections: SelectionSetNode) -> Iterator[str]:
    """Yield the variables that @skip and @include depend on."""
    waiting: list[SelectionSetNode] = [selections]
    while waiting:
        for node in waiting.pop().selections:
            for _, value in get_conditions(node):
                if isinstance(value, VariableNode):
                    yield value.name.value
            below = getattr(node, "selection_set", None)
            if below is not None:
                waiting.append(below)
