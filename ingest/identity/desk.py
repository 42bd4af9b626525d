"""The desk where a person decides who is who; the graph follows in the same transaction.

Ingests keep to what was decided, until it is undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from graph import Decision, Judgement, Reader, Store, Subject, Transaction
from ingest.identity.exact import JUDGED, mint_customer
from ingest.identity.judgements import LEAVES, TOPIC, Identities, in_force, replay
from ingest.turns import refuse_while_ingesting
from schema import CUSTOMER, RECORD, NotFoundError, UsageError

SPLIT = "judged apart"
UNDONE = "judgement undone"


@dataclass(frozen=True)
class Decided:
    """A decision, and the customers that its records are of now."""

    decision: Decision
    customers: tuple[str, ...]


class IdentityDesk:
    """Decisions on which records are of one customer, by one person."""

    def __init__(
        self, store: Store, *, by: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store, self._by, self._now = store, by, now

    def history(self) -> list[Decision]:
        """Return all decisions, undone ones and undoings included, oldest first."""
        return self._store.reader().decisions(TOPIC)

    def merge(self, into: str, others: Sequence[str], *, why: str = "") -> Decided:
        """Say that other customers are this one; their records become its own."""
        with self._open() as t:
            wanted = list(dict.fromkeys(key for key in others if key != into))
            if not wanted:
                raise UsageError(
                    "a merge takes two customers at least", hint="name those that it is the same as"
                )
            held = {key: _get_records(t.reader, key) for key in (into, *wanted)}
            subjects = [
                Subject(RECORD, record, {"from": key, "into": key == into})
                for key, records in held.items()
                for record in records
            ]
            made = self._keep(t, "merge", subjects, why)
            moving = [record for key in wanted for record in held[key]]
            return self._follow(t, made, [Judgement(r, into, 1.0, JUDGED, self._by) for r in moving])

    def split(self, customer: str, records: Sequence[str], *, why: str = "") -> Decided:
        """Say that some records of a customer are of another one, who gets a key of their own."""
        with self._open() as t:
            held, leaving = _get_records(t.reader, customer), set(records)
            unknown = sorted(leaving - set(held))
            if unknown:
                raise UsageError(f"{', '.join(unknown)}: no record of customer {customer}")
            if not leaving or leaving == set(held):
                raise UsageError(
                    "a split takes some of a customer's records, not all",
                    hint=f"it has {', '.join(held)}",
                )
            subjects = [Subject(RECORD, r, {"side": LEAVES if r in leaving else "stays"}) for r in held]
            made = self._keep(t, "split", subjects, why)
            key = mint_customer(t.reader, min(leaving))
            return self._follow(t, made, [Judgement(r, key, 1.0, SPLIT, self._by) for r in sorted(leaving)])

    def keep_apart(self, customers: Sequence[str], *, why: str = "") -> Decided:
        """Say that customers are not one; nothing moves, and no ingest joins them."""
        with self._open() as t:
            wanted = list(dict.fromkeys(customers))
            if len(wanted) < 2:
                raise UsageError("two customers at least are kept apart", hint="name those that are not one")
            subjects = [
                Subject(RECORD, record, {"side": side})
                for side, key in enumerate(wanted)
                for record in _get_records(t.reader, key)
            ]
            return self._follow(t, self._keep(t, "apart", subjects, why), [])

    def undo(self, number: int | None = None, *, why: str = "") -> Decided:
        """Take back a decision, the last that counts if none is named; it stays in the history."""
        with self._open() as t:
            standing = in_force(t.reader.decisions(TOPIC))
            found = [d for d in standing if number in (None, d.id)]
            if not found:
                named = "nothing was decided" if number is None else f"there is no decision {number}"
                raise NotFoundError(f"{named} that could be undone")
            undone = found[-1]
            made = Decision(TOPIC, "undo", self._by, self._now(), why, {"undone": [undone.id]})
            made = t.decide(made)
            rest = replay([d for d in standing if d.id != undone.id])
            back = _find_back(t.reader, undone, rest)
            judgements = [Judgement(r, c, 1.0, UNDONE, self._by) for r, c in back.items()]
            return self._follow(t, made, judgements, undone.subjects)

    @contextmanager
    def _open(self) -> Iterator[Transaction]:
        with self._store.transaction() as transaction:
            refuse_while_ingesting(transaction)
            yield transaction

    def _keep(self, t: Transaction, action: str, subjects: Sequence[Subject], why: str) -> Decision:
        return t.decide(Decision(TOPIC, action, self._by, self._now(), why, subjects=subjects))

    def _follow(
        self,
        t: Transaction,
        made: Decision,
        judgements: Sequence[Judgement],
        subjects: Sequence[Subject] | None = None,
    ) -> Decided:
        """Bring the graph to what was decided."""
        t.begin_run("identity")
        t.assign(judgements)
        t.finish_run()
        about = made.subjects if subjects is None else subjects
        now = t.reader.customers_of([s.key for s in about])
        return Decided(made, tuple(sorted(set(now.values()))))


def _get_records(reader: Reader, customer: str) -> list[str]:
    records = reader.records_of([customer]).get(customer)
    if not records:
        raise NotFoundError(f"there is no {CUSTOMER} {customer!r}")
    return records


def _find_back(reader: Reader, undone: Decision, rest: Identities) -> dict[str, str]:
    """Return the records that a decision moved and that may go back, each with its customer of before.

    A record goes back from where the decision put it only, and not away from those that other decisions
    tie it to, nor to those that they keep it from.
    """
    if undone.action == "apart":
        return {}
    now = reader.customers_of([s.key for s in undone.subjects])
    if undone.action == "split":
        stayed = Counter(now[s.key] for s in undone.subjects if s.detail["side"] != LEAVES and s.key in now)
        if not stayed:
            return {}
        [(home, _)] = stayed.most_common(1)
        back = {s.key: home for s in undone.subjects if s.detail["side"] == LEAVES and s.key in now}
        rejoined = {record for record, customer in now.items() if customer == home}
        return {r: home for r in back if _may_join(rest, r, back, rejoined)}
    there = {now[s.key] for s in undone.subjects if s.detail["into"] and s.key in now}
    leaving: dict[str, list[str]] = {}
    for subject in undone.subjects:
        if not subject.detail["into"] and now.get(subject.key) in there:
            leaving.setdefault(str(subject.detail["from"]), []).append(subject.key)
    taken: set[str] = set()
    found: dict[str, str] = {}
    for before, records in leaving.items():
        free = [r for r in records if rest.tied(r) & now.keys() <= set(records)]
        if free:
            vacant = before not in taken and reader.find(CUSTOMER, before) is None
            key = before if vacant else mint_customer(reader, min(free), taken)
            taken.add(key)
            found |= dict.fromkeys(free, key)
    return found


def _may_join(rest: Identities, record: str, moving: Mapping[str, str], home: set[str]) -> bool:
    """Tell whether no other decision keeps a record from a customer's records."""
    if not rest.tied(record) <= moving.keys() | home:
        return False
    sides = rest.sides.get(record, {})
    others = [rest.sides.get(other, {}) for other in home]
    return all(other.get(n, side) is side for n, side in sides.items() for other in others)
