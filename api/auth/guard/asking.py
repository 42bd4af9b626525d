"""What is asked, checked and put into the store's terms: conditions, orders, keys, cursors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from api.auth.policy import Policy
from api.auth.pseudonyms import MARK, Pseudonyms
from api.auth.scope import Conditions, Scope
from graph import And, Condition, Linked, Not, Or, Order, Where
from schema import Direction, LimitError, RefusedError, Triple, UsageError, Vocabulary

DEEPEST = 20  # conditions within conditions


class Asked:
    """Reads what a caller asks: refuses to ask by what they may not see, and takes pseudonyms back."""

    def __init__(self, policy: Policy, scope: Scope, pseudonyms: Pseudonyms) -> None:
        self._policy = policy
        self._scope = scope
        self._pseudonyms = pseudonyms

    def check(self, kind: str, names: Iterable[str]) -> None:
        """Refuse properties of a kind that may not be seen; of what is not declared the store tells."""
        declared = self._policy.vocabulary.get_kind(kind)
        for name in names:
            if name in declared.properties and not self._policy.asks(declared, name):
                raise RefusedError(
                    f"{kind}.{name} is not for you to see, nor to ask by",
                    hint=f"who is {self._policy.caller.role} sees what the vocabulary lets them",
                )

    # Keys and cursors

    def find_key(self, kind: str, given: str) -> str | None:
        """Return the key that a caller means, or None where they cannot know it.

        Who is shown pseudonyms knows no others; who is shown keys may have got a pseudonym from them.
        """
        if kind in self._policy.pseudonymous:
            return self._pseudonyms.find(kind, given)
        if given.startswith(MARK):
            return self._pseudonyms.find(kind, given) or given
        return given

    def find_keys(self, kind: str, given: Iterable[str]) -> dict[str, str]:
        """Return the keys that a caller means, by what they gave; without those that they cannot know."""
        found = ((text, self.find_key(kind, text)) for text in given)
        return {text: key for text, key in found if key is not None}

    def open_cursor(self, kind: str, place: str, given: str | None) -> str | None:
        """Return the store's cursor for one that `seal_cursor` gave out at the same place."""
        if given is None or kind not in self._policy.pseudonymous:
            return given
        cursor = self._pseudonyms.find(f"cursor {kind} {place}", given)
        if cursor is None:
            raise UsageError(
                "there is no such cursor here", hint="one is good for the list that it came with"
            )
        return cursor

    def seal_cursor(self, kind: str, place: str, cursor: str | None) -> str | None:
        """Return a cursor that tells no keys; as it is for who sees keys."""
        if not cursor or kind not in self._policy.pseudonymous:
            return cursor
        return self._pseudonyms.hide(f"cursor {kind} {place}", cursor)

    def open_mark(self, kind: str, given: str | None) -> str | None:
        """Return the store's mark for one that `seal_mark` gave out."""
        if given is None or self._sees_all(kind):
            return given
        mark = self._pseudonyms.find(f"mark {kind}", given)
        if mark is None:
            raise UsageError("there is no such mark")
        return mark

    def seal_mark(self, kind: str, mark: str) -> str:
        """Return a mark that does not tell how much came; as it is for who sees all that came."""
        return mark if self._sees_all(kind) else self._pseudonyms.hide(f"mark {kind}", mark)

    def _sees_all(self, kind: str) -> bool:
        return self._scope.whole and kind not in self._policy.pseudonymous

    # Conditions and orders

    def read_order(self, kind: str, order: Order | None) -> str:
        """Return what an order is by, if that is shown. Turned round, it has the same cursors."""
        if order is not None:
            self.check(kind, (order.name,))
        return "key" if order is None else order.name

    def read(self, kind: str, where: Sequence[Condition], depth: int = 0) -> Conditions:
        """Return conditions on nodes of a kind as the store may be asked.

        Neighbours that they speak of are those that are seen.
        """
        if depth > DEEPEST:
            raise LimitError("conditions are nested too deeply", hint=f"at most {DEEPEST} levels")
        return tuple(self._read(kind, condition, depth) for condition in where)

    def _read(self, kind: str, condition: Condition, depth: int) -> Condition:
        match condition:
            case Where():
                return self._read_where(kind, condition)
            case And(inner):
                return And(self.read(kind, inner, depth + 1))
            case Or(inner):
                return Or(self.read(kind, inner, depth + 1))
            case Not(one):
                return Not(*self.read(kind, (one,), depth + 1))
            case Linked(triple, direction, inner):
                near, far = get_ends(self._policy.vocabulary, triple, direction)
                if near != kind:
                    raise UsageError(f"{triple}, walked {direction}, does not begin at {kind}")
                seen = self._scope.get_beside(kind, far)
                return Linked(triple, direction, (*self.read(far, inner, depth + 1), *seen))
        raise RefusedError(f"a condition of an unknown form: {type(condition).__name__}")

    def _read_where(self, kind: str, where: Where) -> Condition:
        if where.name != "key":
            self.check(kind, (where.name,))
            return where
        if where.op in ("eq", "ne") and isinstance(where.value, str):
            return _compare(where, self.find_key(kind, where.value))
        if where.op == "in":
            return replace(where, value=tuple(self.find_keys(kind, _texts(where.value)).values()))
        if kind in self._policy.pseudonymous and where.op not in ("eq", "ne", "is_null"):
            raise RefusedError(
                f"keys of {kind} are not for you to see, nor to compare with",
                hint="a pseudonym can be asked for with eq, ne and in",
            )
        return where


def get_ends(vocabulary: Vocabulary, triple: Triple, direction: Direction) -> tuple[str, str]:
    """Return the kinds that a triple leads from and to, if there is such a triple."""
    known = vocabulary.get_triple(triple.start, triple.type, triple.end)
    return (known.start, known.end) if direction == Direction.OUT else (known.end, known.start)


def _compare(where: Where, key: str | None) -> Condition:
    """Return a comparison with a key; one that nobody has is no node's."""
    if key is not None:
        return replace(where, value=key)
    return Or(()) if where.op == "eq" else And(())


def _texts(values: Any) -> list[str]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise UsageError(f"`in` takes a list of values, not {values!r}")
    return [value for value in values if isinstance(value, str)]
