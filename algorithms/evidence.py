"""What the texts of some complaints say: the causes that they state, and quotes that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.reach import Indices
from graph import Projection
from schema import ATTRIBUTED_TO, CAUSE, COMPLAINT, LANGUAGES

SENTENCE = re.compile(r"\S[^.!?\n]{2,}[.!?]?")
LONGEST = 240
TELLING = 0.25  # of the first cause's surplus of complaints; below, a cause is as likely misread as meant


@dataclass(frozen=True)
class Stated:
    """A cause that complaints state: share of the complaints inside, and of all others."""

    cause: str
    names: dict[str, str]
    complaints: int
    share: float
    share_elsewhere: float

    @property
    def surplus(self) -> float:
        """What its share inside has over its share elsewhere."""
        return self.share - self.share_elsewhere


@dataclass(frozen=True)
class Evidence:
    """Words of a complaint, letter by letter, and the cause that they state (None: not told).

    No words where who asks may not read them.
    """

    complaint: str
    quote: str | None
    cause: str | None


def rank_stated(graph: Projection, inside: Indices, everyone: Indices) -> list[Stated]:
    """Return the causes that complaints inside state more often than the others, most telling first.

    Left out are causes that a single complaint states, and those whose surplus of share is small beside
    that of the first.
    """
    complaints, causes = graph.ends(ATTRIBUTED_TO)
    pairs = np.unique(np.stack([complaints, causes], axis=1), axis=0)
    nodes = graph.nodes[CAUSE]
    keys = nodes["key"].to_pylist()
    within, among = np.isin(pairs[:, 0], inside), np.isin(pairs[:, 0], everyone)
    here = np.bincount(pairs[within, 1], minlength=len(keys))
    elsewhere = np.bincount(pairs[among & ~within, 1], minlength=len(keys))
    outside = max(len(everyone) - len(inside), 1)
    found = []
    for i in np.flatnonzero(here > 1):
        names = {lang: nodes[f"name_{lang}"][int(i)].as_py() or keys[i] for lang in LANGUAGES}
        share, other = here[i] / len(inside), elsewhere[i] / outside
        if share > other and keys[i] != "unknown":
            found.append(Stated(keys[i], names, int(here[i]), float(share), float(other)))
    found.sort(key=lambda s: (-s.surplus, s.cause))
    return [s for s in found if s.surplus >= TELLING * found[0].surplus]


def gather_quotes(graph: Projection, inside: Indices, causes: Sequence[str], limit: int) -> list[Evidence]:
    """Return quotes of different complaints, the surest first, those of the given causes before others.

    A complaint in which no cause was found is quoted by its first sentence; one without a text is
    not quoted. Where words are not shown to who asks, complaints are named without them.
    """
    complaints, cause_nodes = graph.ends(ATTRIBUTED_TO)
    table = graph.relationships[ATTRIBUTED_TO]
    keys, texts = graph.nodes[COMPLAINT]["key"], graph.nodes[COMPLAINT]["text"]
    names = graph.nodes[CAUSE]["key"].to_pylist()
    rank = {cause: i for i, cause in enumerate(causes)}
    rows = np.flatnonzero(np.isin(complaints, inside))
    sure = table["confidence"].to_numpy(zero_copy_only=False)
    order = sorted(
        (int(row) for row in rows),
        key=lambda row: (rank.get(names[cause_nodes[row]], len(rank)), -sure[row], row),
    )
    found: dict[int, Evidence] = {}
    for row in order:
        complaint = int(complaints[row])
        if complaint not in found and len(found) < limit:
            quote = table["quote"][row].as_py()
            found[complaint] = Evidence(keys[complaint].as_py(), quote, names[cause_nodes[row]])
    for position in inside:
        if len(found) >= limit:
            break
        text = texts[int(position)].as_py()
        sentence = SENTENCE.search(text) if text and int(position) not in found else None
        if sentence is not None:
            quote = sentence.group()[:LONGEST].strip()
            found[int(position)] = Evidence(keys[int(position)].as_py(), quote, None)
    return list(found.values())
