"""What people decided on who is who: records that are of one customer, and records that are not.

`replay` folds the decisions, oldest first, into `Identities`; nothing else holds state. A matcher keeps
to them, and undoing a decision is replaying without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph import Decision, Reader

TOPIC = "identity"  # of the decisions in the store
LEAVES = "leaves"  # in the detail of a subject of a split: it goes to another customer than the rest


@dataclass
class Identities:
    """What decisions lead to.

    ties: record -> all that are of one customer with it, itself included. sides: record -> side by the
    number of the decision: records on two sides of one are not of one customer. by: who tied a record.
    """

    ties: dict[str, frozenset[str]] = field(default_factory=dict)
    sides: dict[str, Mapping[int, int]] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)

    def tied(self, record: str) -> frozenset[str]:
        """Return the records that are of one customer with this one, itself included."""
        return self.ties.get(record, frozenset((record,)))

    def partners(self, records: Iterable[str]) -> set[str]:
        """Return the records that are tied to any of these."""
        return {partner for record in records for partner in self.ties.get(record, ())}

    def take(self, decision: Decision) -> None:
        """Take in the next decision that counts."""
        if decision.action == "merge":
            everyone = self.partners(s.key for s in decision.subjects)
            everyone |= {s.key for s in decision.subjects}
            self._rejoin(everyone)
            self._tie(everyone, decision.by)
            return
        if decision.action == "apart":
            self._keep_apart(decision)
            return
        leaving = {s.key for s in decision.subjects if s.detail.get("side") == LEAVES}
        staying = {s.key for s in decision.subjects} - leaving
        staying |= self.partners(staying) - leaving
        leaving |= self.partners(leaving) - staying
        self._tie(staying, decision.by)
        self._tie(leaving, decision.by)
        for record in (*staying, *leaving):
            self.sides[record] = {**self.sides.get(record, {}), decision.id: record in leaving}

    def _keep_apart(self, decision: Decision) -> None:
        """Put the records of each customer on a side of their own; nothing ties them to each other."""
        said = {s.key: int(s.detail["side"]) for s in decision.subjects}
        for record, side in said.items():
            for one in self.tied(record):
                if said.get(one, side) == side:
                    self.sides[one] = {**self.sides.get(one, {}), decision.id: side}

    def _tie(self, records: set[str], by: str) -> None:
        tied = frozenset(records)
        self.ties.update(dict.fromkeys(tied, tied))
        self.by.update(dict.fromkeys(tied, by))

    def _rejoin(self, records: set[str]) -> None:
        """Forget the decisions that kept any two of these records apart."""
        told: dict[int, set[int]] = {}
        for record in records:
            for number, side in self.sides.get(record, {}).items():
                told.setdefault(number, set()).add(side)
        over = {number for number, sides in told.items() if len(sides) > 1}
        for record in records & self.sides.keys():
            self.sides[record] = {n: side for n, side in self.sides[record].items() if n not in over}


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that count, oldest first."""
    undone = {number for d in decisions if d.action == "undo" for number in d.said["undone"]}
    return [d for d in decisions if d.action != "undo" and d.id not in undone]


def replay(decisions: Sequence[Decision]) -> Identities:
    """Return what decisions, oldest first, lead to."""
    identities = Identities()
    for decision in in_force(decisions):
        identities.take(decision)
    return identities


def load_identities(reader: Reader) -> Identities:
    """Return what the decisions in a store lead to."""
    return replay(reader.decisions(TOPIC))
