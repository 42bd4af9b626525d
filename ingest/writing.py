"""Writing one batch: tell new rows from known ones, map, read texts, resolve customers, write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from graph import Counts, FieldError, RejectedRow, Run, Transaction
from ingest.complaints import StatedCauses, read_texts
from ingest.identity import Identities, match_records
from ingest.mapping import Identified, Mapper, NodeRows, RelationshipRows
from ingest.project import Project
from ingest.sources import Batch
from ingest.text import Extractor
from ingest.text.review import Namer
from schema import COMPLAINT, RECORD

T = TypeVar("T")

CONFLICT = "says otherwise"  # how the message on two rows with one key ends


class BatchWriter:
    """Writes the batches of one source; with an extractor and a namer of causes, reads texts.

    `judged`: what people decided on who is who. `told`: records of which later rows were told already, as
    events: what the batches say of them is older.
    """

    def __init__(
        self,
        project: Project,
        source: str,
        mapper: Mapper,
        extractor: Extractor | None = None,
        namer: Namer | None = None,
        judged: Identities | None = None,
        told: frozenset[str] = frozenset(),
    ) -> None:
        self._project = project
        self._source = source
        self._mapper = mapper
        self._extractor = extractor
        self._namer = namer
        self._judged = judged
        self._told = told
        # A new extractor reads all texts again: its version is part of what a row is known by.
        version = extractor.version.encode() if extractor else b""
        digest = hashlib.blake2b(version, digest_size=8).digest()
        self._salt = int.from_bytes(digest, signed=True) if version else 0

    def write(self, transaction: Transaction, run: Run, batch: Batch, counts: Counts) -> None:
        """Write a batch and add what became of its rows to the counts."""
        identified = self._mapper.identify(batch)
        rejected = list(identified.rejected)
        fresh, seen, twins = self._sort(transaction, run, batch, identified, rejected)
        mapped = self._mapper.map(batch, fresh)
        rejected += mapped.rejected
        lost = {row.key: row for row in mapped.rejected}
        keys = identified.keys
        rejected += [
            replace(lost[keys[row]], position=batch.positions[row]) for row in twins if keys[row] in lost
        ]
        good = [row for row in fresh if keys[row] not in lost]
        records = [str(keys[row]) for row in good]
        transaction.upsert_records(
            self._source, records, [identified.digests[row] ^ self._salt for row in good]
        )
        self._write_graph(transaction, keys, mapped.nodes, mapped.relationships)
        # A row in quarantine is not gone: what it said before stays until it can be read again.
        known = [row.key for row in rejected if row.key is not None]
        transaction.touch_records(self._source, seen + known)
        transaction.reject(rejected)
        rows = batch.table.num_rows + len(batch.broken)
        counts.read += rows
        counts.written += len(good)
        counts.quarantined += len(rejected)
        counts.unchanged += rows - len(good) - len(rejected)

    def _sort(
        self,
        transaction: Transaction,
        run: Run,
        batch: Batch,
        identified: Identified,
        rejected: list[RejectedRow],
    ) -> tuple[list[int], list[str], list[int]]:
        """Return the rows to write, the keys of those that are as they were, and twins in the batch."""
        keys, good = identified.keys, identified.good
        known = transaction.reader.known_records(self._source, [str(keys[row]) for row in good])
        here: dict[str, int] = {}
        fresh, unchanged, twins = [], [], []
        for row in good:
            key, digest = str(keys[row]), identified.digests[row] ^ self._salt
            held = known.get(key)
            if key in here:
                same = here[key] == digest
            elif held is not None and held.run == run.id:
                same = held.digest == digest
            else:
                here[key] = digest
                if held is not None and (held.digest == digest or key in self._told):
                    unchanged.append(key)
                else:
                    fresh.append(row)
                continue
            if same:
                twins.append(row)
            else:
                rejected.append(self._conflict(batch, row, key))
        return fresh, unchanged, twins

    def _conflict(self, batch: Batch, row: int, key: str) -> RejectedRow:
        columns = self._project.sources[self._source].key
        message = f"another row before this one has the key {key!r} and {CONFLICT}"
        values = {name: batch.table[name][row].as_py() for name in batch.table.column_names}
        errors = [FieldError(", ".join(columns), message)]
        return RejectedRow(self._source, batch.positions[row], key, values, errors)

    def _write_graph(
        self,
        transaction: Transaction,
        keys: Sequence[str | None],
        nodes: Sequence[NodeRows],
        relationships: Sequence[RelationshipRows],
    ) -> None:
        dropped: dict[str, set[int]] = {}
        stated = StatedCauses(self._extractor, self._namer) if self._extractor and self._namer else None
        record_of = [key or "" for key in keys]  # rows without a key are in no target
        for node in nodes:
            columns: Mapping[str, Sequence[Any]] = node.columns
            if node.kind == COMPLAINT and stated is not None and "text" in columns:
                dropped[node.target], languages = self._read(node, keys, stated)
                columns = {**columns, "language": languages}
            keep = _rest(node.rows, dropped.get(node.target))
            columns = _take(columns, keep, len(node.rows))
            records = _pick(record_of, _pick(node.rows, keep))
            node_keys = _pick(node.keys, keep)
            transaction.upsert_nodes(node.kind, self._source, records, node_keys, columns)
            if node.kind == RECORD:
                keys_of_one = self._project.identity
                transaction.assign(
                    match_records(transaction.reader, node_keys, columns, keys_of_one, self._judged)
                )
        for relationship in relationships:
            gone = dropped.get(relationship.start_target, set()) | dropped.get(relationship.end_target, set())
            keep = _rest(relationship.rows, gone)
            transaction.upsert_relationships(
                relationship.triple,
                self._source,
                _pick(record_of, _pick(relationship.rows, keep)),
                _pick(relationship.starts, keep),
                _pick(relationship.ends, keep),
                _take(relationship.columns, keep, len(relationship.rows)),
            )
        if stated is not None:
            stated.write(transaction, self._source)

    def _read(
        self, node: NodeRows, keys: Sequence[str | None], stated: StatedCauses
    ) -> tuple[set[int], list[str | None]]:
        """Read the texts of complaints.

        Returns the rows whose text is no complaint, where that decides, and each text's language.
        """
        texts = node.columns["text"]
        languages = list(node.columns.get("language") or [None] * len(texts))
        dropped: set[int] = set()
        readings = read_texts(stated.extractor, texts, languages)
        for i, (row, extraction) in enumerate(zip(node.rows, readings, strict=True)):
            if extraction is None:
                if node.detect:
                    dropped.add(row)
                continue
            languages[i] = languages[i] or extraction.lang
            if node.detect and not extraction.complaint:
                dropped.add(row)
            else:
                stated.add(str(keys[row]), node.keys[i], extraction)
        return dropped, languages


def _rest(rows: Sequence[int], gone: set[int] | None) -> Sequence[int]:
    """Return the places of the rows that are not gone."""
    return [i for i, row in enumerate(rows) if row not in gone] if gone else range(len(rows))


def _pick(values: Sequence[T], keep: Sequence[int]) -> Sequence[T]:
    return values if keep == range(len(values)) else [values[i] for i in keep]


def _take(
    columns: Mapping[str, Sequence[Any]], keep: Sequence[int], rows: int
) -> Mapping[str, Sequence[Any]]:
    if len(keep) == rows:
        return columns
    return {name: [values[i] for i in keep] for name, values in columns.items()}
