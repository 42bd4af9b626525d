"""What the page on notebooks shows can be run, in a notebook and over HTTP."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.auth import Role
from api.auth.keys import add_key
from api.service.wiring import open_parts
from api.settings import AuthSettings, ServiceSettings
from graph import open_store
from tests.api.service.running import running


def snippets(root: Path) -> tuple[str, str]:
    """Return what is run in a notebook, and what over HTTP."""
    local, http = (root / "docs" / "notebooks.md").read_text("utf-8").split("\n## The same over HTTP\n")
    found = ["\n".join(re.findall(r"```python\n(.*?)```", part, re.DOTALL)) for part in (local, http)]
    return found[0], found[1]


def test_in_a_notebook(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MOTIVO_LANGUAGE", "en")
    found: dict[str, Any] = {}
    exec(snippets(root)[0], found)
    assert set(found["frame"]["language"]) == {"es"}
    assert found["late"]["open"] == len(found["frame"])
    assert set(found["joined"]["segment"]) == {"home", "company"}
    assert 0 < len(found["either"]) < len(found["filed"])
    by_product = found["by_product"].to_pandas()
    assert by_product["product"][0] == "TV"
    assert by_product.columns.tolist() == [
        *("product", "product_key", "count", "quantile_0.9_score"),
        "sum_Complaint-ABOUT->Subscription.monthly_fee_BRL",
    ]
    assert found["totals"]["count"] == by_product["count"].sum()
    assert set(found["monthly"]["language"]) == {"es", "pt"}
    rates = found["rates"].filter(pl.col("Product") == "TV")["rate"]
    others = found["rates"].filter(pl.col("Product") != "TV")["rate"]
    assert rates.min() > others.max()
    assert "TV" in found["table"]["title"][0]
    assert found["evidence"][0]
    assert ("Product", "tv") in found["ranks"]
    found["graph"].close()


def test_over_http(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(f"sqlite:///{folder / 'motivo.db'}")) as store:
        key, _ = add_key(store, Role.ANALYST)
        monkeypatch.setenv("MOTIVO_KEY", key)
        parts = open_parts(store, ServiceSettings(), AuthSettings(secret="s" * 40, audit=None))
        with running(store, parts) as service:
            found: dict[str, Any] = {}
            exec(snippets(root)[1].replace("http://127.0.0.1:8000", service.url), found)
            found["client"].close()
    assert found["aggregated"]["count"].sum() > 0
    assert "TV" in found["found"]["title"][0]
    assert found["complaints_by_page"]["score"].is_not_null().all()
