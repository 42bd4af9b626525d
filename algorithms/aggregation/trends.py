"""Nodes of a kind by periods: how many there are, or how many for the units that could have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from algorithms.aggregation.arrays import Needs, choose_rows, take
from algorithms.aggregation.cells import lay_out, put_together
from algorithms.aggregation.coding import code
from algorithms.aggregation.conditions import choose
from algorithms.aggregation.exposure import Base, find_link, read_days, read_lives
from algorithms.aggregation.facets import find_subject
from algorithms.aggregation.grouping import PERIODS, Grouping, Period
from algorithms.aggregation.periods import lay_periods
from algorithms.aggregation.series import Drawing, Series
from algorithms.aggregation.suppression import Guard
from algorithms.timing import FOREVER
from graph import Condition, View
from graph.questions import conjuncts
from schema import UsageError, Vocabulary
from schema.paths import DATES, Path, find_dates


@dataclass(frozen=True)
class When:
    """The periods of a trend, from `since` to `until` (both included).

    `on`: the date that counts, by default the one with which nodes of the kind begin, else the first that the
    kind has. Without `since` and `until` the periods are those of all nodes, or of those that conditions on
    that date choose.
    """

    per: Period = "month"
    on: str | None = None
    since: date | None = None
    until: date | None = None

    def find_date(self, kind: str, vocabulary: Vocabulary) -> str:
        """Return the date of a kind that counts; `UsageError` if it has none, or none of that name."""
        declared = vocabulary.get_kind(kind)
        dates = [p.name for p in find_dates(declared)]
        name = self.on or declared.begins or next(iter(dates), "")
        if not name:
            raise UsageError(f"a {kind} has no date", hint="name another kind")
        if name not in declared.properties or declared.properties[name].type not in DATES:
            raise UsageError(f"{kind} has no date {name!r}", hint=f"one of {', '.join(dates)}")
        return name


@dataclass(frozen=True)
class Trend:
    """Series over the same periods: of all nodes (`total`), and by lenses, the greatest first.

    `others`: how many more series there are, small ones among them. `undated`: nodes without a date.
    `unlinked`: nodes that no unit of the base leads to, which no rate counts. `known`: whether it is known
    when units were there; if not, all are taken to have been there all the time. `withheld`: how many points
    are, of the series that are shown. `lenses`: what the groups of series are of; `base`: what rates are of.
    """

    kind: str
    per: Period
    total: Series
    series: tuple[Series, ...]
    others: int
    undated: int
    unlinked: int
    known: bool
    withheld: int
    as_of: datetime
    vocabulary: Vocabulary
    lenses: tuple[tuple[Grouping, Path], ...] = ()
    base: Base | None = None


def follow_trend(
    view: View,
    kind: str,
    when: When | None = None,
    *,
    lenses: Sequence[Grouping | str] = (),
    where: Sequence[Condition] = (),
    against: Base | None = None,
    top: int = 10,
    suppress_below: int = 0,
) -> Trend:
    """Return how many nodes of a kind there are by periods, with 95 % intervals.

    `lenses`: one series for each of the `top` greatest groups, of two lenses for each pair. `against`: rates
    among units; a node counts in the groups of the units that lead to it, whether or not they were still
    there, and lenses are the base's. Periods whose nodes are of fewer customers than `suppress_below` are
    withheld, and so are series. Errors are those of `aggregate`.
    """
    vocabulary, when = view.vocabulary, when or When()
    kind = vocabulary.get_kind(kind).name
    if when.per not in PERIODS:
        raise UsageError(f"there is no period {when.per!r}", hint=f"one of {', '.join(PERIODS)}")
    if against is not None and lenses:
        raise UsageError("lenses on a rate are those of its base", hint="give them to the base")
    unit = kind if against is None else vocabulary.get_kind(against.kind).name
    link = Path(kind) if against is None else find_link(view, unit, kind)
    given, among = (lenses, where) if against is None else (against.lenses, against.where)
    groupings = [each if isinstance(each, Grouping) else Grouping(each) for each in given]
    paths = [each.read(unit, vocabulary) for each in groupings]
    needs = Needs()
    needs.add(*paths, link)
    guard = Guard(vocabulary, kind, suppress_below, needs)
    arrays = take(view, needs, {unit: among, kind: where})
    on = when.find_date(kind, vocabulary)
    chosen, days = choose(arrays, kind, where), read_days(arrays, kind, on)
    rows = choose_rows(chosen, len(days))
    by_date = any(find_subject(each, kind) == Path(kind, name=on) for each in conjuncts(where))
    periods = lay_periods(when.per, days[rows] if by_date else days, when.since, when.until)
    within = np.full(len(days), -1)
    within[rows] = periods.find(days[rows])
    units = choose_rows(choose(arrays, unit, among), arrays.size(unit))
    lives = None if against is None else read_lives(arrays, unit)
    drawing = Drawing(arrays, link, periods, within, against, lives, guard)
    whole = drawing.lay(put_together(units), ())
    axes = [code(arrays, grouping, path) for grouping, path in zip(groupings, paths, strict=True)]
    layout = lay_out(units, axes)
    codes = layout.codes(np.arange(layout.cells.size))
    grid = drawing.lay(layout.cells, codes)
    order = grid.order(top) if axes else []
    groups = [
        tuple(each.axis.group(int(of[place])) for each, of in zip(axes, codes, strict=True))
        for place in order
    ]
    return Trend(
        kind,
        when.per,
        drawing.read(whole, 0),
        tuple(drawing.read(grid, place, group) for place, group in zip(order, groups, strict=True)),
        int(grid.there.sum()) - len(order) if axes else 0,
        int(np.sum(days[rows] == -FOREVER)),
        drawing.count_unlinked(),
        lives is not None,
        whole.count_withheld([0]) + grid.count_withheld(order),
        arrays.snapshot.as_of,
        vocabulary,
        tuple(zip(groupings, paths, strict=True)),
        against,
    )
