"""What people's decisions add up to: which quotes are of which cause, and what became of each id.

`replay` folds the decisions, oldest first, into `Judgements`; nothing else holds state. Quotes are in
*groups*: proposals that somebody has touched, causes, and what was rejected. Undoing a decision is
replaying without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from graph import Decision
from ingest.text.review.likeness import Quote, fold_quote

TOPIC = "causes"  # of the decisions in the store
OWN = "own"  # domain of the ids that decisions mint; no id of the taxonomy is of it

State = Literal["proposal", "cause", "rejected"]


@dataclass(frozen=True, slots=True)
class Group:
    """Quotes that belong together. `size`: complaints that it had when it was rejected."""

    id: str
    state: State = "proposal"
    names: dict[str, str] = field(default_factory=dict)
    pack: str = OWN
    size: int = 0

    @property
    def own(self) -> bool:
        """Whether it is a cause of the company's own."""
        return self.state == "cause" and is_own(self.id)


def is_own(cause: str) -> bool:
    """Tell whether an id was minted by a decision."""
    return cause.startswith(f"{OWN}.")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a quote was put, and by whom."""

    quote: Quote
    group: str
    by: str


@dataclass(frozen=True, slots=True)
class Correction:
    """That a quote of one complaint states another cause than was read."""

    quote: Quote
    cause: str
    by: str


@dataclass
class Judgements:
    """The state that decisions lead to.

    groups: those that there are, by id. merged: those that went into another, as they were.
    into: where an id leads. placed: folded quote -> where it is. corrections: by complaint.
    """

    groups: dict[str, Group] = field(default_factory=dict)
    merged: dict[str, Group] = field(default_factory=dict)
    into: dict[str, str] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)
    corrections: dict[str, list[Correction]] = field(default_factory=dict)

    def resolve(self, group: str) -> str:
        """Return the id that an id leads to, itself if it was not merged."""
        while group in self.into:
            group = self.into[group]
        return group

    def quotes_of(self, group: str) -> list[str]:
        """Return the folded quotes of a group, sorted."""
        return sorted(quote for quote, placed in self.placed.items() if placed.group == group)

    def own_causes(self) -> dict[str, Group]:
        """Return the company's own causes by id, those merged into another cause included."""
        groups = (*self.groups.values(), *self.merged.values())
        return {g.id: g for g in groups if g.own and self.stands(g.id)}

    def stands(self, cause: str) -> bool:
        """Tell whether an id is, or leads to, a cause that has not been rejected or undone."""
        group = self.groups.get(self.resolve(cause))
        return not is_own(self.resolve(cause)) if group is None else group.state == "cause"

    def take(self, decision: Decision) -> None:
        """Take in the next decision that counts."""
        said = decision.said
        if decision.action == "correct":
            for subject in decision.subjects:
                quote = _quote(subject.detail)
                kept = [
                    c
                    for c in self.corrections.get(subject.key, ())
                    if fold_quote(c.quote.words) != fold_quote(quote.words)
                ]
                self.corrections[subject.key] = [*kept, Correction(quote, said["to"], decision.by)]
            return
        source, target = said["id"], said.get("to") or said["id"]
        group = self.groups.get(target, Group(target))
        self.groups[target] = replace(
            group,
            state=said.get("state", group.state),
            names={**group.names, **said.get("names", {})},
            pack=said.get("pack", group.pack),
            size=said.get("size", 0),
        )
        self.into.pop(target, None)
        if decision.action in ("accept", "merge") and source != target:
            self.merged[source] = self.groups.pop(source, Group(source))
            self.into[source] = target
            for name, placed in self.placed.items():
                if placed.group == source:
                    self.placed[name] = replace(placed, group=target, by=decision.by)
        if decision.action == "split":
            self.groups.setdefault(source, Group(source))
        for subject in decision.subjects:
            quote, place = _quote(subject.detail), subject.detail.get("group", target)
            self.groups.setdefault(place, Group(place))
            self.placed[fold_quote(quote.words)] = Placed(quote, place, decision.by)


def _quote(detail: Any) -> Quote:
    return Quote(detail["quote"], detail.get("lang", ""))


def find_undone(decisions: Iterable[Decision]) -> dict[int, int]:
    """Return the decisions that were undone, each with the decision that undid it."""
    return {number: d.id for d in decisions if d.action == "undo" for number in d.said["undone"]}


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that count, oldest first."""
    undone = find_undone(decisions)
    return [d for d in decisions if d.action != "undo" and d.id not in undone]


def replay(decisions: Sequence[Decision]) -> Judgements:
    """Return what decisions, oldest first, lead to."""
    judgements = Judgements()
    for decision in in_force(decisions):
        judgements.take(decision)
    return judgements
