"""Answering GraphQL operations, a level at a time."""

from api.graphql.execution.fields import (
    Arguments,
    Cost,
    FieldRule,
    Resolver,
    Subscriber,
    get_rule,
    make_field,
)

__all__ = ["Arguments", "Cost", "FieldRule", "Resolver", "Subscriber", "get_rule", "make_field"]
