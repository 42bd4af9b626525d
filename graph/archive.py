"""All that a store keeps, in rows that say the same whatever store they lie in.

A part holds rows of one sort, in an order that does not change while nobody writes:

- `setting` [name, value], `source` [rank, name], `run` [id, started, fingerprint, finished],
  `record` [number, rank, key, digest, run], `progress` [run, rank, cursor, counts, done],
  `rejected` [id, rank, position, key, run, row, errors],
  `decision` [id, topic, action, by, at, why, said], `subject` [decision, place, kind, key, detail];
- `node` of a kind: [key, source, run, valid_from, valid_to, values];
- `fact` of a kind: [node, rank, number, record, valid_from, valid_to, run, data], what a record says, or
  said, of a node, both by their keys;
- `link` of a triple: [start, end, slot, rank, number, valid_from, valid_to, run, via_start, via_end, values].

Values are as `ValueType.encode` has them, those that there are, by name. Records have numbers, which rise
within a source; sources have ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

import orjson

from schema.vocabulary import Vocabulary

Row = Sequence[Any]
LEDGER = ("setting", "source", "run", "record", "progress", "rejected", "decision", "subject")
ROWS_AT_ONCE = 5_000
COPY = "copy"  # the setting that says how far a copy into this store has come


@dataclass(frozen=True)
class Part:
    """Rows of one sort; `of` is a kind, or a triple as a text, where there are several."""

    sort: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.sort} {self.of}".strip()


@dataclass(frozen=True)
class Sum:
    """How many rows a part has, and the sum of their digests, in whatever order they come."""

    rows: int = 0
    digest: int = 0

    def add(self, rows: Iterable[Row]) -> Sum:
        """Return the sum with more rows."""
        count, digest = self.rows, self.digest
        for row in rows:
            spelled = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
            digest += int.from_bytes(blake2b(spelled, digest_size=8).digest())
            count += 1
        return Sum(count, digest % 2**64)


class Archive(Protocol):
    """Reads and writes all that a store keeps."""

    def reading(self) -> AbstractContextManager[None]:
        """Keep what is read at one state, while the block runs."""
        ...

    def rows(self, part: Part) -> Iterator[list[Row]]:
        """Yield the rows of a part, some at a time."""
        ...

    def load(self, part: Part, rows: Sequence[Row], progress: Any) -> None:
        """Write rows of a part, and keep the setting `copy` with them, in one transaction."""
        ...


def parts(vocabulary: Vocabulary) -> list[Part]:
    """Return the parts of a store, each behind those that it refers to."""
    kinds = list(vocabulary.kinds)
    return [
        *map(Part, LEDGER),
        *(Part("node", kind) for kind in kinds),
        *(Part("fact", kind) for kind in kinds),
        *(Part("link", str(triple)) for triple in vocabulary.triples),
    ]


def sum_part(archive: Archive, part: Part) -> Sum:
    """Read a part and return its sum; the setting of a copy is no part of what is copied."""
    found = Sum()
    for rows in archive.rows(part):
        found = found.add(row for row in rows if part.sort != "setting" or row[0] != COPY)
    return found
