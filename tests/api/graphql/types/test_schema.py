"""The schema of any vocabulary is valid, complete, said in words, and always the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import (
    GraphQLSchema,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_specified_scalar_type,
    print_schema,
    validate_schema,
)
from hypothesis import HealthCheck, given, settings

from api.graphql.building import build_schema, make_types
from api.graphql.execution import get_rule
from api.graphql.sdl import write_sdl
from api.graphql.types.names import OWN_TYPES, camel, plural
from schema import Vocabulary, core_vocabulary
from tests.api.graphql.types.vocabularies import vocabularies

CORE = build_schema(core_vocabulary())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(vocabularies())
def test_any_vocabulary_makes_a_valid_schema(vocabulary: Vocabulary) -> None:
    schema = build_schema(vocabulary)
    assert validate_schema(schema) == []
    assert print_schema(schema) == print_schema(build_schema(vocabulary))
    types = make_types(vocabulary)
    for kind in vocabulary.kinds.values():
        names = types.kinds[kind.name]
        fields = {*names.properties.values(), *names.steps.values()}
        assert len(fields) == len(kind.properties) + len(list(vocabulary.steps(kind.name)))
        assert fields < schema.type_map[names.type].fields.keys()  # type: ignore[attr-defined]
        assert fields < types.filters[kind.name].fields.keys()
        assert names.type == kind.name or kind.name in OWN_TYPES
    assert len({names.type for names in types.kinds.values()}) == len(vocabulary.kinds)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(vocabularies())
def test_each_kind_has_two_fields_of_the_root(vocabulary: Vocabulary) -> None:
    schema = build_schema(vocabulary)
    assert schema.query_type is not None
    returned = [str(field.type) for field in schema.query_type.fields.values()]
    types = make_types(vocabulary)
    for kind in vocabulary.kinds:
        assert types.objects[kind].name in returned
        assert types.connections[kind].name in returned


def described(schema: GraphQLSchema) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, type_ in schema.type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        found[name] = type_.description
        if is_enum_type(type_):
            found |= {f"{name}.{label}": value.description for label, value in type_.values.items()}
        if is_input_object_type(type_) or is_object_type(type_) or is_interface_type(type_):
            found |= {f"{name}.{label}": field.description for label, field in type_.fields.items()}
        if is_object_type(type_) or is_interface_type(type_):
            for label, field in type_.fields.items():
                found |= {f"{name}.{label}({a}:)": of.description for a, of in field.args.items()}
    return found


def test_everything_is_described() -> None:
    assert [place for place, description in described(CORE).items() if not description] == []
    bare = Vocabulary().extend({"kinds": {"A": {"properties": {"b": "text"}}}})
    assert [place for place, description in described(build_schema(bare)).items() if not description] == []


def test_every_field_has_a_rule() -> None:
    for name, type_ in CORE.type_map.items():
        if (is_object_type(type_) or is_interface_type(type_)) and not is_introspection_type(type_):
            for label, field in type_.fields.items():
                assert get_rule(field), f"{name}.{label}"


def test_our_own_types_are_named_so_that_no_kind_is() -> None:
    types = make_types(core_vocabulary())
    of_kinds = {
        *(type_.name for group in (types.objects, types.filters, types.orders) for type_ in group.values()),
        *(f"{name}{end}" for name in core_vocabulary().kinds for end in ("Edge", "Connection", "OrderField")),
        *(connection.name for connection in types.links.values()),
        *(connection.name.replace("Connection", "Edge") for connection in types.links.values()),
    }
    ours = {name for name, type_ in CORE.type_map.items() if not is_introspection_type(type_)} - of_kinds
    assert ours <= OWN_TYPES, "add them to OWN_TYPES in api/graphql/types/names.py"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("complaint", "complaints"),
        ("category", "categories"),
        ("day", "days"),
        ("y", "ys"),
        ("process", "processes"),
        ("batch", "batches"),
        ("box", "boxes"),
        ("canal", "canals"),
        ("person", "persons"),
    ],
)
def test_plurals_follow_three_rules(name: str, expected: str) -> None:
    assert plural(name) == expected


def test_names_that_meet_are_told_apart() -> None:
    vocabulary = core_vocabulary().extend(
        {
            "kinds": {
                "Money": {"properties": {"a_1": "text", "a1": "text", "caption": "text", "or": "text"}},
                "Node": {"properties": {"a_from_money": "text"}},
                "As": {},
                "A": {},
            },
            "relationships": {"A": {"ends": "Money -> Node"}, "A_FROM": {"ends": "Node -> Money"}},
        }
    )
    types = make_types(vocabulary)
    assert types.kinds["Money"].type == "MoneyNode"
    assert types.kinds["Money"].properties == {
        "a_1": "a1",
        "a1": "a1_2",
        "caption": "caption_2",
        "or": "or_2",
    }
    assert types.kinds["Node"].type == "NodeNode"
    assert sorted(types.kinds["Node"].steps.values()) == ["aFromMoney_2", "aFromMoney_3"]
    query = build_schema(vocabulary).query_type
    assert query is not None
    assert {
        "moneyNode",
        "moneyNodes",
        "nodeNode",
        "nodeNodes",
        "as",
        "ases",
        "a",
        "aNodes",
    } <= query.fields.keys()


def test_camel_case_keeps_digits() -> None:
    assert [camel(name) for name in ("days_late", "a_1", "ATTRIBUTED_TO")] == [
        "daysLate",
        "a1",
        "attributedTo",
    ]


def test_the_schema_in_docs_is_as_generated(root: Path) -> None:
    page = (root / "docs" / "schema.graphql").read_text("utf-8")
    assert page == write_sdl(core_vocabulary()), "run make docs"
