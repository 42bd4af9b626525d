"""What is built: small, of our own, fitting the schema, and always in the wheel. Needs no browser."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate

from hatch_build import PAGES, BuiltPages
from tests.web.building import find_node
from tests.web.serving import ROOT, Service

WEB = ROOT / "web"
DOCUMENTS = sorted((WEB / "src").rglob("*.graphql"))
FIRST_LOAD = 120_000
WIDGET, LOADER = 12_000, 1_500


def first_load(static: Path, page: str) -> dict[str, int]:
    """Return what a page asks for before anything is opened, with the bytes of each, packed.

    That is the page, what it links to, and what these import at once.
    """
    html = (static / page).read_text("utf-8")
    waiting = re.findall(r'(?:src|href)="/static/([^"]+)"', html)
    sizes = {page: len(gzip.compress((static / page).read_bytes(), 9))}
    while waiting:
        name = waiting.pop()
        if name in sizes:
            continue
        content = (static / name).read_bytes()
        sizes[name] = len(gzip.compress(content, 9))
        if name.endswith(".js"):
            folder = Path(name).parent
            for one in re.findall(r'(?:\bfrom|\bimport)\s*"\./([^"]+\.js)"', content.decode()):
                waiting.append(str(folder / one))
    return sizes


def test_the_first_load_is_small(built: Path) -> None:
    sizes = first_load(built, "explorer.html")
    assert sum(sizes.values()) <= FIRST_LOAD, sizes
    assert not [name for name in sizes if "graphiql" in name or "codemirror" in name]


def test_the_widget_is_small_and_stands_alone(built: Path) -> None:
    sizes = first_load(built, "widget.html")
    assert sum(sizes.values()) <= WIDGET, sizes
    assert not sizes.keys() & first_load(built, "explorer.html").keys(), "no file is shared with other pages"
    script = (built / "widget.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= LOADER
    assert not re.search(rb"\b(?:import|export)\b", script), "it is a classic script"


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(built: Path) -> None:
    for page in built.glob("*.html"):
        html = page.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html), page.name
        assert not re.findall(r'(?:src|href)="(?!/static/)[^"]*"', html), page.name


def test_files_come_packed_to_whoever_reads_that(service: Service, built: Path) -> None:
    sizes = first_load(built, "explorer.html")
    script = max((name for name in sizes if name.endswith(".js")), key=sizes.__getitem__)
    url = f"{service.url}/static/{script}"
    packed = httpx.get(url, headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
    plain = httpx.get(url, headers={"Accept-Encoding": "identity"})
    refused = httpx.get(url, headers={"Accept-Encoding": "gzip;q=0, *;q=0.5"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.content == plain.content == refused.content
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert packed.headers["content-type"].startswith("text/javascript")
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    again = httpx.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]})
    assert again.status_code == 304


def test_the_policies_are_strict(service: Service) -> None:
    explorer = httpx.get(service.url).headers
    assert "unsafe" not in explorer["content-security-policy"]
    assert "data:" not in explorer["content-security-policy"]
    assert "frame-ancestors 'none'" in explorer["content-security-policy"]
    assert explorer["x-frame-options"] == "DENY"
    graphiql = httpx.get(f"{service.url}/graphql", headers={"Accept": "text/html"}).headers
    assert "unsafe" not in graphiql["content-security-policy"]
    assert "frame-ancestors 'self'" in graphiql["content-security-policy"]
    assert graphiql["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("folder", sorted({one.parent for one in DOCUMENTS}), ids=lambda path: path.name)
def test_the_queries_of_a_folder_fit_the_schema(folder: Path) -> None:
    """Together, for they share fragments."""
    schema = build_schema((ROOT / "docs" / "schema.graphql").read_text("utf-8"))
    text = "\n".join(one.read_text("utf-8") for one in DOCUMENTS if one.parent == folder)
    assert validate(schema, parse(text)) == []


def test_logic_that_draws_nothing(built: Path) -> None:
    find_node()
    done = subprocess.run(
        ["npm", "test", "--silent"], cwd=WEB, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("missing", PAGES)
def test_no_wheel_is_built_without_the_pages(tmp_path: Path, missing: str) -> None:
    hook = BuiltPages(str(tmp_path), {}, None, None, str(tmp_path), "wheel")  # type: ignore[arg-type]
    hook.initialize("editable", {})
    static = tmp_path / "api" / "static"
    static.mkdir(parents=True)
    for page in PAGES:
        (static / page).touch()
    hook.initialize("standard", {})
    (static / missing).unlink()
    with pytest.raises(RuntimeError, match=f"{re.escape(missing)}.*make web"):
        hook.initialize("standard", {})
