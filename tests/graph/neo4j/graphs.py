"""Clean graphs on one server, quickly: few names, whose constraints, indexes and query plans stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from neo4j import GraphDatabase

from graph.neo4j.address import parse_address

NAMES = 6  # more than are in use at a time; a test that lets go of none uses them in turn


class Graphs:
    """Hands out URLs of empty graphs."""

    def __init__(self, url: str) -> None:
        self.url = url
        address = parse_address(url)
        self._database = address.database or None
        self._driver = GraphDatabase.driver(address.uri, auth=(address.user, address.password))
        self._free: list[str] = []
        self._used: list[str] = []  # in order of use

    def empty(self, _path: Path | None = None) -> str:
        """Return the URL of a graph that holds nothing."""
        if self._free:
            name = min(self._free)  # that of which most is known
            self._free.remove(name)
        elif len(self._used) < NAMES:
            name = f"t{len(self._used)}"
        else:
            name = self._used.pop(0)
        self._used.append(name)
        return self.named(name)

    def release(self, url: str) -> None:
        """Let the graph of a URL be used again."""
        name = parse_address(url).graph
        if name in self._used:
            self._used.remove(name)
            self._free.append(name)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend the URL of a graph that holds nothing: in one that others had, most queries are planned."""
        url = self.empty()
        try:
            yield url
        finally:
            self.release(url)

    def named(self, name: str) -> str:
        """Return the URL of the graph of a name, without anything in it."""
        self._driver.execute_query(
            "MATCH (n) WHERE n.graph = $name OR any(label IN labels(n) WHERE label STARTS WITH $name + '_') "
            "DETACH DELETE n",
            name=name,
            database_=self._database,
        )
        return urlunsplit(urlsplit(self.url)._replace(query=f"graph={name}"))

    def close(self) -> None:
        self._driver.close()
