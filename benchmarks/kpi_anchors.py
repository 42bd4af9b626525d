"""Squeeze and RiskLoc in short form: methods as published, in our own code, to run beside `localize`.

Squeeze: Li et al., Generic and Robust Localization of Multi-Dimensional Root Causes (ISSRE 2019).
RiskLoc: Kalander, RiskLoc: Localization of Multi-dimensional Root Causes by Weighted Risk (arXiv
2205.10004, 2022). Both return combinations, best first, from columns of text and two of numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Pattern = frozenset[tuple[str, str]]
Columns = dict[str, NDArray[np.str_]]


class Grid:
    """The columns as codes, and their cuboids."""

    def __init__(self, columns: Columns) -> None:
        self.names = list(columns)
        coded = [np.unique(values, return_inverse=True) for values in columns.values()]
        self.labels = [labels for labels, _ in coded]
        self.codes = [codes for _, codes in coded]

    def cuboids(self, layer: int) -> Iterator[tuple[tuple[int, ...], NDArray[np.int64], int]]:
        for places in combinations(range(len(self.names)), layer):
            sizes = [len(self.labels[place]) for place in places]
            cells = np.ravel_multi_index([self.codes[place] for place in places], sizes)
            yield places, cells, math.prod(sizes)

    def name(self, places: tuple[int, ...], cell: int) -> Pattern:
        codes = np.unravel_index(cell, [len(self.labels[place]) for place in places])
        return frozenset(
            (self.names[p], str(self.labels[p][code])) for p, code in zip(places, codes, strict=True)
        )


def deviate(real: Floats, predict: Floats) -> Floats:
    """2 (forecast - actual) / (forecast + actual), 0 where both are 0."""
    total = real + predict
    return np.divide(2 * (predict - real), total, out=np.zeros_like(total), where=total != 0)


def run_riskloc(
    columns: Columns, real: Floats, predict: Floats, *, risk_floor: float = 0.5, power_floor: float = 0.02
) -> list[Pattern]:
    """Part the leaves at a cutoff mirrored from the quieter side; then, layer by layer, the element of
    most explanatory power whose risk (share of weight that is abnormal, less how badly one ratio
    fits it) is high enough; take it out and begin again."""
    grid, deviation = Grid(columns), deviate(real, predict)
    apart = np.unique(deviation)
    trimmed = apart[5:-5] if len(apart) > 10 else apart
    cutoff = -min(float(trimmed[0]), float(trimmed[-1]), key=abs)
    abnormal = deviation > cutoff if cutoff >= 0 else deviation < cutoff
    weight = np.minimum(np.where(abnormal, np.abs(deviation), np.abs(cutoff - deviation)), 1.0)
    weight[(real == 0) & (predict == 0)] = 0
    power = real - predict
    if power[abnormal].sum() < 0:
        power = -power
    floor = power[abnormal].sum() * power_floor
    left, found = np.ones(len(real), dtype=np.bool_), list[Pattern]()
    while len(found) < 100 and power[left & abnormal].sum() >= floor and (left & abnormal).any():
        best = _find_riskiest(
            grid, left, (real, predict, deviation), (weight, abnormal), (power, floor), risk_floor
        )
        if best is None:
            break
        places, members = best
        found.append(grid.name(places, _cell_of(grid, places, members)))
        left &= ~members
    return found


def _cell_of(grid: Grid, places: tuple[int, ...], members: Mask) -> int:
    first = int(np.flatnonzero(members)[0])
    sizes = [len(grid.labels[place]) for place in places]
    return int(np.ravel_multi_index([grid.codes[place][first] for place in places], sizes))


def _find_riskiest(
    grid: Grid,
    left: Mask,
    kpi: tuple[Floats, Floats, Floats],
    risk: tuple[Floats, Mask],
    power: tuple[Floats, float],
    risk_floor: float,
) -> tuple[tuple[int, ...], Mask] | None:
    weight, abnormal = risk
    gain, floor = power
    for layer in range(1, len(grid.names) + 1):
        best, most = None, floor
        for places, cells, size in grid.cuboids(layer):
            sums = np.bincount(cells[left], weights=gain[left], minlength=size)
            marked = np.bincount(cells[left & abnormal], minlength=size)
            for cell in np.argsort(-sums, kind="stable"):
                if sums[cell] <= most:
                    break
                if not marked[cell]:
                    continue
                members = (cells == cell) & left
                high = weight[members & abnormal].sum()
                high /= high + weight[members & ~abnormal].sum() + 1
                if high - _misfit(members, *kpi) >= risk_floor:
                    best, most = (places, members), sums[cell]
                    break
        if best is not None:
            return best
    return None


def _misfit(members: Mask, real: Floats, predict: Floats, deviation: Floats) -> float:
    inside = members & (real != 0) & (predict != 0)
    if not inside.any():
        return 0.0
    expected = predict[inside] * real[inside].sum() / predict[inside].sum()
    before = np.abs(deviation[inside]).mean()
    return float(np.abs(deviate(real[inside], expected)).mean() / before) if before else 0.0


def run_squeeze(
    columns: Columns, real: Floats, predict: Floats, *, enough: float = 0.9, most: int = 12
) -> list[Pattern]:
    """Drop leaves that hardly deviate, cluster the rest by deviation at the valleys of its density, and
    of each cluster take the elements of one cuboid with the highest potential score, less their number."""
    told = predict > 0
    columns = {name: values[told] for name, values in columns.items()}
    real, predict = real[told], predict[told]
    if not len(real):
        return []
    grid, deviation = Grid(columns), deviate(real, predict)
    abnormal = np.abs(real - predict) > _find_knee(np.abs(real - predict))
    clusters = _cluster(deviation, abnormal)
    if not clusters:
        return []
    share = sum(int(c.sum()) for c in clusters) / len(real)
    values = sum(len(labels) for labels in grid.labels)
    scale = (
        math.log(len(clusters) + 1)
        / len(clusters)
        * values
        / math.log(values + 1)
        * -math.log(min(share, 0.999))
    )
    found: list[Pattern] = []
    for cluster in clusters:
        quiet = np.abs(deviation) < np.abs(deviation[cluster]).min()
        found += _locate(grid, cluster, quiet, (real, predict), scale, enough, most)
    return list(dict.fromkeys(found))


def _find_knee(errors: Floats) -> float:
    """Where the sorted errors' distribution bends most, as of the line between its ends."""
    ordered = np.sort(errors)
    share = np.arange(1, len(ordered) + 1) / len(ordered)
    span = ordered[-1] - ordered[0]
    if span == 0:
        return float(ordered[-1])
    return float(ordered[np.argmax(share - (ordered - ordered[0]) / span)])


