"""From the scores of single words to spans: Viterbi over outside, begin, inside, and clauses."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

# Log-probabilities of moving between outside (O), begin (B) and inside (I).
_O_B, _O_O = log(0.035), log(0.965)
_B_O, _B_B, _B_I = log(0.02), log(0.01), log(0.97)
_I_O, _I_B, _I_I = log(0.10), log(0.005), log(0.895)
_FIRST_O, _FIRST_B = log(0.85), log(0.15)
_HALF = 0.5  # their weight: the scores already see the neighbours, so that all of it would count twice

_CLAUSE_ENDS = frozenset('.,;:!?()\n…¡¿"“”')
_JOINTS = frozenset({"y", "e", "and", "pero", "mas", "but", "porque", "que", "because", "so", "ni", "nem"})


def decode_spans(scores: NDArray[np.float64], outside: float, weight: float = _HALF) -> list[tuple[int, int]]:
    """Find the likeliest spans as (first, last) word, inclusive.

    scores: (words, 2) log-odds of B and I against O. outside: subtracted from the score of O;
    larger finds more. weight: of the log-probabilities of moving between tags.
    """
    if not len(scores):
        return []
    rows = scores.tolist()
    o_o, o_b = _O_O * weight, _O_B * weight
    b_o, b_b, b_i = _B_O * weight, _B_B * weight, _B_I * weight
    i_o, i_b, i_i = _I_O * weight, _I_B * weight, _I_I * weight
    o, b, i = _FIRST_O * weight - outside, _FIRST_B * weight + rows[0][0], float("-inf")
    back: list[tuple[int, int, int]] = []
    for begin, inside in rows[1:]:
        # from which tag each of O, B, I is best reached
        oo, bo, io = o + o_o, b + b_o, i + i_o
        ob, bb, ib = o + o_b, b + b_b, i + i_b
        bi, ii = b + b_i, i + i_i
        to_o = 0 if oo >= bo and oo >= io else 1 if bo >= io else 2
        to_b = 0 if ob >= bb and ob >= ib else 1 if bb >= ib else 2
        to_i = 1 if bi >= ii else 2
        back.append((to_o, to_b, to_i))
        o = (oo, bo, io)[to_o] - outside
        b = (ob, bb, ib)[to_b] + begin
        i = (bi, ii)[to_i - 1] + inside
    tag = 0 if o >= b and o >= i else 1 if b >= i else 2
    tags = [tag]
    for step in reversed(back):
        tag = step[tag]
        tags.append(tag)
    tags.reverse()
    return _read_tags(tags)


def _read_tags(tags: Sequence[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for place, tag in enumerate(tags):
        if tag == 1:
            spans.append((place, place))
        elif tag == 2:
            spans[-1] = (spans[-1][0], place)
    return spans


def extend_to_clause(words: Sequence[str], last: int, reach: int = 5) -> int:
    """Give the last word of the clause if it is at most `reach` words beyond `last`, else `last`.

    The tagger often stops a word or two short ("... hace tres" of "hace tres semanas.").
    """
    for word in range(last + 1, last + reach + 2):
        if word >= len(words) or words[word] in _CLAUSE_ENDS or words[word].lower() in _JOINTS:
            return word - 1
    return last


def measure_margins(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each word's log-odds of lying in a cause at all: shape (words,)."""
    return np.logaddexp(scores[:, 0], scores[:, 1])


def find_peak(margins: NDArray[np.float64], width: int = 4) -> float:
    """Give the highest mean margin over `width` neighbours: how much a text looks like a failure."""
    if not len(margins):
        return -5.0
    width = min(width, len(margins))
    sums = np.concatenate([[0.0], np.cumsum(margins)])
    return float(((sums[width:] - sums[:-width]) / width).max())


def split_clauses(words: Sequence[str]) -> list[tuple[int, int]]:
    """Cut at punctuation and breaks of line; (first, last) word of each clause, inclusive."""
    clauses, first = [], 0
    for place, word in enumerate((*words, ".")):
        if word in _CLAUSE_ENDS:
            if place > first:
                clauses.append((first, place - 1))
            first = place + 1
    return clauses


def find_best_clause(
    words: Sequence[str], margins: NDArray[np.float64], least: int = 3
) -> tuple[int, int] | None:
    """Find the clause of at least `least` words that looks most like a failure."""
    sums = np.concatenate([[0.0], np.cumsum(margins)])
    clauses = [c for c in split_clauses(words) if c[1] - c[0] + 1 >= least]
    return max(clauses, key=lambda c: (sums[c[1] + 1] - sums[c[0]]) / (c[1] - c[0] + 1), default=None)
