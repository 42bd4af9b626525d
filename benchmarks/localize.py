"""Localisation beside Squeeze and RiskLoc as published: exact causes, false ones, what is external, time.

    python benchmarks/localize.py [--full] [--cases 4]

Micro F1 counts a cause only if its combination is exactly right. CPU seconds are of the localisation
of one case, without reading it. Planted cases are drawn from other numbers than those that the tests use.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from algorithms.localization import Dimension, KpiTable, Localization, localize
from benchmarks.kpi_anchors import Pattern, run_riskloc, run_squeeze
from benchmarks.kpi_cases import (
    DATA,
    PLANS,
    VIEWS,
    Case,
    Plan,
    hide,
    plant,
    read_robustspot,
    read_squeeze,
)

Method = Callable[[Case], tuple[list[Pattern], float]]


def run(case: Case) -> tuple[Localization, float]:
    dimensions = tuple(Dimension.from_values(name, values) for name, values in case.columns.items())
    table = KpiTable(dimensions, case.real, case.predict)
    start = time.process_time()
    found = localize(table)
    return found, time.process_time() - start


def run_ours(case: Case) -> tuple[list[Pattern], float]:
    found, seconds = run(case)
    return [frozenset((k, str(v)) for k, v in cause.pattern.items()) for cause in found.root_causes], seconds


def run_anchor(anchor: Callable[..., list[Pattern]]) -> Method:
    """An anchor reads leaves: rows that are alike are summed for it."""

    def method(case: Case) -> tuple[list[Pattern], float]:
        keys = np.array(list(map("\x1f".join, zip(*case.columns.values(), strict=True))))
        _, first, cells = np.unique(keys, return_index=True, return_inverse=True)
        columns = {name: values[first] for name, values in case.columns.items()}
        sums = [np.bincount(cells, weights=values) for values in (case.real, case.predict)]
        start = time.process_time()
        found = anchor(columns, *sums)
        return found, time.process_time() - start

    return method


METHODS: dict[str, Method] = {
    "localize": run_ours,
    "RiskLoc": run_anchor(run_riskloc),
    "Squeeze": run_anchor(run_squeeze),
}


def print_exact(name: str, cases: list[Case]) -> None:
    for title, method in METHODS.items():
        hits = false = missed = 0
        seconds = []
        for case in cases:
            found, spent = method(case)
            seconds.append(spent)
            hits += len(set(found) & case.truth)
            false += len(set(found) - case.truth)
            missed += len(case.truth - set(found))
        score = 2 * hits / max(1, 2 * hits + false + missed)
        print(
            f"{name:36} | {title:8} | {score:.3f} | {hits:4} right {false:4} false {missed:4} missed | "
            f"{np.mean(seconds):.3f} (most {max(seconds):.3f})",
            flush=True,
        )


def print_ranked(name: str, cases: Iterable[Case]) -> None:
    cases = list(cases)
    for title, method in METHODS.items():
        found = [method(case) for case in cases]
        pairs = [
            (list(dict.fromkeys(names)), case.truth) for (names, _), case in zip(found, cases, strict=True)
        ]
        first = sum(bool(set(names[:1]) & truth) for names, truth in pairs)
        three = sum(bool(set(names[:3]) & truth) for names, truth in pairs)
        exact = sum(set(names) == truth for names, truth in pairs)
        silent = sum(not names for names, _ in pairs)
        print(
            f"{name:49} | {title:8} | first {first / len(cases):.3f} | in three {three / len(cases):.3f} | "
            f"exactly these {exact / len(cases):.3f} | none {silent:3} | "
            f"{np.mean([spent for _, spent in found]):.3f}",
            flush=True,
        )


def print_honesty(cases: int) -> None:
    """What is said where no cause is, where everything moves, and where the dimension is hidden."""
    for name in ("as B3, noise 8 %", "counts, both signs", "120 leaves"):
        plan = PLANS[name]
        nulls = [plant(replace(plan, causes=0), 70_000 + seed) for seed in range(5 * cases)]
        quiet = [run(case)[0] for case in nulls]
        moved = [run(replace(case, real=case.real * 0.8))[0] for case in nulls]
        hidden, whole = [], []
        for seed in range(4 * cases):
            case = plant(replace(plan, causes=1 + seed % 2, order=(2, 2)), 80_000 + seed)
            whole.append(run(case)[0].external)
            without, by_all = hide(case)
            if by_all:
                hidden.append(run(without)[0].external)
        print(
            f"{name:20} | no cause: {sum(bool(f.root_causes) for f in quiet)} with a cause, "
            f"{sum(f.external for f in quiet)} external of {len(quiet)} | all by -20 %: "
            f"{sum(f.external and not f.root_causes for f in moved)} external of {len(moved)} | "
            f"dimension hidden: {sum(hidden)} external of {len(hidden)} | all shown: "
            f"{sum(whole)} external of {len(whole)}",
            flush=True,
        )


def print_growth(full: bool) -> None:
    for sizes in ((10, 12, 10, 8, 5), (20, 24, 20, 20, 5), *(((20, 24, 20, 20, 10),) if full else ())):
        case = plant(Plan(sizes, base="weibull", noise=0.1), 1)
        found, seconds = run(case)
        right = len({frozenset(c.pattern.items()) for c in found.root_causes} & case.truth)
        found_of = f"{right} of {len(case.truth)} right"
        print(f"{len(case.real):,} leaves of 5 dimensions: {found_of}, {seconds:.2f} CPU s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="40 planted cases of each kind, and all of the sets"
    )
    parser.add_argument("--cases", type=int, help="planted cases of each kind")
    chosen = parser.parse_args()
    cases = chosen.cases or (40 if chosen.full else 4)
    run(plant(PLANS["120 leaves"], 0))  # what is loaded once is not counted
    print("cases | method | micro F1, exact | causes | CPU s a case")
    if (DATA / "squeeze_b0_dev").is_dir():
        squeeze = list(read_squeeze())
        print_exact("Squeeze B0 (dev)", squeeze if chosen.full else squeeze[::6])
    else:
        print(f"not run: squeeze_b0_dev is not in {DATA}")
    for name, plan in PLANS.items():
        print_exact(name, [plant(plan, 50_000 + seed) for seed in range(cases)])
    if (DATA / "robustspot_rs_rca").is_dir():
        for view in VIEWS:
            print_ranked(view, [c for i, c in enumerate(read_robustspot(view)) if chosen.full or i % 5 == 0])
    else:
        print(f"not run: robustspot_rs_rca is not in {DATA}")
    print_honesty(max(1, cases // 4))
    print_growth(chosen.full)


if __name__ == "__main__":
    main()
