"""Which properties no node of a kind lacks: an ascending order by one need not look for nulls first.

No index has nulls, and to look for them takes as long as there are nodes. To count takes a third of that,
and what was counted holds while the state of the graph does.
"""

from __future__ import annotations

from graph.neo4j.layout import KindLayout, quoted
from graph.neo4j.server import Ask, Server

NONE = -1  # a state that there never is


class Gaps:
    """What was counted of a graph."""

    def __init__(self, server: Server) -> None:
        self._server = server
        # by property, the state of then, and whether some lacked it
        self._counted: dict[str, tuple[int, bool]] = {}

    def state_without(self, ask: Ask, table: KindLayout, name: str) -> int:
        """Return a state of the graph in which no node lacks a property, `NONE` if some do."""
        column = f"{table.label}.{quoted(name)}"
        counted = self._counted.get(column)
        if counted is None or counted[0] != self._server.seen:
            [(now, lacking)] = ask(
                "MATCH (g:_Gate {graph: $graph}) WITH g.state AS state "
                f"CALL () {{ MATCH (n:{table.label}) RETURN count(n) AS all }} "
                f"CALL () {{ MATCH (n:{table.label}) WHERE n.{quoted(name)} IS NOT NULL "
                "RETURN count(n) AS some } RETURN [state, all - some] AS row",
            )
            counted = self._counted[column] = (now, lacking > 0)
        return NONE if counted[1] else counted[0]
