"""Aggregates and trends as tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from algorithms.aggregation import Aggregate, Grouping, Trend
from algorithms.aggregation.coding import NONE, Axis
from algorithms.aggregation.wording import name_end, name_kind, say
from algorithms.exports.headers import Named, make_schema
from algorithms.reach import Indices
from schema import Vocabulary
from schema.paths import Path

BATCH = 10_000  # rows
Columns = list[tuple[str, str, pa.Array]]  # the name that programs know, the header, the values


def export_aggregate(found: Aggregate, language: str = "en") -> Iterator[pa.RecordBatch]:
    """Yield the rows of an aggregate; headers, and what groups are called, are in the language.

    Nodes are two columns, what they are called and their keys; money is an amount and its currency where it
    is grouped by, and a column a currency where it is measured. No value is null. What a limit or small
    groups left out is not there. There is one batch at least.
    """
    columns: Columns = []
    for (grouping, path), axis, codes in zip(found.groupings, found.axes, found.codes, strict=True):
        columns += _spell_groups(grouping, path, axis, codes, found.vocabulary, language)
    for figures in found.figures:
        header = figures.measure.label(found.kind, found.vocabulary, language)
        for currency, values in figures.values.items():
            shown = say("in", language, of=header, currency=currency) if currency else header
            columns.append((f"{figures.measure.name}_{currency}".rstrip("_"), shown, values))
    yield from _cut(columns)


def _spell_groups(
    grouping: Grouping, path: Path, axis: Axis, codes: Indices, vocabulary: Vocabulary, language: str
) -> Columns:
    """Return the columns of one grouping."""
    header = name_end(path, vocabulary, language)
    places = pa.array(np.maximum(codes - 1, 0), mask=codes == NONE)
    if grouping.per is not None:
        header = f"{header} ({say(grouping.per, language)})"
    if grouping.per is not None or axis.highs is not None:
        distinct, of = np.unique(codes, return_inverse=True)
        labels = [None if code == NONE else axis.group(int(code)).label(language) for code in distinct]
        return [(grouping.path, header, pa.array(labels, pa.string()).take(pa.array(of)))]
    values = axis.values.take(places)
    if axis.currencies is not None:
        currency = (f"{grouping.path}_currency", say("currency", language, of=header))
        return [(grouping.path, header, values), (*currency, axis.currencies.take(places))]
    if (spoken := axis.captions_in(language)) is not None:
        key = say("key", language, kind=name_kind(vocabulary.get_kind(path.kind), language))
        captions = spoken.take(places)
        return [(grouping.path, header, captions), (f"{grouping.path}.key", key, values)]
    return [(grouping.path, header, values)]


def export_trend(found: Trend, language: str = "en") -> Iterator[pa.RecordBatch]:
    """Yield the points of a trend, those of all nodes first; headers and groups are in the language.

    Figures that are withheld are null. There is one batch at least.
    """
    every = [(series, point) for series in (found.total, *found.series) for point in series.points]
    total = say("total", language)
    columns: Columns = []
    for place, (grouping, path) in enumerate(found.lenses):
        labels = [s.groups[place].label(language) if s.groups else total for s, _ in every]
        columns.append((grouping.path, name_end(path, found.vocabulary, language), _texts(labels)))
    columns.append((found.per, say(found.per, language), _texts([p.label for _, p in every])))
    begins = pa.array([point.begins for _, point in every], pa.date32())
    columns.append(("begins", say("begins", language), begins))
    count = say("count", language)
    headers = {"count": count, "low": say("low", language, of=count), "high": say("high", language, of=count)}
    if found.base is not None:
        rate = say("rate", language, per=found.base.per)
        headers |= {"exposed": say("exposed", language), "rate": rate}
        headers |= {f"rate_{end}": say(end, language, of=rate) for end in ("low", "high")}
    for name, header in headers.items():
        values = [getattr(point, name) for _, point in every]
        columns.append((name, header, pa.array(values, pa.int64() if name == "count" else pa.float64())))
    yield from _cut(columns)


def _texts(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def _cut(columns: Columns) -> Iterator[pa.RecordBatch]:
    """Yield columns as batches of rows."""
    named: list[Named] = [(name, header, array.type) for name, header, array in columns]
    table = pa.Table.from_arrays([array for *_, array in columns], schema=make_schema(named))
    yield from table.to_batches(max_chunksize=BATCH) or [pa.RecordBatch.from_pylist([], schema=table.schema)]
