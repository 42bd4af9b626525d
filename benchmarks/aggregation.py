"""Facets, aggregates and trends of complaints, beside the same in DuckDB and pandas on the same arrays.

    python benchmarks/aggregation.py [--complaints 100000 | --full] [--json]

A company is drawn as arrays, as a store projects them: customers, subscriptions of products, complaints about
them with one or two causes. *cold* is the first question on a snapshot that was just projected, *warm* the
next ones. DuckDB asks tables in memory in one thread, joins included; pandas has its texts as categories and
groups ready joined columns. CPU seconds, the least of some runs.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, cast

import duckdb
import numpy as np
import pyarrow as pa

from algorithms.aggregation import (
    COUNT,
    CUSTOMERS,
    Base,
    Grouping,
    Measure,
    When,
    aggregate,
    count_facets,
    follow_trend,
)
from graph import Projection, Reader, Snapshots, View, Where
from graph.projection import ARROW_TYPES, MONEY
from schema import Triple, core_vocabulary

VOCABULARY = core_vocabulary()
FILED = Triple("Customer", "FILED", "Complaint")
HOLDS = Triple("Customer", "HOLDS", "Subscription")
OF = Triple("Subscription", "OF", "Product")
ABOUT = Triple("Complaint", "ABOUT", "Subscription")
STATES = Triple("Complaint", "ATTRIBUTED_TO", "Cause")
DAY = 86_400_000_000
FACETS = [
    "language",
    "status",
    Grouping("filed_at", per="month"),
    "Complaint-ATTRIBUTED_TO->Cause",
    "Complaint-ABOUT->Subscription-OF->Product.category",
]
WHERE = [Where("score", "le", 3.0), Where("language", "in", ["es", "pt"])]


class DrawnReader:
    """Shows a projection that was drawn."""

    vocabulary = VOCABULARY

    def __init__(self, whole: Projection) -> None:
        self._whole = whole

    def version(self) -> str:
        return "1"

    def get_many(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {}

    def project(self, kinds: Any, triples: Any) -> Projection:
        names = dict.fromkeys([*kinds, *(kind for t in triples for kind in (t.start, t.end))])
        nodes = {name: self._whole.nodes[name] for name in names}
        return Projection(nodes, {t: self._whole.relationships[t] for t in triples})


def draw_table(kind: str, size: int, columns: dict[str, Any]) -> pa.Table:
    made: dict[str, Any] = {"key": pa.array([f"{kind[:2].lower()}{number:09}" for number in range(size)])}
    for p in VOCABULARY.kinds[kind].properties.values():
        if p.name in columns:
            made[p.name] = columns[p.name]
        else:
            made[p.name] = pa.nulls(size, ARROW_TYPES.get(p.type, pa.string()))
        if p.type == "money":
            made[f"{p.name}_currency"] = pa.array(["BRL"] * size if p.name in columns else [None] * size)
    return pa.table(made)


def draw_links(start: Any, end: Any) -> pa.Table:
    order = np.lexsort((end, start))
    return pa.table({"start": start[order].astype(np.int64), "end": end[order].astype(np.int64)})


def draw_company(complaints: int, seed: int = 1) -> Projection:
    rng = np.random.default_rng(seed)
    customers, products, causes = complaints // 2, 200, 120
    subscriptions = customers

    def words(names: list[str], size: int, shares: list[float] | None = None) -> pa.Array:
        return pa.array(np.array(names)[rng.choice(len(names), size, p=shares)])

    filed = (rng.integers(18_000, 20_000, complaints) * DAY + rng.integers(0, DAY, complaints)).astype(
        "datetime64[us]"
    )
    begun = rng.integers(16_000, 20_000, subscriptions)
    ended = np.where(rng.random(subscriptions) < 0.3, begun + rng.integers(1, 2000, subscriptions), -1)
    fees = pa.array(rng.integers(20, 200, subscriptions)).cast(pa.decimal128(38, 4)).cast(MONEY)
    nodes = {
        "Customer": draw_table("Customer", customers, {}),
        "Product": draw_table(
            "Product", products, {"category": words(["fibre", "mobile", "tv", "voice"], products)}
        ),
        "Cause": draw_table(
            "Cause", causes, {"name_en": pa.array([f"cause {number}" for number in range(causes)])}
        ),
        "Subscription": draw_table(
            "Subscription",
            subscriptions,
            {
                "started_on": pa.array(begun.astype(np.int32)).cast(pa.date32()),
                "ended_on": pa.array(ended.astype(np.int32), mask=ended < 0).cast(pa.date32()),
                "monthly_fee": fees,
            },
        ),
        "Complaint": draw_table(
            "Complaint",
            complaints,
            {
                "language": words(["es", "pt", "en"], complaints, [0.5, 0.4, 0.1]),
                "status": words(["open", "shut", "new", "waiting"], complaints),
                "score": pa.array(rng.integers(1, 6, complaints).astype(np.float64)),
                "filed_at": pa.array(filed).cast(pa.timestamp("us", tz="UTC")),
            },
        ),
    }
    about = rng.integers(0, subscriptions, complaints)
    second = np.flatnonzero(rng.random(complaints) < 0.3)
    first_cause = (causes * rng.random(complaints) ** 2).astype(np.int64)
    second_cause = (first_cause[second] + 1 + rng.integers(0, causes - 1, len(second))) % causes
    every = np.arange(complaints)
    links = {
        HOLDS: draw_links(np.arange(subscriptions), np.arange(subscriptions)),
        OF: draw_links(
            np.arange(subscriptions), (products * rng.random(subscriptions) ** 2).astype(np.int64)
        ),
        FILED: draw_links(about, every),  # whose subscription it is
        ABOUT: draw_links(every, about),
        STATES: draw_links(np.r_[every, second], np.r_[first_cause, second_cause]),
    }
    return Projection(nodes, links)


def measure(act: Callable[[], Any], times: int = 5) -> float:
    """Return the least CPU seconds of some runs."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        act()
        best = min(best, time.process_time() - begun)
    return best


