"""What others do, on the same planted categories.

top-k: the five patterns of highest likelihood ratio. contrast sets: our own reading of the difference of
supports as DIFF-like operators rank it (risk ratio of at least 3, support of at least 2 % of complaints,
no pattern beside a shorter one that it is part of). pysubgroup and sliceline run where they are installed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import combinations

import numpy as np

from algorithms.rootcauses.score import Likelihood
from algorithms.rootcauses.search import Conjunctions
from algorithms.rootcauses.space import Space
from benchmarks.rootcauses.categories import CAUSES
from benchmarks.rootcauses.planted import Answer, Tally, Trial, name_pattern

ROWS = 50_000  # of a table, for the packages that are slow
Method = Callable[[Trial], list[Answer]]


def _score_all(trial: Trial) -> list[tuple[float, float, float, tuple[int, ...], Space]]:
    """Ratio, complaints and exposure of all literals and of the conjunctions worth counting."""
    space = Space(trial.table, max_order=3, min_units=5)
    known, alive = Conjunctions(space, min_complaints=5), np.ones(space.units, dtype=np.bool_)
    known.renew(alive, Likelihood(True), 3.0)
    ratio, complaints, _, exposed = known.score(alive, Likelihood(True))
    rows = [
        (float(r), float(c), float(e), known.key(i), space)
        for i, (r, c, e) in enumerate(zip(ratio, complaints, exposed, strict=True))
    ]
    complaints, _, exposed = space.tally(np.arange(space.units))
    ratio = Likelihood(True).compare(complaints, exposed, float(space.outcomes.sum()), space.units)
    rows += [
        (float(r), float(c), float(e), (i,), space)
        for i, (r, c, e) in enumerate(zip(ratio, complaints, exposed, strict=True))
    ]
    return rows


def _answer(rows: list[tuple[float, float, float, tuple[int, ...], Space]]) -> list[Answer]:
    return [Answer(name_pattern(space.spell(key)), space.cover(key)) for *_, key, space in rows]


def top_by_ratio(trial: Trial) -> list[Answer]:
    return _answer(sorted(_score_all(trial), key=lambda row: -row[0])[:CAUSES])


def contrast_sets(trial: Trial) -> list[Answer]:
    total, units = float(trial.table.outcomes.sum()), len(trial.table)
    kept: dict[frozenset[int], tuple[float, float, float, tuple[int, ...], Space]] = {}
    for row in sorted(_score_all(trial), key=lambda row: len(row[3])):
        _, complaints, exposed, key, _ = row
        rest = (total - complaints) / max(1, units - exposed)
        shorter = (frozenset(part) for n in range(1, len(key)) for part in combinations(key, n))
        if (
            complaints >= 0.02 * total
            and complaints / exposed >= 3 * rest
            and not any(p in kept for p in shorter)
        ):
            kept[frozenset(key)] = row
    return _answer(list(kept.values()))


def find_slices(trial: Trial) -> list[Answer]:
    from sliceline.slicefinder import Slicefinder

    columns = np.c_[tuple(f.values + 1 for f in trial.table.features)][:ROWS]
    finder = Slicefinder(alpha=0.95, k=CAUSES, max_l=3, min_sup=50, verbose=False)
    finder.fit(columns, trial.table.outcomes[:ROWS].astype(float))
    answers = []
    for found in finder.top_slices_:
        held, name = np.ones(len(trial.table), dtype=np.bool_), []
        for feature, value in zip(trial.table.features, found, strict=True):
            if value is not None:
                held &= feature.values == value - 1
                name.append((feature.name, "=", int(value) - 1))
        answers.append(Answer(frozenset(name), held))
    return answers


def find_subgroups(trial: Trial) -> list[Answer]:
    import pandas as pd
    import pysubgroup as ps

    frame = pd.DataFrame({f.name: f.values[:ROWS].astype(str) for f in trial.table.features})
    frame["y"] = trial.table.outcomes[:ROWS] > 0
    target = ps.BinaryTarget("y", True)
    space = ps.create_nominal_selectors(frame, ignore=["y"])
    task = ps.SubgroupDiscoveryTask(
        frame, target, space, result_set_size=CAUSES, depth=2, qf=ps.StandardQF(0.5)
    )
    values = {f.name: f.values for f in trial.table.features}
    answers = []
    for _, found in ps.BeamSearch(beam_width=5).execute(task).to_descriptions():
        parts = [(s.attribute_name, int(s.attribute_value)) for s in found.selectors]
        held = np.all([values[name] == value for name, value in parts], axis=0)
        answers.append(Answer(frozenset((name, "=", value) for name, value in parts), held))
    return answers


def list_methods() -> dict[str, Method | None]:
    """By name; None where the package is not installed."""
    return {
        "top 5 by ratio": top_by_ratio,
        "contrast sets": contrast_sets,
        f"sliceline ({ROWS} rows)": find_slices if find_spec("sliceline") else None,
        f"pysubgroup ({ROWS} rows)": find_subgroups if find_spec("pysubgroup") else None,
    }


def measure(method: Method, trials: list[Trial]) -> Tally:
    tally = Tally()
    for trial in trials:
        start = time.process_time()
        answers = method(trial)
        tally.seconds.append(time.process_time() - start)
        tally.add(trial, answers, exact=True)
    return tally