def _cluster(deviation: Floats, abnormal: Mask, ordinary: float = 0.2) -> list[Mask]:
    """The hills of the smoothed histogram, each up to the valleys at its sides."""
    if not abnormal.any():
        return []
    array = deviation[abnormal]
    counts, edges = np.histogram(array, bins="auto")
    window = max(int(np.count_nonzero(counts)) // 10, 1)
    density = np.convolve(np.r_[np.zeros(window), counts, 0.0], np.ones(window) / window)[
        : len(counts) + window + 1
    ]
    middle = np.r_[edges[0] - np.arange(window, 0, -1), (edges[:-1] + edges[1:]) / 2, edges[-1] + 1]
    before, after = np.roll(density, 1), np.roll(density, -1)
    tops = np.flatnonzero((density > before) & (density > after))
    valleys = np.r_[-np.inf, middle[(density <= before) & (density <= after)], np.inf]
    found = []
    for top in tops:
        low = valleys[np.searchsorted(valleys, middle[top], side="right") - 1]
        high = valleys[np.searchsorted(valleys, middle[top], side="left")]
        held = array[(array >= low) & (array <= high)]
        if len(held) and np.abs(held).mean() >= ordinary:
            found.append((deviation >= held.min()) & (deviation <= held.max()))
    return found


def _locate(
    grid: Grid,
    cluster: Mask,
    quiet: Mask,
    kpi: tuple[Floats, Floats],
    scale: float,
    enough: float,
    most: int,
) -> list[Pattern]:
    real, predict = kpi
    base = cluster | quiet
    error = np.abs(real - predict)
    best: tuple[float, list[Pattern]] = (-math.inf, [])
    for layer in range(1, len(grid.names) + 1):
        top = -math.inf
        for places, cells, size in grid.cuboids(layer):
            inside = np.bincount(cells[cluster], minlength=size)
            shares = inside / np.maximum(np.bincount(cells, minlength=size), 1)
            order = np.argsort(-shares, kind="stable")[: min(most, int((inside > 0).sum()))]
            chosen, score, count = np.zeros(len(real), dtype=np.bool_), -math.inf, 0
            for number, cell in enumerate(order, start=1):
                chosen |= cells == cell
                potential = _score_potential(chosen & base, base & ~chosen, real, predict, error)
                if potential > score:
                    score, count = potential, number
            rank = score * scale - count * layer
            top = max(top, score)
            if rank > best[0]:
                best = (rank, [grid.name(places, int(cell)) for cell in order[:count]])
        if top > enough:
            break
    return best[1]


def _score_potential(inside: Mask, outside: Mask, real: Floats, predict: Floats, error: Floats) -> float:
    """The generalised potential score: how much nearer forecasts come that ripple with their sum."""
    total = predict[inside].sum()
    if not inside.any() or total == 0:
        return -math.inf
    rippled = np.abs(real[inside] - predict[inside] * (real[inside].sum() / total)).mean()
    rest = error[outside].mean() if outside.any() else 0.0
    before = error[inside].mean() + rest
    return float(1 - (rippled + rest) / before) if before else -math.inf
