"""What the page on networks shows can be run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from graph import open_store
from schema import Triple
from tests.graph.conformance.company import ABOUT, FILED, VOCABULARY, customer, ingest, link, node

HOLDS, OF = Triple("Customer", "HOLDS", "Subscription"), Triple("Subscription", "OF", "Product")


def test_the_page_s_calls_work(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///motivo.db", VOCABULARY)
    facts = [customer("ana"), customer("bea"), node("Product", "fibre")]
    for who, subscription, complaint in (("ana", "s1", "c1"), ("bea", "s2", "c2")):
        facts += [link(HOLDS, who, subscription), link(OF, subscription, "fibre")]
        facts += [link(FILED, who, complaint), link(ABOUT, complaint, "fibre")]
    ingest(store, crm={str(number): [fact] for number, fact in enumerate(facts)})
    store.close()
    page = (root / "docs" / "networks.md").read_text("utf-8")
    found: dict[str, Any] = {}
    exec("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), found)
    assert found["way"] == [("Complaint", "c1"), ("Customer", "ana")]
    assert len(found["graph"]) == len(found["ranks"]) == len(found["middle"]) == 5
    assert len(found["groups"]) == 1
    assert found["communities"].groups == ()
    assert found["alike"] == []
    found["store"].close()
