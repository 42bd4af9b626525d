"""What cannot be done is said in three languages."""

from __future__ import annotations

import re
from pathlib import Path

from api.graphql.knowledge.words import STEPS, WORDS, say, speak
from schema import MissingExtraError, RefusedError

ROOT = Path(__file__).parents[4]


def test_each_text_is_one_that_is_said() -> None:
    written = "".join(
        path.read_text("utf-8")
        for folder in ("api/graphql/knowledge", "ingest")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "words.py"
    )
    for text, others in WORDS.items():
        assert f'"{text}"' in written, text
        assert all(others), text
        assert len({text, *others}) == 3, text


def test_each_step_is_one_that_is_told() -> None:
    written = "".join(path.read_text("utf-8") for path in (ROOT / "algorithms").rglob("*.py"))
    plain = re.sub(r"\{[^{}]*\}", "{}", written)
    for text, others in STEPS.items():
        assert f'"{re.sub(r"{[^{}]*}", "{}", text)}"' in plain, text
        assert len({text, *others}) == 3, text
    assert say("looking at Order-BROUGHT_BY->Courier", "es") == "se mira Order-BROUGHT_BY->Courier"
    assert say("searching 12 features of 600 units", "pt").startswith("buscam-se 12 ")


def test_an_error_stays_what_it_is() -> None:
    error = RefusedError("an ingest has not ended", hint="try again later")
    told = speak(error, "pt")
    assert (type(told), told.message, told.hint) == (
        RefusedError,
        "uma ingestão não terminou",
        "tente mais tarde",
    )
    assert speak(error, "en") is error
    unknown = MissingExtraError("x", "this")
    assert speak(unknown, "es") is unknown
    assert say("something else", "es") == "something else"
