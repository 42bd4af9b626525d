"""Scalars: how values are written in answers and read from arguments."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from graphql import (
    FloatValueNode,
    GraphQLError,
    GraphQLScalarType,
    IntValueNode,
    StringValueNode,
    ValueNode,
    value_from_ast_untyped,
)

from schema import Amount

LONGEST = 64  # characters of a number that is read


def write_time(value: datetime) -> str:
    """Return a moment in UTC as ISO 8601: `2026-11-24T09:30:00Z`."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_time(raw: Any) -> datetime:
    """Return the moment in UTC that a text names; without a zone, it is in UTC."""
    try:
        value = datetime.fromisoformat(raw)
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise GraphQLError("a DateTime is written like 2026-11-24T09:30:00Z") from None


def write_date(value: date) -> str:
    """Return a day as ISO 8601."""
    return value.isoformat()


def read_date(raw: Any) -> date:
    """Return the day that a text names."""
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise GraphQLError("a Date is written like 2026-11-24") from None


def write_decimal(value: Decimal) -> str:
    """Return an exact number as a text without exponent, nor zeros at the end behind two decimals."""
    whole, point, decimals = f"{value:f}".partition(".")
    return f"{whole}{point}{decimals[:2]}{decimals[2:].rstrip('0')}"


def read_decimal(raw: Any) -> Decimal:
    """Return the exact number that a text or number names."""
    try:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float) or len(str(raw)) > LONGEST:
            raise ValueError
        value = Decimal(str(raw))
        if not value.is_finite() or abs(value.adjusted()) > LONGEST:
            raise ValueError
    except (ValueError, InvalidOperation):
        raise GraphQLError('a Decimal is written like "129.90"') from None
    return value


def read_long(raw: Any) -> int:
    """Return a whole number of at most 64 bits."""
    if isinstance(raw, float) and math.isfinite(raw) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not -(2**63) <= raw < 2**63:
        raise GraphQLError("a Long is a whole number of at most 64 bits")
    return raw


def to_json(value: Any) -> Any:
    """Return a value as JSON has it; decimals are texts, and money is `{amount, currency}`."""
    if isinstance(value, datetime):
        return write_time(value)
    if isinstance(value, date):
        return write_date(value)
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, Amount):
        return {"amount": write_decimal(value.value), "currency": value.currency}
    return value


def _literal(read: Any, *nodes: type[ValueNode]) -> Any:
    """Return what reads a literal of a document, if it is one of these."""

    def read_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> Any:
        if not isinstance(node, nodes):
            return read(None)
        value: Any = node.value  # type: ignore[attr-defined]
        return read(int(value) if isinstance(node, IntValueNode) and len(value) <= LONGEST else value)

    return read_literal


DATE = GraphQLScalarType(
    "Date",
    serialize=write_date,
    parse_value=read_date,
    parse_literal=_literal(read_date, StringValueNode),
    description="A day of the calendar, ISO 8601: 2026-11-24.",
)
TIME = GraphQLScalarType(
    "DateTime",
    serialize=write_time,
    parse_value=read_time,
    parse_literal=_literal(read_time, StringValueNode),
    description="A moment in UTC, ISO 8601: 2026-11-24T09:30:00Z. Read without a zone, it is in UTC.",
)
DECIMAL = GraphQLScalarType(
    "Decimal",
    serialize=write_decimal,
    parse_value=read_decimal,
    parse_literal=_literal(read_decimal, StringValueNode, IntValueNode, FloatValueNode),
    description='An exact decimal number, as a text: "129.90". Numbers are read, too.',
)
LONG = GraphQLScalarType(
    "Long",
    serialize=int,
    parse_value=read_long,
    parse_literal=_literal(read_long, IntValueNode),
    description="A whole number of at most 64 bits.",
)
JSON = GraphQLScalarType(
    "JSON",
    serialize=lambda value: value,
    parse_value=lambda value: value,
    parse_literal=value_from_ast_untyped,
    description="Any JSON value.",
)
