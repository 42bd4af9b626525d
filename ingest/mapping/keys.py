"""Keys and digests of rows, column by column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LONGEST_KEY = 512


def clean_keys(texts: Sequence[str | None]) -> tuple[list[str | None], dict[int, str]]:
    """Return the keys in a column, and by row what is wrong with those that are None.

    What is empty is None and not wrong.
    """
    keys: list[str | None] = [text.strip() or None if text else None for text in texts]
    wrong: dict[int, str] = {}
    present = list(filter(None, keys))
    if max(map(len, present), default=0) <= LONGEST_KEY and "\0" not in "".join(present):
        return keys, wrong
    for row, key in enumerate(keys):
        if key is not None and (len(key) > LONGEST_KEY or "\0" in key):
            wrong[row] = (
                "has a NUL character"
                if "\0" in key
                else f"is longer than a key can be ({LONGEST_KEY} characters)"
            )
            keys[row] = None
    return keys, wrong


def join_key(parts: Iterable[str]) -> str:
    """Return one key of several parts: joined by "/", with % and / in a part as %25 and %2F."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def row_contents(table: pa.Table) -> list[bytes]:
    """Return bytes that tell each row from every other with other values, for hashing.

    Names and values in the order of names, divided by NUL (which no text has); nulls are left out,
    so that neither the order of columns nor a new, empty column makes a row another one.
    """
    if not table.num_columns:
        return [b""] * table.num_rows
    parts = [
        pc.binary_join_element_wise(pa.scalar(name), table[name], "\0") for name in sorted(table.column_names)
    ]
    parts.append(pa.scalar(""))  # a row of nulls only would be left out itself
    joined = pc.binary_join_element_wise(*parts, "\0", null_handling="skip")
    contents: list[bytes] = joined.cast(pa.large_binary()).to_pylist()
    return contents


def digest_rows(contents: Sequence[bytes], seed: str) -> list[int]:
    """Return a signed 64-bit digest of each row, the same in every process and version."""
    prefix = seed.encode() + b"\0"
    blake = hashlib.blake2b
    joined = b"".join(blake(prefix + content, digest_size=8).digest() for content in contents)
    digests: list[int] = np.frombuffer(joined, "<i8").tolist()
    return digests


def hash_rows(contents: Sequence[bytes]) -> list[str]:
    """Return 128 bits of hash of each row in hex: a key for rows that have none."""
    return [hashlib.blake2b(content, digest_size=16).hexdigest() for content in contents]
