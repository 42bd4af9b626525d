"""What a store's URL says: server, database, graph, and who asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from schema.errors import UsageError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
EXAMPLE = "such as neo4j://neo4j@localhost:7687/neo4j?graph=shop"
_GRAPH = re.compile(r"[a-z][a-z0-9]{0,30}")


@dataclass(frozen=True)
class Address:
    """Where a graph is kept. `database` is the server's default where it is empty."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    graph: str

    @property
    def url(self) -> str:
        """The URL without the password, for people."""
        scheme, _, host = self.uri.partition("://")
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        graph = f"?graph={self.graph}" if self.graph else ""
        return f"{scheme}://{user}{host}/{self.database}{graph}"

    @property
    def full_url(self) -> str:
        """The URL that opens the same graph again, with the password."""
        if not self.password:
            return self.url
        return self.url.replace("@", f":{quote(self.password, safe='')}@", 1)


def parse_address(url: str, password: str = "") -> Address:
    """Return what a URL says; its own password wins over the one given."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise UsageError(f"the store's URL is wrong: {error}", hint=EXAMPLE) from None
    if parts.scheme not in SCHEMES or not host:
        raise UsageError("the store's URL names no server", hint=EXAMPLE)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    graph = options.pop("graph", "")
    if options:
        raise UsageError(f"the store's URL has no option {', '.join(options)}", hint=EXAMPLE)
    if graph and not _GRAPH.fullmatch(graph):
        raise UsageError(f"a graph is not called {graph!r}", hint="lower case letters and digits")
    secret = unquote(parts.password or "") or password
    user = unquote(parts.username or "") or ("neo4j" if secret else "")
    where = f"[{host}]" if ":" in host else host
    uri = f"{parts.scheme}://{where}" + (f":{port}" if port else "")
    return Address(uri, user, secret, unquote(parts.path.strip("/")), graph)
