"""Which texts are worth labelling next: those that the model is unsure of, one of each kind.

Doubt is the mean of three: of the complaint, of the words that are most in doubt, of the names of the
causes. The texts most in doubt are clustered by their mean states, and of each cluster the text
nearest to its centre is taken (Zhdanov, Diverse mini-batch active learning, 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from ingest.text.corpus import Mark
from ingest.text.encoder import require_extra
from ingest.text.learning.labelled import LabelledCause, LabelledText, fold_text, place_text
from ingest.text.learning.scores import Answer
from ingest.text.learning.states import encode_texts, find_state, read_docs
from ingest.text.pipeline import SUPPORTED
from ingest.text.probability import Reals, soften, squash
from ingest.text.training import OTHER
from ingest.text.vector_model import VectorModel, load_vector_model

MOST_READ = 2000  # texts that are looked at, drawn by their words: some minute's work
WIDER = 10  # times as many texts in doubt as are wanted are clustered
_WORDS = 10  # the words most in doubt stand for a text
_ALIKE = 0.6  # share of pairs of words that two texts have in common to be nearly the same
_ROUNDS = 10


@dataclass(frozen=True)
class Candidate:
    """A text with what the model reads in it, how much it doubts that (0 to 1), and the mean state."""

    proposal: LabelledText
    doubt: float
    mean: NDArray[np.float32]


def choose_texts(
    texts: Iterable[LabelledText],
    labelled: Sequence[LabelledText],
    count: int,
    *,
    model: Path | None = None,
    languages: Sequence[str] = SUPPORTED,
    report: Callable[[int, int], None] | None = None,
) -> list[Candidate]:
    """Choose `count` texts at most, those first that say most for the others.

    texts: their labels do not count. labelled: texts that are labelled already; they are left out, and
    so are those nearly the same. report: called with texts read and texts to read.
    """
    require_extra()
    known = {fold_text(text.text) for text in labelled}
    fresh: dict[str, LabelledText] = {}
    for text in texts:
        folded = fold_text(text.text)
        if folded and folded not in known:
            fresh.setdefault(folded, text)
    read = sorted(fresh.values(), key=lambda text: place_text(text.text))[:MOST_READ]
    loaded = load_vector_model(model)
    candidates = []
    for doc, text in zip(encode_texts(read, loaded, languages), read, strict=True):
        if doc._.encoded is not None:
            candidates.append(_read_candidate(doc, text, loaded))
        if report is not None:
            report(len(candidates), len(read))
    return choose_candidates(candidates, labelled, count)


def choose_candidates(
    candidates: Sequence[Candidate], labelled: Sequence[LabelledText], count: int
) -> list[Candidate]:
    """Choose among candidates; see `choose_texts`."""
    if count < 1 or not candidates:
        return []
    ranked = sorted(candidates, key=lambda c: (-round(c.doubt, 6), place_text(c.proposal.text)))
    near = ranked[: WIDER * count]
    clusters = _cluster(near, count)
    seen = [_list_pairs(text.text) for text in labelled]
    chosen: list[Candidate] = []
    # the first of every cluster, then what is most in doubt of all others
    rest = [c for c in ranked if not any(c is cluster[0] for cluster in clusters)]
    for tried in (*clusters, *([candidate] for candidate in rest)):
        for candidate in tried:
            if len(chosen) == count:
                return chosen
            pairs = _list_pairs(candidate.proposal.text)
            if not any(candidate is c for c in chosen) and not any(_is_alike(pairs, p) for p in seen):
                chosen.append(candidate)
                seen.append(pairs)
                break
    return chosen


def _read_candidate(doc: Doc, text: LabelledText, model: VectorModel) -> Candidate:
    [answer] = read_docs([doc], model)
    causes = tuple(LabelledCause(*cause) for cause in answer.causes)
    proposal = LabelledText(text.id, text.text, doc._.language, answer.complaint, causes)
    read = doc._.subwords[0] >= 0
    of_words = _measure_entropy(squash(doc._.margins[read] + model.settings.outside))
    words = float(np.sort(of_words)[-_WORDS:].mean()) if len(of_words) else 0.0
    complaint = float(_measure_entropy(np.array([doc._.complaint_score]))[0])
    doubt = (complaint + words + _doubt_names(doc, answer, model)) / 3
    return Candidate(proposal, doubt, doc._.encoded.mean)


def _doubt_names(doc: Doc, answer: Answer, model: VectorModel) -> float:
    states = [find_state(doc, Mark(start, end, OTHER, False)) for start, end, _ in answer.causes]
    scores = [model.heads.score_labels(state) for state in states if state is not None]
    if not scores:
        return 0.0
    return 1 - float(soften(np.array(scores) / model.settings.temperature).max(axis=1).mean())


def _measure_entropy(p: Reals) -> Reals:
    """Give the entropy of yes or no, in bits."""
    q = np.clip(p, 1e-9, 1 - 1e-9)
    return np.asarray(-(q * np.log2(q) + (1 - q) * np.log2(1 - q)))


def _cluster(candidates: Sequence[Candidate], count: int) -> list[list[Candidate]]:
    """Cluster by mean state, weighed by doubt: the weightiest first, each from its centre outwards."""
    x = np.array([candidate.mean for candidate in candidates], dtype=np.float64)
    x -= x.mean(axis=0)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    weight = np.array([candidate.doubt for candidate in candidates]) + 1e-6
    centres = [0]  # each the farthest from all before it
    while len(centres) < min(count, len(x)):
        nearest = np.round((x @ x[centres].T).max(axis=1), 9)
        nearest[centres] = np.inf
        centres.append(int(nearest.argmin()))
    means = x[centres]
    for _ in range(_ROUNDS):
        place = np.round(x @ means.T, 9).argmax(axis=1)
        for k in range(len(means)):
            if (place == k).any():
                means[k] = np.average(x[place == k], axis=0, weights=weight[place == k])
    place, likeness = np.round(x @ means.T, 9).argmax(axis=1), x @ means.T
    clusters = []
    for k in range(len(means)):
        inside = sorted(np.flatnonzero(place == k).tolist(), key=lambda i: (-round(likeness[i, k], 9), i))
        if inside:
            clusters.append((-float(weight[inside].sum()), inside))
    return [[candidates[i] for i in inside] for _, inside in sorted(clusters, key=lambda c: (c[0], c[1][0]))]


def _list_pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(["", *fold_text(text).split(), ""]))


def _is_alike(a: set[tuple[str, str]], b: set[tuple[str, str]]) -> bool:
    return len(a & b) >= _ALIKE * len(a | b)