def make_view(company: Projection) -> View:
    return Snapshots(most_bytes=8 << 30).view(cast(Reader, DrawnReader(company)))


class DuckDB:
    """The same facets in SQL, one statement each, in one thread."""

    def __init__(self, company: Projection) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        for kind, table in company.nodes.items():
            numbered = table.append_column("id", pa.array(np.arange(table.num_rows)))
            self.connection.register("given", numbered)
            self.connection.execute(f"CREATE TABLE {kind} AS FROM given")
        for triple, table in company.relationships.items():
            self.connection.register("given", table)
            self.connection.execute(
                f'CREATE TABLE {triple.type}_{triple.end} AS SELECT start s, "end" e FROM given'
            )

    def facets(self, *, customers: bool, where: bool) -> list[Any]:
        count = "count(DISTINCT c.id)"
        join = ""
        if customers:
            count += ", count(DISTINCT f.s)"
            join = "JOIN FILED_Complaint f ON f.e = c.id"
        chosen = "WHERE c.score <= 3 AND c.language IN ('es', 'pt')" if where else ""
        own = "WHERE c.score <= 3" if where else ""
        plain = "count(*)" + (", count(DISTINCT f.s)" if customers else "")
        statements = [
            f"SELECT c.language, {plain} FROM Complaint c {join} {own} GROUP BY ALL",
            f"SELECT c.status, {plain} FROM Complaint c {join} {chosen} GROUP BY ALL",
            f"SELECT date_trunc('month', c.filed_at), {plain} FROM Complaint c {join} {chosen} GROUP BY ALL",
            f"SELECT a.e, {plain} FROM Complaint c {join} JOIN ATTRIBUTED_TO_Cause a ON a.s = c.id {chosen} "
            "GROUP BY ALL",
            f"SELECT p.category, {count} FROM Complaint c {join} JOIN ABOUT_Subscription b ON b.s = c.id "
            f"JOIN OF_Product o ON o.s = b.e JOIN Product p ON p.id = o.e {chosen} GROUP BY ALL",
        ]
        return [
            self.connection.execute(f"{statement} ORDER BY 2 DESC LIMIT 10").fetchall()
            for statement in statements
        ]

    def money(self) -> list[Any]:
        return self.connection.execute(
            "SELECT p.category, count(*), sum(s.monthly_fee), median(s.monthly_fee) FROM Subscription s "
            "JOIN OF_Product o ON o.s = s.id JOIN Product p ON p.id = o.e GROUP BY ALL ORDER BY 1"
        ).fetchall()


def join_with_pandas(company: Projection) -> Any:
    """Return a flat table of complaints, and one of their causes, with what is grouped by as categories."""
    complaints = company.nodes["Complaint"].select(["language", "status", "score", "filed_at"]).to_pandas()
    about, subscription = company.ends(ABOUT)
    products = company.ends(OF)[1]
    category = company.nodes["Product"]["category"].to_pandas().to_numpy()
    complaints["category"] = category[products[subscription]][np.argsort(about)]
    complaints["customer"] = company.ends(FILED)[0][np.argsort(company.ends(FILED)[1])]
    complaints["month"] = complaints["filed_at"].dt.tz_localize(None).dt.to_period("M").astype(str)
    for name in ("language", "status", "category", "month"):
        complaints[name] = complaints[name].astype("category")
    start, cause = company.ends(STATES)
    return complaints, start, cause


