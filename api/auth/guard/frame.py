"""What the parts of the guarded reader share: who asks, what they may see, who was found to be seen."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from api.auth.caller import CLEARANCE, Caller, Role
from api.auth.guard.asking import Asked
from api.auth.guard.projecting import View
from api.auth.guard.showing import Shown
from api.auth.policy import SMALLEST_GROUP, Policy
from api.auth.pseudonyms import Pseudonyms
from api.auth.scope import Scope
from api.auth.sightings import Sightings
from graph import Node, Reader, Ref
from schema import AuthenticationError, NotFoundError, OvertimeError, Vocabulary


class Nobody:
    """The reader of who has not said who they are."""

    def __getattr__(self, name: str) -> Any:
        raise AuthenticationError("nothing of the graph is shown to who has not signed in")


class Frame:
    """A caller before a reader. Keys are *given* as the caller knows them, *true* as the store does."""

    def __init__(
        self,
        reader: Reader,
        caller: Caller,
        pseudonyms: Pseudonyms,
        *,
        smallest_group: int = SMALLEST_GROUP,
    ) -> None:
        nobody: Any = Nobody()
        self._open = reader  # for what tells nothing of the graph
        self._vocabulary = reader.vocabulary
        self._reader: Reader = nobody if caller.role is Role.ANYONE else reader
        self._caller = caller
        self._policy = Policy(self._vocabulary, caller, smallest_group=smallest_group)
        self._scope = Scope(self._vocabulary, caller)
        self.sightings = Sightings()
        self._asked = Asked(self._policy, self._scope, pseudonyms)
        self._shown = Shown(self._policy, self._scope, pseudonyms, self.sightings)
        self._view = View(self._policy, self._scope, pseudonyms)
        self._met: set[Ref] = set()  # nodes that were found to be in scope
        self._works = self._stopped = False

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the store holds."""
        return self._vocabulary

    @property
    def caller(self) -> Caller:
        """Who asks: for a reader of another thread that shows the same."""
        return self._caller

    @property
    def view(self) -> Hashable:
        """What callers see: equal where they see the same, for what is kept from one request to the next."""
        caller = self._caller
        rows = tuple(sorted((kind, tuple(sorted(keys))) for kind, keys in caller.rows.items()))
        of_its_own = caller.role if caller.role in (Role.ANYONE, Role.WIDGET) else None
        return (CLEARANCE[caller.role], of_its_own, caller.customer, rows, self._policy.smallest_group)

    def interrupt(self) -> None:
        """End what this reader is doing with an `OvertimeError`; may be called from another thread."""
        self._stopped = self._works
        self._open.interrupt()

    def close(self) -> None:
        """Let go of what the reader holds."""
        self._open.close()

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Mark work of many questions, so that it can be interrupted between two of them, too."""
        self._works, self._stopped = True, False
        try:
            yield
        finally:
            self._works = False

    def _go_on(self) -> None:
        if self._stopped:
            raise OvertimeError("this takes longer than it may")

    # Who is seen

    def _meet(self, nodes: Iterable[Node]) -> None:
        if not self._scope.whole:
            self._met.update((node.kind, node.key) for node in nodes)

    def _select_visible(self, kind: str, true: Iterable[str]) -> Collection[str]:
        """Return those of these nodes that are in scope; where all are, whether they are there or not."""
        keys = list(dict.fromkeys(true))
        conditions = self._scope.get_conditions(kind)
        if not conditions:
            return set(keys)
        unknown = [key for key in keys if (kind, key) not in self._met]
        if unknown:
            self._meet(self._reader.get_many(kind, unknown, where=conditions).values())
        return {key for key in keys if (kind, key) in self._met}

    def _find_visible(self, kind: str, given: Iterable[str]) -> dict[str, str]:
        """Return the true keys of those of these nodes that are in scope, by given key."""
        self.vocabulary.get_kind(kind)
        true = self._asked.find_keys(kind, given)
        visible = self._select_visible(kind, true.values())
        return {text: key for text, key in true.items() if key in visible}

    def _get_visible(self, kind: str, given: str) -> str:
        true = self._find_visible(kind, [given]).get(given)
        if true is None:
            raise make_absent(kind, given)
        return true


@contextmanager
def told_as(kind: str, given: str) -> Iterator[None]:
    """Tell that a node is not there by the key that the caller gave, which is not always its own."""
    try:
        yield
    except NotFoundError:
        raise make_absent(kind, given) from None


def make_absent(kind: str, given: str, at: datetime | None = None) -> NotFoundError:
    """Return the error for a node that is not there; the same for one that may not be seen."""
    return NotFoundError(f"there is no {kind} {given!r}" + (f" at {at}" if at else ""))


def distinct(keys: Iterable[str]) -> Sequence[str]:
    """Return keys without doubles, in order."""
    return list(dict.fromkeys(keys))
