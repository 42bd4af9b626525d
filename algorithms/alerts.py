"""Which causes are rising now: those that texts state, and the patterns found behind complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from algorithms.aggregation.arrays import Needs
from algorithms.analysis import FILED, Report, gather
from algorithms.causes import find_causes
from algorithms.reach import Chosen
from algorithms.strata import Stratum, select
from algorithms.timing import (
    FALSE_A_YEAR,
    FOREVER,
    Cells,
    Group,
    Rising,
    as_date,
    count_cells,
    day_numbers,
    find_emerging,
    find_onset,
    find_shift,
)
from graph import Reader, View
from schema import ATTRIBUTED_TO, CAUSE, COMPLAINT, CUSTOMER, LANGUAGES

HELD = 0.3  # share of complaints that must be left for others to be held against
SHIFTED = 3.0  # standard errors beyond which a cause has shifted
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Alert:
    """A cause that is rising. `kind` is `cause` (what texts state) or `root_cause` (a pattern).

    `customers`: different ones who have filed complaints of it, at any time.
    """

    kind: str
    id: str
    title: dict[str, str]
    since: date
    complaints: int
    expected: float
    ratio: float
    customers: int


@dataclass(frozen=True)
class Alerts:
    """What is rising at the end of the records, strongest first.

    `watched`: how many causes were looked at; `false_a_year`: false alarms that each of them gives a
    year, at most. `until`: the day of the last complaint.
    """

    until: date | None
    watched: int
    false_a_year: float
    alerts: tuple[Alert, ...]


def find_alerts(
    source: Reader | View,
    *,
    unit: str | None = None,
    where: Sequence[Stratum] = (),
    progress: Report | None = None,
) -> Alerts:
    """Return the causes that are rising at the end of the records; arguments as for `find_causes`."""
    found = find_causes(source, unit=unit, where=where, progress=progress)
    alerts = [
        _alert("root_cause", cause.id, cause.title, cause.emerging, cause.customers)
        for cause in found.root_causes
        if cause.emerging is not None
    ]
    until, stated = _read_stated(source, where)
    for key, names, cells, customers in stated:
        rising = find_emerging(cells.series())
        if rising is not None and not _is_over(cells, rising.since):
            told = Rising(as_date(rising.since), rising.complaints, rising.expected, rising.ratio)
            alerts.append(_alert("cause", key, names, told, customers))
    alerts.sort(key=lambda alert: (-(alert.complaints - alert.expected), alert.id))
    watched = len(found.root_causes) + len(stated)
    return Alerts(until, watched, FALSE_A_YEAR, tuple(alerts))


def _alert(kind: str, id_: str, title: dict[str, str], rising: Rising, customers: int) -> Alert:
    return Alert(kind, id_, title, rising.since, rising.complaints, rising.expected, rising.ratio, customers)


def _is_over(cells: Cells, since: int) -> bool:
    """Tell whether a rise that began on a day has ended."""
    onset = find_onset(cells)
    return onset is not None and onset.ended is not None and onset.ended > since


def _read_stated(
    source: Reader | View, where: Sequence[Stratum]
) -> tuple[date | None, list[tuple[str, dict[str, str], Cells, int]]]:
    """Return the day of the last complaint, and for each stated cause id, names, counts and customers.

    A cause is held against complaints that state none which has shifted, for when one that many state is
    over, the share of all others rises.
    """
    ours = [stratum for stratum in where if stratum.kind == COMPLAINT]
    needs = Needs(dict.fromkeys([COMPLAINT, CAUSE, CUSTOMER]), {ATTRIBUTED_TO: None, FILED: None})
    graph, arrays = gather(source, needs, ours)
    filed = day_numbers(graph.nodes[COMPLAINT]["filed_at"].cast(pa.timestamp("us")).to_numpy())
    dated = (filed > -FOREVER) & select(graph, COMPLAINT, ours, arrays)
    if not dated.any():
        return None, []
    first, last = int(filed[dated].min()), int(filed[dated].max())
    complaints, causes = graph.ends(ATTRIBUTED_TO)
    customers, theirs = graph.ends(FILED)
    nodes = graph.nodes[CAUSE]
    keys = nodes["key"].to_pylist()
    stated = {
        i: np.bincount(complaints[causes == i], minlength=len(filed)) > 0
        for i in np.unique(causes[dated[complaints]]).tolist()
        if keys[i] != UNKNOWN
    }

    def count(inside: Chosen, others: Chosen) -> Cells:
        here, there = (Group(filed[dated & held]) for held in (inside, others & ~inside))
        return count_cells(here, there, first, last)

    calm, steady = dated.copy(), dict(stated)
    while steady:
        shifts = {i: abs(find_shift(count(held, calm).series())) for i, held in steady.items()}
        worst = max(shifts, key=lambda i: shifts[i])
        left = calm & ~steady.pop(worst)
        if shifts[worst] < SHIFTED or left.sum() < HELD * dated.sum():
            break
        calm = left
    found = []
    for i, held in stated.items():
        names = {lang: nodes[f"name_{lang}"][i].as_py() or keys[i] for lang in LANGUAGES}
        found.append((keys[i], names, count(held, calm), len(np.unique(customers[held[theirs]]))))
    return as_date(last), found
