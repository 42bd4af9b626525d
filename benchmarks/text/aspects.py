"""Classes that others gave to complaints, told from the causes that the extractor names.

`sentitel_en_telecom`: the aspect (7) of tweets with one opinion, test part; floor accuracy .756,
macro F1 .726. `airline_negativereason_en`: the reason (9, crowd confidence >= .6, without "Can't
Tell"), five folds; floor .702 / .560. Ways stand beside one another:

    majority     the commonest class of the train part
    zero-shot    the surest cause, translated to a class by a fixed list; no class is learned
    causes       logistic regression on what `extract` answers
    states       on the encoder's mean state of the text (vectors only)
    floor        logistic regression on TF-IDF of the text, fitted here
    both         on causes, states and words together: what the extractor adds to the words

All regressions weigh the classes alike, as the known floors do; with little to go by (`causes`) that
costs accuracy.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from benchmarks.text.figures import score_accuracy, score_macro
from benchmarks.text.floor import TfIdf, classify
from benchmarks.text.harness import Row, Run, Tables, find_folder
from ingest.text import Extraction, load_taxonomy

PENALTY = 1.0
FOLDS = 5
WIDTH = 384  # of the encoder's states
SPREAD = 5.0  # length of a state among the features, so that the penalty leaves it something to say
Labelled = list[tuple[str, str]]  # text, class

# The first prefix that fits a cause's id decides; the class of "" is for causes of no other class
# and for texts in which none is found.
ASPECTS = {
    "service.no_coverage": "Network",
    "service.outage": "Network",
    "service.": "Data",
    "billing.": "Data",
    "payment.": "MobileMoney",
    "fraud.": "MobileMoney",
    "debt.": "MobileMoney",
    "account.": "MobileMoney",
    "support.": "CustomerService",
    "app.": "App",
    "access.": "App",
    "": "General",
}
REASONS = {
    "delivery.late": "Late Flight",
    "delivery.damaged": "Damaged Luggage",
    "delivery.": "Lost Luggage",
    "contract.cancelled_unasked": "Cancelled Flight",
    "product.out_of_stock_sold": "Flight Booking Problems",
    "product.": "Bad Flight",
    "app.": "Flight Booking Problems",
    "access.": "Flight Booking Problems",
    "sale.": "Flight Booking Problems",
    "billing.": "Flight Booking Problems",
    "support.rude": "Flight Attendant Complaints",
    "": "Customer Service Issue",
}


def measure(run: Run) -> Tables:
    """Give one table a set, one row a way."""
    return {"sentitel_en_telecom": _measure_sentitel(run), "airline_negativereason_en": _measure_airline(run)}


def _measure_sentitel(run: Run) -> list[Row]:
    folder = find_folder("sentitel_en_telecom")
    train, test = (run.sample(_read_sentitel(folder, part)) for part in ("train", "test"))
    return _compare(run, ASPECTS, [(train, test)])


def _read_sentitel(folder: Path, part: str) -> Labelled:
    rows = json.loads(gzip.decompress((folder / f"sentitel_{part}.json.gz").read_bytes()))
    return [(row["text"], row["opinions"][0]["aspect"]) for row in rows if len(row["opinions"]) == 1]


def _measure_airline(run: Run) -> list[Row]:
    folder = find_folder("airline_negativereason_en")
    with gzip.open(folder / "tweets.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [
            (row["text"], row["negativereason"])
            for row in csv.DictReader(file)
            if row["negativereason"] not in ("", "Can't Tell")
            and float(row["negativereason_confidence"]) >= 0.6
        ]
    rows = run.sample(rows)
    folds = range(FOLDS)
    return _compare(
        run,
        REASONS,
        [([r for k, r in enumerate(rows) if k % FOLDS != fold], rows[fold::FOLDS]) for fold in folds],
    )


def _compare(run: Run, classes: dict[str, str], splits: Sequence[tuple[Labelled, Labelled]]) -> list[Row]:
    texts = sorted({text for split in splits for part in split for text, _ in part})
    answers = {text: run.extractor.extract(text, "en") for text in texts}
    states = embed(texts) if run.name == "vectors" else {}
    truth: list[str] = []
    said: dict[str, list[str]] = {}

    def add(way: str, labels: Sequence[str]) -> None:
        said.setdefault(way, []).extend(labels)

    for train, test in splits:
        truth += [label for _, label in test]
        usual = Counter(label for _, label in train).most_common(1)[0][0]
        add("majority", [usual] * len(test))
        add("zero-shot", [translate(answers[text], classes) for text, _ in test])
        words = TfIdf([text for text, _ in train])
        views = [_view(part, answers, states, words) for part in (train, test)]
        for way in views[0]:
            x, y = views[0][way], [label for _, label in train]
            add(way, classify(x, y, views[1][way], PENALTY))
    return [
        {
            "way": way,
            "train": 0 if way == "zero-shot" else len(splits[0][0]),
            "n": len(truth),
            "accuracy": score_accuracy(truth, labels),
            "macro_f1": score_macro(truth, labels),
        }
        for way, labels in said.items()
    ]


def _view(
    part: Labelled, answers: dict[str, Extraction], states: dict[str, Any], words: TfIdf
) -> dict[str, sp.csr_matrix]:
    """Give the features of the texts, by way."""
    texts = [text for text, _ in part]
    views = {"causes": describe([answers[text] for text in texts])}
    if states:
        views["states"] = sp.csr_matrix(np.array([states[text] for text in texts]))
    views["floor"] = words.transform(texts)
    return views | {"both": sp.csr_matrix(sp.hstack(list(views.values())))}


def embed(texts: Sequence[str]) -> dict[str, Any]:
    """Give the encoder's mean state of each text, over its length and less the mean of all."""
    pipeline = import_module("ingest.text.vectors").build_vector_pipeline()
    encoded = [pipeline(text)._.encoded for text in texts]
    rows = np.array([np.zeros(WIDTH) if e is None else e.mean for e in encoded], dtype=np.float64)
    rows -= rows.mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return dict(zip(texts, SPREAD * rows, strict=True))


def translate(answer: Extraction, classes: dict[str, str]) -> str:
    """Give the class of the surest named cause."""
    named = [(cause.confidence, cause.cause) for cause in answer.causes if cause.cause]
    surest = max(named, default=(0.0, ""))[1]
    return next(label for prefix, label in classes.items() if surest.startswith(prefix))


def describe(answers: Sequence[Extraction]) -> sp.csr_matrix:
    """Give the matrix (answers, features): score, number of causes, confidence in each named one."""
    column = {cause.id: k for k, cause in enumerate(load_taxonomy(), start=3)}
    rows = np.zeros((len(answers), 3 + len(column)))
    for row, answer in zip(rows, answers, strict=True):
        row[:2] = answer.score, len(answer.causes) / 5
        for cause in answer.causes:
            place = column.get(cause.cause or "", 2)
            row[place] = max(row[place], cause.confidence)
    return sp.csr_matrix(rows)
