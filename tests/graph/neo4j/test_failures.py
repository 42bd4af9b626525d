"""What goes wrong with a server is one clear error, soon, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from graph import Store, open_store
from graph.neo4j.address import parse_address
from schema.errors import StoreError
from tests.conftest import ROOT, do_without
from tests.graph.conformance.company import VOCABULARY, append, ingest, node
from tests.graph.neo4j.graphs import Graphs
from tests.graph.neo4j.server import JavaServer, NoServerError, await_answer, free_port

SOON = 30.0  # seconds; generous, for a busy machine: a storm of retries would take minutes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaServer]:
    """A server of our own, which may be killed."""
    try:
        server = JavaServer(tmp_path_factory.mktemp("server"))
    except NoServerError as error:
        do_without(f"no server to kill: {error}")
    server.start()
    await_answer(server.url)
    yield server
    server.stop(kill=True)


def doctor(url: str) -> tuple[int, str]:
    """Run a command on a store; return its exit code and what it says on stderr."""
    command = [sys.executable, "-c", "from api.cli import main; main()", "quarantine", "--store", url]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert time.monotonic() - begun < SOON
    return done.returncode, done.stderr.strip()


def test_a_server_that_is_not_there() -> None:
    code, said = doctor(f"neo4j://neo4j:secret@127.0.0.1:{free_port()}/neo4j")
    assert code == 4
    assert len(said.splitlines()) == 1
    assert "start the server" in said
    assert "secret" not in said


def test_a_wrong_password(neo4j_graphs: Graphs) -> None:
    address = parse_address(neo4j_graphs.url)
    code, said = doctor(neo4j_graphs.url.replace(address.password, "wrong-one"))
    assert (code, len(said.splitlines())) == (4, 1)
    assert "MOTIVO_STORE_PASSWORD" in said
    assert "wrong-one" not in said


def test_a_database_and_a_graph_that_are_not_there(neo4j_graphs: Graphs) -> None:
    code, said = doctor(neo4j_graphs.url.replace("/neo4j", "/nowhere"))
    assert (code, len(said.splitlines())) == (4, 1)
    code, said = doctor(neo4j_graphs.named("nothing"))
    assert (code, len(said.splitlines())) == (4, 1)
    assert "motivo ingest" in said


def test_a_full_text_index_that_is_missing(neo4j_graphs: Graphs) -> None:
    url = neo4j_graphs.named("unindexed")
    address = parse_address(url)
    with closing(open_store(url, VOCABULARY)) as store:
        append(store, a={"1": [node("Parcel", "p", label="needle")]})
        with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            driver.execute_query("DROP INDEX `unindexed__search`", database_=address.database)
        with pytest.raises(StoreError, match="full-text index is missing"):
            store.reader().search("needle")
        assert store.reader().check()[0].what == "the full-text index is missing"
    code, said = doctor(url)
    assert (code, len(said.splitlines())) == (4, 1)
    assert "full-text index" in said
    with closing(open_store(url, VOCABULARY)) as store:
        assert [hit.node.key for hit in store.reader().search("needle")] == ["p"]


def test_a_newer_graph(neo4j_graphs: Graphs) -> None:
    url = neo4j_graphs.named("newer")
    address = parse_address(url)
    open_store(url).close()
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query("MATCH (m:_Motivo {graph: 'newer'}) SET m.format = 99")
    with pytest.raises(StoreError, match="newer Motivo"):
        open_store(url)


def test_a_killed_server_keeps_what_was_kept(server: JavaServer) -> None:
    url = f"{server.url}?graph=killed"
    rows = {str(i): [node("Parcel", f"p{i}", pieces=i)] for i in range(50)}
    with closing(open_store(url, VOCABULARY)) as store:
        ingest(store, a=rows)
        with pytest.raises(StoreError), store.transaction() as transaction:
            transaction.begin_run("another")
            transaction.upsert_records("a", ["99"], [99])
            server.stop(kill=True)
            transaction.upsert_nodes("Parcel", "a", ["99"], ["p99"], {"pieces": [99]})
    server.start()
    await_answer(server.url)
    with closing(open_store(url, VOCABULARY)) as store:
        reader = store.reader()
        assert reader.totals().nodes == {"Parcel": 50}
        assert reader.known_records("a", ["99"]) == {}
        ingest(store, a=rows | {"99": [node("Parcel", "p99")]})
        assert reader.totals().nodes == {"Parcel": 51}


def test_a_server_that_comes_back_goes_unnoticed(server: JavaServer) -> None:
    """A transaction that is dropped is played again, once the server is there."""
    url = f"{server.url}?graph=back"
    with closing(open_store(url, VOCABULARY)) as store:
        with store.transaction() as transaction:
            transaction.begin_run("a run")
            transaction.upsert_records("a", ["1"], [1])
            server.stop()
            server.start()
            await_answer(server.url)
            transaction.upsert_nodes("Parcel", "a", ["1"], ["p"], {"label": ["kept"]})
        assert store.reader().get("Parcel", "p").caption == "kept"
        assert store.reader().totals().nodes == {"Parcel": 1}


def test_a_transaction_that_another_overtook_is_not_played_again(server: JavaServer) -> None:
    """The other took the numbers that this one had given."""
    url = f"{server.url}?graph=overtaken"
    with closing(open_store(url, VOCABULARY)) as store, closing(open_store(url, VOCABULARY)) as other:
        with pytest.raises(StoreError, match="another came before it"), store.transaction() as transaction:
            transaction.begin_run("a run")
            transaction.upsert_records("a", ["1"], [1])
            server.stop()
            server.start()
            await_answer(server.url)
            append(other, b={"1": [node("Parcel", "q")]})
            transaction.upsert_nodes("Parcel", "a", ["1"], ["p"], {"label": ["kept"]})
        assert store.reader().totals().nodes == {"Parcel": 1}


def test_a_database_that_may_only_be_read(server: JavaServer) -> None:
    url = f"{server.url}?graph=readonly"
    with closing(open_store(url, VOCABULARY)) as store:
        append(store, a={"1": [node("Parcel", "p")]})
    server.stop()
    server.settings["server.databases.default_to_read_only"] = "true"
    server.start()
    await_answer(server.url)
    try:
        with closing(open_store(url, create=False)) as store:
            assert store.reader().totals().nodes == {"Parcel": 1}
            write_nothing(store)
        code, said = doctor(url)
        assert (code, said) == (0, "")
    finally:
        server.stop()
        del server.settings["server.databases.default_to_read_only"]
        server.start()
        await_answer(server.url)


def write_nothing(store: Store) -> None:
    begun = time.monotonic()
    with pytest.raises(StoreError, match=r"read-only|read only") as caught:
        append(store, a={"2": [node("Parcel", "q")]})
    assert caught.value.hint
    assert time.monotonic() - begun < SOON


def test_no_server_is_left_behind() -> None:
    """Not even where what started it is killed, and cannot stop it."""
    script = (
        "import sys, time; from pathlib import Path; from tests.graph.neo4j.server import JavaServer; "
        "server = JavaServer(Path(sys.argv[1])).start(); "
        "print(server._process.pid, flush=True); time.sleep(600)"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-c", script, folder]
        starter = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert starter.stdout is not None
        line = starter.stdout.readline()
        if not line:
            do_without("no server to leave behind")
        starter.kill()
        starter.wait()
        process = Path("/proc") / line.strip()
        end = time.monotonic() + SOON
        while process.exists() and " Z " not in (process / "stat").read_text() and time.monotonic() < end:
            time.sleep(0.2)
        assert not process.exists() or " Z " in (process / "stat").read_text()
