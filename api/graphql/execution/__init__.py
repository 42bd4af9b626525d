"""Answering GraphQL operations, a level at a time."""

from api.graphql.execution.answer import Answer, InvalidOperationError
from api.graphql.execution.documents import Documents, find_hash
from api.graphql.execution.executor import execute
from api.graphql.execution.fields import (
    Arguments,
    Cost,
    FieldRule,
    Resolver,
    Subscriber,
    get_rule,
    get_type_name,
    make_field,
)
from api.graphql.execution.limits import Limits
from api.graphql.execution.plan import Plan
from api.graphql.execution.subscription import subscribe
from api.graphql.execution.trusted import read_trusted

__all__ = [
    "Answer",
    "Arguments",
    "Cost",
    "Documents",
    "FieldRule",
    "InvalidOperationError",
    "Limits",
    "Plan",
    "Resolver",
    "Subscriber",
    "execute",
    "find_hash",
    "get_rule",
    "get_type_name",
    "make_field",
    "read_trusted",
    "subscribe",
]
