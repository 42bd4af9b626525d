"""A company's labels are learned, judged on texts held out, kept if better, and taken back."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.text import load_extractor
from ingest.text.corpus import read_texts
from ingest.text.learning import LabelledText, fit, learn, split_texts
from ingest.text.learning.labelled import place_text
from ingest.text.model_folder import PACKAGE, ModelFolder
from schema import InputError, MissingExtraError
from tests.ingest.text.learning.zoo import BITES, find_learned

RARE = "zoo.kicked"


@pytest.fixture(scope="module")
def texts(zoo: list[LabelledText]) -> list[LabelledText]:
    """Return texts of the zoo, one of which states a cause that no other does."""
    odd = max(k for k, t in enumerate(zoo) if t.causes and place_text(t.text) > 0.3)
    cause = replace(zoo[odd].causes[0], cause=RARE)
    return [*zoo[:odd], replace(zoo[odd], causes=(cause,)), *zoo[odd + 1 :]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, texts: list[LabelledText]) -> ModelFolder:
    """Return a folder with one model that learned from these texts; not to be changed."""
    folder = ModelFolder(tmp_path_factory.mktemp("company") / "models")
    told: list[tuple[str, int, int]] = []
    outcome = learn(texts, folder, heads_only=True, report=lambda *row: told.append(row))
    assert outcome.kept
    assert outcome.after.score > outcome.before.score
    assert outcome.surety > 0.5
    assert (outcome.learned, outcome.parent) == ("heads", PACKAGE)
    assert outcome.new_causes == [BITES]
    assert outcome.rare_causes == {RARE: 1}  # named, and not learned: in too few texts
    assert outcome.texts == outcome.learned_from + outcome.held_out == len(texts)
    assert {what for what, *_ in told} == {"before", "reading", "after"}
    assert outcome.version == folder.current
    return folder


def test_what_was_learned_reads_texts_from_then_on(folder: ModelFolder) -> None:
    own, package = load_extractor(models=folder.path), load_extractor()
    assert own.version != package.version
    assert BITES in {cause.cause for cause in own.extract(find_learned().text, "en").causes}
    assert load_extractor(vectors=False, models=folder.path).version.startswith("lexical-")
    [record] = folder.list_records()
    assert record.causes == [BITES]
    assert record.after["score"] > record.before["score"]


def test_what_the_package_s_model_knew_is_not_lost(folder: ModelFolder) -> None:
    own, package = load_extractor(models=folder.path), load_extractor()
    texts = [text for text in read_texts() if len(text.text) < 200 and text.lang != "en"][::25]
    answers = [(own.extract(t.text, t.lang), package.extract(t.text, t.lang)) for t in texts]
    assert sum(a.complaint == b.complaint for a, b in answers) >= 0.9 * len(texts)
    named = [cause.cause for a, _ in answers for cause in a.causes]
    assert named.count(BITES) <= 0.15 * len(named)


def test_no_better_no_change(folder: ModelFolder, zoo: list[LabelledText], tmp_path: Path) -> None:
    # labels by chance: what is learned of them cannot help on others
    rng = random.Random(3)
    shuffled = [replace(t, complaint=rng.random() < 0.5, causes=()) for t in zoo if not t.causes] + [
        replace(t, causes=(replace(t.causes[0], cause=f"zoo.{rng.choice('abcdefghijkl')}_x"),))
        for t in zoo
        if t.causes
    ]
    fresh = ModelFolder(tmp_path / "models")
    outcome = learn(shuffled, fresh, heads_only=True)
    if not outcome.kept:
        assert fresh.current == PACKAGE
        assert not fresh.list_records()
        assert outcome.version == PACKAGE
    assert outcome.kept is (outcome.after.score > outcome.before.score)


def test_too_few_texts_say_how_many_are_needed(zoo: list[LabelledText], tmp_path: Path) -> None:
    for texts, needed in ((zoo[:10], 30), ([t for t in zoo if not t.causes] * 3, None)):
        with pytest.raises(InputError, match="are needed") as raised:
            learn(texts, ModelFolder(tmp_path / "none"))
        assert "motivo text label" in raised.value.hint
        if needed:
            assert f"about {needed} are needed" in raised.value.message
    assert not (tmp_path / "none").exists()


def test_a_text_never_changes_sides(zoo: list[LabelledText]) -> None:
    seen, held = split_texts(zoo)
    again = split_texts([replace(t, text=t.text.upper()) for t in reversed(zoo[10:])])
    sides = {text.id: side for side, texts in enumerate((seen, held)) for text in texts}
    assert all(sides[text.id] == side for side, texts in enumerate(again) for text in texts)


def test_learning_is_the_same_each_time_and_needs_no_folder(
    texts: list[LabelledText], folder: ModelFolder
) -> None:
    seen, _ = split_texts(texts)
    assert fit(seen, heads_only=True).version == load_extractor(models=folder.path).version


def test_without_the_extra_it_says_so(
    zoo: list[LabelledText], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.text.encoder.weights.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError) as raised:
        learn(zoo, ModelFolder(tmp_path))
    assert raised.value.extra == "encoder"
