"""Lists, searches, groups and arrays of what may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.auth.guard.frame import Frame
from graph import Arrivals, Condition, Hit, Measure, Order, Page, Projection, Totals
from schema import RefusedError, Triple

COUNT = Measure("count")


class Lists(Frame):
    """What is asked of many nodes at once."""

    def page(
        self,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> Page:
        """Return nodes in order, from behind the cursor `after`."""
        conditions = (*self._asked.read(kind, where), *self._scope.get_listing(kind))
        place = f"page {self._asked.read_order(kind, order)}"
        cursor = self._asked.open_cursor(kind, place, after)
        page = self._reader.page(kind, after=cursor, limit=limit, where=conditions, order=order)
        self._meet(page.nodes)
        return Page(
            [self._shown.node(node) for node in page.nodes],
            self._asked.seal_cursor(kind, place, page.next),
            [self._asked.seal_cursor(kind, place, one) or "" for one in page.cursors],
        )

    def arrivals(self, kind: str, *, after: str | None = None, limit: int = 100) -> Arrivals:
        """Return the nodes that came since a mark; of those that are hidden, not how many."""
        seen = self._scope.get_listing(kind)
        mark = self._asked.open_mark(kind, after)
        found = self._reader.arrivals(kind, after=mark, limit=limit)
        visible = self._select_visible(kind, [node.key for node in found.nodes]) if seen else None
        nodes = [self._shown.node(n) for n in found.nodes if visible is None or n.key in visible]
        return Arrivals(nodes, self._asked.seal_mark(kind, found.mark))

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] | None = None,
        limit: int = 20,
        properties: Mapping[str, Sequence[str]] | None = None,
        where: Mapping[str, Sequence[Condition]] | None = None,
    ) -> list[Hit]:
        """Return the nodes that are found by texts that are shown; kinds that have none are left out.

        A kind that is asked for by name, and has none, is refused.
        """
        for kind in kinds or ():
            self._scope.get_listing(kind)
        looked_at = self._choose_properties(kinds, properties)
        meets = {kind: self._asked.read(kind, conditions) for kind, conditions in (where or {}).items()}
        found = self._reader.search(
            text,
            kinds=list(looked_at),
            limit=limit,
            properties=looked_at,
            where={kind: (*meets.get(kind, ()), *self._scope.get_listing(kind)) for kind in looked_at},
        )
        self._meet(hit.node for hit in found)
        hits = (self._shown.hit(hit, place) for place, hit in enumerate(found))
        return [hit for hit in hits if hit is not None]

    def _choose_properties(
        self, kinds: Sequence[str] | None, properties: Mapping[str, Sequence[str]] | None
    ) -> dict[str, Sequence[str]]:
        """Return what is searched, by kind: of what is asked for, what is shown."""
        chosen: dict[str, Sequence[str]] = {}
        for kind in dict.fromkeys(self.vocabulary.kinds if kinds is None else kinds):
            declared = self.vocabulary.get_kind(kind).properties.values()
            if properties is not None:
                seen = properties.get(kind, ())
                self._asked.check(kind, seen)
            else:
                seen = self._policy.select_searchable(self.vocabulary.get_kind(kind))
                if kinds is not None and not seen:
                    self._asked.check(kind, (p.name for p in declared if p.searchable))
            if seen and self._scope.lists(kind):
                chosen[kind] = seen
        return chosen

    def aggregate(
        self,
        kind: str,
        *,
        by: Sequence[str] = (),
        measures: Sequence[Measure] = (COUNT,),
        where: Sequence[Condition] = (),
    ) -> list[dict[str, Any]]:
        """Return one row a group.

        Small groups of what is customers' are left out for who may not know people.
        """
        conditions = (*self._asked.read(kind, where), *self._scope.get_listing(kind))
        self._asked.check(kind, (*by, *(m.of for m in measures)))
        if kind in self._policy.pseudonymous and "key" in (
            *by,
            *(m.of for m in measures if m.op != "distinct"),
        ):
            raise RefusedError(f"keys of {kind} are not for you to see, nor to group by")
        least = self._policy.smallest_group if by and not self._scope.is_shared(kind) else 1
        counted = measures if least <= 1 or COUNT in measures else (*measures, COUNT)
        rows = self._reader.aggregate(kind, by=by, measures=counted, where=conditions)
        self._note(kind, (*by, *(m.of for m in measures)))
        if least > 1:
            rows = [row for row in rows if row[COUNT.name] >= least]
        if counted is not measures:
            rows = [{name: value for name, value in row.items() if name != COUNT.name} for row in rows]
        return rows

    def totals(self) -> Totals:
        """Return how much there is; who sees some customers only is told the nodes, and no relationships."""
        if self._scope.whole:
            return self._reader.totals()
        nodes = {}
        with self._working():
            for kind in filter(self._scope.lists, self.vocabulary.kinds):
                self._go_on()
                seen = self._scope.get_listing(kind)
                if count := self._reader.aggregate(kind, where=seen)[0][COUNT.name]:
                    nodes[kind] = count
        return Totals(nodes, {})

    def project(
        self, kinds: Sequence[str] | None = None, triples: Sequence[Triple] | None = None
    ) -> Projection:
        """Return the graph, or a part of it, as arrays; what is hidden of it is null."""
        vocabulary = self.vocabulary
        if triples is None:
            among = vocabulary.kinds if kinds is None else kinds
            triples = [t for t in vocabulary.triples if t.start in among and t.end in among]
        wanted = list(vocabulary.kinds if kinds is None else kinds)
        wanted = list(dict.fromkeys([*wanted, *(kind for t in triples for kind in (t.start, t.end))]))
        needed = self._view.needs(wanted)
        whole = self._reader.project(wanted, list(dict.fromkeys([*triples, *needed])))
        return self._cut(whole, wanted, triples)

    def cut(self, whole: Projection) -> Projection:
        """Return a projection that was not made here as the caller may see it.

        `UsageError` where it has not got the triples by which it is told who may be seen.
        """
        return self._cut(whole, whole.nodes, whole.relationships)

    def _cut(self, whole: Projection, kinds: Iterable[str], triples: Iterable[Triple]) -> Projection:
        cut = self._view.cut(whole, kinds, triples)
        for kind, table in cut.nodes.items():
            if not self._scope.is_shared(kind):
                self.sightings.note_rows(kind, table.num_rows)
                self._note(kind, table.column_names)
        for triple, table in cut.relationships.items():
            type_ = self.vocabulary.get_relationship(triple.type)
            self.sightings.note_fields(triple.type, self._policy.select_personal(type_, table.column_names))
        return cut

    def _note(self, kind: str, names: Iterable[str]) -> None:
        declared = self.vocabulary.get_kind(kind)
        self.sightings.note_fields(kind, self._policy.select_personal(declared, names))
