"""The service as `motivo serve` puts it together: a real store, keys, guarded readers, the audit log."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import OperationDefinitionNode, parse

from api.auth import CLEARANCE, Role, WidgetTokens, add_key
from api.auth.pseudonyms import Pseudonyms
from api.auth.secret import Secret
from api.service import open_parts, open_service
from api.service.wiring import find_callers
from api.settings import AuthSettings, ServiceSettings, read_service_settings
from graph import Store, open_store
from schema import MissingExtraError, RefusedError, UsageError
from tests.api.graphql.shop import VOCABULARY, open_shop
from tests.api.service.running import Running, running

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "web" / "src" / "graphiql" / "examples.graphql"
SECRET = "0123456789abcdef" * 4
MOTIVO = [sys.executable, "-c", "import sys; from api.cli import main; main(sys.argv[1:])", "serve"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as opened:
        yield open_shop(opened)


@pytest.fixture(scope="module")
def keys(store: Store) -> dict[Role, str]:
    return {
        role: add_key(store, role)[0] for role in (Role.ANALYST, Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)
    }


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "audit.jsonl"


@pytest.fixture(scope="module")
def shop(store: Store, audit: Path) -> Iterator[Running]:
    settings = ServiceSettings(rate="", rate_address="", origins=("https://crm.example",))
    parts = open_parts(store, settings, AuthSettings(secret=SECRET, audit=audit))
    with running(store, parts, settings) as found:
        yield found


def ask(service: Running, key: str, query: str, **headers: str) -> Any:
    with service.client(headers={"Authorization": f"Bearer {key}", **headers}) as client:
        return client.post("/graphql", json={"query": query}).json()


def test_each_role_sees_what_is_for_it(shop: Running, keys: dict[Role, str]) -> None:
    query = "{ customers { nodes { key name taxNumber segment } } }"
    seen = {role: ask(shop, key, query)["data"]["customers"]["nodes"] for role, key in keys.items()}
    assert all(customer["name"] is None for customer in seen[Role.ANALYST])
    assert all(customer["key"].startswith("~") for customer in seen[Role.ANALYST])
    assert "Ana Souza" in {customer["name"] for customer in seen[Role.AGENT]}
    assert all(customer["taxNumber"] is None for customer in seen[Role.AGENT])


def test_a_widget_token_opens_one_customer_for_one_page(shop: Running) -> None:
    secret = Secret(SECRET)
    token = WidgetTokens(secret, Pseudonyms(secret)).issue("crm:ana", "https://crm.example").token
    query = '{ me { role } customer(key: "crm:ana") { name } other: customer(key: "crm:bruno") { name } }'
    answer = ask(shop, token, query, Origin="https://crm.example")
    assert answer["data"] == {"me": {"role": "WIDGET"}, "customer": {"name": "Ana Souza"}, "other": None}
    refused = ask(shop, token, query)
    assert refused["errors"][0]["extensions"]["code"] == "unauthenticated"


def test_who_saw_whom_is_written_down(shop: Running, keys: dict[Role, str], audit: Path) -> None:
    ask(
        shop,
        keys[Role.AGENT],
        'query Look { customer(key: "crm:ana") { name } }',
        **{"X-Request-ID": "looked-1"},
    )
    lines = [json.loads(line) for line in audit.read_text("utf-8").splitlines()]
    (line,) = (line for line in lines if line.get("request") == "looked-1")
    assert line["role"] == "agent"
    assert line["operation"] == "Look"
    assert line["seen"] == {"Customer": ["crm:ana"]}
    assert "Souza" not in json.dumps(lines, ensure_ascii=False)


def test_nothing_is_shown_that_cannot_be_written_down(
    store: Store, keys: dict[Role, str], tmp_path: Path
) -> None:
    auth = AuthSettings(secret=SECRET, audit=tmp_path / "nowhere" / "audit.jsonl")
    with running(store, open_parts(store, ServiceSettings(), auth)) as service:
        answer = ask(service, keys[Role.AGENT], "{ customers { nodes { name } } }")
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "store_unreachable"


def read_examples() -> list[str]:
    return re.split(r"^# == ", EXAMPLES.read_text("utf-8"), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("example", read_examples(), ids=lambda example: example.split(":")[0])
def test_the_examples_of_graphiql_run(shop: Running, keys: dict[Role, str], example: str) -> None:
    document = f"# {example}"
    (operation,) = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    for role, key in keys.items():
        if operation.operation.value == "subscription":
            headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
            with (
                shop.client(headers=headers) as client,
                pytest.raises(httpx.ReadTimeout),
                client.stream("POST", "/graphql", json={"query": document}, timeout=1) as answer,
            ):
                assert answer.status_code == 200
                for text in answer.iter_text():
                    raise AssertionError(text)
        else:
            found = ask(shop, key, document)
            assert "errors" not in found, (role, found["errors"])


def test_the_developer_s_host_is_this_machine(store: Store) -> None:
    for host in ("0.0.0.0", "192.0.2.1", "::", "motivo.example"):
        with pytest.raises(RefusedError):
            open_service(store, ServiceSettings(), AuthSettings(), host=host, dev=True)
    open_service(store, ServiceSettings(), AuthSettings(), host="::1", dev=True)


def test_without_a_secret_it_says_how_to_make_one(store: Store) -> None:
    for secret in ("", "short"):
        with pytest.raises(UsageError, match="MOTIVO_SECRET"):
            open_service(store, ServiceSettings(), AuthSettings(secret=secret), host="127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOTIVO_TIMEOUT", "soon"),
        ("MOTIVO_TIMEOUT", "0"),
        ("MOTIVO_THREADS", "0"),
        ("MOTIVO_BATCH", "-1"),
        ("MOTIVO_BODY_LIMIT", "inf"),
        ("MOTIVO_GRACE", "nan"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        read_service_settings({name: value})


def test_a_rate_that_cannot_be_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="often"):
        open_service(store, ServiceSettings(rate="often"), AuthSettings(secret=SECRET), host="127.0.0.1")


def test_settings_are_read() -> None:
    found = read_service_settings(
        {
            "MOTIVO_HOSTS": "motivo.example, other.example",
            "MOTIVO_GET": "0",
            "MOTIVO_RATE": "",
            "MOTIVO_BATCH": "5",
            "MOTIVO_TIMEOUT": "2.5",
        }
    )
    assert found.hosts == ("motivo.example", "other.example")
    assert (found.get, found.rate, found.batch, found.timeout) == (False, "", 5, 2.5)
    assert read_service_settings({}) == ServiceSettings()


def test_who_may_ask_first_sees_all_rows(store: Store, keys: dict[Role, str]) -> None:
    auth = AuthSettings(secret=SECRET)
    found = find_callers(store, auth, dev=False)
    assert {CLEARANCE[caller.role] for caller in found} == {CLEARANCE[role] for role in keys}
    assert len(found) == len({CLEARANCE[role] for role in keys})
    assert not any(caller.rows for caller in found)


def test_trusted_documents_alone(store: Store, keys: dict[Role, str], tmp_path: Path) -> None:
    (tmp_path / "hello.graphql").write_text("query Hello { me { role } }", "utf-8")
    settings = ServiceSettings(documents=tmp_path, documents_only=True)
    auth = AuthSettings(secret=SECRET, audit=None)
    with running(store, open_parts(store, settings, auth), settings) as service:
        assert ask(service, keys[Role.AGENT], "query Hello { me { role } }")["data"]
        assert ask(service, keys[Role.AGENT], "{ me { role } }")["errors"]
    with pytest.raises(UsageError, match="MOTIVO_DOCUMENTS"):
        open_parts(store, ServiceSettings(documents_only=True), auth)


def test_traces_need_the_extra(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.startswith("opentelemetry"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    settings = ServiceSettings(otel="http://127.0.0.1:4318")
    with pytest.raises(MissingExtraError):
        open_service(store, settings, AuthSettings(secret=SECRET), host="127.0.0.1")


@contextmanager
def serving(
    store: Store, folder: Path, *arguments: str, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    settings = {"MOTIVO_AUDIT": "", "MOTIVO_LANGUAGE": "en", "OMP_NUM_THREADS": "1", **environment}
    process = subprocess.Popen(
        [*MOTIVO, "--store", store.url, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def await_address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    said = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found is not None, said + process.stderr.read()
    url = found[0]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return url
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("it does not start")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_told_to_stop(
    store: Store, tmp_path: Path, sent: signal.Signals
) -> None:
    with serving(store, tmp_path, "--dev", "--port", "0") as process:
        url = await_address(process)
        answer = httpx.post(f"{url}/graphql", json={"query": "query Me { me { name role } }"})
        assert answer.json() == {"data": {"me": {"name": "dev", "role": "ADMIN"}}}
        foreign = httpx.post(
            f"{url}/graphql", json={"query": "{ me { name } }"}, headers={"Host": "evil.example"}
        )
        assert foreign.status_code == 421
        proxied = httpx.get(f"{url}/graphql?query={{me{{name}}}}", headers={"X-Forwarded-For": "192.0.2.1"})
        assert proxied.status_code == 401
        process.send_signal(sent)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert out == ""
    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert next(line["operation"] for line in lines if line["event"] == "request") == "Me"
    assert "Traceback" not in err


def test_the_command_with_keys(store: Store, keys: dict[Role, str], tmp_path: Path) -> None:
    with serving(store, tmp_path, "--port", "0", MOTIVO_SECRET=secrets.token_hex(32)) as process:
        url = await_address(process)
        assert httpx.post(f"{url}/graphql", json={"query": "{ me { role } }"}).status_code == 401
        headers = {"Authorization": f"Bearer {keys[Role.ANALYST]}"}
        answer = httpx.post(f"{url}/graphql", json={"query": "{ me { role } }"}, headers=headers)
        assert answer.json() == {"data": {"me": {"role": "ANALYST"}}}


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "said"),
    [
        (["--port", "0"], {}, 2, "openssl rand -hex 32"),
        (["--dev", "--host", "0.0.0.0"], {}, 6, "this machine only"),
        (["--dev", "--port", "99999"], {}, 2, "--port"),
        (["--dev", "--port", "0"], {"MOTIVO_TIMEOUT": "x"}, 2, "MOTIVO_TIMEOUT"),
        (["--dev", "--port", "0"], {"MOTIVO_DOCUMENTS": "nowhere.json"}, 3, "nowhere.json"),
        (["--dev", "--host", "::1%nowhere"], {}, 2, "cannot listen"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    store: Store, tmp_path: Path, arguments: list[str], environment: dict[str, str], code: int, said: str
) -> None:
    environment = {"MOTIVO_SECRET": "", **environment}
    with serving(store, tmp_path, *arguments, **environment) as process:
        _, err = process.communicate(timeout=30)
    assert process.returncode == code, err
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_a_port_that_is_taken(store: Store, shop: Running, tmp_path: Path) -> None:
    with serving(store, tmp_path, "--dev", "--port", str(shop.port)) as process:
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "try another --port" in err
