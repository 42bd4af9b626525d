"""Projections that are kept for repeated analysis, shared between threads.

What is asked of arrays is answered from a *snapshot*: the kinds and triples that the question needs, all of
one version of the store, projected when first asked for. When the store has changed, the snapshot is made
anew, but not more often than a tenth of the time may go into it, so that an ingest that goes on does not
make every question slow. Who asks meanwhile gets the one before; `as_of` says of when it is. A large graph
takes longer to read than a question may; where a view can open another reader, that is done by a thread of
its own.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from graph.contract import Reader
from graph.projection import Projection
from schema.errors import OvertimeError
from schema.kinds import Triple
from schema.vocabulary import Vocabulary

T = TypeVar("T")
Part = str | Triple  # a kind, or a triple
SOONEST = 5.0  # seconds from one projection to the next
SHARE = 10.0  # times as long as the projection took, from one to the next
MOST_BYTES = 2 << 30
PATIENCE = 20.0  # seconds that a question waits for arrays
BRIEFLY = 0.5  # seconds that it waits for newer ones than there are, if they took no longer the last time


def measure_bytes(value: Any) -> int:
    """Return how many bytes of arrays a value holds: an array, a table, or what is made of some."""
    if (held := getattr(value, "nbytes", None)) is not None:
        return int(held)
    if isinstance(value, Mapping):
        return sum(map(measure_bytes, value.values()))
    if isinstance(value, tuple | list):
        return sum(map(measure_bytes, value))
    if is_dataclass(value):
        return sum(measure_bytes(getattr(value, f.name)) for f in fields(value))
    return 0


@dataclass(eq=False)
class _Kept:
    """A part of a projection, or what was made of some: when it was used last, and its size."""

    value: Any = None
    made: bool = False
    used: int = 0
    nbytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(eq=False)
class _Generation:
    """All that is kept of one version, seen in one scope."""

    version: str
    as_of: datetime
    born: int  # in uses of anything
    parts: dict[Part, _Kept] = field(default_factory=dict)
    derived: dict[Hashable, _Kept] = field(default_factory=dict)


@dataclass(eq=False)
class _Loading:
    """Parts that a thread is reading, and what came of it."""

    wanted: Sequence[Part]
    done: threading.Event = field(default_factory=threading.Event)
    snapshot: Snapshot | None = None
    error: BaseException | None = None

    def get(self) -> Snapshot:
        """Return what was read; raises what the thread raised."""
        if self.snapshot is None:
            raise self.error or OvertimeError("the graph was not read")
        return self.snapshot


@dataclass(eq=False)
class _Scope:
    """What is kept for those who see the same; the lock is held by the one who projects."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    generation: _Generation | None = None
    loading: _Loading | None = None
    tried: float = -math.inf  # when a projection ended last, well or not
    took: float = 0.0  # to project all of the generation


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Some kinds and triples of a graph, all of one version; `as_of`: they are not older than that."""

    projection: Projection
    version: str
    as_of: datetime
    _snapshots: Snapshots
    _generation: _Generation

    def keep(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a name beside this version's arrays, made on first use by one thread.

        What `make` makes must follow from the version alone, and be left as it is.
        """
        return self._snapshots.keep(self._generation, name, make)


@dataclass(frozen=True)
class _Found:
    """A snapshot, and whether it is to be had as it is: it is of now, or too young to be replaced."""

    snapshot: Snapshot
    settled: bool


