"""What goes into a store and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from schema.kinds import Direction, Triple

Ref = tuple[str, str]  # kind, key
Columns = Mapping[str, Sequence[Any]]  # property -> typed values, None where there is none


@dataclass(frozen=True, slots=True)
class Node:
    """A node as it stands: its merged properties (only those that have a value)."""

    kind: str
    key: str
    caption: str
    properties: Mapping[str, Any]
    source: str
    run: int
    valid_from: datetime
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one record says, or said, of a node."""

    source: str
    record: str
    run: int
    valid_from: datetime
    valid_to: datetime | None
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship as it stands."""

    triple: Triple
    start: str
    end: str
    properties: Mapping[str, Any]
    source: str
    run: int
    valid_from: datetime
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A relationship of a node, and the node at its other end."""

    relationship: Relationship
    direction: Direction
    node: Node


@dataclass(frozen=True, slots=True)
class Branch:
    """How many relationships of one triple leave or reach a node."""

    triple: Triple
    direction: Direction
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A node found by its text: matched words between « and », better hits with lower rank."""

    node: Node
    snippet: str
    rank: float


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on a property of the nodes asked for (`key` counts as one).

    `eq` and `ne` take null as a value like any other; `contains` ignores case.
    """

    name: str
    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "is_null"]
    value: Any = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What to compute over a group; `count` needs no property. Sums of money are per currency."""

    op: Literal["count", "distinct", "sum", "mean", "min", "max"]
    of: str = ""

    @property
    def name(self) -> str:
        """The name of its column in the answer: `count`, `sum_amount`."""
        return f"{self.op}_{self.of}" if self.of else self.op


@dataclass(frozen=True, slots=True)
class Page:
    """Some nodes in the order of their keys; `next` is what to pass as `after` to go on, or None."""

    nodes: Sequence[Node]
    next: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many open nodes there are of each kind, open relationships of each type."""

    nodes: Mapping[str, int]
    relationships: Mapping[str, int]


@dataclass(slots=True)
class Counts:
    """What became of the rows of a source: `read = written + unchanged + quarantined`."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has read a source. `cursor` belongs to the source; `done`: read to its end."""

    cursor: Mapping[str, Any]
    counts: Counts
    done: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over the sources of a project."""

    id: int
    started: datetime
    fingerprint: str
    finished: bool = False


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a row (`field` is empty where it is the whole row)."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not written, as it was read, with everything that is wrong with it."""

    source: str
    position: str
    key: str | None
    row: Mapping[str, Any]
    errors: Sequence[FieldError]


@dataclass(frozen=True, slots=True)
class Judgement:
    """That a source record is of a customer."""

    record: str
    customer: str
    probability: float = 1.0
    rule: str = "own record"
    decided_by: str = "motivo"


@dataclass(frozen=True, slots=True)
class Move:
    """That an open relationship is to have another end, and these properties (None takes one away)."""

    start: str
    end: str
    slot: Any
    to: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """A node that a decision is about, and what of it was judged."""

    kind: str
    key: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a topic: who, when, why. `said` is JSON; its meaning is the topic's.

    The store gives the number. What identifies a customer belongs into the subjects, which are
    erased with their nodes.
    """

    topic: str
    action: str
    by: str
    at: datetime
    why: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    subjects: Sequence[Subject] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was removed for good with a customer."""

    customer: str
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    rejected_rows: int = 0


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What the store knows of a record: the digest of its row, and the last run that saw it."""

    digest: int
    run: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a store, and what to do about it."""

    what: str
    remedy: str
