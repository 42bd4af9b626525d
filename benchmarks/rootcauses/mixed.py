"""Every type of feature: eight causes of all kinds in 24 columns, found by what they cover.

Numbers, whole numbers, prices, heavy tails, dates, moments, sets of values, thousands of values, holes,
a near-copy; causes that overlap, a disjunction of values, a missing value, and a nuisance milder than
what is reported.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses import Feature, UnitTable
from benchmarks.rootcauses.planted import Mask, Name, Planted, Trial

BASE, CAUSES, NUISANCE = 0.01, 8, 1.1
Part = tuple[tuple[str, str, object], Mask]


class Columns:
    """24 columns of one table, and conditions drawn on them."""

    def __init__(self, rng: np.random.Generator, units: int) -> None:
        self.rng, self.units = rng, units
        self.latent = rng.integers(0, 12, units)
        day = np.datetime64("2024-01-01")
        season = (rng.beta(2, 2, units) * 700).astype(np.int64)
        self.plain = {
            "plan": self._categories(6, 0.5),
            "region": self._categories(27, 0.6),
            "city": self._categories(300, 0.9),
            "product": self._categories(3000, 0.9),
            "seller": self._categories(1500, 0.8),
            "channel": self._categories(5, 0.3),
            "device": self._categories(40, 0.7),
            "agent": self._categories(120, 0.4),
        }
        self.plain["carrier"] = self._copy(self.plain["device"], 0.93)
        self.numbers = {
            "age": rng.normal(45, 15, units).round().clip(18, 95),
            "tenure": rng.exponential(30, units).round().clip(0, 72),
            "bill": rng.lognormal(4, 0.6, units).round(2),
            "debt": (rng.pareto(1.1, units) * 50).round(2),
            "calls": rng.poisson(rng.gamma(0.6, 3, units)).astype(float),
            "usage": rng.lognormal(2, 1.5, units) * (1 + self.latent / 6),
            "price": rng.choice([9.9, 19.9, 29.9, 49.9, 79.9, 99.9, 149.9], units),
            "code": rng.integers(0, 250, units).astype(float),
            "score": rng.random(units),
        }
        self.dates = {
            "since": (day + season).astype("datetime64[D]"),
            "ordered": (day + rng.integers(0, 400, units)).astype("datetime64[us]")
            + rng.integers(0, 86400, units).astype("timedelta64[s]"),
            "delivered": (day + rng.integers(0, 400, units)).astype("datetime64[D]"),
        }
        self.sets = {"addons": self._draw_sets(30, 2), "tags": self._draw_sets(200, 4)}
        hole = rng.random(units) < 0.05
        self.plain["agent"] = np.where(hole, -1, self.plain["agent"])
        self.numbers["usage"] = np.where(rng.random(units) < 0.08, np.nan, self.numbers["usage"])
        self.dates["delivered"] = np.where(
            rng.random(units) < 0.03, np.datetime64("NaT"), self.dates["delivered"]
        )
        self.numbers["bill_net"] = self.numbers["bill"] / 1.21 + rng.normal(0, 0.5, units)

    def _categories(self, size: int, skew: float) -> NDArray[np.int64]:
        weights = 1 / np.arange(1, size + 1) ** skew
        column = self.rng.choice(size, self.units, p=weights / weights.sum())
        tied = self.rng.random(self.units) < 0.2
        return np.where(tied, (self.latent * 5 + size) % size, column)

    def _copy(self, column: NDArray[np.int64], alike: float) -> NDArray[np.int64]:
        return np.where(self.rng.random(self.units) < alike, column, self.rng.permutation(column))

    def _draw_sets(self, size: int, mean: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        counts = self.rng.poisson(mean, self.units)
        weights = 1 / np.arange(1, size + 1) ** 0.5
        codes = self.rng.choice(size, int(counts.sum()), p=weights / weights.sum())
        return np.r_[0, np.cumsum(counts)], codes

    def build(self) -> tuple[Feature, ...]:
        named = [Feature.coded(n, v, [f"{n}{i}" for i in range(v.max() + 1)]) for n, v in self.plain.items()]
        named += [Feature.number(n, v) for n, v in self.numbers.items()]
        named += [Feature.date(n, v) for n, v in self.dates.items()]
        for name, (starts, codes) in self.sets.items():
            named.append(Feature.sets(name, starts, codes, [f"{name}{i}" for i in range(codes.max() + 1)]))
        order = self.rng.permutation(len(named))
        return tuple(named[i] for i in order)

    def value(self, *names: str) -> Part:
        name = str(self.rng.choice(names))
        column = self.plain[name]
        value = int(column[self.rng.integers(self.units)])
        if value < 0:
            return (name, "is_null", None), column < 0
        return (name, "=", f"{name}{value}"), column == value

    def several(self) -> Part:
        """A disjunction of two to five values."""
        name = str(self.rng.choice(["region", "city", "device"]))
        column = self.plain[name]
        values = self.rng.choice(np.unique(column), int(self.rng.integers(2, 6)), replace=False)
        return (name, "in", frozenset(f"{name}{v}" for v in values)), np.isin(column, values)

    def threshold(self) -> Part:
        name = str(self.rng.choice(["age", "tenure", "bill", "debt", "calls", "score", "usage"]))
        column = self.numbers[name]
        share = float(self.rng.choice([0.02, 0.05, 0.1, 0.2, 0.3]))
        if self.rng.random() < 0.5:
            limit = float(np.nanquantile(column, 1 - share))
            return (name, ">=", limit), column >= limit
        limit = float(np.nanquantile(column, share)) + 1e-9
        return (name, "<", limit), column < limit

    def stretch(self) -> Part:
        """A range of a number or of a date."""
        if self.rng.random() < 0.5:
            name = str(self.rng.choice(["age", "bill", "score"]))
            column = self.numbers[name]
            start = self.rng.uniform(0.05, 0.8)
            low, high = np.quantile(column, [start, start + self.rng.uniform(0.05, 0.15)])
        else:
            name = str(self.rng.choice(list(self.dates)))
            column = self.dates[name]
            first = column[self.rng.integers(self.units)].astype("datetime64[D]")
            low, high = first, first + self.rng.integers(7, 60)
        return (name, "between", (low, high)), (column >= low) & (column < high)

    def code(self) -> Part:
        """One value among numbers."""
        name = str(self.rng.choice(["price", "code"]))
        value = self.rng.choice(self.numbers[name])
        return (name, "=", float(value)), self.numbers[name] == value

    def element(self) -> Part:
        name = str(self.rng.choice(list(self.sets)))
        starts, codes = self.sets[name]
        value = self.rng.choice(codes)
        held = np.zeros(self.units, dtype=np.bool_)
        held[np.repeat(np.arange(self.units), np.diff(starts))[codes == value]] = True
        return (name, "=", f"{name}{value}"), held

    def hole(self) -> Part:
        name = str(self.rng.choice(["agent", "usage", "delivered"]))
        if name == "agent":
            return (name, "is_null", None), self.plain[name] < 0
        column = self.numbers[name] if name == "usage" else self.dates[name]
        return (name, "is_null", None), np.isnan(column) if name == "usage" else np.isnat(column)


def plant(seed: int, *, units: int, lift: float = 4.0) -> Trial:
    rng = np.random.default_rng(seed)
    columns = Columns(rng, units)
    broad, deep = ("plan", "region", "channel", "device", "carrier"), ("city", "product", "seller", "agent")
    kinds: list[tuple[Callable[[], Part], ...]] = [
        (columns.threshold,),
        (columns.stretch, lambda: columns.value(*broad)),
        (columns.element,),
        (lambda: columns.value(*deep),),
        (columns.hole,),
        (columns.several,),
        (columns.code, lambda: columns.value("plan", "channel")),
        (columns.threshold, lambda: columns.value(*broad)),
        (columns.several, lambda: columns.value("plan", "channel")),
        (columns.element, columns.stretch),
        (columns.hole, lambda: columns.value("plan", "channel")),
        (lambda: columns.value(*broad), lambda: columns.value("device"), columns.threshold),
        (columns.code,),
    ]
    chance, truth = np.full(units, BASE), dict[Name, Mask]()
    while len(truth) < CAUSES:
        parts = [draw() for draw in kinds[int(rng.integers(len(kinds)))]]
        held = np.all([mask for _, mask in parts], axis=0)
        if len({part[0][0] for part in parts}) < len(parts) or not 0.002 <= held.mean() <= 0.15:
            continue
        if frozenset(literal[0] for literal, _ in parts) in {frozenset(f for f, *_ in t) for t in truth}:
            continue  # two values of one feature would be one cause with both
        if any((held & other).sum() > 0.5 * min(held.sum(), other.sum()) for other in truth.values()):
            continue  # such causes overlap, but neither is the other
        truth[frozenset(literal for literal, _ in parts)] = held
        chance = np.where(held, np.minimum(0.9, chance * lift), chance)
    chance = np.where(columns.numbers["age"] < 40, chance * NUISANCE, chance)
    causes = [Planted(name, held) for name, held in truth.items()]
    return Trial(UnitTable(columns.build(), rng.random(units) < chance), causes, chance)
