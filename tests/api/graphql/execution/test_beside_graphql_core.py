"""What we answer is what graphql-core answers, one object after the other."""

from __future__ import annotations

import json
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, parse
from graphql import execute as execute_one_by_one
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from api.graphql.execution import Documents, Limits, get_rule, get_type_name
from api.graphql.execution.executor import execute_on
from schema import MotivoError
from tests.api.graphql.execution.questions import questions, variables
from tests.api.graphql.execution.toys import TOYS, Toy, World, make_request

ROOT = Toy("Query", 0)
LIMITS = Limits(aliases=1000, cost=10**9, depth=100)


def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    rule = get_rule(info.parent_type.fields[info.field_name])
    if rule.resolve is None:
        return source.get(rule.name) if isinstance(source, dict) else getattr(source, rule.name)
    return rule.resolve([source], arguments, info.context)[0]


def tell(error: GraphQLError) -> str:
    """Return the message of an error as we tell it."""
    if isinstance(error.original_error, MotivoError):
        return error.original_error.message
    known = error.message.startswith(("Cannot return null", "Argument "))
    return error.message if known else "internal error"


def ask_graphql_core(text: str, given: dict[str, Any], world: World) -> tuple[Any, list[Any]]:
    result: Any = execute_one_by_one(
        TOYS,
        parse(text),
        ROOT,
        make_request(services=world),
        given,
        field_resolver=resolve,
        type_resolver=lambda value, info, type_: get_type_name(value, type_, info.context),
    )
    return result.data, [(error.path, tell(error)) for error in result.errors or []]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    questions(),
    st.lists(variables(), min_size=1, max_size=2),
    st.integers(0, 10**6),
    st.sampled_from([0.0, 0.05, 0.1, 0.3]),
)
def test_data_and_errors_are_the_same(
    text: str, sent: list[dict[str, Any]], seed: int, trouble: float
) -> None:
    world = World(seed, trouble)
    plan = Documents(TOYS, LIMITS).prepare(text)
    for values in sent:
        data, errors = ask_graphql_core(text, values, world)
        answer = execute_on(ROOT, plan, make_request(services=world), values, None)
        event(f"errors: {min(len(errors), 3)}, root {'null' if data is None else 'there'}")
        assert json.dumps(answer.data) == json.dumps(data)
        # Their order too, which the specification leaves open.
        assert [(error.path, error.message) for error in answer.errors] == errors