def facets_of_pandas(joined: Any, *, where: bool) -> list[Any]:
    complaints, start, cause = joined
    mask = np.ones(len(complaints), bool)
    own = mask
    if where:
        own = (complaints["score"] <= 3).to_numpy()
        mask = own & complaints["language"].isin(["es", "pt"]).to_numpy()
    found = [complaints["language"][own].value_counts().head(10)]
    found += [complaints[name][mask].value_counts().head(10) for name in ("status", "month", "category")]
    import pandas as pd

    found.append(pd.Series(cause[mask[start]]).value_counts().head(10))
    return found


def compare(complaints: int) -> Iterator[dict[str, Any]]:
    """Yield what was measured, a row at a time."""
    company = draw_company(complaints)
    view, sql = make_view(company), DuckDB(company)
    joined = join_with_pandas(company)

    def ask(
        where: bool = False, customers: bool = False, suppress_below: int = 0, of: View = view
    ) -> list[Any]:
        return count_facets(
            of,
            "Complaint",
            FACETS,
            where=WHERE if where else (),
            customers=customers,
            suppress_below=suppress_below,
        )

    cold = measure(lambda: ask(of=make_view(company)), times=1)
    yield {"what": "5 facets, cold", "motivo": cold}
    ours = {b.group.value: b.count for b in ask(where=True)[4].buckets}
    assert ours == {row[0]: row[1] for row in sql.facets(customers=False, where=True)[4]}
    for where in (False, True):
        name = "5 facets, filtered" if where else "5 facets"
        yield {
            "what": name,
            "motivo": measure(lambda where=where: ask(where)),
            "duckdb": measure(lambda where=where: sql.facets(customers=False, where=where), times=2),
            "pandas": measure(lambda where=where: facets_of_pandas(joined, where=where), times=3),
        }
        yield {
            "what": f"{name}, customers",
            "motivo": measure(lambda where=where: ask(where, customers=True)),
            "duckdb": measure(lambda where=where: sql.facets(customers=True, where=where), times=2),
        }
    yield {"what": "5 facets, groups under 5 withheld", "motivo": measure(lambda: ask(suppress_below=5))}
    measures = [
        COUNT,
        Measure("sum", "monthly_fee"),
        Measure("quantile", "monthly_fee"),
    ]
    by = ["Subscription-OF->Product.category"]
    aggregate(view, "Subscription", by=by, measures=measures)
    yield {
        "what": "sum and median of money, by a path",
        "motivo": measure(lambda: aggregate(view, "Subscription", by=by, measures=measures), times=3),
        "duckdb": measure(sql.money, times=3),
    }
    yield {
        "what": "by month and cause, with customers",
        "motivo": measure(
            lambda: aggregate(
                view,
                "Complaint",
                by=[Grouping("filed_at", per="month"), "Complaint-ATTRIBUTED_TO->Cause"],
                measures=[COUNT, CUSTOMERS],
            ),
            times=3,
        ),
    }
    base = Base("Subscription", lenses=["Subscription-OF->Product.category"])
    when = When("month", since=date(2020, 1, 1))
    follow_trend(view, "Complaint", when, against=base)
    yield {
        "what": "monthly rates by category",
        "motivo": measure(lambda: follow_trend(view, "Complaint", when, against=base), times=3),
    }
    yield {"what": "bytes kept", "bytes": view.snapshots.nbytes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--complaints", type=int, default=50_000)
    parser.add_argument("--full", action="store_true", help="1,000,000 complaints")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    complaints = 1_000_000 if chosen.full else chosen.complaints
    rows = compare(complaints)
    if chosen.json:
        print(json.dumps({"complaints": complaints, "rows": list(rows)}))
        return
    print(f"{complaints:,} complaints; CPU ms")
    print("".ljust(38), "  motivo   duckdb   pandas")
    for row in rows:
        if "bytes" in row:
            print(row["what"].ljust(38), f"{row['bytes'] / 1e6:8.0f} MB")
            continue
        figures = (f"{1000 * row[n]:8.1f}" if n in row else " " * 8 for n in ("motivo", "duckdb", "pandas"))
        print(row["what"].ljust(38), *figures, flush=True)


if __name__ == "__main__":
    main()
