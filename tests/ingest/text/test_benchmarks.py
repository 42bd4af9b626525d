"""The measures measure what they say: on answers made up for the purpose, and without data."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.text import aspects, causality, crosslingual, plot
from benchmarks.text.figures import score_macro, score_words
from benchmarks.text.harness import Run, format_tables
from ingest.text import CauseSpan, Extraction, load_taxonomy
from ingest.text.corpus import read_phrases, read_texts

ROOT = Path(__file__).parents[3]


class Says:
    """An extractor that names one cause, the same or another in each language."""

    version = "says"

    def __init__(self, **causes: str) -> None:
        self._causes = causes

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        cause = self._causes.get(lang or "es")
        spans = (CauseSpan(text, 0, len(text), "implicit", cause, 0.9, None),) if cause else ()
        return Extraction(lang or "es", bool(spans), 0.9 if spans else 0.1, spans, ())


def test_what_cannot_be_measured_says_why(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.text", "gold", "aspects", "causality", "calibration", "--json"],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "MOTIVO_DATA": str(tmp_path)},
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert report["version"].startswith("lexical-")
    assert set(report["measures"]) == {"gold", "aspects", "causality", "calibration"}
    for answer in report["measures"].values():
        assert str(tmp_path) in answer["not_run"]


def test_our_parallel_sentences_are_held_out_and_cover_the_taxonomy() -> None:
    own = crosslingual.read_own()
    named = [cause for _, cause in own if cause]
    assert sorted(named) == sorted(2 * [cause.id for cause in load_taxonomy()])
    trained = {phrase.text for phrase in read_phrases()} | {text.text for text in read_texts()}
    folded = {words.lower().rstrip(".?") for words in trained}
    assert not any(s.lower().rstrip(".?") in folded for sides, _ in own for s in sides.values())


def test_agreement() -> None:
    same, one, other = ({"es": a, "pt": a, "en": b} for a, b in (("x.y", "x.y"), ("x.y", ""), ("x.y", "x.z")))
    for causes, complaint, main, n_both in ((same, 1, 1, 6), (one, 1 / 3, 1, 2), (other, 1, 1 / 3, 6)):
        sentences = [{"es": "a", "pt": "b", "en": "c"}] * 2
        answers = [
            {lang: crosslingual.read_answer(Says(**causes).extract(s[lang], lang)) for lang in s}
            for s in sentences
        ]
        row = crosslingual.compare("made up", answers)[-1]
        assert row["pair"] == "all"
        assert row["n_all"] == 6
        assert row["complaint_all"] == pytest.approx(complaint)
        assert row["n_both"] == n_both
        assert row["main_cause_both"] == pytest.approx(main)


@pytest.mark.parametrize(
    ("lang", "question", "answer"),
    [
        ("es", "¿Por qué subieron las ventas?", "el precio bajó"),
        ("es", "¿Qué consecuencia tuvo que el precio bajó?", "Las ventas subieron"),
        ("en", "What was the effect of the lower price?", None),
    ],
)
def test_connectives_answer_questions(lang: str, question: str, answer: str | None) -> None:
    text = "Otra cosa. Las ventas subieron porque el precio bajó." if lang == "es" else "Sales rose in May."
    part = causality.answer_question(text, question, lang)
    assert (part.text if part else None) == answer
    assert part is None or part.is_cause == causality.asks_cause(question)


def test_causes_become_classes_of_others() -> None:
    for classes in (aspects.ASPECTS, aspects.REASONS):
        assert list(classes)[-1] == ""
        ids = [cause.id for cause in load_taxonomy()]
        assert all(any(i.startswith(prefix) for i in ids) for prefix in classes)
    late = Says(en="delivery.late").extract("late again", "en")
    assert aspects.translate(late, aspects.REASONS) == "Late Flight"
    assert aspects.translate(Says().extract("hello", "en"), aspects.ASPECTS) == "General"


def test_figures() -> None:
    assert score_words("the price fell", "The price fell") == 1
    assert score_words("a", "b") == 0
    assert score_macro(["a", "b", "b"], ["a", "b", "a"]) == pytest.approx(2 / 3)


def test_sampling_is_even_and_the_same_each_time() -> None:
    run = Run(Says(), "lexical", limit=3)
    assert run.sample(range(10)) == [0, 3, 6]
    assert run.sample(range(2)) == [0, 1]
    assert Run(Says(), "lexical").sample(range(10)) == list(range(10))


def test_plot_and_tables_are_well_formed() -> None:
    bins = {"score <a>": [{"from": 0.1, "n": 3, "mean": 0.15, "right": 0.2}], "none": []}
    assert ElementTree.fromstring(plot.draw_reliability(bins)).tag.endswith("svg")
    table = format_tables({"t": [{"a": "x", "n": 1, "f": 0.5}, {"a": "long", "n": 20, "g": None}]})
    assert table.splitlines() == ["-- t", "a      n      f  g", "x      1  0.500  -", "long  20      -  -"]
