"""One store into another, a store as files, and stores that want a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.neo4j.address import parse_address
from tests.api.cli.conftest import run
from tests.graph.neo4j.graphs import Graphs
from tests.ingest.shop import make_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("shop")
    store = f"sqlite:///{folder / 'shop.db'}"
    assert run("ingest", make_shop(folder), "--store", store).code == 0
    return store


def test_a_store_is_copied_and_compared(shop: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    told = run("migrate", "--from", shop, "--to", target, "--json")
    assert told.code == 0, told.err
    assert told.json["resumed"] is False
    assert told.json["parts"]["node Order"]["rows"] == told.json["nodes"]["Order"]
    assert all(len(part["checksum"]) == 16 for part in told.json["parts"].values())
    causes = [run("causes", "--store", store, "--json").json for store in (shop, target)]
    assert causes[0] == causes[1]
    run("migrate", "--from", shop, "--to", target).refuses(6, "empty store")
    run("migrate", "--from", shop, "--to", shop).refuses(2, "the same")
    run("migrate", "--from", f"sqlite:///{tmp_path / 'nowhere.db'}", "--to", target).refuses(4)


def test_a_store_is_written_as_files(shop: str, tmp_path: Path) -> None:
    out = tmp_path / "files"
    told = run("export", "--format", "neo4j-admin", "--out", out, "--store", shop, "--json")
    assert told.code == 0, told.err
    for name, rows in {**told.json["nodes"], **told.json["relationships"]}.items():
        assert name in told.json["command"]
        assert (out / name).read_text("utf-8").count("\n") >= rows + 1
    assert told.json["command"] in (out / "import.sh").read_text("utf-8")
    run("export", "--out", out, "--store", shop).refuses(6, "other files")


def test_a_password_may_come_from_the_environment_and_is_never_shown(shop: str, neo4j_graphs: Graphs) -> None:
    address = parse_address(neo4j_graphs.named("shop"))
    secret = {"MOTIVO_STORE_PASSWORD": address.password}
    told = run("migrate", "--from", shop, "--to", address.url, "--json", **secret)
    assert told.code == 0, told.err
    assert run("doctor", "--store", address.url, "--json", **secret).json["facts"]["store"] == address.url
    run("quarantine", "--store", address.url).refuses(4, "MOTIVO_STORE_PASSWORD")
    for command in (("ingest", "nothing.yaml"), ("causes",), ("doctor",), ("text", "review", "list")):
        shown = run(*command, "--store", address.full_url)
        assert address.password not in shown.out.decode() + shown.err
    both = [run("causes", "--store", store, "--json", **secret).json for store in (shop, address.url)]
    assert both[0] == both[1]
