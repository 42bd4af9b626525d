"""The queue: rejected quotes that wait for a person, and the causes that are proposed of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np

from ingest.text.features import hash_bag
from ingest.text.model import load_model, sum_weights
from ingest.text.review.clustering import cluster, find_medoid
from ingest.text.review.judgements import Judgements
from ingest.text.review.likeness import Likeness, Quote, cosines, fold_quote
from ingest.text.review.naming import Namer
from ingest.text.review.statements import Statement, is_waiting
from ingest.text.taxonomy import load_taxonomy
from ingest.text.units import read_units
from schema import LANGUAGES

FLOOR = 4  # complaints that a proposal has at least
AGAIN = 2  # a rejected one comes back when it has so many times the complaints it had
_LONGEST_NAME = 60
_NEAREST = 3

State = Literal["new", "touched", "again"]


@dataclass(frozen=True)
class Proposal:
    """Quotes that may be of one cause.

    state: found by clustering, touched by a decision before, or rejected before and doubled since.
    quotes: the distinct ones with their statements, those most stated first. names: suggested, by
    language. nearest: ids of existing causes, the likest first.
    """

    id: str
    state: State
    quotes: tuple[tuple[Quote, tuple[Statement, ...]], ...]
    names: dict[str, str]
    nearest: tuple[str, ...]

    @property
    def statements(self) -> list[Statement]:
        """All that is stated, the quotes most stated first."""
        return [statement for _, some in self.quotes for statement in some]

    @property
    def size(self) -> int:
        """How many complaints state it."""
        return len({statement.complaint for statement in self.statements})


@dataclass(frozen=True)
class Queue:
    """All that waits: proposals, the largest first, and how many statements there are.

    unlike: those too unlike any others to be in a proposal. resting: those like what was rejected.
    """

    proposals: tuple[Proposal, ...]
    statements: int
    unlike: int
    resting: int

    def find(self, name: str) -> Proposal | None:
        """Return the proposal of an id, or the one that now holds the quote that the id was made of.

        What is decided on one proposal may change the medoid of another.
        """
        for proposal in self.proposals:
            if proposal.id == name:
                return proposal
        return next((p for p in self.proposals for q, _ in p.quotes if name_after(q) == name), None)


def read_queue(
    statements: Sequence[Statement], namer: Namer, likeness: Likeness, floor: int = FLOOR
) -> Queue:
    """Return what waits among statements."""
    waiting = [statement for statement in statements if is_waiting(statement)]
    groups: dict[str, list[Statement]] = {}
    free: list[Statement] = []
    for statement, placed in zip(waiting, namer.place([s.quote for s in waiting]), strict=True):
        if placed is None:
            free.append(statement)
        else:
            groups.setdefault(placed.group, []).append(statement)
    judgements = namer.judgements
    proposals, resting = [], 0
    for name, group in judgements.groups.items():
        stated = _by_quote(groups.get(name, []))
        if group.state == "proposal" and stated:
            proposals.append(_propose(name, "touched", stated, group.names, likeness, judgements))
        elif group.state == "rejected" and _count(stated) >= max(1, AGAIN * group.size):
            proposals.append(_propose(name, "again", stated, group.names, likeness, judgements))
        else:
            resting += sum(len(some) for _, some in stated)
    quotes = _by_quote(free)
    unlike = len(free)
    for rows in cluster(likeness.embed([quote for quote, _ in quotes]), likeness.together):
        some = [quotes[row] for row in rows]
        if _count(some) >= floor:
            proposals.append(_propose(None, "new", some, {}, likeness, judgements))
            unlike -= sum(len(stated) for _, stated in some)
    proposals.sort(key=lambda p: (-p.size, p.id))
    return Queue(tuple(proposals), len(waiting), unlike, resting)


Stated = list[tuple[Quote, tuple[Statement, ...]]]


def _by_quote(statements: Sequence[Statement]) -> Stated:
    """Return statements by quote, those most stated first."""
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        found.setdefault(fold_quote(statement.quote.words), []).append(statement)
    order = sorted(found, key=lambda name: (-len(found[name]), name))
    return [(found[name][0].quote, tuple(found[name])) for name in order]


def _count(stated: Stated) -> int:
    return len({statement.complaint for _, some in stated for statement in some})


def _propose(
    name: str | None,
    state: State,
    stated: Stated,
    names: dict[str, str],
    likeness: Likeness,
    judgements: Judgements,
) -> Proposal:
    quotes, weights = [quote for quote, _ in stated], [len(some) for _, some in stated]
    vectors = likeness.embed(quotes)
    medoid = quotes[find_medoid(vectors, weights)]
    suggested = {}
    for lang in LANGUAGES:
        rows = [row for row, quote in enumerate(quotes) if quote.lang == lang]
        own = quotes[rows[find_medoid(vectors[rows], [weights[r] for r in rows])]] if rows else medoid
        suggested[lang] = _as_name(own.words)
    nearest = _find_nearest(quotes, weights, likeness, judgements)
    return Proposal(name or name_after(medoid), state, tuple(stated), {**suggested, **names}, nearest)


def name_after(quote: Quote) -> str:
    """Return the id of a new proposal by its medoid, so that more of the same do not change it."""
    return f"p{crc32(fold_quote(quote.words).encode('utf-8', 'replace')):08x}"


def _as_name(words: str) -> str:
    """Return a quote as a name: on one line, not too long, with a capital letter."""
    line = re.sub(r"^\W+|\W+$", "", " ".join(words.split())) or " ".join(words.split())
    if len(line) > _LONGEST_NAME:
        line = line[:_LONGEST_NAME].rsplit(" ", 1)[0] + "…"
    return line[:1].upper() + line[1:]


def _find_nearest(
    quotes: Sequence[Quote], weights: Sequence[int], likeness: Likeness, judgements: Judgements
) -> tuple[str, ...]:
    """Return existing causes that quotes are like: the company's by likeness, then what the model nearly
    named."""
    share = np.asarray(weights, dtype=float) / sum(weights)
    own: list[tuple[float, str]] = []
    vectors = likeness.embed(quotes)
    for name, group in sorted(judgements.groups.items()):
        if group.own and (samples := judgements.quotes_of(name)):
            known = likeness.embed([judgements.placed[sample].quote for sample in samples])
            alike = float(share @ cosines(vectors, known).max(axis=1))
            if alike >= likeness.together / 2:
                own.append((-round(alike, 6), name))
    model, taxonomy = load_model(), load_taxonomy()
    scores = np.zeros(len(model.labels))
    for quote, part in zip(quotes, share, strict=True):
        raw = sum_weights(model.causes, hash_bag(read_units(quote.words).words))
        odds = np.exp((raw - raw.max()) / model.settings["temperature"])
        scores += part * odds / odds.sum()
    labels = [model.labels[i] for i in np.argsort(-scores, kind="stable")]
    named = [cause.id for label in labels if (cause := taxonomy.find_label(label)) is not None]
    return tuple([name for _, name in sorted(own)[:2]] + named)[:_NEAREST]
