"""Root causes, with the units and customers that each of them holds for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa

from algorithms.actions import Pinned
from algorithms.aggregation.arrays import combine
from algorithms.analysis import FILED, Analysis, Found, Report
from algorithms.causes import Reporter
from algorithms.findings import Finding, Findings
from algorithms.reach import Chosen, Indices
from algorithms.strata import Stratum
from graph import Reader, View
from schema import CUSTOMER, NotFoundError


@dataclass(frozen=True, eq=False)
class Exposed:
    """Whom a root cause holds for: positions of units, and of customers in the order of their keys.

    `quiet`: the customers who have filed no complaint of it.
    """

    units: Indices
    customers: Indices
    quiet: Indices


@dataclass(frozen=True, eq=False)
class Survey:
    """What `find_causes` returns, and by the id of each root cause whom it holds for.

    `units` and `customers` are the keys of all, those of customers sorted. `version`
    and `as_of` are those of the snapshot that it was found on, if on one.
    """

    findings: Findings
    units: pa.Array
    customers: pa.Array
    exposed: Mapping[str, Exposed]
    version: str = ""
    as_of: datetime | None = None

    @cached_property
    def _by_id(self) -> dict[str, Finding]:
        return {finding.id: finding for finding in self.findings.root_causes}

    def get(self, id_: str) -> Finding:
        """Return the root cause of an id; `NotFoundError` if there is none."""
        found = self.find(id_)
        if found is None:
            raise NotFoundError(
                f"there is no root cause {id_!r}", hint="it is found with its own unit and filter only"
            )
        return found

    def find(self, id_: str) -> Finding | None:
        """Return the root cause of an id, or None."""
        return self._by_id.get(id_)

    def find_exposing(self, customers: Sequence[str]) -> dict[str, list[Finding]]:
        """Return the root causes that hold for each of these customers, by rank."""
        found: dict[str, list[Finding]] = {}
        for key in customers:
            place = self._rank(key)
            known = place < len(self.customers) and self.customers[place].as_py() == key
            found[key] = [
                finding
                for finding in self.findings.root_causes
                if known and _holds(self.exposed[finding.id].customers, place)
            ]
        return found

    def count_exposed(self, id_: str, *, quiet: bool = False) -> int:
        """Return how many customers a root cause holds for; `quiet`: of those who have not complained."""
        return len(self._places(id_, quiet))

    def list_exposed(
        self, id_: str, *, quiet: bool = False, after: str | None = None, limit: int = 100
    ) -> list[str]:
        """Return keys of the customers that a root cause holds for, sorted, from behind `after`."""
        places = self._places(id_, quiet)
        if after is not None:
            begin = self._rank(after)
            passed = begin < len(self.customers) and self.customers[begin].as_py() == after
            places = places[np.searchsorted(places, begin + passed) :]
        keys: list[str] = self.customers.take(pa.array(places[:limit])).to_pylist()
        return keys

    def pin(self, id_: str) -> Pinned:
        """Return a root cause with the keys of its units, as an action on it is recorded."""
        finding = self.get(id_)
        keys = self.units.take(pa.array(self.exposed[id_].units)).to_pylist()
        return Pinned(id_, self.findings.unit, finding.pattern, finding.title, tuple(keys))

    def _places(self, id_: str, quiet: bool) -> Indices:
        exposed = self.exposed[self.get(id_).id]
        return exposed.quiet if quiet else exposed.customers

    def _rank(self, key: str) -> int:
        """Return how many keys of customers sort before this one: some twenty looks at a million."""
        low, high = 0, len(self.customers)
        while low < high:
            middle = (low + high) // 2
            if self.customers[middle].as_py() < key:
                low = middle + 1
            else:
                high = middle
        return low


def survey_causes(
    reader: Reader | View,
    *,
    unit: str | None = None,
    where: Sequence[Stratum] = (),
    max_order: int = 3,
    progress: Report | None = None,
) -> Survey:
    """Return the root causes of a store's complaints and whom they hold for; all as for `find_causes`.

    A unit belongs to the customers that it reaches by the shortest path through nothing that customers
    share; where there is no such path, a root cause holds for those who complained of its units.
    """
    analysis = Analysis(reader, unit, progress, where)
    found = analysis.search(max_order)
    analysis.report("gathering evidence")
    findings = Reporter(found).run()
    analysis.report("finding whom they hold for")
    # In the order of their keys, as a projection has them.
    customers = combine(analysis.graph.nodes[CUSTOMER]["key"])
    exposed = {
        finding.id: _find_exposed(found, found.rows[cause.members])
        for finding, cause in zip(findings.root_causes, found.causes.causes, strict=True)
    }
    units = combine(analysis.graph.nodes[analysis.unit]["key"])
    if analysis.arrays is None:
        return Survey(findings, units, customers, exposed)
    snapshot = analysis.arrays.snapshot
    return Survey(findings, units, customers, exposed, snapshot.version, snapshot.as_of)


def _find_exposed(found: Found, units: Indices) -> Exposed:
    owned, complaints = found.analysis.customers, found.complaints
    held: Chosen = np.zeros(complaints.size, np.bool_)
    held[units] = True
    inside = np.unique(complaints.nodes[held[complaints.units]])
    customers, filed = found.analysis.graph.ends(FILED)
    complaining = np.unique(customers[np.isin(filed, inside)])
    everyone = np.union1d(owned.nodes[held[owned.units]], complaining)
    quiet = np.setdiff1d(everyone, complaining, assume_unique=True)
    return Exposed(units, everyone, quiet)


def _holds(places: Indices, place: int) -> bool:
    at = int(np.searchsorted(places, place))
    return at < len(places) and int(places[at]) == place
