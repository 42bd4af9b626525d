"""Planted causes are found, by their exact combination; nothing is found where nothing is."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.localization import Dimension, KpiTable, localize
from schema import InputError, UsageError
from tests.algorithms.localization.planted import SIZES, draw, named, patterns

ONE = {(("b", 3),): 0.5}
SEVERAL = {(("b", 3),): 0.5, (("a", 1), ("c", 2)): 1.8, (("a", 4), ("c", 5)): 0.0}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("more", [{}, {"noise": 0.1}, {"counts": True}, {"missing": 0.3}])
def test_causes_of_different_deviation_in_one_table(seed: int, more: dict[str, float]) -> None:
    found = localize(draw(SEVERAL, seed=seed, **more))
    assert patterns(found) == named("b3", "a1&c2", "a4&c5")
    assert not found.external
    assert found.explained > 0.8
    assert [cause.score for cause in found.root_causes] == sorted(
        (cause.score for cause in found.root_causes), reverse=True
    )


def test_a_cause_says_what_it_changed() -> None:
    table = draw(ONE, noise=0.02)
    (cause,) = localize(table).root_causes
    inside = table.dimensions[1].codes == 3
    assert cause.pattern == {"b": "b3"}
    assert cause.deviation == pytest.approx(0.5, abs=0.02)
    assert cause.real == pytest.approx(table.real[inside].sum())
    assert cause.predict == pytest.approx(table.predict[inside].sum())
    assert cause.leaves == (table.predict[inside] > 0).sum()


def test_where_nothing_was_forecast() -> None:
    table = draw({(("a", 2),): 1.0})
    inside = table.dimensions[0].codes == 2
    found = localize(replace(table, predict=np.where(inside, 0.0, table.predict)))
    assert patterns(found) == named("a2")
    assert found.root_causes[0].deviation == pytest.approx(-1)


def test_a_single_leaf_may_be_the_cause() -> None:
    pattern = (("a", 2), ("b", 4), ("c", 1))
    table = draw({pattern: 0.1}, seed=3)
    assert patterns(localize(table)) == named("a2&b4&c1")


@pytest.mark.parametrize("counts", [False, True])
def test_nothing_is_found_in_chance(counts: bool) -> None:
    alarms = [localize(draw({}, seed=seed, counts=counts)) for seed in range(20)]
    assert sum(bool(found.root_causes) for found in alarms) <= 1
    assert sum(found.external for found in alarms) <= 1


def test_everything_that_moves_together_is_external() -> None:
    table = draw({})
    found = localize(replace(table, real=table.real * 0.7))
    assert found.external
    assert found.root_causes == ()


def test_a_cause_beside_a_shift_of_everything() -> None:
    table = draw(ONE)
    found = localize(replace(table, real=table.real * 0.9))
    assert patterns(found) == named("b3")


@pytest.mark.parametrize("summed", [False, True])
def test_a_cause_of_which_the_dimension_is_missing_is_external(summed: bool) -> None:
    table = draw({(("a", 1), ("b", 3)): 0.2, (("a", 4), ("b", 7)): 0.1})
    a, _, c = table.dimensions
    if summed:
        cells = a.codes * SIZES["c"] + c.codes
        rows = np.unique(cells, return_index=True)[1]
        a, c = Dimension("a", a.codes[rows], a.labels), Dimension("c", c.codes[rows], c.labels)
        table = KpiTable((a, c), np.bincount(cells, table.real), np.bincount(cells, table.predict))
    found = localize(replace(table, dimensions=(a, c)))
    assert found.external or summed
    assert not patterns(found) & named("a1", "a4") or found.explained < 0.9


def test_rows_that_are_alike_are_summed() -> None:
    table = draw(SEVERAL)
    twice = KpiTable(
        tuple(Dimension(d.name, np.tile(d.codes, 2), d.labels) for d in table.dimensions),
        np.r_[table.real * 0.25, table.real * 0.75],
        np.r_[table.predict * 0.25, table.predict * 0.75],
    )
    assert patterns(localize(twice)) == patterns(localize(table))


def test_rows_of_which_one_is_forecast_and_one_is_actual() -> None:
    table = draw(SEVERAL)
    nothing = np.zeros(len(table))
    apart = KpiTable(
        tuple(Dimension(d.name, np.tile(d.codes, 2), d.labels) for d in table.dimensions),
        np.r_[table.real, nothing],
        np.r_[nothing, table.predict],
    )
    assert patterns(localize(apart)) == patterns(localize(table))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_the_answer_depends_on_neither_order_nor_unit(seed: int, unit: float) -> None:
    table = draw(SEVERAL, seed=2)
    order = np.random.default_rng(seed).permutation(len(table))
    moved = KpiTable(
        tuple(Dimension(d.name, d.codes[order], d.labels) for d in reversed(table.dimensions)),
        table.real[order] * unit,
        table.predict[order] * unit,
    )
    assert patterns(localize(moved)) == patterns(localize(table))


def test_a_kpi_below_zero() -> None:
    table = draw(SEVERAL)
    losses = replace(table, real=-table.real, predict=-table.predict)
    assert patterns(localize(losses)) == patterns(localize(table))


numbers = st.floats(-1e12, 1e12) | st.sampled_from([0.0, 1.0, 1e-300, -1e99])


@pytest.mark.filterwarnings("error")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), numbers, numbers), max_size=30))
def test_any_table_gets_an_answer(rows: list[tuple[int, int, float, float]]) -> None:
    a, b, real, predict = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    found = localize(KpiTable((Dimension.from_values("a", a), Dimension.from_values("b", b)), real, predict))
    assert 0 <= found.explained <= 1
    seen = {tuple(sorted(cause.pattern.items())) for cause in found.root_causes}
    assert len(seen) == len(found.root_causes)


def test_no_dimension_and_no_row() -> None:
    assert localize(KpiTable((), np.array([9.0, 8.0]), np.array([1.0, 1.0]))).root_causes == ()
    assert localize(KpiTable((Dimension.from_values("a", []),), np.array([]), np.array([]))).leaves == 0


def test_many_dimensions_are_combined_as_far_as_can_be() -> None:
    table = draw(ONE)
    wide = [Dimension(f"n{i}", np.arange(len(table)) % 3, ("x", "y", "z")) for i in range(300)]
    found = localize(replace(table, dimensions=(*table.dimensions, *wide)))
    assert found.max_order == 1
    assert patterns(found) == named("b3")


@pytest.mark.parametrize("settings_", [{"max_order": 0}, {"alpha": 0.0}, {"alpha": 1.0}])
def test_settings_out_of_range(settings_: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        localize(draw(ONE), **settings_)


def test_tables_that_are_wrong() -> None:
    values = Dimension.from_values("a", ["x", None])
    assert values.labels == ("x", None)
    two = np.array([1.0, 2.0])
    for real, predict, dimensions in (
        (np.array([1.0, np.nan]), two, (values,)),
        (two, np.array([1.0, np.inf]), (values,)),
        (two, np.array([1.0]), (values,)),
        (two, np.array([1.0, 1e300]), (values,)),
        (np.array(["x", "y"]), two, (values,)),
        (two, two, (values, values)),
        (two, two, (Dimension.from_values("b", ["x"]),)),
        (np.ones((2, 2)), two, (values,)),
    ):
        with pytest.raises(InputError):
            KpiTable(dimensions, real, predict)
    for wrong in ([[1], [2]], ["x", 1]):
        with pytest.raises(InputError):
            Dimension.from_values("a", wrong)
    with pytest.raises(InputError):
        Dimension("a", np.array([0, 3]), ("x",))


def test_cases_of_squeeze(data: Path) -> None:
    """One case of each number and order of causes, labelled by others."""
    folder = data / "squeeze_b0_dev"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        cases = {row["cell"]: row for row in csv.DictReader(file)}
    assert len(cases) == 9
    for row in cases.values():
        table = pq.read_table(folder / f"{row['case']}.parquet")
        dimensions = tuple(Dimension.from_arrow(name, table[name]) for name in "abcd")
        found = localize(KpiTable(dimensions, table["real"].to_numpy(), table["predict"].to_numpy()))
        causes = row["root_causes"].split(";")
        assert patterns(found) == {frozenset(tuple(p.split("=")) for p in c.split("&")) for c in causes}
        assert not found.external
