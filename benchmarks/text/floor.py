"""The floor of a classification: logistic regression on the words of a text, weighted by TF-IDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ingest.text.fitting import balance_weights, fit_logistic

_WORD = re.compile(r"\b\w\w+\b")


def list_terms(text: str) -> list[str]:
    """Words of two letters and more, and pairs of neighbours, in lower case."""
    words = _WORD.findall(text.lower())
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


class TfIdf:
    """Terms that two texts have, their log counts weighted by rarity; rows of length one."""

    def __init__(self, texts: Sequence[str]) -> None:
        seen = Counter(term for text in texts for term in set(list_terms(text)))
        self._terms = {term: k for k, term in enumerate(sorted(t for t, n in seen.items() if n > 1))}
        self._weights = np.array([log((1 + len(texts)) / (1 + seen[t])) + 1 for t in self._terms])

    def transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Give the matrix (texts, terms)."""
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            for term, count in Counter(list_terms(text)).items():
                column = self._terms.get(term)
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append((1 + log(count)) * self._weights[column])
        matrix = sp.csr_matrix((values, (rows, columns)), shape=(len(texts), len(self._terms)))
        lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
        return sp.diags(1 / np.maximum(lengths, 1e-9)) @ matrix


def classify(x: sp.csr_matrix, y: Sequence[str], test: sp.csr_matrix, penalty: float) -> list[str]:
    """Fit on x and y, all classes weighing the same, and name the class of each row of test."""
    labels = sorted(set(y))
    number = {label: k for k, label in enumerate(labels)}
    classes = np.array([number[label] for label in y])
    weights = fit_logistic(
        _add_bias(x), classes, len(labels), penalty=penalty, steps=200, weights=balance_weights(classes)
    )
    scores: NDArray[np.float64] = _add_bias(test) @ weights
    return [labels[k] for k in scores.argmax(axis=1)]


def _add_bias(x: sp.csr_matrix) -> sp.csr_matrix:
    return sp.csr_matrix(sp.hstack([x, np.ones((x.shape[0], 1))]))
