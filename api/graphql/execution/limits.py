"""How much one operation may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is refused before anything runs. What people write stays far below.

    Of a document: characters, tokens, operations (with fragments), aliases, directives (at one place).
    Of an operation: depth (fields in fields), root_fields, fields (its fragments written out), overlaps
    (pairs of fields of one name to be merged, which validation takes longest for), cost (see `cost.py`).
    introspection: whether the schema is shown.
    """

    characters: int = 100_000
    tokens: int = 5_000
    operations: int = 100
    depth: int = 20
    aliases: int = 50
    root_fields: int = 30
    fields: int = 2_000
    directives: int = 5
    overlaps: int = 10_000
    cost: int = 100_000
    introspection: bool = True
