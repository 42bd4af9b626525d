"""Cases of a KPI that left its forecast: planted by us, and the sets of others where they are at hand."""

from __future__ import annotations

import csv
import io
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from benchmarks.kpi_anchors import Columns, Floats, Pattern

DATA = Path(os.environ.get("MOTIVO_DATA") or Path(__file__).parents[2] / "shared" / "data")


@dataclass(frozen=True)
class Case:
    columns: Columns
    real: Floats
    predict: Floats
    truth: frozenset[Pattern]


@dataclass(frozen=True)
class Plan:
    """How cases are planted. `base`: forecasts; `noise`: relative error of normal leaves; `wobble`: spread
    of a cause's ratio; `up`: share of causes that raise; `rows`: rows a leaf is split into."""

    sizes: tuple[int, ...] = (6, 36, 10, 10)
    causes: int = 3
    order: tuple[int, int] = (1, 3)
    noise: float = 0.03
    base: str = "lognormal"
    zero: float = 0.2
    missing: float = 0.0
    severity: tuple[float, float] = (0.2, 1.0)
    up: float = 0.0
    wobble: float = 0.05
    rows: int = 1


PLANS = {
    "as B1, noise 4 %": Plan(noise=0.038),
    "as B2, noise 6 %": Plan(noise=0.058),
    "as B3, noise 8 %": Plan(noise=0.077),
    "as B4, noise 10 %": Plan(noise=0.096),
    "six causes, both signs": Plan(noise=0.05, causes=6, up=0.5),
    "order 2-4": Plan(noise=0.05, order=(2, 4)),
    "Pareto, 40 % zero, 30 % missing": Plan(base="pareto", noise=0.1, zero=0.4, missing=0.3),
    "five dimensions, noise 12 %": Plan((10, 12, 10, 8, 5), 3, (1, 5), 0.12, "weibull", 0.12, 0, (0.35, 1)),
    "five dimensions, noise 25 %": Plan(
        (10, 12, 10, 8, 5), 3, (1, 4), 0.25, "weibull", 0.25, 0, (0.45, 1), wobble=0.1
    ),
    "single leaves": Plan((10, 24, 10, 15), 3, (4, 4), 0.05, "weibull", 0.12, 0, (0.55, 1), wobble=0),
    "counts, both signs": Plan((6, 12, 10, 5), 3, (1, 3), 0, "counts", 0.2, 0, (0.3, 0.9), 0.5, 0),
    "120 leaves": Plan((4, 6, 5), 2, (1, 2), 0.05),
    "rows split in three": Plan((6, 12, 10), 3, (1, 2), 0.05, up=0.5, rows=3),
}


def plant(plan: Plan, seed: int) -> Case:
    """Causes that do not hold each other, each with its ratio; where two meet, the earlier one holds."""
    rng = np.random.default_rng(seed)
    codes = np.stack(np.unravel_index(np.arange(np.prod(plan.sizes)), plan.sizes))
    codes = codes[:, rng.random(codes.shape[1]) >= plan.missing]
    leaves, names = codes.shape[1], "abcdefgh"[: len(plan.sizes)]
    predict = _draw_base(rng, plan, leaves)
    ratio, taken = np.ones(leaves), np.zeros(leaves, dtype=np.bool_)
    truth: dict[Pattern, NDArray[np.bool_]] = {}
    for _ in range(500):
        if len(truth) == plan.causes:
            break
        order = int(rng.integers(plan.order[0], plan.order[1] + 1))
        places, model = sorted(rng.choice(len(names), order, replace=False)), int(rng.integers(leaves))
        held = np.all([codes[p] == codes[p][model] for p in places], axis=0)
        severity = rng.uniform(*plan.severity)
        change = 1 / (1 - min(severity, 0.9)) if rng.random() < plan.up else 1 - severity
        told = (predict[held] > 0).sum() >= (2 if order < len(names) else 1)
        inside = any((held & other).sum() == min(held.sum(), other.sum()) for other in truth.values())
        if (
            told
            and not inside
            and (held & taken).sum() < 0.3 * held.sum()
            and abs(1 - change) > 3 * plan.noise
        ):
            truth[frozenset((names[p], f"{names[p]}{codes[p][model]}") for p in places)] = held
            wobbling = np.maximum(change + rng.normal(0, plan.wobble, leaves), 0)
            ratio = np.where(held & ~taken, wobbling, ratio)
            taken |= held
    if plan.base == "counts":
        real = rng.poisson(predict * ratio).astype(np.float64)
    else:
        real = predict * np.where(taken, ratio, np.maximum(1 + rng.normal(0, plan.noise, leaves), 0))
    columns = {name: np.char.add(name, codes[p].astype(str)) for p, name in enumerate(names)}
    case = Case(columns, real, predict, frozenset(truth))
    return split(case, rng, plan.rows) if plan.rows > 1 else case


