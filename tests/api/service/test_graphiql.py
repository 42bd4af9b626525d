"""GraphiQL, from our own files, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.service import pages
from api.settings import ServiceSettings
from tests.api.service.running import Running, running
from tests.api.service.toy import PatientStore, make_parts
from tests.conftest import do_without

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NOT_BUILT = "the pages are not built: make web"


@pytest.fixture
def built() -> Path:
    if not (pages.STATIC / "graphiql.html").exists():
        do_without(NOT_BUILT)
    return pages.STATIC


def test_a_browser_gets_the_page_and_a_program_does_not(built: Path, service: Running) -> None:
    with service.client() as client:
        page = client.get("/graphql", headers=HTML)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "GraphiQL" in page.text
        assert client.get("/graphql", headers={"Accept": "*/*"}).status_code == 401


def test_its_files_are_kept_for_good_and_come_from_here(built: Path, service: Running) -> None:
    with service.client() as client:
        page = client.get("/graphql", headers=HTML).text
        links = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(links) >= 3
        for link in links:
            assert link.startswith("/static/assets/")
            answer = client.get(link)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            again = client.get(link, headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code == 304
    assert "<style" not in page
    assert re.search(r"<script(?![^>]*src)", page) is None


def test_the_licences_of_what_is_in_the_bundle_are_told(built: Path) -> None:
    text = (built / "licences.txt").read_text("utf-8")
    for name in ("graphiql", "graphql", "react", "react-dom", "codemirror", "graphql-ws"):
        assert re.search(rf"^{name} [\d.]+ \(MIT\)$", text, re.MULTILINE), name
    assert set(re.findall(r"^\S+ \S+ \((.*)\)$", text, re.MULTILINE)) <= {
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "0BSD",
    }


def test_a_missing_build_says_how_to_make_it(
    toy_store: PatientStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    with running(toy_store, make_parts()) as service, service.client() as client:
        page = client.get("/graphql", headers={**HTML, "Accept-Language": "es"})
        assert page.status_code == 503
        assert "make web" in page.text
        assert '<html lang="es">' in page.text


def test_without_introspection_there_is_no_page(toy_store: PatientStore) -> None:
    settings = ServiceSettings(introspection=False)
    headers = {"Authorization": "Bearer analyst"}
    parts = make_parts(introspection=False)
    with running(toy_store, parts, settings) as service, service.client(headers=headers) as client:
        assert "GraphiQL" not in client.get("/graphql", headers=HTML).text
        answer = client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
        assert answer.json()["errors"]
        hinted = client.post("/graphql", json={"query": "{ helo }"}).json()
        assert "hello" not in hinted["errors"][0]["message"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_runs_a_query_and_nothing_leaves_the_origin(
    built: Path, browser: Any, service: Running, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.goto(f"{service.url}/graphql?query={{ hello who }}")
    page.fill("#token", "analyst")
    page.press("#token", "Enter")
    page.wait_for_selector(".graphiql-query-editor .CodeMirror")
    page.wait_for_timeout(500)
    page.click(".graphiql-execute-button")
    page.wait_for_selector(".graphiql-response .cm-string >> text=hello you", timeout=15_000)
    assert "analyst ana en" in page.inner_text(".graphiql-response")
    page.click('button[aria-label="Show Documentation Explorer"]')
    page.wait_for_selector(".graphiql-doc-explorer >> text=query")
    page.click('button[aria-label="Open settings dialog"]')
    page.wait_for_selector("text=Adjust how the interface appears")
    context.close()
    assert [url for url in asked if not url.startswith((service.url, "data:", "blob:"))] == []
    problems = [line for line in said if "Content Security Policy" in line or line.startswith("error")]
    # the schema is asked for once before the token is given
    assert [line for line in problems if "401" not in line] == []


def test_it_hears_a_subscription(built: Path, browser: Any, service: Running) -> None:
    page = browser.new_page()
    page.goto(f"{service.url}/graphql?query=subscription {{ tick(count: 3) }}")
    page.fill("#token", "analyst")
    page.press("#token", "Enter")
    page.wait_for_timeout(1000)
    page.click(".graphiql-execute-button")
    page.wait_for_selector('.graphiql-response .cm-number >> text="2"', timeout=15_000)
    page.close()


def test_the_page_speaks_the_reader_s_language(built: Path, browser: Any, service: Running) -> None:
    context = browser.new_context(locale="pt-BR")
    page = context.new_page()
    page.goto(f"{service.url}/graphql")
    page.wait_for_selector("label[for=token] >> text=Token ou chave")
    assert page.get_attribute("html", "lang") == "pt"
    context.close()


def test_a_program_that_asks_for_anything_gets_json(client: httpx.Client) -> None:
    answer = client.get("/graphql", params={"query": "{ hello }"}, headers={"Accept": "*/*"})
    assert answer.headers["content-type"].startswith("application/json")
