"""Learning from a company's own labels: fit, judge on texts held out, keep what is better."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.text.extraction import Extractor
from ingest.text.learning.labelled import LabelledText, name_label, place_text
from ingest.text.learning.layers import fit_layers, is_trainable
from ingest.text.learning.package import draw_rehearsal
from ingest.text.learning.scores import Answer, Scores, count_hits, measure_surety, score_answers
from ingest.text.model_folder import PACKAGE, ModelFolder, ModelRecord, name_package_version, name_version
from ingest.text.pipeline import SUPPORTED
from ingest.text.vector_model import VectorModel, load_vector_model, save_vector_model
from ingest.text.vectors import VectorExtractor
from schema.errors import InputError

LEAST = 30  # texts below which nothing can be learned and judged
LEAST_HELD_OUT = 8  # texts to judge on
LEAST_STATING = 3  # of these, complaints that state a cause
LEAST_NEW = 5  # texts to learn from that state a cause which the model does not know yet
HOLDOUT = 0.3
BESIDE = (60, 240)  # texts and phrases of the corpus that heads are fitted on beside the company's
MOST_ENCODED = 2000  # texts that heads alone are fitted on: their states are held in memory

Report = Callable[[str, int, int], None]  # is told what is being done, how much of it is, of how much


@dataclass(frozen=True)
class Outcome:
    """What became of a training.

    before, after: scores of `extract` on the texts held out. surety: share of samples drawn from these in
    which `score` is higher after. kept: whether the new model, `version`, is in use now. new_causes: ids
    that the model learned to name; rare_causes: those named in too few texts to be learned.
    """

    texts: int
    learned_from: int
    held_out: int
    learned: str
    before: Scores
    after: Scores
    surety: float
    kept: bool
    version: str
    parent: str
    new_causes: list[str]
    rare_causes: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {**asdict(self), "before": self.before.to_dict(), "after": self.after.to_dict()}


def learn(
    texts: Sequence[LabelledText],
    folder: ModelFolder,
    *,
    heads_only: bool = False,
    holdout: float = HOLDOUT,
    languages: Sequence[str] = SUPPORTED,
    report: Report | None = None,
) -> Outcome:
    """Train the model in use on labelled texts; keep the new one, and use it, if its score is higher.

    Raises InputError where there are too few texts, MissingExtraError without the extra `encoder`.
    """
    tell = report or _ignore
    parent, path = folder.current, folder.find_model()
    extractor = VectorExtractor(languages, path)  # says what is missing before anything else is done
    seen, held = split_texts(texts, holdout)
    answers = _read(extractor, held, lambda done: tell("before", done, len(held)))
    learned = "heads" if heads_only or not is_trainable() else "layers"
    old = load_vector_model(path)
    model, rare = fit_model(seen, old, learned=learned, languages=languages, report=tell)
    again = _read(_make_extractor(model, languages), held, lambda done: tell("after", done, len(held)))
    before, after = score_answers(held, answers), score_answers(held, again)
    kept = after.score > before.score
    new = [label for label in model.labels if label not in old.labels]
    version = parent
    if kept:
        version = name_version(model)
        base = name_package_version() if parent == PACKAGE else folder.get_record(parent).package
        own = [label for label in model.labels if "." in label]
        made = datetime.now(UTC).isoformat(timespec="seconds")
        scores = (before.to_dict(), after.to_dict())
        folder.add(
            model, ModelRecord(version, made, parent, base, learned, len(seen), len(held), *scores, own)
        )
        folder.use(version)
    surety = measure_surety(count_hits(held, answers), count_hits(held, again))
    counts = (len(texts), len(seen), len(held))
    return Outcome(*counts, learned, before, after, surety, kept, version, parent, new, rare)


def fit(
    texts: Sequence[LabelledText],
    *,
    model: Path | None = None,
    heads_only: bool = False,
    languages: Sequence[str] = SUPPORTED,
) -> Extractor:
    """Give an extractor that has learned from all of these texts; nothing is held out, judged or kept.

    model: a file to begin with, by default the package's. For learning curves.
    """
    learned = "heads" if heads_only or not is_trainable() else "layers"
    made, _ = fit_model(texts, load_vector_model(model), learned=learned, languages=languages)
    return _make_extractor(made, languages)


def split_texts(
    texts: Sequence[LabelledText], holdout: float = HOLDOUT
) -> tuple[list[LabelledText], list[LabelledText]]:
    """Split into texts to learn from and texts to judge on, by their words: a text never changes sides.

    Raises InputError where there are too few of either.
    """
    held = [text for text in texts if place_text(text.text) < holdout]
    seen = [text for text in texts if place_text(text.text) >= holdout]
    missing = max(
        LEAST - len(texts),
        _scale(LEAST_HELD_OUT - len(held), holdout),
        _scale(LEAST_STATING - sum(bool(text.causes) for text in held), holdout),
        _scale(1 - len(seen), 1 - holdout),
    )
    if missing > 0:
        raise InputError(
            f"{len(texts)} texts are too few to learn from and to judge by: {len(held)} are held out, "
            f"{sum(bool(text.causes) for text in held)} of them with a cause; "
            f"about {len(texts) + missing} are needed",
            hint=f"label {missing} more: motivo text label",
        )
    return seen, held


def fit_model(
    texts: Sequence[LabelledText],
    parent: VectorModel,
    *,
    learned: str,
    languages: Sequence[str] = SUPPORTED,
    report: Report | None = None,
) -> tuple[VectorModel, dict[str, int]]:
    """Fit `layers` or `heads` of a model to texts; also gives the causes that too few texts state."""
    from ingest.text.learning.heads import extend_labels, fit_heads
    from ingest.text.learning.states import encode_texts

    tell = report or _ignore
    stated = Counter(cause for text in texts for cause in {c.cause for c in text.causes})
    unknown = {c: n for c, n in sorted(stated.items(), key=str) if c and name_label(c) not in parent.labels}
    rare = {cause: count for cause, count in unknown.items() if count < LEAST_NEW}
    model = extend_labels(parent, [name_label(cause) for cause in unknown if cause not in rare])
    some = sorted(texts, key=lambda text: place_text(text.text))[:MOST_ENCODED]
    docs = []
    for doc in encode_texts(some, model, languages):
        docs.append(doc)
        tell("reading", len(docs), len(some))
    beside = draw_rehearsal(*BESIDE)
    model = fit_heads(docs, some, model, (list(encode_texts(beside, model, languages)), beside))
    if learned == "layers":  # on top of heads that fit, so that layers are not bent to what heads lack
        known = _name_languages(texts, languages)
        model = fit_layers(known, model, lambda done, of: tell("learning", done, of))
    return model, rare


def _make_extractor(model: VectorModel, languages: Sequence[str]) -> Extractor:
    """Make an extractor of a model that lies in no file."""
    handle, name = tempfile.mkstemp(suffix=".npz")
    os.close(handle)
    path = Path(name)
    try:
        save_vector_model(model, path)
        return VectorExtractor(languages, path)
    finally:
        path.unlink()


def _read(
    extractor: Extractor, texts: Sequence[LabelledText], observe: Callable[[int], None]
) -> list[Answer]:
    answers = []
    for number, text in enumerate(texts, start=1):
        answers.append(Answer.read(extractor.extract(text.text, text.lang)))
        observe(number)
    return answers


def _name_languages(texts: Sequence[LabelledText], languages: Sequence[str]) -> list[LabelledText]:
    from ingest.text.language import LanguageIdentifier

    identifier = LanguageIdentifier(list(languages))
    return [replace(text, lang=identifier.identify(text.text, text.lang)) for text in texts]


def _scale(missing: int, share: float) -> int:
    """Give how many more texts make so many more in a part of them."""
    return -int(-missing // share) if missing > 0 else 0


def _ignore(what: str, done: int, of: int) -> None:
    """Tell nobody."""
