"""Whether `score` and `confidence` mean what they say.

`score` is the probability of a complaint, `confidence` that the words of a span overlap a real cause
by half or more. Each is put into ten bins and set beside how often it was right; the expected
calibration error (ECE) is the mean gap; `ece_alike` weighs complaints and other texts alike, for which
`score` is made. On `gold_causes` the texts count where the annotators agree,
and a span is right if it overlaps a cause of either. `--svg FILE` draws it.

With `--full` the lexical extractor's weights are fitted anew without a fifth of the corpus at a
time, for blocks that they have not seen (minutes). The two or three numbers that turn a score into a
probability were fitted on those very predictions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.text.gold import load_scorer
from benchmarks.text.harness import NotRun, Row, Run, Tables, find_folder
from benchmarks.text.plot import draw_reliability
from ingest.text.fitting import balance_weights, measure_calibration

BINS = 10


@dataclass(frozen=True)
class Judged:
    """Probabilities and whether each was right."""

    name: str
    p: NDArray[np.float64]
    right: NDArray[np.bool_]


def measure(run: Run) -> Tables:
    """Give a row a quantity and set, and the bins behind it."""
    judged: list[Judged] = []
    try:
        judged += judge_gold(run)
    except NotRun:
        if run.limit is not None or run.name != "lexical":
            raise
    if run.limit is None and run.name == "lexical":
        judged += judge_held_out()
    bins = {j.name: list_bins(j) for j in judged}
    if run.svg:
        run.svg.write_text(draw_reliability(bins), "utf-8")
    summary = [
        {
            "quantity": j.name,
            "n": len(j.p),
            "mean": float(j.p.mean()),
            "right": float(j.right.mean()),
            "ece": measure_calibration(j.p, j.right, BINS),
            "ece_alike": measure_alike(j) if j.name.startswith("score") else None,
        }
        for j in judged
        if len(j.p)
    ]
    return {
        "calibration": summary,
        "bins": [{"quantity": name, **row} for name in bins for row in bins[name]],
    }


def list_bins(judged: Judged) -> list[Row]:
    """List the bins that hold anything: their mean probability, the share that is right, and n."""
    place = np.minimum((judged.p * BINS).astype(int), BINS - 1)
    return [
        {
            "from": k / BINS,
            "n": int((place == k).sum()),
            "mean": float(judged.p[place == k].mean()),
            "right": float(judged.right[place == k].mean()),
        }
        for k in range(BINS)
        if (place == k).any()
    ]


def measure_alike(judged: Judged) -> float:
    """The ECE with right and wrong weighing the same, which is what `score` is fitted for."""
    weights = balance_weights(judged.right)
    place = np.minimum((judged.p * BINS).astype(int), BINS - 1)
    gaps = weights * (judged.p - judged.right)
    return sum(abs(float(gaps[place == k].sum())) for k in range(BINS)) / float(weights.sum())


def judge_gold(run: Run) -> list[Judged]:
    """Judge both probabilities on the annotated texts."""
    folder = find_folder("gold_causes")
    scorer = load_scorer(folder)
    texts, *annotators = (
        scorer.read(folder / f"{name}.jsonl") for name in ("texts", "annotator_a", "annotator_b")
    )
    scores: list[tuple[float, bool]] = []
    spans: list[tuple[float, bool]] = []
    for i, row in texts.items():
        answer = run.extractor.extract(row["text"])
        first, second = (annotator[i]["complaint"] for annotator in annotators)
        if first == second:
            scores.append((answer.score, first))
        marked = [s for annotator in annotators for s, _ in scorer.spans(row["text"], annotator[i])]
        for cause in answer.causes:
            words = scorer.tokens(row["text"], cause.start, cause.end)
            spans.append((cause.confidence, any(len(words & s) * 2 >= len(words) for s in marked)))
    return [_judge("score, gold_causes", scores), _judge("confidence, gold_causes", spans)]


def judge_held_out() -> list[Judged]:
    """Judge the lexical model's probabilities on blocks of the corpus that its weights have not seen."""
    from ingest.text.calibration import predict_held_out
    from ingest.text.components import squash
    from ingest.text.model import load_model
    from ingest.text.training import list_labels, read_corpus

    corpus = read_corpus()
    found = predict_held_out(corpus, list_labels(corpus))
    by_bag, by_peak, bias = load_model().settings["complaint"]
    by_margin, by_length, offset = load_model().settings["span"]

    def score(rows: Sequence[tuple[float, float, bool]]) -> list[tuple[float, bool]]:
        return [(squash(by_bag * bag + by_peak * peak + bias), truth) for bag, peak, truth in rows]

    spans = [
        (squash(by_margin * margin + by_length * float(np.log(words)) + offset), hit)
        for margin, words, hit in found.spans
    ]
    return [
        _judge("score, corpus texts", score(found.complaint)),
        _judge("score, corpus phrases and sentences", score(found.short)),
        _judge("confidence, corpus texts", spans),
    ]


def _judge(name: str, rows: Sequence[tuple[float, bool]]) -> Judged:
    return Judged(name, np.array([p for p, _ in rows]), np.array([bool(right) for _, right in rows]))
