"""`motivo key` and `motivo token`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from api.auth import Pseudonyms, Secret, WidgetTokens, open_authenticator
from api.settings import AuthSettings
from graph import open_store
from schema import AuthenticationError
from tests.api.cli.conftest import Run, Shop
from tests.ingest.shop import make_shop

SECRET = "s" * 40
CRM = "https://crm.example.com"


@pytest.fixture(scope="module")
def small(motivo: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    project = make_shop(tmp_path_factory.mktemp("small"), customers=5, orders=5, messages=0)
    url = f"sqlite:///{project.with_name('m.db')}"
    assert motivo("ingest", project, "--store", url).code == 0
    return url


@pytest.fixture
def store(small: str, tmp_path: Path) -> str:
    with closing(open_store(small)) as kept:
        kept.backup(tmp_path / "m.db")
    return f"sqlite:///{tmp_path / 'm.db'}"


def test_a_key_is_made_listed_and_revoked(motivo: Run, store: str) -> None:
    added = ("--role", "analyst", "--name", "reports", "--days", 3)
    made = motivo("key", "add", *added, "--store", store, "--json")
    assert made.json.keys() == {"key", "id", "role", "name", "rows", "created", "expires", "revoked"}
    key, id_ = made.json["key"], made.json["id"]
    listed = motivo("key", "list", "--store", store, "--json")
    assert listed.json["keys"][0] == {name: value for name, value in made.json.items() if name != "key"}
    assert key.encode() not in listed.out
    secret, graph = Secret(SECRET), open_store(store)
    courier = graph.reader().page("Courier").nodes[0].key
    added = ("--role", "agent", "--rows", f"Courier={courier}")
    agent = motivo("key", "add", *added, "--store", store, "--json")
    assert agent.json["rows"] == {"Courier": [courier]}
    door = open_authenticator(graph, AuthSettings(), secret, Pseudonyms(secret))
    assert door.authenticate({"authorization": f"Bearer {key}"}).name == f"key:{id_}"
    assert motivo("key", "revoke", id_, "--store", store, "--json").json["revoked"]
    door = open_authenticator(graph, AuthSettings(), secret, Pseudonyms(secret))
    with pytest.raises(AuthenticationError):
        door.authenticate({"authorization": f"Bearer {key}"})
    graph.close()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("good", "all")), ("es", ("vale", "todos")), ("pt", ("vale", "todos"))]
)
def test_people_read_their_language(motivo: Run, store: str, lang: str, words: tuple[str, ...]) -> None:
    none = motivo("key", "list", "--store", store, "--lang", lang).out.decode()
    assert "motivo key add" in none
    made = motivo("key", "add", "--role", "admin", "--store", store, "--lang", lang).out.decode()
    assert len(made.splitlines()[-1]) == len("motivo_") + 12 + 1 + 72
    shown = motivo("key", "list", "--store", store, "--lang", lang).out.decode()
    assert all(word in shown for word in words)
    id_ = made.splitlines()[-1].split("_")[1]
    assert id_ in motivo("key", "revoke", id_, "--store", store, "--lang", lang).out.decode()


def test_wrong_keys(motivo: Run, store: str) -> None:
    add = ("key", "add", "--store", store)
    motivo(*add).refuses(2, "--role")
    motivo(*add, "--role", "widget").refuses(2, "widget")
    motivo(*add, "--role", "agent", "--days", 0).refuses(2, "--days")
    motivo(*add, "--role", "agent", "--rows", "Region").refuses(2, "KIND=KEY")
    motivo(*add, "--role", "agent", "--rows", "Region=nowhere").refuses(5, "nowhere")
    motivo(*add, "--role", "agent", "--rows", "Rejion=north").refuses(2, "Rejion")
    motivo("key", "revoke", "000000000000", "--store", store).refuses(5, "000000000000")
    motivo("key", "add", "--role", "agent", "--store", "sqlite:///no/such.db").refuses(4, "no/such.db")
    assert motivo("key", "list", "--store", store, "--json").json == {"keys": []}


def test_a_widget_token(motivo: Run, shop: Shop) -> None:
    graph = open_store(shop.store)
    customer = graph.reader().page("Customer", limit=1).nodes[0].key
    graph.close()
    asked = ("token", "--customer", customer, "--audience", CRM, "--store", shop.store)
    made = motivo(*asked, "--minutes", 2, "--json", MOTIVO_SECRET=SECRET)
    assert made.json.keys() == {"token", "customer", "audience", "expires_at"}
    secret = Secret(SECRET)
    caller = WidgetTokens(secret, Pseudonyms(secret)).get_caller(made.json["token"], CRM)
    assert caller.customer == customer
    for lang in ("en", "es", "pt"):
        shown = motivo(*asked, "--lang", lang, MOTIVO_SECRET=SECRET, COLUMNS="40").out.decode()
        assert shown.splitlines()[-1].count(".") == 2
    motivo(*asked).refuses(2, "MOTIVO_SECRET")
    motivo(*asked, MOTIVO_SECRET="short").refuses(2, "MOTIVO_SECRET")
    motivo(*asked, "--minutes", 11, MOTIVO_SECRET=SECRET).refuses(2, "--minutes")
    motivo(*asked[:3], "--audience", "*", "--store", shop.store, MOTIVO_SECRET=SECRET).refuses(2, "origin")
    motivo("token", "--customer", "nobody", *asked[3:], MOTIVO_SECRET=SECRET).refuses(5, "nobody")
