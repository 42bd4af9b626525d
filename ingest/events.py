"""Rows of a source that come one by one, between two readings of its file.

They take the way of every row: mapped, validated, their texts read, customers matched; rows with errors go
to quarantine. Nothing is closed, for what is not among them is not gone. Until the file of the source is
written anew, what was told this way holds against what the file says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph import Counts, FieldError, RejectedRow, Store
from ingest.identity import load_identities
from ingest.mapping import Identified, MappedBatch, Mapper, find_columns
from ingest.pipeline import choose_extractor
from ingest.project import Project
from ingest.sources import Batch, BrokenRow
from ingest.sources.objects import Flat, flatten_object, table_of_objects
from ingest.text import Extractor
from ingest.text.review import load_namer
from ingest.told import place_event, tell
from ingest.turns import refuse_while_ingesting
from ingest.writing import BatchWriter
from schema import CUSTOMER, RECORD, LimitError, NotFoundError, UsageError

MOST = 1_000  # rows at a time
SHOWN = 2_000  # characters of a row that is no object


@dataclass(frozen=True)
class RejectedEvent:
    """A row that went to quarantine: its number among those given, from 0, and all that is wrong with it."""

    row: int
    key: str | None
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class EventReport:
    """What became of rows. `unused`: fields that the project makes nothing of.

    `nodes`: kind and key of what the rows that were taken describe.
    """

    counts: Counts
    rejected: tuple[RejectedEvent, ...]
    unused: tuple[str, ...]
    nodes: tuple[tuple[str, str], ...]


def ingest_events(
    project: Project,
    store: Store,
    source: str,
    rows: Sequence[Any],
    *,
    extractor: Extractor | None = None,
    by: str = "",
) -> EventReport:
    """Write rows of a source of the project: objects of JSON, read as a file of JSON lines is.

    Of several with one key, the last one holds. `by`: who sent them. `extractor` reads the texts, if not the
    one that the project chooses. `NotFoundError` if there is no such source, `LimitError` for more than
    `MOST` rows, `RefusedError` while an ingest goes on.
    """
    if source not in project.sources:
        known = ", ".join(project.sources)
        raise NotFoundError(f"the project has no source {source!r}", hint=f"one of {known}")
    if len(rows) > MOST:
        raise LimitError(f"{len(rows)} rows at once are too many", hint=f"send at most {MOST}")
    if not rows:
        raise UsageError("there are no rows", hint="send one at least")
    at = datetime.now(UTC)
    flat, broken = _flatten(rows, at)
    given = dict.fromkeys(name for row in flat.values() for name in row)
    columns, unused = find_columns(project, source).complete(given)
    everything = Batch(table_of_objects(columns, flat.values()), list(flat), broken, {}, len(rows))
    mapper = Mapper(project, source, columns)
    texts = choose_extractor(project, extractor, source)
    counts = Counts()
    taken: dict[tuple[str, str], None] = {}
    rejected: list[RejectedRow] = []
    store.declare(project.vocabulary)
    for batch in _take_turns(everything, mapper):
        identified = mapper.identify(batch)
        mapped = mapper.map(batch, identified.good)
        described = list(_describe(identified, mapped))
        with store.transaction() as transaction:
            refuse_while_ingesting(transaction)
            run = transaction.begin_run(f"events of {source}")
            namer, judged = load_namer(transaction.reader), load_identities(transaction.reader)
            BatchWriter(project, source, mapper, texts, namer, judged).write(transaction, run, batch, counts)
            tell(transaction, source, _first_of_each(described), by=by, at=at)
            transaction.finish_run()
        taken |= dict.fromkeys((kind, key) for _, kind, key in described)
        rejected += [*identified.rejected, *mapped.rejected]
    numbers = {place_event(at, number): number for number in range(len(rows))}
    told = [RejectedEvent(numbers[row.position], row.key, tuple(row.errors)) for row in rejected]
    return EventReport(
        counts,
        tuple(sorted(told, key=lambda event: event.row)),
        tuple(unused),
        tuple(taken),
    )


def _flatten(rows: Sequence[Any], at: datetime) -> tuple[dict[str, Flat], list[BrokenRow]]:
    """Return rows as texts by position, and those that are no rows."""
    flat: dict[str, Flat] = {}
    broken = []
    for number, row in enumerate(rows):
        position = place_event(at, number)
        try:
            flat[position] = flatten_object(row)
        except ValueError as error:
            raw = json.dumps(row, ensure_ascii=True, default=str)[:SHOWN]
            broken.append(BrokenRow(position, raw, str(error)))
    return flat, broken


def _take_turns(batch: Batch, mapper: Mapper) -> Iterator[Batch]:
    """Yield a batch in parts in which no key is there twice, in order."""
    turns: list[list[int]] = []
    met: dict[str | None, int] = {}
    for row, key in enumerate(mapper.identify(batch).keys):
        turn = met.get(key, 0) if key is not None else 0
        met[key] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(row)
    for turn, numbers in enumerate(turns or [[]]):
        positions = [batch.positions[row] for row in numbers]
        broken = batch.broken if turn == 0 else []
        yield Batch(batch.table.take(numbers), positions, broken, {}, len(numbers) + len(broken))


def _first_of_each(described: Sequence[tuple[str, str, str]]) -> Iterable[tuple[str, str, str]]:
    """Return one node of each record."""
    return {one[0]: one for one in reversed(described)}.values()


def _describe(identified: Identified, mapped: MappedBatch) -> Iterator[tuple[str, str, str]]:
    """Yield record, kind and key of each node that a row describes; of one that describes none, where its
    first relationship starts.
    """
    met: set[int] = set()
    for nodes in mapped.nodes:
        met.update(nodes.rows)
        for row, key in zip(nodes.rows, nodes.keys, strict=True):
            yield str(identified.keys[row]), nodes.kind, key
    for found in mapped.relationships:
        kind = RECORD if found.triple.start == CUSTOMER else found.triple.start
        for row, key in zip(found.rows, found.starts, strict=True):
            if row not in met:
                met.add(row)
                yield str(identified.keys[row]), kind, key