def _draw_base(rng: np.random.Generator, plan: Plan, leaves: int) -> Floats:
    values = {
        "lognormal": lambda: rng.lognormal(3, 2, leaves),
        "weibull": lambda: 100 * rng.weibull(rng.uniform(0.5, 1), leaves),
        "pareto": lambda: rng.pareto(1.1, leaves) * 10 + 0.1,
        "counts": lambda: rng.gamma(0.5, 40, leaves),
    }[plan.base]()
    return np.where(rng.random(leaves) >= plan.zero, values, 0.0)


def split(case: Case, rng: np.random.Generator, rows: int) -> Case:
    """The same table with each leaf in several rows, actual and forecast parted by chance."""
    parts = [rng.dirichlet(np.full(rows, 5.0), len(case.real)).T for _ in range(2)]
    return Case(
        {name: np.tile(values, rows) for name, values in case.columns.items()},
        (case.real * parts[0]).ravel(),
        (case.predict * parts[1]).ravel(),
        case.truth,
    )


def hide(case: Case) -> tuple[Case, bool]:
    """Leave out the dimension that most causes need, and sum nothing; whether all causes needed it."""
    needs = {name: sum(name in dict(cause) for cause in case.truth) for name in case.columns}
    hidden = max(needs, key=lambda name: needs[name])
    columns = {name: values for name, values in case.columns.items() if name != hidden}
    return Case(columns, case.real, case.predict, case.truth), needs[hidden] == len(case.truth)


def read_squeeze() -> Iterator[Case]:
    folder = DATA / "squeeze_b0_dev"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            table = pq.read_table(folder / f"{row['case']}.parquet")
            names = [name for name in table.column_names if name not in ("real", "predict")]
            yield Case(
                {name: np.array(table[name].to_pylist()) for name in names},
                table["real"].to_numpy().astype(np.float64),
                table["predict"].to_numpy().astype(np.float64),
                frozenset(
                    frozenset(tuple(part.split("=")) for part in cause.split("&"))
                    for cause in row["root_causes"].split(";")
                ),
            )


VIEWS = {
    "failures now, mean of the four minutes before": lambda now, before: (now[0], before[0] / before[2]),
    "failures now, requests now times the rate before": lambda now, before: (
        now[0],
        now[1] * (before[0] + 20 * before[3]) / (before[1] + 20),
    ),
    "share of failures now, mean share before": lambda now, before: (
        now[0] / now[1] if now[1] else 0.0,
        before[0] / before[1] if before[1] else 0.0,
    ),
}


def read_robustspot(view: str) -> Iterator[Case]:
    """Minutes of a service's failures by cdn, bitrate, p2p...: the minute of the alarm is actual."""
    folder = DATA / "robustspot_rs_rca"
    labels = yaml.safe_load((folder / "anomaly.yaml").read_text("utf-8"))
    with tarfile.open(folder / "RS.tar.gz") as archive:
        members = {Path(name).stem: name for name in archive.getnames() if name.endswith(".csv")}
        for label in labels:
            file = archive.extractfile(members[label["data"]])
            assert file is not None
            rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8")))
            yield _view(rows, label, view)


def _view(rows: list[dict[str, str]], label: dict[str, Any], view: str) -> Case:
    names = [name for name in rows[0] if name not in ("min", "value", "cnt")]
    sums: dict[tuple[str, ...], list[float]] = {}
    for row in rows:
        late = label["timestamp"] - int(row["min"])
        if 0 <= late <= 240:
            found = sums.setdefault(tuple(row[name] for name in names), [0.0] * 5)
            place = 0 if late == 0 else 2
            found[place] += float(row["value"])
            found[place + 1] += float(row["cnt"])
            found[4] += late > 0
    rate = sum(s[2] for s in sums.values()) / max(1.0, sum(s[3] for s in sums.values()))
    kpi = [VIEWS[view]((s[0], s[1]), (s[2], s[3], max(1.0, s[4]), rate)) for s in sums.values()]
    causes = label["cause"] if isinstance(label["cause"], list) else [label["cause"]]
    return Case(
        {name: np.array([key[p] for key in sums]) for p, name in enumerate(names)},
        np.array([real for real, _ in kpi]),
        np.array([predict for _, predict in kpi]),
        frozenset(frozenset((name, str(value)) for name, value in cause.items()) for cause in causes),
    )
