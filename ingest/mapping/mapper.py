"""From rows of texts to typed nodes and relationships, as the project's targets say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

import pyarrow as pa

from graph import FieldError, RejectedRow
from ingest.mapping.computed import Evaluator
from ingest.mapping.keys import digest_rows, hash_rows, row_contents
from ingest.mapping.result import Identified, MappedBatch, NodeRows, RelationshipRows
from ingest.mapping.values import Columns, Errors
from ingest.project import End, Expression, NodeTarget, Project, RelationshipTarget
from ingest.project.document import suggest
from ingest.project.model import Place
from ingest.sources import Batch
from schema.vocabulary import CUSTOMER, RECORD


class Mapper:
    """Maps the batches of one source.

    `columns` are those of the source. Raises `ProjectError`, with the line of the project file,
    where a target or an expression asks for what is not there.
    """

    def __init__(self, project: Project, source_name: str, columns: Sequence[str]) -> None:
        self._source = project.sources[source_name]
        self._columns = list(columns)
        self._nodes = [t for t in project.nodes if t.source == source_name]
        self._relationships = [t for t in project.relationships if t.source == source_name]
        self._fingerprint = project.fingerprint(source_name)
        self._evaluator = Evaluator(project.timezone)
        self._used: dict[Expression, list[str]] = {}
        if self._columns:  # a JSON file without a row has none, and asks for nothing
            self._check_columns()

    def _check_columns(self) -> None:
        place = self._source.place
        self._need(self._source.key, self._columns, place.of("key"))
        for name, expression in self._source.computed.items():
            if name in self._columns:
                raise expression.place.error(
                    f"the source has a column {name!r} already", "compute it under another name"
                )
            self._used[expression] = self._evaluator.check(expression, self._columns)
        columns = [*self._columns, *self._source.computed]
        targets: list[NodeTarget | RelationshipTarget] = [*self._nodes, *self._relationships]
        for target in targets:
            if target.where is not None:
                self._used[target.where] = self._evaluator.check(target.where, columns)
            for spec in target.properties.values():
                self._need((spec.column,), columns, spec.place)
        for node in self._nodes:
            self._need(node.key, columns, node.place.of("key"))
        for relationship in self._relationships:
            for end in (relationship.start, relationship.end):
                if not end.target:
                    self._need(end.key, columns, end.place.of("key"))

    def _need(self, names: Iterable[str], columns: Sequence[str], place: Place) -> None:
        for name in names:
            if name not in columns:
                raise place.error(
                    f"source {self._source.name!r} has no column {name!r}", suggest(name, columns)
                )

    def identify(self, batch: Batch) -> Identified:
        """Return the key and digest of each row; rows without a key are rejected."""
        table = batch.table
        errors = Errors()
        contents = row_contents(table)
        keys: list[str | None]
        if self._source.key:
            rows = range(table.num_rows)
            keys = Columns(table).keys(self._source.key, rows, errors)
        else:
            keys = list(hash_rows(contents))
        rejected = [
            RejectedRow(
                source=self._source.name,
                position=row.position,
                key=None,
                row={"raw": row.raw},
                errors=(FieldError("", row.message),),
            )
            for row in batch.broken
        ]
        return Identified(
            keys=keys,
            digests=digest_rows(contents, self._fingerprint),
            rejected=rejected + self._reject(batch, keys, errors),
            good=[row for row, key in enumerate(keys) if key is not None],
        )

    def _reject(
        self, batch: Batch, keys: Sequence[str | None], errors: Mapping[int, Sequence[FieldError]]
    ) -> list[RejectedRow]:
        """Return rejected rows, by number of row in the batch, as they were read."""
        rows = sorted(errors)
        raw = batch.table.take(rows).to_pylist() if rows else []
        return [
            RejectedRow(
                source=self._source.name,
                position=batch.positions[row],
                key=keys[row],
                row=values,
                errors=tuple(errors[row]),
            )
            for row, values in zip(rows, raw, strict=True)
        ]

    def map(self, batch: Batch, rows: Sequence[int]) -> MappedBatch:
        """Return what some rows of a batch (by number, all with a key) say."""
        chosen = batch.table
        if len(rows) < chosen.num_rows:
            chosen = chosen.take(pa.array(rows, pa.int64()))
        errors = Errors()
        columns = Columns(self._compute(chosen, errors))
        everywhere = range(columns.count)
        if self._source.key:
            record_keys = columns.keys(self._source.key, everywhere, Errors())
        else:
            record_keys = list(hash_rows(row_contents(chosen)))

        node_keys: dict[str, list[str | None]] = {}
        nodes = [self._map_node(t, columns, node_keys, errors) for t in self._nodes]
        relationships = [self._map_relationship(t, columns, node_keys, errors) for t in self._relationships]
        keys: list[str | None] = [None] * batch.table.num_rows
        for row, key in zip(rows, record_keys, strict=True):
            keys[row] = key
        rejected = self._reject(batch, keys, {rows[i]: found for i, found in errors.items()})
        for i in errors:
            keys[rows[i]] = None
        return MappedBatch(
            record_keys=keys,
            nodes=[_settle_nodes(n, rows, errors) for n in nodes],
            relationships=[_settle_relationships(r, rows, errors) for r in relationships],
            rejected=rejected,
        )

    def _compute(self, table: pa.Table, errors: Errors) -> pa.Table:
        """Return the table with the computed columns."""
        for name in self._columns:
            if name not in table.column_names:
                table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
        given = table
        for name, expression in self._source.computed.items():
            texts, flaws = self._evaluator.texts(expression, self._used[expression], given)
            for row, message in flaws.items():
                errors.note(row, name, message)
            table = table.append_column(name, texts)
        return table

    def _present(self, where: Expression | None, columns: Columns, errors: Errors) -> Sequence[int]:
        """Return the rows for which a condition is true."""
        if where is None:
            return range(columns.count)
        used = self._used[where]
        holds, flaws = self._evaluator.holds(where, used, columns.table)
        for row, message in flaws.items():
            field = used[0] if len(used) == 1 else ""
            errors.note(row, field, f"the condition {where.sql!r} {message}")
        return list(compress(range(columns.count), holds))

    def _map_node(
        self,
        target: NodeTarget,
        columns: Columns,
        node_keys: dict[str, list[str | None]],
        errors: Errors,
    ) -> NodeRows:
        rows = self._present(target.where, columns, errors)
        is_customer = target.kind == CUSTOMER
        system = self._source.system if is_customer else ""
        keys = columns.keys(target.key, rows, errors, system=system)
        values = {
            name: columns.values(spec, f"{target.kind}.{name}", rows, errors)
            for name, spec in target.properties.items()
        }
        if is_customer:
            values["system"] = [system] * len(rows)
        by_row: list[str | None] = [None] * columns.count
        for row, key in zip(rows, keys, strict=True):
            by_row[row] = key
        node_keys[target.name] = by_row
        return NodeRows(
            target=target.name,
            kind=RECORD if is_customer else target.kind,
            detect=target.detect,
            rows=list(rows),
            # Where a key is wrong, the row is rejected.
            keys=[key or "" for key in keys],
            columns=values,
        )

    def _map_relationship(
        self,
        target: RelationshipTarget,
        columns: Columns,
        node_keys: Mapping[str, list[str | None]],
        errors: Errors,
    ) -> RelationshipRows:
        present = self._present(target.where, columns, errors)
        starts, ends = (
            _end_keys(end, columns, present, node_keys, errors) for end in (target.start, target.end)
        )
        both = [start is not None and end is not None for start, end in zip(starts, ends, strict=True)]
        rows = list(compress(present, both))
        values = {
            name: columns.values(spec, f"{target.triple.type}.{name}", rows, errors)
            for name, spec in target.properties.items()
        }
        return RelationshipRows(
            triple=target.triple,
            start_target=target.start.target,
            end_target=target.end.target,
            rows=rows,
            starts=[str(start) for start in compress(starts, both)],
            ends=[str(end) for end in compress(ends, both)],
            columns=values,
        )


def _end_keys(
    end: End,
    columns: Columns,
    rows: Sequence[int],
    node_keys: Mapping[str, list[str | None]],
    errors: Errors,
) -> list[str | None]:
    if end.target:
        keys = node_keys[end.target]
        return keys if len(rows) == columns.count else [keys[row] for row in rows]
    return columns.keys(end.key, rows, errors, optional=True, system=end.system)


def _settle_nodes(nodes: NodeRows, numbers: Sequence[int], errors: Errors) -> NodeRows:
    """Return the nodes without those of rejected rows, by the numbers of rows in the batch."""
    keep = [row not in errors for row in nodes.rows]
    return NodeRows(
        target=nodes.target,
        kind=nodes.kind,
        detect=nodes.detect,
        rows=[numbers[row] for row in compress(nodes.rows, keep)],
        keys=list(compress(nodes.keys, keep)),
        columns={name: list(compress(values, keep)) for name, values in nodes.columns.items()},
    )


def _settle_relationships(
    found: RelationshipRows, numbers: Sequence[int], errors: Errors
) -> RelationshipRows:
    """Return the relationships without those of rejected rows, likewise."""
    keep = [row not in errors for row in found.rows]
    return RelationshipRows(
        triple=found.triple,
        start_target=found.start_target,
        end_target=found.end_target,
        rows=[numbers[row] for row in compress(found.rows, keep)],
        starts=list(compress(found.starts, keep)),
        ends=list(compress(found.ends, keep)),
        columns={name: list(compress(values, keep)) for name, values in found.columns.items()},
    )