@dataclass(frozen=True)
class View:
    """The graph as one reader shows it, in arrays that those of the same scope share.

    `open`: makes another reader that shows the same, for a thread that reads arrays however long that takes;
    a question then waits `patience` seconds for them (`OvertimeError`), and not at all for newer ones than
    there are, unless these come briefly. Without it, arrays are read by `reader` itself.
    """

    snapshots: Snapshots
    reader: Reader
    scope: Hashable = None
    open: Callable[[], Reader] | None = None
    patience: float = PATIENCE

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the reader shows."""
        return self.reader.vocabulary

    def take(self, kinds: Iterable[str] = (), triples: Iterable[Triple] = ()) -> Snapshot:
        """Return these kinds, and these triples with the kinds at their ends, all of one version.

        They are of the version of now, or of one that was replaced a short while ago.
        """
        return self.snapshots.take(self, kinds, triples)


class Snapshots:
    """Keeps snapshots of one store, a set for each scope, in bounded memory.

    A *scope* is whatever tells callers apart who do not see the same rows and properties: the caller of this
    chooses it, and gives a reader that shows just that. What was used least recently is let go of when all
    of it together holds more than `most_bytes`; a single question may need more, and gets it.
    """

    def __init__(
        self,
        *,
        most_bytes: int = MOST_BYTES,
        soonest: float = SOONEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most_bytes, self.soonest, self._clock = most_bytes, soonest, clock
        self._lock = threading.Lock()  # of what follows, held for moments only
        self._scopes: dict[Hashable, _Scope] = {}
        self._uses = count(1)

    def view(
        self,
        reader: Reader,
        scope: Hashable = None,
        open_: Callable[[], Reader] | None = None,
        *,
        patience: float = PATIENCE,
    ) -> View:
        """Return the graph as a reader shows it; see `View`."""
        return View(self, reader, scope, open_, patience)

    @property
    def nbytes(self) -> int:
        """How many bytes of arrays are kept."""
        with self._lock:
            return sum(entry.nbytes for *_, entry in self._entries())

    def take(self, view: View, kinds: Iterable[str], triples: Iterable[Triple]) -> Snapshot:
        """Return what a view takes."""
        links = tuple(dict.fromkeys(triples))
        ends = (kind for t in links for kind in (t.start, t.end))
        wanted: tuple[Part, ...] = (*dict.fromkeys((*kinds, *ends)), *links)
        with self._lock:
            held = self._scopes.setdefault(view.scope, _Scope())
        version = view.reader.version()
        found = self._find(held, wanted, version)
        if found is not None and found.settled:
            return found.snapshot
        if view.open is not None:
            return self._await(held, found, wanted, view.open, view.patience)
        # One projects. Who has what it needs, if of the version before, does not wait for it.
        if found is None:
            held.lock.acquire()
        elif not held.lock.acquire(blocking=False):
            return found.snapshot
        try:
            found = self._find(held, wanted, version)  # another may have made it meanwhile
            if found is not None and found.settled:
                return found.snapshot
            return self._load(held, view.reader, wanted)
        finally:
            held.lock.release()

    def _await(
        self,
        held: _Scope,
        found: _Found | None,
        wanted: Sequence[Part],
        open_: Callable[[], Reader],
        patience: float,
    ) -> Snapshot:
        """Return parts that a thread reads, or those that there are of a version before."""
        until = time.monotonic() + patience
        while True:
            loading = self._begin(held, wanted, open_)
            if found is not None:
                if held.took <= BRIEFLY:
                    loading.done.wait(BRIEFLY)
                return (self._find(held, wanted, "") or found).snapshot
            if not loading.done.wait(max(until - time.monotonic(), 0.0)):
                raise OvertimeError("the graph is still being read", hint="ask again in a moment")
            if set(wanted) <= set(loading.wanted):
                return loading.get()
            found = self._find(held, wanted, "")  # another's parts; or they are read next

    def _begin(self, held: _Scope, wanted: Sequence[Part], open_: Callable[[], Reader]) -> _Loading:
        """Return the reading that is under way in a scope, or begin one."""
        with self._lock:
            if held.loading is None or held.loading.done.is_set():
                held.loading = _Loading(wanted)
                work = (held, held.loading, open_)
                threading.Thread(target=self._read, args=work, name="arrays", daemon=True).start()
            return held.loading

    def _read(self, held: _Scope, loading: _Loading, open_: Callable[[], Reader]) -> None:
        try:
            with closing(open_()) as reader, held.lock:
                loading.snapshot = self._load(held, reader, loading.wanted)
        except BaseException as error:  # whoever waits for it raises it
            loading.error = error
        finally:
            loading.done.set()

    def _find(self, held: _Scope, wanted: Iterable[Part], version: str) -> _Found | None:
        """Return these parts as they are kept, or None where one of them is missing."""
        with self._lock:
            kept = held.generation
            if kept is None or any(part not in kept.parts for part in wanted):
                return None
            parts = {part: self._use(kept.parts[part]) for part in wanted}
        due = self._clock() - held.tried >= max(self.soonest, SHARE * held.took)
        return _Found(self._snapshot(kept, parts), settled=kept.version == version or not due)

    def _snapshot(self, kept: _Generation, parts: Mapping[Part, Any]) -> Snapshot:
        nodes = {part: table for part, table in parts.items() if isinstance(part, str)}
        links = {part: table for part, table in parts.items() if isinstance(part, Triple)}
        return Snapshot(Projection(nodes, links), kept.version, kept.as_of, self, kept)

    def _use(self, entry: _Kept) -> Any:
        entry.used = next(self._uses)
        return entry.value

    def _load(self, held: _Scope, reader: Reader, wanted: Sequence[Part]) -> Snapshot:
        """Project what is missing, and note how long it took."""
        begun, before = self._clock(), held.generation
        try:
            return self._project(held, reader, wanted)
        finally:
            held.tried = self._clock()
            added = held.generation is before  # or it failed, and is not tried again soon
            held.took = held.tried - begun + (held.took if added else 0.0)

    def _project(self, held: _Scope, reader: Reader, wanted: Sequence[Part]) -> Snapshot:
        """Project what is missing; all that is in use, where the rest is of another version."""
        kept, as_of, version = held.generation, datetime.now(UTC), reader.version()
        if kept is not None and kept.version == version:
            with self._lock:
                parts = {part: self._use(kept.parts[part]) for part in wanted if part in kept.parts}
            missing = [part for part in wanted if part not in parts]
            loaded = _project(reader, missing)
            if reader.version() == version:
                added = {part: loaded[part] for part in missing}
                self._add(held, kept, added)
                return self._snapshot(kept, {**parts, **added})
            as_of, version = datetime.now(UTC), reader.version()
        with self._lock:
            in_use = [] if kept is None else [part for part, e in kept.parts.items() if e.used > kept.born]
            made = _Generation(version, as_of, next(self._uses))
        loaded = _project(reader, dict.fromkeys((*wanted, *in_use)))
        self._add(held, made, {part: loaded[part] for part in (*wanted, *in_use)}, wanted)
        return self._snapshot(made, {part: loaded[part] for part in wanted})

    def _add(
        self,
        held: _Scope,
        kept: _Generation,
        parts: Mapping[Part, Any],
        asked: Collection[Part] | None = None,
    ) -> None:
        """Keep parts in a generation that is the scope's from now on; `asked`: those used just now."""
        with self._lock:
            since = next(self._uses)
            for part, table in parts.items():
                entry = kept.parts[part] = _Kept(table, made=True, nbytes=measure_bytes(table))
                if asked is None or part in asked:
                    self._use(entry)
            held.generation = kept
            self._drop(since)

    def keep(self, kept: _Generation, name: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a name of a generation, made on first use."""
        with self._lock:
            entry = kept.derived.setdefault(name, _Kept())
            since = entry.used = next(self._uses)
        if not entry.made:
            with entry.lock:
                if not entry.made:
                    entry.value = make()
                    entry.made = True
                    with self._lock:
                        entry.nbytes = measure_bytes(entry.value)
                        self._drop(since)
        value: T = entry.value
        return value

    def _entries(self) -> Iterable[tuple[dict[Any, _Kept], Hashable, _Kept]]:
        for scope in self._scopes.values():
            if scope.generation is not None:
                for holder in (scope.generation.parts, scope.generation.derived):
                    yield from ((holder, name, entry) for name, entry in holder.items())

    def _drop(self, since: int) -> None:
        """Let go of what was used least recently, before `since`, until the rest fits."""
        entries = [each for each in self._entries() if each[2].made]
        total = sum(entry.nbytes for *_, entry in entries)
        for holder, name, entry in sorted(entries, key=lambda each: each[2].used):
            if total <= self.most_bytes or entry.used >= since:
                break
            del holder[name]
            total -= entry.nbytes
        for key in [key for key, scope in self._scopes.items() if self._is_idle(scope)]:
            del self._scopes[key]

    def _is_idle(self, scope: _Scope) -> bool:
        kept = scope.generation
        return kept is not None and not kept.parts and not kept.derived and not scope.lock.locked()


def _project(reader: Reader, parts: Iterable[Part]) -> dict[Part, Any]:
    """Return parts and what comes along with them, all of one moment, columns in one piece."""
    chosen = tuple(parts)
    kinds = [part for part in chosen if isinstance(part, str)]
    found = reader.project(kinds, [part for part in chosen if isinstance(part, Triple)])
    loaded: list[tuple[Part, Any]] = [*found.nodes.items(), *found.relationships.items()]
    return {part: table.combine_chunks() for part, table in loaded}
