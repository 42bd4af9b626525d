"""Global ids and cursors: texts that mean nothing to those who hold them."""

from __future__ import annotations

import base64
import binascii

from graph import Order, Ref
from schema import UsageError

LONGEST = 4_096


def encode(*parts: str) -> str:
    """Return texts as one of letters, digits, - and _ that stands in a URL as it is."""
    return base64.urlsafe_b64encode("\n".join(parts).encode("utf-8", "surrogatepass")).decode().rstrip("=")


def decode(text: str, parts: int) -> list[str]:
    """Return the texts that were encoded, the last with all its lines; `ValueError` if there are too few."""
    if len(text) > LONGEST:
        raise ValueError
    padded = text + "=" * (-len(text) % 4)
    try:
        found = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split("\n", parts - 1)
    except (binascii.Error, UnicodeError):
        raise ValueError from None
    if len(found) != parts:
        raise ValueError
    return found


def encode_id(kind: str, key: str) -> str:
    """Return the global id of a node."""
    return encode(kind, key)


def decode_id(id_: str) -> Ref:
    """Return the kind and key of a node; `UsageError` if that is no id."""
    try:
        kind, key = decode(id_, 2)
    except ValueError:
        raise UsageError(f"{id_[:80]!r} is not an id", hint="take the `id` of a node") from None
    return kind, key


def _of_order(order: Order | None) -> str:
    return "" if order is None else f"{order.name}{'-' if order.descending else '+'}"


def encode_cursor(order: Order | None, cursor: str) -> str:
    """Return a cursor of the store for those who page in this order."""
    return encode(_of_order(order), cursor)


def decode_cursor(order: Order | None, cursor: str | None) -> str | None:
    """Return the store's cursor; `UsageError` if it is none, or one of another order."""
    if cursor is None:
        return None
    try:
        given, found = decode(cursor, 2)
    except ValueError:
        raise UsageError(f"{cursor[:80]!r} is not a cursor", hint="take the `cursor` of an edge") from None
    if given != _of_order(order):
        raise UsageError("the cursor is of a list in another order", hint="begin again, without a cursor")
    return found
