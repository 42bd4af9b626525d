"""How much a document asks for, measured before it is validated: validation itself can be made slow.

Fragments are counted where they are spread. Each is measured once, so that a few lines which would write out
to millions of fields cost no more than their lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_introspection_query,
    parse,
)

from api.graphql.execution.limits import Limits

# How many a list of the schema holds, about; types are counted.
LISTS = {
    "fields": 10,
    "args": 3,
    "inputFields": 10,
    "enumValues": 10,
    "interfaces": 2,
    "possibleTypes": 10,
    "directives": 5,
}


INTROSPECTION = ("__schema", "__type")


class Excess(NamedTuple):
    """A limit that a document may break: its name, what was found, what it is."""

    name: str
    found: int
    limit: int


class Size(NamedTuple):
    """The size of a selection set, its fragments written out: fields in all, and in one another."""

    fields: int
    depth: int


class Measure:
    """The measures of a document."""

    def __init__(self, document: DocumentNode) -> None:
        self.definitions = document.definitions
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.sizes: dict[str, Size] = {}

    def get_operations(self) -> Iterator[OperationDefinitionNode]:
        """Yield the operations."""
        return (node for node in self.definitions if isinstance(node, OperationDefinitionNode))

    def get_size(self, selections: SelectionSetNode) -> Size:
        """Return the size of a selection set. Where fragments spread themselves, that is not followed."""
        fields = depth = 0
        for node in selections.selections:
            size = self.get_size_below(node)
            own = isinstance(node, FieldNode)
            fields += size.fields + own
            depth = max(depth, size.depth + own)
        return Size(fields, depth)

    def get_size_below(self, node: SelectionNode) -> Size:
        """Return the size of what is selected below a field or a fragment."""
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in self.sizes and name in self.fragments:
                self.sizes[name] = Size(0, 0)
                self.sizes[name] = self.get_size(self.fragments[name].selection_set)
            return self.sizes.get(name, Size(0, 0))
        below: SelectionSetNode | None = getattr(node, "selection_set", None)
        return Size(0, 0) if below is None else self.get_size(below)

    def merge(self, sets: Sequence[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """Return the fields of selection sets by their names in the answer, whatever type they are for."""
        fields: dict[str, list[FieldNode]] = {}
        met: set[str] = set()
        waiting: list[SelectionSetNode] = list(sets)
        while waiting:
            for node in waiting.pop().selections:
                if isinstance(node, FieldNode):
                    fields.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
                elif not isinstance(node, FragmentSpreadNode):
                    waiting.append(node.selection_set)  # type: ignore[attr-defined]
                elif node.name.value not in met and node.name.value in self.fragments:
                    met.add(node.name.value)
                    waiting.append(self.fragments[node.name.value].selection_set)
        return fields

    def count_overlaps(self, operation: OperationDefinitionNode) -> int:
        """Return how many pairs of fields have the same place in the answer."""
        pairs = 0
        met: set[tuple[int, ...]] = set()
        waiting: list[list[SelectionSetNode]] = [[operation.selection_set]]
        while waiting:
            for nodes in self.merge(waiting.pop()).values():
                pairs += len(nodes) * (len(nodes) - 1) // 2
                sets = [node.selection_set for node in nodes if node.selection_set]
                same = tuple(map(id, sets))
                if sets and same not in met:
                    met.add(same)
                    waiting.append(sets)
        return pairs

    def count_root_fields(self, operation: OperationDefinitionNode) -> int:
        """Return how many fields an operation asks for at its root."""
        return len(self.merge([operation.selection_set]))

    def get_nodes(self) -> Iterator[Node]:
        """Yield all that may bear directives, as it is written."""
        waiting: list[SelectionSetNode] = []
        for definition in self.definitions:
            yield definition
            yield from getattr(definition, "variable_definitions", None) or ()
            if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
                waiting.append(definition.selection_set)
        while waiting:
            for node in waiting.pop().selections:
                yield node
                below = getattr(node, "selection_set", None)
                if below is not None:
                    waiting.append(below)

    def weigh(self, types: int) -> int:
        """Return about how many values what is asked of the schema has, which has so many types."""
        known: dict[str, int] = {}

        def weigh_set(selections: SelectionSetNode) -> int:
            return sum(map(weigh_node, selections.selections))

        def weigh_node(node: SelectionNode) -> int:
            if isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name not in known and name in self.fragments:
                    known[name] = 0
                    known[name] = weigh_set(self.fragments[name].selection_set)
                return known.get(name, 0)
            below: SelectionSetNode | None = getattr(node, "selection_set", None)
            weight = 0 if below is None else weigh_set(below)
            if not isinstance(node, FieldNode):
                return weight
            return 1 + weight * (types if node.name.value == "types" else LISTS.get(node.name.value, 1))

        return sum(
            weigh_node(node)
            for node in self.get_nodes()
            if isinstance(node, FieldNode) and node.name.value in INTROSPECTION
        )


def weigh_introspection(schema: GraphQLSchema) -> int:
    """Return what asking for all of a schema, as tools do, weighs."""
    text = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )
    return Measure(parse(text)).weigh(len(schema.type_map))


def find_excess(
    document: DocumentNode, schema: GraphQLSchema, limits: Limits, most_weight: int
) -> Excess | None:
    """Return a limit that a document breaks, or None. Raises RecursionError where it is nested too deep.

    most_weight: what may be asked of the schema (see `weigh_introspection`).
    """
    counts = count(Measure(document), schema, limits, most_weight)
    return next((excess for excess in counts if excess.found > excess.limit), None)


def count(measure: Measure, schema: GraphQLSchema, limits: Limits, most_weight: int) -> Iterator[Excess]:
    """Yield what is counted beside its limit, the cheap counts first."""
    nodes = list(measure.get_nodes())
    fields = [node for node in nodes if isinstance(node, FieldNode)]
    yield Excess("operations", len(measure.definitions), limits.operations)
    yield Excess("aliases", sum(node.alias is not None for node in fields), limits.aliases)
    yield Excess(
        "directives", max(len(getattr(node, "directives", None) or ()) for node in nodes), limits.directives
    )
    if any(node.name.value in INTROSPECTION for node in fields):
        yield Excess("introspection", 1, int(limits.introspection))
        yield Excess("introspection_weight", measure.weigh(len(schema.type_map)), most_weight)
    for operation in measure.get_operations():
        size = measure.get_size(operation.selection_set)
        yield Excess("fields", size.fields, limits.fields)
        yield Excess("depth", size.depth, limits.depth)
        # Merging walks through all that is written out, which is no more than `fields` now.
        yield Excess("root_fields", measure.count_root_fields(operation), limits.root_fields)
        yield Excess("overlaps", measure.count_overlaps(operation), limits.overlaps)
