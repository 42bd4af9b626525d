"""What becomes of a batch: rows identified, then mapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph import RejectedRow
from schema.kinds import Triple


@dataclass(frozen=True, slots=True)
class Identified:
    """The key and digest of each row of a batch.

    `keys` and `digests` run parallel to the batch's table; a key is None where the row is rejected.
    `rejected` also has the batch's broken rows. `good` are the numbers of the rows that have a key.
    """

    keys: list[str | None]
    digests: list[int]
    rejected: list[RejectedRow]
    good: list[int]


@dataclass(frozen=True, slots=True)
class NodeRows:
    """Nodes of one target. `rows` (numbers of rows of the batch), `keys` and columns run parallel.

    `kind` is as written to the store: customers come as `SourceRecord`, key `system:key`.
    `detect`: whether it is one at all is for its text to tell.
    """

    target: str
    kind: str
    detect: bool
    rows: list[int]
    keys: list[str]
    columns: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class RelationshipRows:
    """Relationships of one target. `rows`, `starts`, `ends` and columns run parallel.

    A `Customer` end is the key of its source record. `start_target` and `end_target` name the node
    target that an end refers to; empty where the end is given by its key alone.
    """

    triple: Triple
    start_target: str
    end_target: str
    rows: list[int]
    starts: list[str]
    ends: list[str]
    columns: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class MappedBatch:
    """What the rows of a batch say. Rejected rows are in nothing but `rejected`.

    `record_keys` runs parallel to the batch's table; None for rows that were not mapped.
    """

    record_keys: list[str | None]
    nodes: list[NodeRows]
    relationships: list[RelationshipRows]
    rejected: list[RejectedRow]
