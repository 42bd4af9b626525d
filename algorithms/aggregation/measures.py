"""What is computed of each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa

from algorithms.aggregation.arrays import Arrays, get_owner, read_path
from algorithms.aggregation.cells import Cells
from algorithms.aggregation.coding import encode
from algorithms.aggregation.grouping import find_type
from algorithms.aggregation.reductions import reduce
from algorithms.aggregation.scales import read_scale
from algorithms.aggregation.wording import name_end, say
from algorithms.reach import Indices
from schema import Amount, UsageError, Vocabulary
from schema.paths import DATES, NUMBERS, Path

Op = Literal["count", "customers", "distinct", "sum", "mean", "min", "max", "quantile"]
OPS: tuple[Op, ...] = get_args(Op)


@dataclass(frozen=True)
class Measure:
    """What to compute over each group: `count` (nodes) and `customers` (distinct ones) are of nothing.

    `of`: a property, or a path from the kind to one; `distinct` takes a path to nodes, too. At the end of a
    path each node counts once a group. Nulls are left out, money is per currency. `q`: which quantile, from
    0 to 1; between two values it is interpolated, dates and times round down.
    """

    op: Op
    of: str = ""
    q: float = 0.5

    @property
    def name(self) -> str:
        """Its name in answers: `count`, `sum_amount`, `quantile_0.9_score`."""
        op = f"quantile_{self.q:g}" if self.op == "quantile" else self.op
        return f"{op}_{self.of}" if self.of else op

    def read(self, kind: str, vocabulary: Vocabulary) -> Path:
        """Return the path to what it is of; `UsageError` says what is wrong with it."""
        if self.op not in OPS:
            raise UsageError(f"there is no measure {self.op!r}", hint=f"one of {', '.join(OPS)}")
        if self.op in ("count", "customers"):
            if self.of:
                raise UsageError(f"{self.op} is of nothing", hint=f"leave out {self.of!r}")
            return Path(kind) if self.op == "count" else get_owner(vocabulary, kind)
        if not self.of:
            raise UsageError(f"{self.op} is of a property", hint="name one")
        path = read_path(self.of, kind, vocabulary)
        if path.fold:
            raise UsageError(f"{self.of!r}: a measure folds by itself", hint="leave out the fold")
        type_ = find_type(path, vocabulary)
        fitting = {"sum": NUMBERS, "mean": NUMBERS, "quantile": (*NUMBERS, *DATES)}.get(self.op, (type_,))
        if type_ not in fitting or (type_ == "node" and self.op != "distinct"):
            raise UsageError(f"{self.op} of {self.of}: a {type_} has none", hint="use min, max or distinct")
        if not 0 <= self.q <= 1:
            raise UsageError(f"there is no quantile {self.q}", hint="0 to 1")
        return path

    def label(self, kind: str, vocabulary: Vocabulary, language: str) -> str:
        """Return it as people read it."""
        if not self.of:
            return say(self.op, language)
        word = "median" if self.op == "quantile" and self.q == 0.5 else self.op
        of = name_end(self.read(kind, vocabulary), vocabulary, language)
        return say(word, language, of=of, percent=f"{100 * self.q:g}")


COUNT, CUSTOMERS = Measure("count"), Measure("customers")


@dataclass(frozen=True, eq=False)
class Figures:
    """A measure of every group; sums of money by currency, all else under ""."""

    measure: Measure
    values: Mapping[str, pa.Array]
    is_money: bool = False

    def at(self, place: int) -> Any:
        """Return the figure of a group; sums of money as a list, one a currency."""
        found = {currency: values[place].as_py() for currency, values in self.values.items()}
        if not self.is_money:
            return found[""]
        return [Amount(value, currency) for currency, value in found.items() if value is not None]

    def ranks(self, size: int) -> Indices:
        """Return the place of each group's figure among all, -1 of none; of money by its first currency."""
        first = next(iter(self.values.values()), None)
        return np.full(size, -1) if first is None else encode(first)[0].astype(np.int64) - 1

    def take(self, places: Indices) -> Figures:
        """Return the figures of some groups."""
        chosen = pa.array(places)
        taken = {currency: values.take(chosen) for currency, values in self.values.items()}
        return Figures(self.measure, taken, self.is_money)


def compute(arrays: Arrays, kind: str, measure: Measure, cells: Cells) -> Figures:
    """Return a measure of every cell of nodes of a kind."""
    path = measure.read(kind, arrays.vocabulary)
    if measure.op == "count":
        return Figures(measure, {"": pa.array(cells.count())})
    if measure.op == "customers" or not path.name:
        reached = cells.reach(arrays, path, distinct=False)
        return Figures(measure, {"": pa.array(reached.count_distinct(arrays.size(path.kind)))})
    scale = read_scale(arrays, path.kind, path.name)
    reached = cells.reach(arrays, path, distinct=measure.op in ("sum", "mean", "quantile"))
    held = reached.only(scale.there[reached.nodes])
    if scale.currency is None or measure.op == "distinct":
        return Figures(measure, {"": reduce(measure.op, measure.q, held, scale)})
    of = scale.currency[held.nodes]
    parts = ((name, held.only(of == place)) for place, name in enumerate(scale.currencies))
    found = {name: reduce(measure.op, measure.q, part, scale) for name, part in parts if len(part.nodes)}
    return Figures(measure, found, is_money=True)
