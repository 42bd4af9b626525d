"""A whole project on both stores: the same figures, also when the server dies in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from algorithms import find_causes
from graph import Store, export_neo4j_admin, open_store
from graph.archive import parts, sum_part
from ingest import IngestReport, ingest, load_project
from ingest.pipeline import Silent
from schema.errors import MotivoError, RefusedError, StoreError, UsageError
from tests.api.cli.conftest import run
from tests.conftest import do_without
from tests.graph.neo4j.graphs import Graphs
from tests.graph.neo4j.server import JavaServer, NoServerError, await_answer
from tests.ingest.shop import make_shop

BATCH_ROWS = 150


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def reference(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, IngestReport]]:
    path = tmp_path_factory.mktemp("reference") / "shop.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        yield store, ingest(load_project(shop), store, batch_rows=BATCH_ROWS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JavaServer]:
    try:
        server = JavaServer(tmp_path / "server")
    except NoServerError as error:
        do_without(f"no server of our own: {error}")
    yield server
    server.stop(kill=True)


def figures(store: Store, report: IngestReport) -> dict[str, Any]:
    found = asdict(report)
    del found["seconds"]
    reader = store.reader()
    return {
        "report": found,
        "causes": asdict(find_causes(reader)),
        "quarantine": list(reader.rejected_rows()),
        "problems": reader.check(),
    }


def test_a_project_has_the_same_figures_on_both(
    shop: Path, reference: tuple[Store, IngestReport], neo4j_graphs: Graphs
) -> None:
    with closing(open_store(neo4j_graphs.named("shop"))) as store:
        report = ingest(load_project(shop), store, batch_rows=BATCH_ROWS)
        assert figures(store, report) == figures(*reference)
        assert figures(store, report)["causes"]["root_causes"]
        again = ingest(load_project(shop), store, batch_rows=BATCH_ROWS)
        assert [c.written for c in again.sources.values()] == [0, 0, 0]
        assert again.nodes == report.nodes
        assert again.relationships == report.relationships


def test_the_command_prints_the_same(shop: Path, neo4j_graphs: Graphs, tmp_path: Path) -> None:
    printed = []
    for url in (f"sqlite:///{tmp_path / 'shop.db'}", neo4j_graphs.named("shop")):
        for command in (("ingest", shop), ("causes",), ("quarantine",)):
            done = run(*command, "--store", url, "--json")
            assert done.code == 0, done
            document = done.json
            document.pop("seconds", None)
            printed.append(document)
    assert printed[3:] == printed[:3]


class Killer(Silent):
    """Kills the server when so many batches are kept."""

    def __init__(self, server: JavaServer, after: int) -> None:
        self._server, self._left = server, after

    def advance(self, source: str, done: int, rows: int) -> None:
        self._left -= 1
        if self._left == 0:
            self._server.stop(kill=True)


def test_a_server_that_is_killed_costs_a_batch_at_most(
    shop: Path, reference: tuple[Store, IngestReport], server: JavaServer
) -> None:
    project, report = load_project(shop), None
    for after in (1, 3, 0):  # of seven batches
        server.start()
        await_answer(server.url)
        with closing(open_store(server.url)) as store:
            if after:
                with pytest.raises(StoreError):
                    ingest(project, store, observer=Killer(server, after), batch_rows=BATCH_ROWS)
            else:
                report = ingest(project, store, batch_rows=BATCH_ROWS)
                assert figures(store, report) == figures(*reference)
                assert counted(store) == counted(reference[0])
    assert report is not None


def counted(store: Store) -> dict[str, int]:
    """Return how many rows a store has of each sort, contributions and ledger included."""
    archive = store.archive()
    with archive.reading():
        return {str(part): sum_part(archive, part).rows for part in parts(store.reader().vocabulary)}


def test_two_ingests_at_once_double_nothing(
    shop: Path, reference: tuple[Store, IngestReport], neo4j_graphs: Graphs
) -> None:
    """One of them goes through; the other says that it is not alone, and goes on when called again."""
    url = neo4j_graphs.named("shop")
    project = load_project(shop)
    open_store(url, project.vocabulary).close()

    def read() -> MotivoError | None:
        with closing(open_store(url)) as store:
            try:
                ingest(project, store, batch_rows=BATCH_ROWS)
            except MotivoError as error:
                return error
            return None

    with ThreadPoolExecutor(2) as threads:
        ends = [one.result(timeout=600) for one in [threads.submit(read) for _ in range(2)]]
    assert all(end is None or isinstance(end, RefusedError | UsageError) for end in ends)
    assert read() is None
    with closing(open_store(url)) as store:
        found, wanted = counted(store), counted(reference[0])
        graph = [name for name in wanted if name.partition(" ")[0] in ("node", "fact", "link", "record")]
        assert {name: found[name] for name in graph} == {name: wanted[name] for name in graph}
        assert store.reader().totals() == reference[0].reader().totals()
        assert asdict(find_causes(store.reader())) == asdict(find_causes(reference[0].reader()))


def test_files_for_the_bulk_import_are_the_graph(
    reference: tuple[Store, IngestReport], server: JavaServer, tmp_path: Path
) -> None:
    source, _ = reference
    written = export_neo4j_admin(source, tmp_path / "files")
    arguments = written.command.split()[1:]
    for place, argument in enumerate(arguments):
        name, equals, file = argument.rpartition("=")
        if equals and file.endswith(".csv"):
            arguments[place] = f"{name}={tmp_path / 'files' / file}"
    said = server.admin(*arguments, "--overwrite-destination")
    assert "IMPORT DONE" in said
    server.start()
    await_answer(server.url)
    with closing(open_store(server.url)) as store:
        for part in parts(source.reader().vocabulary):
            assert sum_part(store.archive(), part) == sum_part(source.archive(), part), part
        assert store.reader().totals() == source.reader().totals()
        assert asdict(find_causes(store.reader())) == asdict(find_causes(source.reader()))
        assert store.reader().check() == []
        assert store.reader().search("tarde") != []
        with store.transaction() as transaction:
            transaction.begin_run("it lives on")
            transaction.upsert_records("crm", ["new"], [1])
            transaction.upsert_nodes("SourceRecord", "crm", ["new"], ["crm:new"], {"name": ["New"]})
        assert store.reader().get("Customer", "crm:new").caption == "New"
