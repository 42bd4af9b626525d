"""The first of very many neighbours, without reading them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.sqlite.conditions import sides
from graph.sqlite.connection import Connection
from graph.sqlite.sorting import Segment, Sorting
from graph.sqlite.tables import TripleTable
from schema.kinds import Direction

GLANCE = 64  # nodes in order that are looked at for each that is wanted, before neighbours are counted


@dataclass(frozen=True)
class Hub:
    """A node with very many neighbours by a triple: which come first in an order, and meet conditions.

    Most are found by walking the index of the order and asking of each node whether it is a neighbour.
    Where that has looked at as many as there are neighbours, these are sorted instead.
    """

    connection: Connection
    table: TripleTable
    direction: Direction
    node: int
    sorting: Sorting
    met: str = ""  # conditions in SQL, each after AND
    parameters: Sequence[Any] = ()

    @property
    def _near(self) -> str:
        here, _ = sides(self.direction)
        return f"FROM {self.table.name} r WHERE r.{here} = ? AND r.valid_to IS NULL"

    def first(self, segments: Sequence[Segment], limit: int, degree: int | None = None) -> list[int]:
        """Return the first neighbours in these parts of the order; degree: how many there are, if known."""
        ask = self.connection.execute
        if self.sorting.is_indexed:
            if degree is None:
                found = self._walk(segments, limit, GLANCE * (limit + 1))
                if found is not None:
                    return found
                degree = int(ask(f"SELECT count(*) {self._near}", (self.node,)).fetchone()[0])
            nodes = ask(f"SELECT max(id) FROM {self.sorting.table.name}").fetchone()[0]
            if limit * nodes < degree * degree:  # if neighbours lie evenly, it finds enough in time
                found = self._walk(segments, limit, degree)
                if found is not None:
                    return found
        return self._sort(segments, limit)

    def _walk(self, segments: Sequence[Segment], limit: int, most: int) -> list[int] | None:
        """Return the first neighbours among so many nodes in order, None if they are not enough."""
        _, there = sides(self.direction)
        other = self.sorting.table
        found: list[int] = []
        for behind, parameters in segments:
            walk = self.connection.execute(
                f"SELECT n.id, EXISTS (SELECT 1 {self._near} AND r.{there} = n.id){self.met} "
                f"FROM {other.name} n INDEXED BY {other.index(self.sorting.order.name)} "
                f"WHERE n.valid_to IS NULL{behind} ORDER BY {self.sorting.sql} LIMIT ?",
                (self.node, *self.parameters, *parameters, most),
            )
            for id_, is_near in walk:
                most -= 1
                if is_near:
                    found.append(id_)
                    if len(found) == limit:
                        walk.close()
                        return found
            if not most:
                return None
        return found

    def _sort(self, segments: Sequence[Segment], limit: int) -> list[int]:
        """Return the first neighbours by sorting them all."""
        _, there = sides(self.direction)
        found: list[int] = []
        for behind, parameters in segments:
            rows = self.connection.execute(
                f"SELECT n.id FROM {self.sorting.table.name} n NOT INDEXED "
                f"WHERE n.id IN (SELECT r.{there} {self._near}){self.met}{behind} "
                f"ORDER BY {self.sorting.sql} LIMIT ?",
                (self.node, *self.parameters, *parameters, limit - len(found)),
            ).fetchall()
            found += [row[0] for row in rows]
            if len(found) == limit:
                break
        return found
