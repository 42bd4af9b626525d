"""Plain tables, columns by the names of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np
import pyarrow as pa

from algorithms import Findings
from algorithms.aggregation import Aggregate, Group, Point, Range, Trend
from graph import Projection
from schema import Triple
from schema.values import Amount

Columns = dict[str, pa.Array]


def tabulate_aggregate(found: Aggregate, names: Sequence[str]) -> pa.Table:
    """Return an aggregate, a row a group; `names`: of its groupings.

    Periods are their first days. Of a node there is the caption and, as `<name>_key`, its key; of money the
    currency, as `<name>_currency`; of a range both ends, as `<name>_low` and `<name>_high`.
    """
    columns: Columns = {}
    for name, axis, codes in zip(names, found.axes, found.codes, strict=True):
        places = pa.array(np.maximum(codes - 1, 0), mask=codes == 0)
        values = axis.values.take(places)
        if axis.highs is not None:
            columns |= {f"{name}_low": values, f"{name}_high": axis.highs.take(places)}
        elif axis.captions is not None:
            columns |= {name: axis.captions.take(places), f"{name}_key": values}
        else:
            columns[name] = values
        if axis.currencies is not None:
            columns[f"{name}_currency"] = axis.currencies.take(places)
    for figures in found.figures:
        for currency, values in figures.values.items():
            columns[f"{figures.measure.name}_{currency}" if currency else figures.measure.name] = values
    return pa.table(columns)


def tabulate_trend(found: Trend, names: Sequence[str]) -> pa.Table:
    """Return a trend, a row a period of each series; `names`: of its lenses, all nodes where these are null.

    Without lenses it is the series of all nodes.
    """
    every = found.series if names else (found.total,)
    rows = [(series, point) for series in every for point in series.points]
    columns: Columns = {
        name: pa.array([_plain(series.groups[place]) for series, _ in rows])
        for place, name in enumerate(names)
    }
    rated = {"exposed", "rate", "rate_low", "rate_high"}
    for f in fields(Point):
        if f.name != "label" and (found.base is not None or f.name not in rated):
            columns[f.name] = pa.array([getattr(point, f.name) for _, point in rows])
    return pa.table(columns)


def _plain(group: Group) -> object:
    """Return a group as one value: nodes by their captions, what has several parts in words."""
    if group.caption is not None:
        return group.caption
    return str(group.value) if isinstance(group.value, Range | Amount) else group.value


def tabulate_causes(found: Findings, language: str) -> pa.Table:
    """Return root causes, a row each, with the figures that are single values."""
    rows = [
        {
            "rank": cause.rank,
            "id": cause.id,
            "title": cause.title[language],
            "pattern": " and ".join(map(str, cause.pattern)),
            "complaints": cause.complaints,
            "customers": cause.customers,
            "exposed": cause.exposed,
            "rate": cause.rate,
            "base_rate": cause.base_rate,
            "lift": cause.lift,
            "lift_low": cause.lift_low,
            "lift_high": cause.lift_high,
            "q_value": cause.q_value,
            "coverage": cause.coverage,
            "cumulative_coverage": cause.cumulative_coverage,
            "onset": cause.onset,
            "ended": cause.ended,
            "trend": cause.trend,
            "trend_ratio": cause.trend_ratio,
            "explanation": cause.explanation[language],
        }
        for cause in found.root_causes
    ]
    return pa.Table.from_pylist(rows, schema=_CAUSES)


_TEXT, _WHOLE, _NUMBER, _DAY = pa.string(), pa.int64(), pa.float64(), pa.date32()
_CAUSES = pa.schema(
    [
        *(("rank", _WHOLE), ("id", _TEXT), ("title", _TEXT), ("pattern", _TEXT)),
        *(("complaints", _WHOLE), ("customers", _WHOLE), ("exposed", _WHOLE)),
        *((name, _NUMBER) for name in ("rate", "base_rate", "lift", "lift_low", "lift_high", "q_value")),
        *(("coverage", _NUMBER), ("cumulative_coverage", _NUMBER), ("onset", _DAY), ("ended", _DAY)),
        *(("trend", _TEXT), ("trend_ratio", _NUMBER), ("explanation", _TEXT)),
    ]
)


def tabulate_relationships(projection: Projection, triples: Sequence[Triple]) -> pa.Table:
    """Return relationships, a row each: their ends by kind and key, and their properties."""
    parts = []
    for triple in triples:
        table = projection.relationships[triple]
        columns: Columns = {}
        for end, kind in (("start", triple.start), ("end", triple.end)):
            columns[f"{end}_kind"] = pa.repeat(pa.scalar(kind), table.num_rows)
            columns[end] = projection.nodes[kind]["key"].take(table[end])
        columns |= {name: table[name] for name in table.column_names if name not in ("start", "end")}
        parts.append(pa.table(columns))
    return pa.concat_tables(parts, promote_options="default")


def list_kinds(totals: Mapping[str, int], labels: Mapping[str, str]) -> pa.Table:
    """Return the kinds that a graph has, how many nodes of each, and what they are."""
    return pa.table(
        {
            "kind": pa.array(list(labels), pa.string()),
            "nodes": pa.array([totals.get(kind, 0) for kind in labels], pa.int64()),
            "about": pa.array(list(labels.values()), pa.string()),
        }
    )
