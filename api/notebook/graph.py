"""What is imported into a notebook: a graph that is opened, asked and closed, and never written to."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from html import escape
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa

from algorithms import find_causes, parse_condition
from algorithms.aggregation import Base, Period, When, aggregate, follow_trend
from algorithms.aggregation.arrays import Needs, take
from algorithms.aggregation.conditions import choose
from algorithms.networks import Network, build_network
from api.notebook.frame import Frame
from api.notebook.reading import (
    Conditions,
    Groupings,
    Measures,
    read_conditions,
    read_groupings,
    read_measures,
    read_triple,
)
from api.notebook.tables import (
    list_kinds,
    tabulate_aggregate,
    tabulate_causes,
    tabulate_relationships,
    tabulate_trend,
)
from api.settings import read_settings
from api.stores import open_graph as open_store
from graph import Order, Reader, Snapshots, Store, View, hide_password
from schema import MissingExtraError, Triple, UsageError, Vocabulary


def open_graph(store: str | Path | None = None) -> Graph:
    """Open a store for reading: a URL, the file of an SQLite store, or by default the one that settings name.

    `StoreError` if there is none. Close it, or use it in a `with` block.
    """
    url = read_settings().store if store is None else str(store)
    return Graph(open_store(url if "://" in url else f"sqlite:///{url}"))


class Graph:
    """A graph to be asked, never written to. What is asked often is kept in memory, until the store changes.

    Conditions may be texts (`language = es`, `filed_at >= 2026-01-01`), groups too (`language`,
    `month(filed_at)`, `Complaint-ABOUT->Product.category`), and measures (`count`, `customers`,
    `mean(score)`, `quantile(score, 0.9)`). What cannot be asked is a `UsageError` that says what can.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = threading.local()
        self._snapshots = Snapshots()

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    @property
    def _reader(self) -> Reader:
        if not hasattr(self._threads, "reader"):
            self._threads.reader = self._store.reader()
        reader: Reader = self._threads.reader
        return reader

    @property
    def _view(self) -> View:
        return self._snapshots.view(self._reader)

    @property
    def vocabulary(self) -> Vocabulary:
        """The kinds and relationships that the graph speaks of."""
        return self._reader.vocabulary

    def kinds(self) -> Frame:
        """Return the kinds of nodes, and how many there are of each."""
        about = {kind.name: kind.about for kind in self.vocabulary.kinds.values()}
        return Frame(list_kinds(self._reader.totals().nodes, about), "kinds")

    def nodes(self, kind: str, where: Conditions = (), columns: Sequence[str] | None = None) -> Frame:
        """Return the nodes of a kind that meet all conditions: `key` and properties, money as two columns."""
        view, kind = self._view, self.vocabulary.get_kind(kind).name
        conditions = read_conditions(where, kind, self.vocabulary)
        arrays = take(view, Needs(), {kind: conditions})
        table: pa.Table = arrays.snapshot.projection.nodes[kind]
        chosen = choose(arrays, kind, conditions)
        if chosen is not None:
            table = table.take(pa.array(np.flatnonzero(chosen)))
        if columns is not None:
            missing = [name for name in columns if name not in table.column_names]
            if missing:
                known = ", ".join(table.column_names)
                raise UsageError(f"{kind} has no column {', '.join(missing)}", hint=f"of {known}")
            table = table.select(list(columns))
        return Frame(table, kind)

    def relationships(self, type_: str) -> Frame:
        """Return the relationships of a type (`FILED`), or of one triple (`Customer-FILED->Complaint`)."""
        if "->" in type_:
            triples: tuple[Triple, ...] = (read_triple(type_, self.vocabulary),)
        else:
            triples = self.vocabulary.get_relationship(type_).triples()
        projection = self._view.take(triples=triples).projection
        return Frame(tabulate_relationships(projection, triples), type_)

    def aggregate(
        self,
        kind: str,
        by: Groupings = (),
        measures: Measures = ("count",),
        where: Conditions = (),
        *,
        order: str | Order | None = None,
        limit: int | None = None,
    ) -> Frame:
        """Return measures of the nodes of a kind, a row a group.

        `by`: groups, or groups by the names that their columns are to have. `order`: the name of a measure
        (`mean_score`), greatest first; else rows come in the order of their groups.
        """
        groupings = read_groupings(by)
        found = aggregate(
            self._view,
            kind,
            by=list(groupings.values()),
            measures=read_measures(measures),
            where=read_conditions(where, kind, self.vocabulary),
            order=Order(order, descending=True) if isinstance(order, str) else order,
            limit=limit,
        )
        return Frame(tabulate_aggregate(found, list(groupings)), f"{kind} by {', '.join(groupings)}", found)

    def trend(
        self,
        kind: str = "Complaint",
        per: Period | When = "month",
        where: Conditions = (),
        *,
        by: Groupings = (),
        against: str | Base | None = None,
        top: int = 10,
    ) -> Frame:
        """Return how many nodes of a kind there are by periods, with 95 % intervals; by groups, if any.

        `against`: the units that rates are of (`Subscription`), of which groups are then.
        """
        groupings = read_groupings(by)
        lenses = list(groupings.values())
        base = Base(against) if isinstance(against, str) else against
        if base is not None and lenses:
            base, lenses = Base(base.kind, lenses, base.where, base.per), []
        found = follow_trend(
            self._view,
            kind,
            per if isinstance(per, When) else When(per),
            lenses=lenses,
            where=read_conditions(where, kind, self.vocabulary),
            against=base,
            top=top,
        )
        return Frame(tabulate_trend(found, list(groupings)), f"{kind} by {found.per}", found)

    def root_causes(
        self, unit: str | None = None, where: str | Sequence[str] = (), *, max_order: int = 3
    ) -> Frame:
        """Return the root causes of complaints, as `motivo causes` finds them; `source` has all of each.

        `where`: conditions on complaints or, with the kind before them (`Order.status = late`), on the units.
        """
        several = [where] if isinstance(where, str) else where
        chosen = [parse_condition(text, self.vocabulary) for text in several]
        found = find_causes(self._view, unit=unit, where=chosen, max_order=max_order)
        return Frame(tabulate_causes(found, read_settings().language), f"root causes ({found.unit})", found)

    def network(
        self,
        kinds: Sequence[str] | None = None,
        *,
        triples: Sequence[str] | None = None,
        directed: bool = False,
    ) -> Network:
        """Return the graph, or these kinds and triples of it, as a graph of networkx; nodes are (kind, key).

        Calls of networkx take it as it is; `algorithms.networks.to_networkx` makes a plain one of it.
        """
        if importlib.util.find_spec("networkx") is None:
            raise MissingExtraError("networks", "a graph of networkx")
        vocabulary = self.vocabulary
        names = list(vocabulary.kinds if kinds is None and triples is None else kinds or ())
        chosen = [read_triple(text, vocabulary) for text in triples or ()]
        if triples is None:
            chosen = [t for t in vocabulary.triples if t.start in names and t.end in names]
        for name in names:
            vocabulary.get_kind(name)
        return build_network(self._view.take(names, chosen).projection, directed=directed)

    def __repr__(self) -> str:
        return f"<Graph {hide_password(self._store.url)}>"

    def _repr_html_(self) -> str:
        url = escape(hide_password(self._store.url))
        kinds = self.kinds().to_arrow()
        held = Frame(kinds.filter(pa.compute.greater(kinds["nodes"], 0)), "kinds with nodes")
        return f"<p><b>Graph</b> {url}</p>{held._repr_html_()}"
