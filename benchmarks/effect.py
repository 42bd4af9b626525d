"""The effect of corrective actions on simulated companies, of which the truth is known.

    python benchmarks/effect.py [--runs 200]

Units begin over time, grow old (most complaints come early), and complain more where they are exposed;
weekdays, a season and growth move all complaints alike. On a day an action begins, which leaves a share
of the exposed's excess and usual complaints. Printed, for each true ratio: median estimate, how often the
95 % interval holds the truth, and how often it is said that complaints are fewer, the same, more, or not
known yet. Beside it, in brackets, how often the plain before-and-after ratio says "fewer".
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.timing import FOREVER, Group, compare

DAYS = 400
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Company:
    units: int = 3000
    rate: float = 0.0008  # complaints a unit and day, of old units
    lift: float = 4.0
    share: float = 0.1  # of units that are exposed
    dated: bool = True
    growth: float = 1.0  # how much of the units begin within the record
    late_exposed: bool = False  # the exposed are new customers, mostly
    clustered: bool = False
    start: int = 280
    onset: int = 0  # the day from which the exposed complain more
    new_only: bool = False


def simulate(seed: int, company: Company, ratio: float) -> tuple[Group, Group]:
    """Draw exposed and others, with complaints of DAYS days, the action's ratio in force from its start."""
    rng = np.random.default_rng(seed)
    exposed = rng.random(company.units) < company.share
    begins = rng.integers(-600, DAYS, company.units)
    old = rng.random(company.units) > company.growth
    begins[old] = rng.integers(-600, 0, old.sum())
    if company.late_exposed:
        begins[exposed] = rng.integers(DAYS // 3, DAYS, exposed.sum())
    if not company.dated:
        begins[:] = -600
    ends = begins + rng.geometric(1 / 900, company.units)
    day = np.arange(DAYS)
    year = 1 + 0.4 * np.sin(2 * np.pi * day / 365 + rng.uniform(0, 6))
    calendar = np.where(day % 7 < 5, 1.2, 0.5) * year * np.linspace(1, rng.uniform(1, 2), DAYS)
    calendar = calendar * rng.gamma(20, 1 / 20, DAYS)
    ages = day - begins[:, None]
    hazard = company.rate * calendar * (1 + 5 * np.exp(-np.maximum(ages, 0) / 20))
    hazard *= (ages >= 0) & (day <= ends[:, None])
    hazard *= np.where(exposed[:, None] & (day >= company.onset), company.lift, 1.0)
    reached = (begins >= company.start)[:, None] if company.new_only else (day >= company.start)[None, :]
    hazard *= np.where(exposed[:, None] & reached, ratio, 1.0)
    if company.clustered:  # some customers complain of everything, and write again
        hazard = hazard * rng.gamma(0.5, 2, company.units)[:, None]
    counts = rng.poisson(hazard)
    if company.clustered:
        counts = counts + rng.binomial(counts, 0.4)
    unit, filed = np.nonzero(counts)
    repeat = counts[unit, filed]
    unit, filed = np.repeat(unit, repeat), np.repeat(filed, repeat)

    def group(held: NDArray[np.bool_]) -> Group:
        theirs = held[unit]
        place = (np.cumsum(held) - 1)[unit[theirs]]
        known = np.where(ends < DAYS, ends, FOREVER)
        if not company.dated:
            return Group(filed[theirs], int(held.sum()), place)
        return Group(filed[theirs], int(held.sum()), place, begins[held], known[held])

    return group(exposed), group(~exposed)


CASES = {
    "many, steady": Company(),
    "few complaints": Company(units=1500, share=0.05),
    "the exposed are new customers": Company(late_exposed=True),
    "when units began is not known": Company(dated=False),
    "some write again and again": Company(clustered=True),
    "25 days after": Company(start=375),
    "began 60 days before": Company(onset=220),
    "only the new are reached": Company(new_only=True, start=200, share=0.2),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--case", choices=CASES)
    chosen = parser.parse_args()
    print(
        "case | true ratio | median | interval holds it | fewer [before-after] | same | more | not yet known"
    )
    cases = {chosen.case: CASES[chosen.case]} if chosen.case else CASES
    for name, company in cases.items():
        for truth in (1.0, 0.5, 0.2):
            ratios, held, naive = [], 0, 0
            verdicts: list[str] = []
            for seed in range(chosen.runs):
                inside, others = simulate(seed, company, truth)
                told = compare(inside, others, (0, DAYS - 1), company.start, new_only=company.new_only)
                verdicts.append(told.verdict)
                before, after = (rates[0] for rates in (told.before, told.after))
                if before.rate and after.rate and after.complaints:
                    se = np.sqrt(1 / before.complaints + 1 / after.complaints)
                    naive += np.log(after.rate / before.rate) + 1.96 * se < 0
                if told.ratio is not None and told.low is not None and told.high is not None:
                    ratios.append(told.ratio)
                    held += told.low <= truth <= told.high
            shares = {v: verdicts.count(v) / chosen.runs for v in ("fewer", "same", "more", "unknown")}
            print(
                f"{name:30} | {truth} | {np.median(ratios):.2f} | {held / max(1, len(ratios)):.3f} | "
                f"{shares['fewer']:.2f} [{naive / chosen.runs:.2f}] | {shares['same']:.2f} | "
                f"{shares['more']:.2f} | {shares['unknown']:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
