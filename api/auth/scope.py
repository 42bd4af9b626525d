"""Row scope: the customers that a caller may see, and what is theirs, as conditions of the store.

What is hidden is as if it were not there, for every question: it is not found, counted, walked through or
compared with. A node that several customers have is seen by who may see one of them; what lies behind
such a node, as seen from the customer, is seen only where it is no other customer's: the payment of an
invoice, but not the tickets of everyone who has the same router.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from api.auth.caller import Caller, Role
from api.auth.ownership import find_joins, find_owners, is_shared
from graph import And, Condition, Linked, Not, Or, Where
from schema import CUSTOMER, Direction, RefusedError, Vocabulary
from schema.paths import Step

Conditions = tuple[Condition, ...]


class Scope:
    """Which nodes a caller may see. Where `whole`, that is all of them."""

    def __init__(self, vocabulary: Vocabulary, caller: Caller) -> None:
        self._vocabulary = vocabulary
        self._caller = caller
        self._visible: dict[str, Conditions] = {}
        self.whole = caller.customer is None and not caller.rows and caller.role is not Role.WIDGET

    @cached_property
    def _owners(self) -> Mapping[str, tuple[Step, ...]]:
        return find_owners(self._vocabulary)

    def is_shared(self, kind: str) -> bool:
        """Tell whether nodes of a kind are of no one customer."""
        return is_shared(self._vocabulary, kind)

    def admits(self, kind: str) -> bool:
        """Tell whether any node of a kind may be seen."""
        return self.whole or self.is_shared(kind) or kind in self._owners

    def get_conditions(self, kind: str) -> Conditions:
        """Return what the nodes of a kind must meet to be seen; () for all.

        `RefusedError` for a kind of which it cannot be told whose its nodes are.
        """
        if self.whole:
            return ()
        self._vocabulary.get_kind(kind)
        if not self.admits(kind):
            raise RefusedError(
                f"{kind} is not for those who see some customers only: no path tells whose it is",
                hint="a kind that is of no one customer is declared with shared: true",
            )
        if kind not in self._visible:
            self._visible[kind] = self._reach(kind) if self.is_shared(kind) else self._see(kind)
        return self._visible[kind]

    def get_listing(self, kind: str) -> Conditions:
        """Return the same for lists of all nodes of a kind; who sees one customer lists nothing shared."""
        conditions = self.get_conditions(kind)
        if not self.lists(kind):
            raise RefusedError(f"{kind} is not listed for those who see one customer only")
        return conditions

    def lists(self, kind: str) -> bool:
        """Tell whether nodes of a kind may be listed."""
        one = self._caller.customer is not None or self._caller.role is Role.WIDGET
        return self.admits(kind) and not (one and self.is_shared(kind))

    def get_beside(self, near: str, far: str) -> Conditions:
        """Return the same for neighbours of nodes that are seen."""
        if not self.whole and self.is_shared(far) and not self.is_shared(near):
            return ()  # what is shared, and next to what is theirs
        return self.get_conditions(far)

    # Whose it is

    @cached_property
    def _customers(self) -> list[Conditions]:
        """What customers meet who may be seen: all conditions of one of these."""
        caller = self._caller
        alone: Conditions = ()
        if caller.customer is not None:
            alone = (Where("key", "eq", caller.customer),)
        elif caller.role is Role.WIDGET:
            return []
        if not caller.rows:
            return [alone]
        joined = (c for kind, keys in caller.rows.items() for c in self._join(kind, keys))
        return [(*alone, condition) for condition in joined]

    def _join(self, kind: str, keys: Sequence[str]) -> list[Condition]:
        """Return what customers meet, one each, who are joined to one of these nodes."""
        if kind not in self._vocabulary.kinds:
            return []
        among = Where("key", "in", tuple(keys))
        if kind == CUSTOMER:
            return [among]
        return [_walk(path, (among,)) for path in find_joins(self._vocabulary, kind)]

    # Stores take conditions within each other to some depth only: hence one `Or` around all, no double `Not`.

    def _see(self, kind: str) -> Conditions:
        """Return what nodes meet of which an owner may be seen.

        Beyond what customers have themselves, nobody else may own what lies between, nor anything that they
        point at: a payment of two invoices, of which one is hidden, is hidden.
        """
        steps = self._owners[kind]
        pointing = [step for step in steps if step.direction is Direction.OUT and step.to != CUSTOMER]
        others = (Not(_link(step, self._foreign(step.to))) for step in pointing)
        return (_any(map(_all, self._ways(kind))), *others)

    def _ways(self, kind: str) -> list[Conditions]:
        """Return by what nodes are seen: all conditions of one of these."""
        if kind == CUSTOMER:
            return self._customers
        return [
            (_link(step, (*way, *(() if step.to == CUSTOMER else (Not(_all(self._foreign(step.to))),)))),)
            for step in self._owners[kind]
            for way in self._ways(step.to)
        ]

    def _foreign(self, kind: str) -> Conditions:
        """Return what nodes meet that belong to a customer who may not be seen, beside others or alone."""
        if kind == CUSTOMER:
            return tuple(Not(_all(way)) for way in self._customers)
        return (_any(_link(step, self._foreign(step.to)) for step in self._owners[kind]),)

    def _reach(self, kind: str) -> Conditions:
        """Return what shared nodes meet: for who sees one customer, to be joined to what is theirs.

        That is by one step, or by two of which the first leads to another shared node (the action on
        a cause of their complaint).
        """
        if self.lists(kind):
            return ()
        around = [Step(*walked) for walked in self._vocabulary.steps(kind)]
        beyond = [_link(step, (Or(self._touch(step.to)),)) for step in around if self.is_shared(step.to)]
        return (Or((*self._touch(kind), *beyond)),)

    def _touch(self, kind: str) -> list[Condition]:
        """Return what shared nodes meet, one each, that are next to something that is theirs."""
        around = [Step(*walked) for walked in self._vocabulary.steps(kind)]
        return [_link(step, self._see(step.to)) for step in around if step.to in self._owners]


def _link(step: Step, conditions: Conditions) -> Condition:
    return Linked(step.triple, step.direction, conditions)


def _any(conditions: Iterable[Condition]) -> Condition:
    found = tuple(conditions)
    return found[0] if len(found) == 1 else Or(found)


def _all(conditions: Conditions) -> Condition:
    return conditions[0] if len(conditions) == 1 else And(conditions)


def _walk(path: Sequence[Step], conditions: Conditions) -> Condition:
    """Return that a path leads from the nodes asked for to one that meets conditions."""
    step, *rest = path
    return _link(step, (_walk(rest, conditions),) if rest else conditions)
