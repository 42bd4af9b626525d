"""A reader that shows what a caller may see, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from api.auth.caller import Role
from api.auth.guard.frame import distinct, make_absent
from api.auth.guard.history import kept_its_records, tell_history
from api.auth.guard.lists import Lists
from api.auth.guard.patterns import Part, list_named
from api.auth.guard.walks import Walks
from graph import (
    Condition,
    Contribution,
    Decision,
    KnownRecord,
    Node,
    Problem,
    Progress,
    Reader,
    RejectedRow,
    Run,
)
from schema import CUSTOMER, RECORD, RefusedError


class GuardedReader(Walks, Lists):
    """Answers as `graph.Reader` does, of what a caller may see: what is hidden is as if it were not there.

    One a request. It adds the row scope to each question, leaves out the properties that the caller may not
    see and refuses to ask by them, and shows the keys of people as pseudonyms to who may not know people,
    whom it understands by these. `sightings` is whom it showed, for the audit log. What no caller needs is
    refused; so is an operation that the contract has got and this class has not.
    """

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what the contract has and nobody has thought of here."""
        if hasattr(Reader, name):
            raise RefusedError(f"{name} is not for callers of the service")
        raise AttributeError(name)

    def get(self, kind: str, key: str, *, at: datetime | None = None) -> Node:
        """Return a node; `NotFoundError` if there is none, or none that may be seen."""
        node = self.find(kind, key, at=at)
        if node is None:
            raise make_absent(kind, key, at)
        return node

    def find(self, kind: str, key: str, *, at: datetime | None = None) -> Node | None:
        """Return a node, or None."""
        if at is None:
            return self.get_many(kind, [key]).get(key)
        self._refuse_the_past(kind, shared=True)
        true = self._find_visible(kind, [key]).get(key)
        if true is None:
            return None
        if kind == CUSTOMER and not self._scope.whole and not kept_its_records(self._reader, true):
            return None  # a part of what it was is another customer now
        node = self._reader.find(kind, true, at=at)
        return None if node is None else self._shown.node(node)

    def get_many(self, kind: str, keys: Sequence[str], *, where: Sequence[Condition] = ()) -> dict[str, Node]:
        """Return those of these nodes that are there and may be seen, by key as it was given."""
        conditions = (*self._asked.read(kind, where), *self._scope.get_conditions(kind))
        true = self._asked.find_keys(kind, keys)
        found = self._reader.get_many(kind, distinct(true.values()), where=conditions)
        self._meet(found.values())
        return {given: self._shown.node(found[key]) for given, key in true.items() if key in found}

    def find_true_key(self, kind: str, key: str) -> str | None:
        """Return a node's own key, if it may be seen; for what is written, never to be shown."""
        true = self._asked.find_key(kind, key)
        found = (
            ()
            if true is None
            else self._reader.get_many(kind, [true], where=self._scope.get_conditions(kind))
        )
        return true if found else None

    def history(self, kind: str, key: str) -> list[Contribution]:
        """Return what was said of a node. Who sees some customers only is told it of people alone."""
        self._refuse_the_past(kind, shared=False)
        true = self._find_visible(kind, [key]).get(key)
        if true is None:
            return []
        whole = self._scope.whole
        said = self._reader.history(kind, true) if whole else tell_history(self._reader, kind, true)
        if said:
            self._shown.key(kind, true)
        return [self._shown.contribution(kind, one) for one in said]

    def _refuse_the_past(self, kind: str, *, shared: bool) -> None:
        """Refuse to tell what was where it may have been somebody else's, who is hidden."""
        of_people = kind in (CUSTOMER, RECORD) or (shared and self._scope.is_shared(kind))
        if not self._scope.whole and not of_people:
            raise RefusedError(f"the past of a {kind} is not for those who see some customers only")

    def lookup(self, kind: str, property_: str, values: Sequence[Any]) -> dict[Any, list[str]]:
        """Return the keys of the nodes that have one of these values, sorted as they are shown."""
        seen = self._scope.get_listing(kind)
        if property_ == "key":  # by which who is shown pseudonyms knows nobody
            there = self.get_many(kind, [value for value in values if isinstance(value, str)])
            return {given: [node.key] for given, node in there.items()}
        self._asked.check(kind, (property_,))
        found = self._reader.lookup(kind, property_, values)
        if seen:
            visible = self._select_visible(kind, (key for keys in found.values() for key in keys))
            found = {value: [key for key in keys if key in visible] for value, keys in found.items()}
        return {
            value: sorted(self._shown.key(kind, key) for key in keys) for value, keys in found.items() if keys
        }

    def customers_of(self, records: Sequence[str]) -> dict[str, str]:
        """Return the customer of each of these source records, where both may be seen."""
        true = self._find_visible(RECORD, records)
        found = self._reader.customers_of(distinct(true.values()))
        visible = self._select_visible(CUSTOMER, found.values())
        return {
            given: self._shown.key(CUSTOMER, found[key])
            for given, key in true.items()
            if key in found and found[key] in visible
        }

    def records_of(self, customers: Sequence[str]) -> dict[str, list[str]]:
        """Return the source records of each of these customers, sorted as they are shown."""
        true = self._find_visible(CUSTOMER, customers)
        found = self._reader.records_of(distinct(true.values()))
        return {
            given: sorted(self._shown.key(RECORD, record) for record in found[key])
            for given, key in true.items()
            if key in found
        }

    def shows_pattern(self, parts: Iterable[Part]) -> bool:
        """Tell whether all nodes that a pattern names, by keys as given, are for the caller to know."""
        for kind, keys in list_named(self.vocabulary, parts):
            shared = bool(kind) and self._scope.is_shared(kind) and kind not in self._policy.pseudonymous
            if not shared and not (kind and self._find_visible(kind, keys).keys() >= set(keys)):
                return False
        return True

    # About the store

    def version(self) -> str:
        """Return a text that is another one whenever something was kept since, seen or not."""
        return self._reader.version()

    def latest_run(self) -> Run | None:
        """Return the newest run."""
        return self._reader.latest_run()

    def setting(self, name: str) -> Any:
        """Return how the project has root causes looked for, under `project`; no other setting is shown."""
        if name != "project":
            raise RefusedError(f"the setting {name!r} is not for callers of the service")
        kept = self._reader.setting(name)
        return None if kept is None else {"root_causes": kept.get("root_causes", {})}

    def decisions(self, topic: str) -> list[Decision]:
        """Return what was decided on a topic, of subjects that may be seen.

        Who sees one customer is told none.
        """
        if self._caller.role is Role.WIDGET or self._caller.customer is not None:
            raise RefusedError("decisions are not for those who see one customer only")
        told = self._reader.decisions(topic)
        if not self._scope.whole:
            told = self._narrow(told)
        return [self._shown.decision(decision) for decision in told]

    def _narrow(self, told: Sequence[Decision]) -> list[Decision]:
        """Return decisions with the subjects that are seen, without reasons where that is not all of them."""
        kinds: dict[str, list[str]] = {}
        for subject in (s for decision in told for s in decision.subjects):
            kinds.setdefault(subject.kind, []).append(subject.key)
        known = (kind for kind in kinds if kind in self.vocabulary.kinds and self._scope.admits(kind))
        seen = {kind: self._select_visible(kind, kinds[kind]) for kind in known}
        narrowed = []
        for decision in told:
            subjects = [s for s in decision.subjects if s.key in seen.get(s.kind, ())]
            if len(subjects) == len(decision.subjects):
                narrowed.append(decision)
            elif subjects:
                narrowed.append(replace(decision, subjects=subjects, why=""))
        return narrowed

    def check(self) -> list[Problem]:
        """Return what is wrong with the store, to administrators."""
        if self._caller.role is not Role.ADMIN or not self._scope.whole:
            raise RefusedError("the state of the store is for administrators")
        return self._reader.check()

    def progress(self, run: int, source: str) -> Progress | None:  # noqa: ARG002
        """Refuse: how far a source was read is no caller's business."""
        raise RefusedError("progress is not for callers of the service")

    def known_records(self, source: str, keys: Sequence[str]) -> dict[str, KnownRecord]:  # noqa: ARG002
        """Refuse: which rows a source has is no caller's business."""
        raise RefusedError("known_records is not for callers of the service")

    def rejected_rows(self, *, source: str | None = None) -> Iterator[RejectedRow]:  # noqa: ARG002
        """Refuse: rows in quarantine hold what was read as it was, people's data with it."""
        raise RefusedError("rejected_rows is not for callers of the service", hint="motivo quarantine")
