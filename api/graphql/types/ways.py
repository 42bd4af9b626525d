"""Ways from a customer to what is theirs and has a date: what a timeline is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from api.graphql.types.names import steps
from graph import Order
from schema import COMPLAINT, CUSTOMER, RECORD, NodeKind, Property, Sensitivity, Vocabulary
from schema.paths import Step, find_dates


class TimelineEvent(Enum):
    """What of something happened."""

    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True)
class Way:
    """A way from a customer to dated nodes, by one step or, over something of theirs, by two."""

    first: Step
    second: Step | None
    dated: Property
    event: TimelineEvent = TimelineEvent.BEGINS

    @property
    def kind(self) -> str:
        """The kind at its end."""
        return (self.second or self.first).to

    @property
    def rank(self) -> tuple[str, str]:
        """Where it stands among those of one moment."""
        return self.kind, self.event.value


def find_ways(vocabulary: Vocabulary) -> tuple[Way, ...]:
    """Return the ways to what is a customer's own, declared kinds included.

    They lead to kinds that are not shared by customers and say when one of them begins: by one step, or by
    two to kinds that no single step leads to, such as the payment of an invoice.
    """
    if CUSTOMER not in vocabulary.kinds:
        return ()
    near = [step for step in steps(vocabulary, CUSTOMER) if _is_own(vocabulary, step)]
    kinds = {step.to for step in near}
    found = [way for step in near for way in _dated(vocabulary.kinds[step.to], step, None)]
    for first in near:
        for second in steps(vocabulary, first.to):
            if _is_own(vocabulary, second) and second.to not in kinds:
                found += _dated(vocabulary.kinds[second.to], first, second)
    return tuple(found)


def _is_own(vocabulary: Vocabulary, step: Step) -> bool:
    return step.to not in (CUSTOMER, RECORD) and not vocabulary.kinds[step.to].shared


def _dated(kind: NodeKind, first: Step, second: Step | None) -> Iterator[Way]:
    begins = find_begins(kind)
    if begins is not None:
        yield Way(first, second, begins)
    if kind.ends:
        yield Way(first, second, kind.properties[kind.ends], TimelineEvent.ENDS)


def newest_first(kind: NodeKind) -> Order | None:
    """Return the order of the newest first, if everyone may see which that is."""
    begins = find_begins(kind)
    return Order(begins.name, True) if begins and begins.sensitivity is Sensitivity.PUBLIC else None


def find_begins(kind: NodeKind) -> Property | None:
    """Return the property that says since when one of a kind exists, if any does.

    A complaint does not say when it begins, since it is no thing that one could complain of: it was filed at
    its first date.
    """
    if kind.begins:
        return kind.properties[kind.begins]
    return next(iter(find_dates(kind)), None) if kind.name == COMPLAINT else None
