"""Walks from node to node, through what may be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.auth.guard.asking import get_ends
from api.auth.guard.frame import Frame, distinct, make_absent, told_as
from api.auth.guard.paths import WIDEST, find_paths
from graph import Branch, Condition, Neighbour, Order, Ref, Relationship, Walk
from schema import Direction, Triple, UsageError


class Walks(Frame):
    """Neighbours, their number, paths. Nodes that are hidden have no neighbours and are no one's."""

    def expand(self, kind: str, key: str) -> list[Branch]:
        """Return how many relationships to nodes that are seen a node has of each triple and direction."""
        true = self._get_visible(kind, key)
        if self._scope.whole:
            with told_as(kind, key):
                return self._reader.expand(kind, true)
        branches = []
        with self._working():
            for triple, direction, far in self._steps(kind):
                self._go_on()
                seen = self._scope.get_beside(kind, far)
                if count := self._reader.degrees(triple, direction, [true], where=seen).get(true):
                    branches.append(Branch(triple, direction, count))
        return branches

    def neighbours(
        self,
        kind: str,
        key: str,
        *,
        types: Sequence[str] | None = None,
        direction: Direction | None = None,
        limit: int = 100,
    ) -> list[Neighbour]:
        """Return relationships of a node with their other ends, where these are seen."""
        true = self._get_visible(kind, key)
        if self._scope.whole:
            with told_as(kind, key):
                found = self._reader.neighbours(kind, true, types=types, direction=direction, limit=limit)
            return [self._shown.neighbour(one) for one in found]
        if limit < 1:
            raise UsageError("the limit is at least one")
        found = []
        with self._working():
            for triple, way, far in self._steps(kind, types):
                if direction in (None, way) and len(found) < limit:
                    found += self._reach(triple, way, far, [true], limit - len(found)).get(true, [])
        return [self._shown.neighbour(one) for one in found]

    def follow(
        self,
        triple: Triple,
        direction: Direction,
        keys: Sequence[str],
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> dict[str, list[Neighbour]]:
        """Return the neighbours that are seen of many nodes by one triple, by key as it was given."""
        return self.follow_all([Walk(triple, direction, keys, after, limit, where, order)])[0]

    def follow_all(self, walks: Sequence[Walk]) -> list[dict[str, list[Neighbour]]]:
        """Return the same for several walks."""
        asked = [self._read_walk(walk) for walk in walks]
        answers = self._reader.follow_all([walk for walk, _ in asked])
        return [
            self._show_walk(walk, true, found) for (walk, true), found in zip(asked, answers, strict=True)
        ]

    def _read_walk(self, walk: Walk) -> tuple[Walk, dict[str, str]]:
        """Return a walk in the store's terms, and the true keys that it begins at by those given."""
        near, far = get_ends(self.vocabulary, walk.triple, walk.direction)
        conditions = (*self._asked.read(far, walk.where), *self._scope.get_beside(near, far))
        self._asked.read_order(far, walk.order)
        cursor = walk.after
        if cursor is not None:
            cursor = self._asked.open_cursor(far, self._find_place(walk, far), cursor)
        true = self._find_visible(near, walk.keys)
        keys = distinct(true.values())
        asked = Walk(walk.triple, walk.direction, keys, cursor, walk.limit, conditions, walk.order)
        return asked, true

    def _find_place(self, walk: Walk, far: str) -> str:
        """Return for what list a cursor is good."""
        return f"follow {walk.triple} {walk.direction} {self._asked.read_order(far, walk.order)}"

    def _show_walk(
        self, walk: Walk, true: Mapping[str, str], found: Mapping[str, list[Neighbour]]
    ) -> dict[str, list[Neighbour]]:
        """Return what a walk found as it is shown, by key as it was given."""
        self._meet(one.node for some in found.values() for one in some)
        far = walk.triple.end if walk.direction is Direction.OUT else walk.triple.start
        show, seal = self._shown.neighbour, self._asked.seal_cursor
        if far not in self._policy.pseudonymous:
            return {
                given: [show(one, one.cursor) for one in found[key]]
                for given, key in true.items()
                if key in found
            }
        place = self._find_place(walk, far)
        return {
            given: [show(one, seal(far, place, one.cursor) or "") for one in found[key]]
            for given, key in true.items()
            if key in found
        }

    def degrees(
        self, triple: Triple, direction: Direction, keys: Sequence[str], *, where: Sequence[Condition] = ()
    ) -> dict[str, int]:
        """Return how many neighbours that are seen each of these nodes has by a triple, by key as given."""
        near, far = get_ends(self.vocabulary, triple, direction)
        conditions = (*self._asked.read(far, where), *self._scope.get_beside(near, far))
        true = self._find_visible(near, keys)
        found = self._reader.degrees(triple, direction, distinct(true.values()), where=conditions)
        return {given: found[key] for given, key in true.items() if key in found}

    def between(self, refs: Sequence[Ref], *, limit: int = 10_000) -> list[Relationship]:
        """Return the relationships whose ends are both among these nodes, of those that are seen."""
        given: dict[str, list[str]] = {}
        for kind, key in refs:
            given.setdefault(self.vocabulary.get_kind(kind).name, []).append(key)
        seen = [
            (kind, key)
            for kind, keys in given.items()
            if self._scope.admits(kind)
            for key in distinct(self._find_visible(kind, keys).values())
        ]
        return [self._shown.relationship(one) for one in self._reader.between(seen, limit=limit)]

    def shortest_path(
        self, start: Ref, end: Ref, *, types: Sequence[str] | None = None, longest: int = 6
    ) -> list[Relationship] | None:
        """Return a shortest path through nodes that are seen; None where none is short enough."""
        if not self._scope.whole:
            found = self.shortest_paths(start, end, types=types, longest=longest, limit=1)
            return found[0] if found else None
        ends = (start[0], self._get_visible(*start)), (end[0], self._get_visible(*end))
        self._check_there(start, end)
        path = self._reader.shortest_path(*ends, types=types, longest=longest)
        return None if path is None else [self._shown.relationship(step) for step in path]

    def shortest_paths(
        self,
        start: Ref,
        end: Ref,
        *,
        types: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        longest: int = 6,
        limit: int = 10,
    ) -> list[list[Relationship]]:
        """Return shortest paths through nodes that are seen."""
        ends = (start[0], self._get_visible(*start)), (end[0], self._get_visible(*end))
        if self._scope.whole:
            self._check_there(start, end)
            found = self._reader.shortest_paths(*ends, types=types, kinds=kinds, longest=longest, limit=limit)
        else:
            if limit < 1:
                raise UsageError("the limit is at least one")
            for name in types or ():
                self.vocabulary.get_relationship(name)
            through = None if kinds is None else {self.vocabulary.get_kind(name).name for name in kinds}

            def look_around(kind: str, keys: Sequence[str]) -> Mapping[str, list[tuple[Relationship, Ref]]]:
                around: dict[str, list[tuple[Relationship, Ref]]] = {}
                for triple, way, far in self._steps(kind, types):
                    if through is None or far in through or far in (start[0], end[0]):
                        for key, some in self._reach(triple, way, far, keys, WIDEST).items():
                            refs = ((one.relationship, (far, one.node.key)) for one in some)
                            around.setdefault(key, []).extend(
                                pair for pair in refs if through is None or far in through or pair[1] in ends
                            )
                return around

            with self._working():
                found = find_paths(look_around, *ends, longest=longest, limit=limit)
        return [[self._shown.relationship(step) for step in path] for path in found]

    def _check_there(self, *refs: Ref) -> None:
        """Tell which end of a path is not there, by the key that was given."""
        for kind, key in refs:
            if self._reader.find(kind, self._get_visible(kind, key)) is None:
                raise make_absent(kind, key)

    def _steps(
        self, kind: str, types: Sequence[str] | None = None
    ) -> Iterator[tuple[Triple, Direction, str]]:
        """Yield the triples that lead from a kind to one of which nodes may be seen, and that kind."""
        for name in types or ():
            self.vocabulary.get_relationship(name)
        for triple, way in self.vocabulary.steps(kind):
            far = triple.end if way is Direction.OUT else triple.start
            if (types is None or triple.type in types) and self._scope.admits(far):
                yield triple, way, far

    def _reach(
        self, triple: Triple, way: Direction, far: str, true: Sequence[str], limit: int
    ) -> dict[str, list[Neighbour]]:
        """Return the neighbours that are in scope, without cursors, as the store has them."""
        self._go_on()
        near = triple.start if way is Direction.OUT else triple.end
        seen = self._scope.get_beside(near, far)
        found = self._reader.follow(triple, way, true, limit=limit, where=seen)
        self._meet(one.node for some in found.values() for one in some)
        return found
