"""A service that runs on the toy schema, for all tests that do not need one of their own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graph import open_store
from tests.api.service.house import House, open_house
from tests.api.service.running import Running, running
from tests.api.service.toy import PatientStore, make_parts
from tests.conftest import do_without


@pytest.fixture(scope="session")
def toy_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PatientStore]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('service')}/toy.db")
    yield PatientStore(store)
    store.close()


@pytest.fixture(scope="session")
def service(toy_store: PatientStore) -> Iterator[Running]:
    with running(toy_store, make_parts()) as found:
        yield found


@pytest.fixture
def client(service: Running) -> Iterator[httpx.Client]:
    with service.client(headers={"Authorization": "Bearer analyst"}) as found:
        yield found


@pytest.fixture(scope="session")
def graphql_http(pytestconfig: pytest.Config) -> Path:
    """Return a folder in which the npm package graphql-http is installed, as its lock file says."""
    if not (shutil.which("npm") and shutil.which("node")):
        do_without("the audit of GraphQL over HTTP needs node and npm")
    source = Path(__file__).parent / "audit"
    folder = pytestconfig.cache.mkdir("graphql-http")
    locked = (source / "package-lock.json").read_bytes()
    installed = folder / "installed.json"
    if not installed.exists() or installed.read_bytes() != locked:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / name, folder / name)
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts"], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            do_without(f"npm could not install graphql-http: {done.stderr[-500:]}")
        installed.write_bytes(locked)
    return folder


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a service on a company whose data are marked, and one of each role who asks it."""
    with open_house(tmp_path_factory.mktemp("marked")) as opened:
        opened.prepare()
        yield opened
