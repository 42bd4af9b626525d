"""Records whose declared keys are equal after cleaning are of one customer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph import Judgement, Reader
from ingest.identity.judgements import Identities
from schema import CUSTOMER, RECORD

DECIDED_BY = "motivo exact 1"
SHARED_BY_TOO_MANY = 20  # records with one value: a shop's phone or a filler, and nobody's own
TAX_NUMBER = "tax_number"
JUDGED = "judged the same"


class Groups:
    """Records joined into customers-to-be, by union-find.

    What people judged goes before all: it ties records to each other, or keeps them apart. Beyond that, a
    conflict of tax numbers keeps two apart.
    """

    def __init__(self, judged: Identities | None = None) -> None:
        self.judged = judged or Identities()
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._tax: dict[str, set[str]] = {}
        self._sides: dict[str, dict[int, int]] = {}
        self.rules: dict[str, str] = {}

    def add(self, record: str, tax_number: str | None) -> None:
        """Enter a record, alone or with those that it is tied to."""
        if record not in self._parent:
            self._parent[record] = record
            self._members[record] = [record]
            self._tax[record] = {tax_number} if tax_number else set()
            self._sides[record] = dict(self.judged.sides.get(record, {}))
            partner = next((p for p in self.judged.tied(record) if p != record and p in self._parent), None)
            if partner is not None:
                self._unite(self.root(partner), record, JUDGED)

    def root(self, record: str) -> str:
        """Return the record that stands for the group."""
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record

    def join(self, one: str, other: str, rule: str) -> None:
        """Make two groups one, unless they were judged apart or their tax numbers differ."""
        one, other = self.root(one), self.root(other)
        if one == other or self._conflict(one, other):
            return
        self._unite(one, other, rule)

    def _conflict(self, one: str, other: str) -> bool:
        sides = self._sides[one]
        if any(sides.get(number, side) != side for number, side in self._sides[other].items()):
            return True
        taxes = self._tax[one], self._tax[other]
        return all(taxes) and taxes[0].isdisjoint(taxes[1])

    def _unite(self, one: str, other: str, rule: str) -> None:
        if len(self._members[one]) < len(self._members[other]):
            one, other = other, one
        self._parent[other] = one
        self._members[one] += self._members.pop(other)
        self._tax[one] |= self._tax.pop(other)
        self._sides[one] |= self._sides.pop(other)
        for record in self._members[one]:
            self.rules.setdefault(record, rule)

    def __iter__(self) -> Iterator[list[str]]:
        return iter(self._members.values())


def match_records(
    reader: Reader,
    records: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    identity: Sequence[Sequence[str]],
    judged: Identities | None = None,
) -> list[Judgement]:
    """Return the judgements that follow from records just written.

    `identity` lists the keys, strongest first, each the names of properties that must all be equal.
    A value that more than `SHARED_BY_TOO_MANY` records have identifies nobody. A record that no
    longer equals any other of its customer becomes a customer of its own. `judged` is what people decided,
    which goes before everything else.
    """
    judged = judged or Identities()
    partners = judged.partners(records)
    if not records or not (identity or partners):
        return []
    groups = Groups(judged)
    tax_numbers = columns.get(TAX_NUMBER) or [None] * len(records)
    for record, tax_number in zip(records, tax_numbers, strict=True):
        groups.add(record, tax_number)
    written = set(records)
    before = reader.customers_of(records)
    ours = {**before, **reader.customers_of(sorted(partners - written))}
    _join_known(reader, groups, ours.values(), written)
    for names in identity:
        _join_equal(reader, groups, records, columns, names)
    return _judge(reader, groups, written, before)


def _join_equal(
    reader: Reader,
    groups: Groups,
    records: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    names: Sequence[str],
) -> None:
    """Join the records with equal values of all these properties."""
    parts = [columns.get(name) for name in names]
    if any(part is None for part in parts):
        return
    wanted: dict[tuple[Any, ...], list[str]] = {}
    for record, values in zip(records, zip(*filter(None, parts), strict=True), strict=True):
        if all(value is not None for value in values):
            wanted.setdefault(values, []).append(record)
    holders: dict[tuple[Any, ...], set[str]] = {}
    for position, name in enumerate(names):
        found = reader.lookup(RECORD, name, list({values[position] for values in wanted}))
        for values in wanted:
            keys = set(found.get(values[position], ()))
            holders[values] = holders[values] & keys if values in holders else keys
    rule = "same " + " and ".join(names)
    alike = [sorted(keys) for keys in holders.values() if 1 < len(keys) <= SHARED_BY_TOO_MANY]
    met = {key for keys in alike for key in keys}
    _join_known(reader, groups, reader.customers_of(sorted(met)).values(), set(records))
    for first, *others in alike:
        for other in others:
            groups.join(first, other, rule)


def _join_known(reader: Reader, groups: Groups, customers: Iterable[str], written: set[str]) -> None:
    """Enter the records of customers, joined; those just written have to earn their place anew."""
    for records in reader.records_of(sorted(set(customers))).values():
        standing = [record for record in records if record not in written]
        for record in standing:
            groups.add(record, reader.get(RECORD, record).properties.get(TAX_NUMBER))
            groups.join(standing[0], record, "")


def _judge(reader: Reader, groups: Groups, written: set[str], before: Mapping[str, str]) -> list[Judgement]:
    """Return what changes: a customer goes with the group that has most of its records."""
    others = sorted({record for group in groups for record in group} - written)
    known = {**reader.customers_of(others), **before}
    taken: set[str] = set()
    judgements = []
    for group in sorted(groups, key=lambda group: (-len(group), min(group))):
        if len(group) == 1 and group[0] not in known:
            continue  # a new record that equals no other: the store makes it its own customer
        held = [known[record] for record in group if record in known]
        free = sorted(set(held) - taken, key=lambda c: (-held.count(c), c))
        customer = free[0] if free else mint_customer(reader, min(group), taken)
        taken.add(customer)
        judgements += [
            _make(record, customer, groups) for record in sorted(group) if known.get(record) != customer
        ]
    return judgements


def _make(record: str, customer: str, groups: Groups) -> Judgement:
    rule = groups.rules.get(record) or "own record"
    by = groups.judged.by.get(record, DECIDED_BY) if rule == JUDGED else DECIDED_BY
    return Judgement(record, customer, 1.0, rule, by)


def mint_customer(reader: Reader, record: str, taken: Collection[str] = ()) -> str:
    """Return the key of a new customer: its first record's, unless another customer bears it."""
    key = record
    while key in taken or reader.find(CUSTOMER, key) is not None:
        key += "~"
    return key
