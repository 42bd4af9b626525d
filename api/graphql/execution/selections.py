"""What is selected of the objects of a type: fields, their arguments, and what is selected below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution import VariableValues

from api.graphql.execution.fields import Arguments, FieldRule, Resolver, get_rule
from api.graphql.execution.shapes import make_shape
from api.graphql.execution.trails import Step
from api.graphql.request import Request
from schema import LimitError, Sensitivity

# More fields than people write, over all types that an operation may meet: it was written to be dear.
MOST_FIELDS = 5_000
INTROSPECTION = ("__schema", "__type")


class PlannedField:
    """A field that is selected of the objects of a type.

    open: anyone may see it. introspection: graphql-core answers it. constant: the arguments, where they hold
    no variable. below: what is selected of its values, if they are objects, whose type is one of `types`.
    """

    def __init__(
        self,
        definition: GraphQLField,
        nodes: Sequence[FieldNode],
        type_: GraphQLObjectType,
        place: int,
        variant: Variant,
    ) -> None:
        node = nodes[0]
        self.definition = definition
        self.nodes = nodes
        self.name = node.name.value
        self.key = node.alias.value if node.alias else self.name
        self.coordinate = f"{type_.name}.{self.name}"
        self.required = is_non_null_type(definition.type)
        self.step = Step(self.key, place, not self.required)
        self.introspection = self.name in INTROSPECTION
        self.open = self.introspection or self.name == "__typename"
        self.rule = (
            FieldRule(self.name, sensitivity=Sensitivity.PUBLIC) if self.open else get_rule(definition)
        )
        self.resolve = self.rule.resolve or read_attribute(self.rule.name)
        if self.name == "__typename":
            self.resolve = repeat(type_.name)
        elif self.rule.resolve is None and type_ is variant.schema.subscription_type:
            self.resolve = read_event
        named = get_named_type(definition.type)
        self.below: Selection | None = None
        self.types: Sequence[GraphQLObjectType] = ()
        if not self.introspection and not is_leaf_type(named):
            self.below = variant.select([node.selection_set for node in nodes if node.selection_set])
            self.types = (
                variant.schema.get_possible_types(named) if is_abstract_type(named) else [named]  # type: ignore[list-item]
            )
        self.shape = make_shape(definition.type, self.coordinate, variant.schema, self.below)
        self.constant: Arguments | None = None
        if not any(has_variable(argument.value) for argument in node.arguments or ()):
            self.constant = get_argument_values(definition, node)

    def coerce_arguments(self, variables: VariableValues) -> Arguments:
        """Return the arguments. Raises GraphQLError where a variable does not give what is needed."""
        if self.constant is not None:
            return self.constant
        return get_argument_values(self.definition, self.nodes[0], variables)


class Level:
    """The fields that are selected of the objects of one type, in the order of the answer.

    cost: of one such object, once that is known to be the same whatever the variables are.
    """

    def __init__(self, fields: Sequence[PlannedField]) -> None:
        self.fields = fields
        self.keys = tuple(field.key for field in fields)
        self.required = tuple(index for index, field in enumerate(fields) if field.required)
        self.cost: int | None = None
        self.ahead = [field.rule.ahead for field in fields if field.rule.ahead is not None]


class Selection:
    """Selection sets that are answered as one, for each type of object that is met."""

    def __init__(self, variant: Variant, sets: Sequence[SelectionSetNode]) -> None:
        self.variant = variant
        self.sets = sets
        self.levels: dict[str, Level] = {}

    def of(self, type_: GraphQLObjectType) -> Level:
        """Return what is selected of objects of this type."""
        level = self.levels.get(type_.name)
        if level is None:
            level = self.levels[type_.name] = self.variant.plan_level(type_, self.sets)
        return level


class Variant:
    """The selections of an operation, of which @skip and @include leave what `conditions` say.

    conditions: the values of the variables that they depend on.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, bool],
        root: SelectionSetNode,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.conditions = conditions
        self.size = 0
        self.selections: dict[tuple[int, ...], Selection] = {}
        self.root = self.select([root])

    def select(self, sets: Sequence[SelectionSetNode]) -> Selection:
        """Return the selection of these sets: one, however many ways lead to it."""
        same = tuple(map(id, sets))
        if same not in self.selections:
            self.selections[same] = Selection(self, sets)
        return self.selections[same]

    def plan_level(self, type_: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Level:
        """Return the fields of sets for a type. Raises LimitError where the plan grows too large."""
        nodes: dict[str, list[FieldNode]] = {}
        for node in self.find_fields(type_, sets):
            nodes.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        self.size += len(nodes)
        if self.size > MOST_FIELDS:
            raise LimitError(f"the operation selects more than {MOST_FIELDS:,} fields")
        fields = []
        for place, same in enumerate(nodes.values()):
            definition = self.schema.get_field(type_, same[0].name.value)
            assert definition is not None, "validation has seen that the type has it"  # noqa: S101
            fields.append(PlannedField(definition, same, type_, place, self))
        return Level(fields)

    def find_fields(self, type_: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Iterator[FieldNode]:
        """Yield the fields of sets, and of fragments in them that are for this type, each fragment once."""
        met: set[str] = set()
        waiting: list[SelectionNode] = [node for set_ in reversed(sets) for node in reversed(set_.selections)]
        while waiting:
            node = waiting.pop()
            if not self.is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: FragmentDefinitionNode | InlineFragmentNode
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in met:
                    continue
                fragment = self.fragments[node.name.value]
                if not self.is_for(fragment, type_):
                    continue
                met.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                fragment = node
            if self.is_for(fragment, type_):
                waiting.extend(reversed(fragment.selection_set.selections))

    def is_for(self, fragment: FragmentDefinitionNode | InlineFragmentNode, type_: GraphQLObjectType) -> bool:
        """Tell whether a fragment is for objects of this type."""
        if not fragment.type_condition:
            return True
        condition = self.schema.get_type(fragment.type_condition.name.value)
        return condition is type_ or (
            is_abstract_type(condition) and self.schema.is_sub_type(condition, type_)
        )

    def is_included(self, node: SelectionNode) -> bool:
        """Tell whether @skip and @include leave a selection."""
        for name, value in get_conditions(node):
            if isinstance(value, VariableNode):
                given = self.conditions[value.name.value]
            else:
                given = isinstance(value, BooleanValueNode) and value.value
            if given is (name == "skip"):
                return False
        return True


def get_conditions(node: SelectionNode) -> Iterator[tuple[str, ValueNode]]:
    """Yield the directives @skip and @include of a selection, with what they depend on."""
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include"):
            for argument in directive.arguments or ():
                yield directive.name.value, argument.value


def has_variable(value: ValueNode) -> bool:
    """Tell whether a value of a document holds a variable."""
    if isinstance(value, ListValueNode):
        return any(map(has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(has_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)


def repeat(value: Any) -> Resolver:
    """Return a resolver of which all objects have the same value."""
    return lambda objects, _arguments, _request: [value] * len(objects)


def read_event(objects: Sequence[Any], _arguments: Arguments, _request: Request) -> Sequence[Any]:
    """Return events as they are."""
    return objects


def read_attribute(name: str) -> Resolver:
    """Return a resolver that reads an attribute, of mappings an entry."""
    read = attrgetter(name)

    def read_one(value: Any) -> Any:
        try:
            return value.get(name) if isinstance(value, Mapping) else read(value)
        except Exception as error:
            return error

    def resolve(objects: Sequence[Any], _arguments: Arguments, _request: Request) -> Sequence[Any]:
        classes = set(map(type, objects))
        if classes == {dict}:
            return [value.get(name) for value in objects]
        if not any(issubclass(class_, Mapping) for class_ in classes):
            # Which of them it is that has none, or fails, is found one by one.
            with suppress(Exception):
                return list(map(read, objects))
        return list(map(read_one, objects))

    return resolve
