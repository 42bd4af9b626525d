"""Features from what callers have: lists, codes, Arrow columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from algorithms.rootcauses import Feature, FeatureKind
from schema.errors import InputError


def test_category_from_values():
    feature = Feature.category("c", ["b", None, "a", "b"])
    assert feature.labels == ("b", "a")
    assert feature.values.tolist() == [0, -1, 1, 0]


def test_category_of_nothing():
    feature = Feature.category("c", [None, None])
    assert len(feature) == 2
    assert feature.values.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (pa.array(["a", None]), FeatureKind.CATEGORY),
        (pa.array([True, None]), FeatureKind.CATEGORY),
        (pa.array(["a", "b"]).dictionary_encode(), FeatureKind.CATEGORY),
        (pa.chunked_array([["a"], ["b"]]), FeatureKind.CATEGORY),
        (pa.nulls(2), FeatureKind.CATEGORY),
        (pa.array([1, None]), FeatureKind.NUMBER),
        (pa.array([1.5, 2.0]), FeatureKind.NUMBER),
        (pa.array([Decimal("1.50"), None]), FeatureKind.NUMBER),
        (pa.array([date(2025, 1, 1), None]), FeatureKind.DATE),
        (pa.array([datetime(2025, 1, 1, 10), None]), FeatureKind.DATE),
        (pa.array([datetime(2025, 1, 1, 10, tzinfo=UTC), None]), FeatureKind.DATE),
        (pa.array([["a", "b"], None]), FeatureKind.SET),
    ],
)
def test_from_arrow(array, kind):
    feature = Feature.from_arrow("f", array)
    assert feature.kind is kind
    assert len(feature) == 2


def test_sets_from_arrow_keep_their_units():
    feature = Feature.from_arrow("s", pa.array([["a", "b"], None, [], ["b"]]))
    assert feature.indptr.tolist() == [0, 2, 2, 2, 3]
    assert [feature.labels[code] for code in feature.values] == ["a", "b", "b"]


@pytest.mark.parametrize(
    "build",
    [
        lambda: Feature.from_arrow("f", pa.array([{"a": 1}])),
        lambda: Feature.category("f", ["a", 1]),
        lambda: Feature.coded("f", [0, 2], ["a", "b"]),
        lambda: Feature.coded("f", [0.5], ["a"]),
        lambda: Feature.number("f", ["x"]),
        lambda: Feature.date("f", ["31/02/2025"]),
        lambda: Feature.sets("f", [0, 2], [0], ["a"]),
        lambda: Feature.sets("f", [0, 2, 1, 2], [0, 0], ["a"]),
    ],
)
def test_wrong_values_are_refused(build):
    with pytest.raises(InputError, match="feature 'f'"):
        build()
