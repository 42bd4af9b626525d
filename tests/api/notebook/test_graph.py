"""A graph in a notebook: frames of anything, errors that say what to do, nothing written."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from algorithms.aggregation import Base, Grouping, When
from api.notebook import Frame, Graph, open_graph
from schema import MissingExtraError, StoreError, UsageError
from tests.api.notebook.company import CUSTOMERS, PRODUCTS


def test_a_store_is_named_by_its_file_its_url_or_the_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "motivo.db"
    monkeypatch.setenv("MOTIVO_STORE", f"sqlite:///{file}")
    for name in (file, str(file), f"sqlite:///{file}", None):
        with open_graph(name) as graph:
            assert len(graph.nodes("Product")) == len(PRODUCTS)
    with pytest.raises(StoreError, match="there is no store"):
        open_graph(folder / "other.db")
    assert not (folder / "other.db").exists()


def test_kinds(graph: Graph) -> None:
    counts = {row["kind"]: row["nodes"] for row in graph.kinds().to_arrow().to_pylist()}
    assert counts["Customer"] == CUSTOMERS
    assert counts["Invoice"] == 0
    assert repr(graph).startswith("<Graph sqlite:///")
    shown = graph._repr_html_()
    assert "Subscription" in shown
    assert "Invoice" not in shown


def test_nodes_are_frames_of_any_library(graph: Graph) -> None:
    frame = graph.nodes("Subscription")
    assert len(frame) == CUSTOMERS
    assert frame.columns[:2] == ["key", "status"]
    assert frame.to_arrow().num_rows == CUSTOMERS
    as_pandas = frame.to_pandas()
    assert as_pandas["started_on"].dtype.kind == "M"
    assert isinstance(as_pandas["monthly_fee"].sum(), Decimal)
    as_polars = frame.to_polars()
    assert as_polars["monthly_fee"].sum() == as_pandas["monthly_fee"].sum()
    assert as_polars["started_on"].dtype == pl.Date
    assert pl.DataFrame(frame).equals(as_polars)
    assert pa.table(frame) == frame.to_arrow()


def test_conditions_and_columns(graph: Graph) -> None:
    frame = graph.nodes("Complaint", ["language != es", "filed_at < 2026-02-01"], ["key", "filed_at"])
    assert frame.columns == ["key", "filed_at"]
    filed = frame.to_arrow()["filed_at"].to_pylist()
    assert filed
    assert max(filed) < datetime(2026, 2, 1, tzinfo=UTC)
    every, stated = len(graph.nodes("Complaint")), len(graph.nodes("Complaint", "cause = billing.late"))
    assert stated == every
    assert len(graph.nodes("Complaint", "cause != billing.late")) == 0
    assert len(graph.nodes("Complaint", "Complaint.language = es")) == len(
        graph.nodes("Complaint", "language = es")
    )


def test_relationships(graph: Graph) -> None:
    frame = graph.relationships("ATTRIBUTED_TO").to_arrow()
    assert frame.column_names[:5] == ["start_kind", "start", "end_kind", "end", "quote"]
    assert set(frame["end"].to_pylist()) == {"billing.late"}
    about = graph.relationships("ABOUT").to_arrow()
    assert about == graph.relationships("ABOUT").to_arrow()
    assert set(about["end_kind"].to_pylist()) == {"Subscription"}
    one = graph.relationships("Complaint-ABOUT->Subscription")
    assert len(one) == about.num_rows


def test_aggregates(graph: Graph) -> None:
    frame = graph.aggregate(
        "Subscription",
        by=["Subscription-OF->Product", Grouping("monthly_fee", width=50), "year(started_on)"],
        measures="median(monthly_fee)",
        where="status = active",
    )
    assert frame.columns == [
        *("Product", "Product_key", "monthly_fee_low", "monthly_fee_high", "monthly_fee_currency"),
        *("year", "quantile_0.5_monthly_fee_BRL"),
    ]
    row = frame.to_arrow().to_pylist()[0]
    assert (row["Product"], row["monthly_fee_low"], row["year"]) == ("FIBRE", 0.0, date(2025, 1, 1))
    assert frame.source.total
    counted = graph.aggregate("Complaint", by=["month(filed_at)", "week(filed_at)"], order="count", limit=2)
    assert counted.columns == ["month", "week", "count"]
    assert len(counted) == 2
    assert graph.aggregate("Customer").to_arrow().to_pylist() == [{"count": CUSTOMERS}]


def test_names_of_columns_are_not_there_twice(graph: Graph) -> None:
    frame = graph.aggregate("Complaint", by=["language", "Complaint<-FILED-Customer.language"])
    assert frame.columns == ["language", "language_of_Complaint<-FILED-Customer.language", "count"]


def test_trends(graph: Graph) -> None:
    whole = graph.trend().to_arrow()
    assert whole.column_names == ["begins", "count", "low", "high"]
    assert sum(whole["count"].to_pylist()) == len(graph.nodes("Complaint"))
    base = Base("Subscription", per=10)
    rated = graph.trend("Complaint", When("week"), by="Subscription-OF->Product", against=base)
    assert rated.columns[0] == "Product"
    assert rated.columns[-4:] == ["exposed", "rate", "rate_low", "rate_high"]
    assert rated.source.base.per == 10


def test_root_causes(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVO_LANGUAGE", "es")
    frame = graph.root_causes("Subscription")
    first = frame.to_arrow().to_pylist()[0]
    assert "tv" in first["pattern"]
    assert first["explanation"] == frame.source.root_causes[0].explanation["es"]
    none = graph.root_causes("Subscription", "filed_at >= 2099-01-01")
    assert len(none) == 0
    assert none.columns == frame.columns


def test_networks(graph: Graph) -> None:
    network = graph.network(["Customer", "Subscription"])
    assert len(network) == 2 * CUSTOMERS
    assert network.number_of_edges() == CUSTOMERS
    one = graph.network(triples=["Subscription-OF->Product"], directed=True)
    assert len(one) == CUSTOMERS + len(PRODUCTS)
    assert len(graph.network()) > len(one)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda g: g.nodes("Order"), "there is no kind 'Order'"),
        (lambda g: g.nodes("Complaint", "nothing = 1"), "one of .*cause"),
        (lambda g: g.nodes("Complaint", "late"), "is no condition"),
        (lambda g: g.nodes("Complaint", "Product.name = TV"), "is no condition on a Complaint"),
        (lambda g: g.nodes("Complaint", columns=["lang"]), "no column lang.*language"),
        (lambda g: g.relationships("NOTHING"), "one of .*FILED"),
        (lambda g: g.relationships("Customer->Complaint"), "such as Customer-FILED->Complaint"),
        (lambda g: g.aggregate("Complaint", by="decade(filed_at)"), "there is no fold"),
        (lambda g: g.aggregate("Complaint", measures="mode(score)"), "there is no measure"),
        (lambda g: g.aggregate("Complaint", order="sum"), "there is no measure 'sum'"),
        (lambda g: g.trend("Product"), "has no date"),
        (lambda g: g.root_causes("Complaint"), "nothing that complaints are about"),
        (lambda g: g.network(["Order"]), "there is no kind"),
    ],
)
def test_what_cannot_be_asked_says_what_can(graph: Graph, ask: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        ask(graph)


@pytest.mark.parametrize(
    ("module", "ask", "extra"),
    [
        ("pandas", lambda g: g.nodes("Product").to_pandas(), "notebooks"),
        ("polars", lambda g: g.nodes("Product").to_polars(), "notebooks"),
        ("networkx", lambda g: g.network(), "networks"),
    ],
)
def test_what_is_not_installed_is_named(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, module: str, ask: Any, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as raised:
        ask(graph)
    assert f"motivo[{extra}]" in raised.value.hint


def test_cells_run_in_any_thread(graph: Graph) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(graph.nodes("Product")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [len(PRODUCTS)] * 4


def test_how_a_frame_is_shown() -> None:
    frame = Frame(pa.table({"<name>": [f"<b>{n}</b>" for n in range(1234)], "none": [None] * 1234}), "things")
    assert repr(frame) == "<things: 1,234 rows, 2 columns: <name>, none>"
    shown = frame._repr_html_()
    assert "&lt;b&gt;9&lt;/b&gt;" in shown
    assert "&lt;b&gt;10&lt;/b&gt;" not in shown
    assert "<b>" not in shown
    assert "the first 10 shown" in shown
    assert pd.DataFrame(frame.to_pandas()).shape == (1234, 2)
