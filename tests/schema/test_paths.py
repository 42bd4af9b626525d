"""Typed paths are read as they are printed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import UsageError, core_vocabulary
from schema.paths import FOLDS, GAP, Path, Step, find_dates, parse_path

VOCABULARY = core_vocabulary()


@st.composite
def walked(draw: st.DrawFn, unit: str = "") -> Path:
    """Return any path of up to four steps; it may come back to where it was."""
    path = Path(unit or draw(st.sampled_from(sorted(VOCABULARY.kinds))))
    for _ in range(draw(st.integers(0, 4))):
        steps = [Step(*step) for step in VOCABULARY.steps(path.kind)]
        if not steps:
            break
        path = path.then(draw(st.sampled_from(steps)))
    return path


def properties(path: Path, fold: str) -> list[str]:
    """Return what a fold can be of at the end of a path."""
    kind = VOCABULARY.get_kind(path.kind)
    if fold == "latest" and not find_dates(kind):
        return []
    return [p.name for p in kind.properties.values() if p.type in FOLDS[fold]]


@st.composite
def paths(draw: st.DrawFn) -> Path:
    fold = draw(st.sampled_from(["", *FOLDS]))
    path = draw(walked())
    if fold == GAP:
        ends = []
        for _ in range(2):
            end = draw(walked(path.unit).filter(lambda p: properties(p, GAP)))
            name = draw(st.sampled_from(properties(end, GAP)))
            ends.append(replace(end, name=name, fold=draw(st.sampled_from(["", "min", "max"]))))
        return Path(path.unit, fold=GAP, ends=tuple(ends))
    if fold == "":
        name = draw(st.sampled_from(["", *VOCABULARY.get_kind(path.kind).properties]))
        return replace(path, name=name)
    names = properties(path, fold) if FOLDS[fold] else [""]
    return replace(path, name=draw(st.sampled_from(names)), fold=fold) if names else path


@given(paths())
def test_a_path_is_read_as_it_is_printed(path: Path) -> None:
    assert parse_path(str(path), VOCABULARY) == path
    assert str(parse_path(f"  {path} ", VOCABULARY)) == str(path)


@given(st.text(alphabet="gapminsulteCustomer-HAD>Contact.at,() <", max_size=60))
def test_any_text_is_a_path_or_a_usage_error(text: str) -> None:
    for wrapped in (text, f"gap({text})", f"sum({text})"):
        with suppress(UsageError):
            parse_path(wrapped, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("mean(Customer.since)", "no fold 'mean'", "count, sum"),
        ("count(Customer.since)", "count is of nodes", "leave out .since"),
        ("sum(Customer-HAD->Contact)", "sum is of a property", "none"),
        ("sum(Customer.segment)", "segment is of type text", "money"),
        ("latest(Customer-HOLDS->Subscription-OF->Product.price)", "no date", "max"),
        ("gap(Customer.since)", "between two dates", "gap("),
        ("gap(Customer.since, latest(Customer-HAD->Contact.at))", "no end of a gap", "min or max"),
        ("gap(Customer.since, Invoice.issued_on)", "one unit", "Customer"),
        ("gap(Customer.since, Customer.segment)", "segment is of type text", "date, time"),
        ("max(max(Customer.since))", "no path", ""),
        ("count(Customer", "no path", ""),
    ],
)
def test_what_is_wrong_with_a_fold_is_told(text: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_path(text, VOCABULARY)
    assert said in caught.value.message
    assert hint in caught.value.hint
