"""Labelled files: what is right is read, what is wrong is named by line and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import load_taxonomy
from ingest.text.corpus import read_texts
from ingest.text.learning import LabelledText, read_labelled
from ingest.text.learning.labelled import label_text, mark_text, place_text

GOOD: dict[str, Any] = {
    "id": 1, "text": "Llegó tarde y roto.", "lang": "es", "complaint": True,
    "causes": [{"start": 0, "end": 11, "cause": "delivery.late"}],
}  # fmt: skip


def read(*rows: Any) -> Any:
    return read_labelled(json.dumps(row).encode() for row in rows)


def test_a_line_of_a_labelled_file_comes_back_as_it_was() -> None:
    file = read(GOOD, {**GOOD, "id": "b", "text": "Otro texto, sin causa.", "causes": [], "lang": None})
    assert not file.flaws
    assert file.texts[0].to_dict() == GOOD
    assert file.texts[1].complaint


def test_what_extract_and_others_write_is_read_too() -> None:
    cause = {
        "start": 0,
        "end": 11,
        "quote": "Llegó tarde",
        "cause": None,
        "kind": "implicit",
        "confidence": 1,
    }
    unknown = {"start": 14, "end": 18, "cause": "unknown"}
    [text] = read({**GOOD, "causes": [unknown, cause], "score": 0.7, "effects": []}).texts
    assert [(c.start, c.cause) for c in text.causes] == [(0, None), (14, None)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"id": True}, "id"),
        ({"text": ""}, "text"),
        ({"text": 5}, "text"),
        ({"lang": "fr"}, "lang"),
        ({"complaint": 1}, "complaint"),
        ({"causes": None}, "causes"),
        ({"complaint": False}, "causes"),
        ({"causes": ["x"]}, "causes[0]"),
        ({"causes": [{"start": 0, "end": 40, "cause": None}]}, "causes[0]"),
        ({"causes": [{"start": 4, "end": 4, "cause": None}]}, "causes[0]"),
        ({"causes": [{"start": 0.0, "end": 4, "cause": None}]}, "causes[0]"),
        ({"causes": [{"start": 18, "end": 19, "cause": None}]}, "causes[0]"),
        ({"causes": [{"start": 0, "end": 5, "cause": "Late!"}]}, "causes[0].cause"),
        ({"causes": [{"start": 0, "end": 5, "cause": ["x"]}]}, "causes[0].cause"),
        ({"causes": [{"start": 0, "end": 5, "quote": "tarde", "cause": None}]}, "causes[0].quote"),
        ({"causes": [*GOOD["causes"], {"start": 6, "end": 13, "cause": None}]}, "causes[1]"),
    ],
)
def test_each_flaw_is_named_by_line_and_field(change: dict[str, Any], field: str) -> None:
    file = read(GOOD, {**GOOD, "text": "Otro.", "causes": []}, {**GOOD, **change})
    assert [(flaw.line, flaw.field) for flaw in file.flaws] == [(3, field)]
    assert f"line 3: {field}: " in str(file.flaws[0])


def test_all_flaws_of_all_lines_are_named() -> None:
    lines = [b"{", b"", b'["text"]', json.dumps({"id": 1}).encode(), b'{"text": "\xff"}']
    assert [flaw.line for flaw in read_labelled(lines).flaws] == [1, 3, 4, 4, 4, 5]


def test_what_was_said_last_of_a_text_counts() -> None:
    file = read(GOOD, {**GOOD, "id": 2, "complaint": False, "causes": []})
    assert file.repeated == 1
    assert [text.id for text in file.texts] == [2]


def test_a_text_that_was_marked_in_part_only_is_left_out() -> None:
    file = read({**GOOD, "dropped": 1}, {**GOOD, "text": "Otro.", "causes": [], "dropped": 0})
    assert file.partial == 1
    assert [text.text for text in file.texts] == ["Otro."]


@given(st.binary(max_size=80))
def test_any_line_is_read_or_named(line: bytes) -> None:
    file = read_labelled([line])
    assert bool(file.texts) + bool(file.flaws) + file.partial == bool(
        line.removeprefix(b"\xef\xbb\xbf").strip()
    )


def test_the_corpus_can_be_labels_and_labels_can_be_marks() -> None:
    for text in list(read_texts())[::50]:
        labelled = label_text(text)
        assert labelled.complaint is bool(text.marks)
        labels = {mark.label for mark in text.marks if not mark.label.startswith("other")}
        back = mark_text(labelled, labels)
        for before, after in zip(text.marks, back.marks, strict=True):
            assert (before.start, before.end) == (after.start, after.end)
            assert after.label == (before.label if before.label in labels else "other")


@given(st.text())
def test_a_text_has_its_place_however_it_is_typed(text: str) -> None:
    place = place_text(text)
    assert 0 <= place < 1
    assert place_text(f"  {text} !") == place
    assert place_text("llego TARDE") == place_text("Llegó tarde.")


def test_a_cause_of_the_company_s_own_is_its_own_label() -> None:
    text = LabelledText(1, "a bite", "en", True, read({**GOOD}).texts[0].causes)
    assert mark_text(text, ["delivery_late"]).marks[0].label == "delivery_late"
    assert mark_text(text, ["support_rude"]).marks[0].label == "other"


def test_the_example_of_the_documentation_is_one() -> None:
    page = (Path(__file__).parents[4] / "docs" / "learning.md").read_bytes()
    [line] = [line for line in page.splitlines() if line.startswith(b'{"id"')]
    file = read_labelled([line])
    assert not file.flaws
    [cause] = file.texts[0].causes
    assert file.texts[0].text[cause.start : cause.end] == "el sitio estaba caído"
    assert load_taxonomy().find_cause(str(cause.cause))
