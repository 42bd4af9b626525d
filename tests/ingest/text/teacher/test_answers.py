"""An answer is believed where the text bears it out, and nowhere else."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text import load_taxonomy
from ingest.text.teacher import AnswerError, pseudonymise
from ingest.text.teacher.answers import MOST_CAUSES, Reading, find_answer, read_answer
from ingest.text.teacher.prompt import prompt_version, write_messages
from tests.ingest.text.test_extract import check

TEXT = "Hola, soy Ana Gil. No llegó el pedido 554433 porque no había stock; no llegó nada. ¿No llegó? 😡"


def read(answer: dict[str, Any], text: str = TEXT) -> Reading:
    found = find_answer(json.dumps(answer))
    reading = read_answer(found, pseudonymise(text), text, "es", load_taxonomy())
    check(text, reading.extraction)
    return reading


def say(*causes: object, effects: object = (), complaint: object = True) -> dict[str, Any]:
    return {"complaint": complaint, "causes": list(causes), "effects": list(effects)}  # type: ignore[call-overload]


def cause(
    quote: object, cause: object = None, kind: object = "implicit", deeper_of: object = None
) -> dict[str, Any]:
    return {"quote": quote, "cause": cause, "kind": kind, "deeper_of": deeper_of}


GOOD = say(cause("No llegó el pedido [NUMBER_1]", "delivery.not_received"))


def test_a_quote_with_a_placeholder_is_the_customer_s_words() -> None:
    reading = read(GOOD)
    span = reading.extraction.causes[0]
    assert span.quote == "No llegó el pedido 554433"
    assert (span.cause, reading.dropped, reading.unknown) == ("delivery.not_received", 0, 0)


def test_causes_come_in_the_order_of_the_text_with_their_explanations() -> None:
    reading = read(
        say(
            cause("no había stock", "product.out_of_stock_sold", "explicit", 2),
            cause("never said", deeper_of=0),
            cause("No llegó el pedido [NUMBER_1]", "delivery.not_received"),
        )
    )
    first, second = reading.extraction.causes
    assert (first.quote, first.deeper_of) == ("No llegó el pedido 554433", None)
    assert (second.quote, second.kind, second.deeper_of) == ("no había stock", "explicit", 0)
    assert reading.dropped == 1


@pytest.mark.parametrize(
    "quote", ["no llego el pedido", "NO LLEGÓ", "", " ", "...", None, 3, ["no"], {"a": 1}, "No llegó  el"]
)
def test_a_quote_that_is_not_in_the_text_is_dropped_and_counted(quote: object) -> None:
    reading = read(say(cause(quote), "no llegó nada", None, 4, cause("no llegó nada")))
    assert [c.quote for c in reading.extraction.causes] == ["no llegó nada"]
    assert reading.dropped == 4


def test_a_quote_that_is_repeated_takes_the_next_place() -> None:
    reading = read(say(*[cause("o llegó")] * 4))
    starts = [c.start for c in reading.extraction.causes]
    assert starts == [TEXT.index("o llegó"), TEXT.index("no llegó nada") + 1, TEXT.index("¿No") + 2]
    assert reading.dropped == 1  # it stands there three times


def test_quotes_do_not_overlap() -> None:
    reading = read(say(cause("no llegó nada"), cause("llegó nada")))
    assert len(reading.extraction.causes) == 1
    assert reading.dropped == 1


def test_signs_at_the_ends_of_a_quote_go() -> None:
    assert read(say(cause("; no llegó nada. "))).extraction.causes[0].quote == "no llegó nada"


@pytest.mark.parametrize("wrong", ["delivery", "billing_double_charge", 3, ["delivery.late"], {}, True])
def test_an_unknown_cause_is_none_and_counted(wrong: object) -> None:
    reading = read(say(cause("no llegó nada", wrong)))
    assert reading.extraction.causes[0].cause is None
    assert reading.unknown == 1


@pytest.mark.parametrize("deeper", [(1, 0), (0, None), (9, None), (-1, "0"), (True, [0]), (1, 1)])
def test_explanations_never_run_in_a_circle(deeper: tuple[object, object]) -> None:
    read(say(cause("No llegó", deeper_of=deeper[0]), cause("no llegó nada", deeper_of=deeper[1])))


def test_no_complaint_has_no_causes() -> None:
    reading = read(say(cause("no llegó nada"), complaint=False))
    assert not reading.extraction.complaint
    assert reading.dropped == 1


def test_no_more_than_the_most_are_kept() -> None:
    text = "falla uno, falla dos, falla tres, falla cuatro, falla cinco, falla seis"
    reading = read(say(*[cause("falla")] * 6), text)
    assert len(reading.extraction.causes) == MOST_CAUSES
    assert reading.dropped == 1


def test_effects_are_quotes_too() -> None:
    reading = read(
        say(cause("no llegó nada"), effects=["No llegó el pedido [NUMBER_1]", "invented", 3, "llegó nada"])
    )
    assert [e.quote for e in reading.extraction.effects] == ["No llegó el pedido 554433"]


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "```json\n{}\n```",
        "Sure! Here is the JSON:\n\n{}\n\nLet me know {{if}} you need more.",
        '<think>maybe {{\'complaint\': }} or {{"complaint": 3, "causes": []}}</think>\n{}',
        'First a draft: {{"complaint": false, "causes": []}}. Better:\n{}',
        'Of the form {{"a": [1, {{"b": 2}}]}}: {}',
        "{{{{{{ {}",
    ],
)
def test_the_object_is_found_in_what_is_written_around_it(content: str) -> None:
    assert find_answer(content.format(json.dumps(GOOD, ensure_ascii=False, indent=1))) == GOOD


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "no JSON object"),
        ("I cannot help with that.", "no JSON object"),
        ('{"complaint": true, "causes": [', "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"answer": 42}', "no JSON object"),
        ("{'complaint': True, 'causes': []}", "no JSON object"),
        ('{"causes": []}', "complaint"),
        ('{"complaint": "yes", "causes": []}', "complaint"),
        ('{"complaint": 1, "causes": []}', "complaint"),
        ('{"complaint": true, "causes": {}}', "causes"),
        ('{"complaint": true, "causes": null}', "causes"),
        ('{"complaint": true, "causes": [], "effects": "none"}', "effects"),
        ('{"a":' * 50_000, "too long"),
        ('{"a":' * 15_000, "no JSON object"),
        ("{" * 90_000, "no JSON object"),
    ],
)
def test_what_is_no_answer_is_said(content: str, word: str) -> None:
    with pytest.raises(AnswerError, match=word):
        find_answer(content)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=10)
    | st.sampled_from(["no llegó nada", "[NUMBER_1]", "o"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["quote", "cause", "kind", "deeper_of", "x"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(json_values, max_size=8), st.lists(json_values, max_size=4), st.booleans())
def test_any_answer_of_the_form_gives_a_sound_extraction(
    causes: list[Any], effects: list[Any], complaint: bool
) -> None:
    reading = read(say(*causes, effects=effects, complaint=complaint))
    assert reading.dropped + len(reading.extraction.causes) == len(causes)


@settings(deadline=None, max_examples=200)
@given(st.text("{}[]\"',:abc \\\n`", max_size=200))
def test_any_reply_is_read_or_refused(content: str) -> None:
    with contextlib.suppress(AnswerError):
        assert isinstance(find_answer(content)["complaint"], bool)


def test_the_prompt_s_own_examples_are_as_it_demands() -> None:
    messages = write_messages("x")
    asked = [
        m["content"].removeprefix("Text:\n<<<\n").removesuffix("\n>>>")
        for m in messages
        if m["role"] == "user"
    ][:-1]
    answered = [m["content"] for m in messages if m["role"] == "assistant"]
    assert len(asked) == len(answered) >= 3
    for text, answer in zip(asked, answered, strict=True):
        found = find_answer(answer)
        reading = read_answer(found, pseudonymise(text), text, "es", load_taxonomy())
        assert (reading.dropped, reading.unknown) == (0, 0)
        assert [c.quote for c in reading.extraction.causes] == [c["quote"] for c in found["causes"]]
        assert [e.quote for e in reading.extraction.effects] == found["effects"]


def test_the_prompt_names_every_cause() -> None:
    system = write_messages("x")[0]["content"]
    assert all(f"{cause.id}: " in system for cause in load_taxonomy())
    assert len(prompt_version()) == 8
