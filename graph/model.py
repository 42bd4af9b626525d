"""What goes into a store and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from schema.kinds import Direction, Triple

Ref = tuple[str, str]  # kind, key
Columns = Mapping[str, Sequence[Any]]  # property -> typed values, None where there is none


# Nodes, relationships and neighbours are not to be changed. They are not frozen, which takes six times as
# long to make, because an answer may have thousands.
@dataclass(slots=True)
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


@dataclass(slots=True)
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


@dataclass(slots=True)
class Neighbour:
    """A relationship of a node, and the node at its other end.

    `cursor` is what to pass as `after` to go on behind it; only `follow` gives it.
    """

    relationship: Relationship
    direction: Direction
    node: Node
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """How many relationships of one triple leave or reach a node."""

    triple: Triple
    direction: Direction
    count: int


@dataclass(frozen=True, slots=True)
class Match:
    """The searched words in a property of a node: offsets [start, end) of each, in code points."""

    property: str
    spans: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A node found by its text: matched words between « and », better hits with lower rank."""

    node: Node
    snippet: str
    rank: float
    matches: Sequence[Match] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on a property of the nodes asked for (`key` counts as one).

    `eq` and `ne` take null as a value like any other; `contains` and `starts` (a text begins so) ignore
    case, but for `starts` on the key.
    """

    name: str
    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "is_null"]
    value: Any = None


@dataclass(frozen=True, slots=True)
class And:
    """That all conditions are met; none are met by every node."""

    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class Or:
    """That a condition is met at least; none are met by no node."""

    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class Not:
    """That a condition is not met."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Linked:
    """That a neighbour by a triple, walked this way from the nodes asked for, meets all these conditions."""

    triple: Triple
    direction: Direction
    conditions: Sequence[Condition] = ()


Condition = Where | And | Or | Not | Linked


@dataclass(frozen=True, slots=True)
class Order:
    """By a property (`key` counts as one), nulls first or, descending, last; then by key, the same way."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """What `follow` is asked, as a value: a triple, walked one way from some nodes."""

    triple: Triple
    direction: Direction
    keys: Sequence[str]
    after: str | None = None
    limit: int = 100
    where: Sequence[Condition] = ()
    order: Order | None = None


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
    """Some nodes in order; `next` is what to pass as `after` to go on, or None.

    `cursors` runs parallel to the nodes: what to pass as `after` to go on behind each. In the order of keys,
    a cursor is the key.
    """

    nodes: Sequence[Node]
    next: str | None
    cursors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Nodes in the order in which they came; `mark` is what to pass as `after` to go on."""

    nodes: Sequence[Node]
    mark: str


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
