"""URLs of stores on a server."""

from __future__ import annotations

import pytest

from graph import hide_password
from graph.neo4j.address import parse_address
from graph.neo4j.failures import check_version
from schema.errors import StoreError, UsageError


def test_all_that_a_url_may_say() -> None:
    address = parse_address("neo4j+s://ana:p%40ss%3A%2F@db.example:7687/neo4j?graph=shop")
    assert (address.uri, address.user, address.password) == ("neo4j+s://db.example:7687", "ana", "p@ss:/")
    assert (address.database, address.graph) == ("neo4j", "shop")
    assert parse_address(address.full_url) == address


def test_as_little_as_it_may_say() -> None:
    address = parse_address("bolt://localhost")
    assert (address.uri, address.user, address.password) == ("bolt://localhost", "", "")
    assert (address.database, address.graph) == ("", "")


def test_the_password_may_come_from_elsewhere() -> None:
    assert parse_address("neo4j://localhost", "secret").user == "neo4j"
    assert parse_address("neo4j://ana@localhost", "secret").password == "secret"
    assert parse_address("neo4j://ana:own@localhost", "secret").password == "own"


@pytest.mark.parametrize(
    "url",
    [
        "neo4j://",
        "neo4j:///neo4j",
        "http://localhost",
        "neo4j://localhost:port/neo4j",
        "neo4j://localhost:99999/neo4j",
        "neo4j://localhost/neo4j?grpah=shop",
        "neo4j://localhost/neo4j?graph=my shop",
        "neo4j://localhost/neo4j?graph=Shop",
    ],
)
def test_what_a_url_may_not_say(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(url)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("neo4j://ana:secret@localhost:7687/neo4j", "neo4j://ana@localhost:7687/neo4j"),
        ("neo4j://ana@localhost/neo4j?graph=a", "neo4j://ana@localhost/neo4j?graph=a"),
        ("sqlite:///motivo.db", "sqlite:///motivo.db"),
        ("sqlite:////srv/a:b@c.db", "sqlite:////srv/a:b@c.db"),
    ],
)
def test_passwords_are_hidden(url: str, shown: str) -> None:
    assert hide_password(url) == shown
    assert "secret" not in repr(parse_address(url)) if url.startswith("neo4j") else True


@pytest.mark.parametrize("agent", ["Neo4j/5.26.12", "Neo4j/5.27", "Neo4j/2025.06.2"])
def test_servers_that_are_new_enough(agent: str) -> None:
    check_version("neo4j://localhost", agent)


@pytest.mark.parametrize("agent", ["Neo4j/4.4.40", "Neo4j/5.25.1", "Memgraph/2.0", ""])
def test_servers_that_are_not(agent: str) -> None:
    with pytest.raises(StoreError, match="the server is") as caught:
        check_version("neo4j://localhost", agent)
    assert "5.26" in caught.value.hint
