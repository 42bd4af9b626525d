"""Labels change step by step, every step can be undone, and every decision is on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.learning import Draft, LabelBook, LabelledCause, LabelledText, read_labelled
from schema import InputError, MotivoError, UsageError

TEXT = LabelledText(1, "Llegó tarde. Muy TARDE y roto.", "es", True, (LabelledCause(0, 11, None),))


def test_steps_and_back() -> None:
    draft = Draft(TEXT)
    draft.rename(1, "delivery.late")
    [start] = draft.find_words("roto")
    draft.add(start, start + 4, "delivery.damaged")
    assert [c.cause for c in draft.labels.causes] == ["delivery.late", "delivery.damaged"]
    draft.delete(1)
    draft.set_complaint(False)
    assert draft.labels.causes == ()
    for _ in range(4):
        assert draft.undo()
    assert draft.labels == TEXT
    assert not draft.undo()


def test_words_are_found_as_written_or_else_in_any_case() -> None:
    draft = Draft(TEXT)
    assert draft.find_words("tarde") == [6]
    assert draft.find_words("Tarde") == [6, 17]
    assert draft.find_words("nunca") == draft.find_words(" . ") == []


def test_what_cannot_be_is_refused() -> None:
    draft = Draft(TEXT)
    with pytest.raises(UsageError, match="lies over"):
        draft.add(6, 14, None)
    for number in (0, 2):
        with pytest.raises(UsageError, match="no cause"):
            draft.delete(number)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(0, 29), st.integers(1, 30)),
            st.tuples(st.just("delete"), st.integers(0, 4), st.just(0)),
            st.tuples(st.just("complaint"), st.integers(0, 1), st.just(0)),
            st.tuples(st.just("undo"), st.just(0), st.just(0)),
        ),
        max_size=12,
    )
)
def test_whatever_is_done_the_labels_can_be_read_again(steps: list[tuple[str, int, int]]) -> None:
    draft = Draft(TEXT)
    for step, a, b in steps:
        try:
            if step == "add" and a < b and any(c.isalnum() for c in TEXT.text[a:b]):
                draft.add(a, b, "x.y")
            elif step == "delete":
                draft.delete(a)
            elif step == "complaint":
                draft.set_complaint(bool(a))
            elif step == "undo":
                draft.undo()
        except MotivoError:
            continue
    import orjson

    file = read_labelled([orjson.dumps(draft.labels.to_dict())])
    assert not file.flaws
    assert file.texts == [draft.labels]


def test_a_book_is_written_line_by_line_and_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    other = LabelledText(2, "Todo bien.", "es", False, ())
    book = LabelBook(path)
    book.append(TEXT)
    assert read_labelled(path.open("rb")).texts == [TEXT]
    book.append(other)
    book.take_back()
    book.close()
    again = LabelBook(path)
    assert again.before.texts == [TEXT]
    again.append(other)
    again.close()
    assert read_labelled(path.open("rb")).texts == [TEXT, other]


def test_a_line_that_was_cut_off_is_taken_away_and_a_missing_end_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    book = LabelBook(path)
    book.append(TEXT)
    book.close()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:25])
    LabelBook(path).close()
    assert path.read_bytes() == whole
    path.write_bytes(whole[:-1])
    LabelBook(path).close()
    assert path.read_bytes() == whole


def test_a_book_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text('{"id": 1}\n')
    with pytest.raises(InputError, match="line 1"):
        LabelBook(path)
    assert path.read_text() == '{"id": 1}\n'
