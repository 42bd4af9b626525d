"""Lists and figures as files: every row once, headers for people, no formulas, memory for a page."""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.aggregation import COUNT, Base, Grouping, Measure, When, aggregate, follow_trend
from algorithms.exports import export_aggregate, export_rows, export_trend, write_csv, write_parquet
from graph import Linked, Order, Reader, Snapshots, Store, Where, open_store
from schema import Amount, Direction, RefusedError, UsageError
from tests.algorithms.aggregation.company import VOCABULARY as CORE
from tests.algorithms.aggregation.test_trends import LINKS, NODES
from tests.algorithms.aggregation.views import make_view
from tests.graph.conformance import goods
from tests.graph.conformance.company import SENT, VOCABULARY, ingest, node

MANY = 4_321


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'graph.db'}", VOCABULARY)
    goods.fill(store)
    yield store
    store.close()


@pytest.fixture
def reader(store: Store) -> Reader:
    return store.reader()


def read_table(batches: Any) -> pa.Table:
    return pa.Table.from_batches(list(batches))


def read_csv(parts: Iterator[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(parts).decode(), newline="")))


def test_all_properties_with_their_types(reader: Reader) -> None:
    table = read_table(export_rows(reader, "Parcel"))
    assert table.column_names[:4] == ["Parcel id", "Label", "Carrier", "Pieces"]
    assert [field.metadata[b"name"] for field in table.schema][:3] == [b"key", b"label", b"carrier"]
    rows = {row["Parcel id"]: row for row in table.to_pylist()}
    assert list(rows) == sorted(goods.PARCELS)
    a = rows["aa"]
    assert (a["Fee"], a["Fee (currency)"], a["Sent on"]) == (Decimal("10.00"), "BRL", date(2026, 3, 1))
    assert rows["a"]["Lost at"] == goods.NOON
    assert rows["e"]["Pieces"] is None


def test_conditions_order_and_columns(reader: Reader) -> None:
    where = [Where("carrier", "eq", "post")]
    order = Order("weight", descending=True)
    table = read_table(export_rows(reader, "Parcel", where, order, ["caption", "weight", "key"]))
    assert table.column_names == ["Parcel", "Weight", "Parcel id"]
    assert table["Weight"].to_pylist() == [2.0, 0.5, None, None]


def test_what_paths_lead_to_is_spelled_out(reader: Reader) -> None:
    columns = ["key", "Parcel<-SENT-Customer", "Parcel<-SENT-Customer.segment", "Parcel-NEXT->Parcel.fee"]
    table = read_table(export_rows(reader, "Parcel", columns=columns))
    rows = {row["Parcel id"]: row for row in table.to_pylist()}
    assert rows["b"]["Customer"] == "Ana; Rui"
    assert rows["b"]["Customer: segment"] == "home; company"
    assert rows["e"]["Customer"] is None
    assert rows["b"]["Parcel: fee"] == "9.90 BRL"
    far = ["Parcel<-SENT-Customer-SENT->Parcel"]
    table = read_table(export_rows(reader, "Parcel", [Where("key", "eq", "d")], columns=far))
    assert table["Parcel"].to_pylist() == ["agil 100%; STRASSE; f"]


def test_headers_are_in_the_language(reader: Reader) -> None:
    columns = ["key", "segment", "Customer-FILED->Complaint", "since"]
    headers = {
        language: read_table(export_rows(reader, "Customer", columns=columns, language=language)).column_names
        for language in ("en", "es", "pt")
    }
    assert headers["en"] == ["Customer id", "Segment", "Complaint", "Customer since"]
    assert headers["es"] == ["Id de cliente", "Segmento", "Reclamo", "Cliente desde"]
    assert headers["pt"] == ["Id de cliente", "Segmento", "Reclamação", "Cliente desde"]


def test_the_same_header_is_not_there_twice(reader: Reader) -> None:
    table = read_table(export_rows(reader, "Parcel", columns=["Parcel-NEXT->Parcel", "Parcel<-NEXT-Parcel"]))
    assert table.column_names == ["Parcel", "Parcel (Parcel<-NEXT-Parcel)"]


def test_no_row_is_a_table_with_headers(reader: Reader) -> None:
    batches = list(export_rows(reader, "Parcel", [Where("key", "eq", "no such")], columns=["key", "fee"]))
    assert [batch.num_rows for batch in batches] == [0]
    assert read_csv(write_csv(batches)) == [["Parcel id", "Fee", "Fee (currency)"]]
    assert pq.read_table(io.BytesIO(b"".join(write_parquet(batches)))).num_rows == 0


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("Nothing", None),
        ("Parcel", ["nothing"]),
        ("Parcel", []),
        ("Parcel", ["Customer.segment"]),
        ("Parcel", ["Parcel"]),
        ("Parcel", ["count(Parcel-NEXT->Parcel)"]),
    ],
)
def test_what_cannot_be_asked(reader: Reader, kind: str, columns: Any) -> None:
    with pytest.raises(UsageError):
        export_rows(reader, kind, columns=columns)
    with pytest.raises(UsageError):
        export_rows(reader, "Parcel", [Where("nothing", "eq", 1)])


class ShyReader:
    """Shows no labels: it refuses to be asked by them, as a reader that guards does."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def get_many(self, kind: str, keys: Any, *, where: Any = ()) -> Any:
        if any(w.name == "label" for w in where):
            raise RefusedError("labels are not for you to see")
        return self._reader.get_many(kind, keys, where=where)


def test_what_is_not_shown_is_no_column(reader: Reader) -> None:
    shy: Any = ShyReader(reader)
    assert "Label" not in read_table(export_rows(shy, "Parcel")).column_names
    with pytest.raises(RefusedError):
        export_rows(shy, "Parcel", columns=["label"])
    with pytest.raises(RefusedError):
        export_rows(shy, "Parcel", columns=["Parcel-NEXT->Parcel.label"])


def test_many_rows_come_page_by_page_and_once(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'graph.db'}", VOCABULARY)
    ingest(store, a={"1": [node("Parcel", f"p{number}", pieces=number % 7) for number in range(MANY)]})
    for order in (None, Order("pieces")):
        sizes, keys = [], []
        for batch in export_rows(store.reader(), "Parcel", order=order, columns=["key"]):
            sizes.append(batch.num_rows)
            keys += batch.column(0).to_pylist()
        assert len(sizes) > 2
        assert sorted(keys) == sorted(f"p{number}" for number in range(MANY))
    parts = list(write_csv(export_rows(store.reader(), "Parcel")))
    assert len(parts) == len(sizes)
    assert len(read_csv(iter(parts))) == MANY + 1
    store.close()


cells = st.text(st.sampled_from("=+-@\t\r\n\",;'ñ1a \u2028"), max_size=4) | st.none()


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.tuples(cells, st.integers(-5, 5)), max_size=5), headers=st.tuples(cells, cells))
def test_no_text_is_a_formula_and_numbers_are_numbers(rows: Any, headers: Any) -> None:
    names = [f"{header or ''}{place}" for place, header in enumerate(headers)]
    names[1] = "number"
    texts, numbers = [row[0] for row in rows], [row[1] for row in rows]
    batch = pa.RecordBatch.from_arrays([pa.array(texts, pa.string()), pa.array(numbers, pa.int64())], names)
    written = b"".join(write_csv([batch]))
    found = read_csv(iter([written]))
    for (text, number), (cell, count) in zip([tuple(names), *rows], found, strict=True):
        assert cell.lstrip("'")[:1] not in ("=", "+", "-", "@", "\t", "\r") or cell.startswith("'")
        assert cell.removeprefix("'") == (text or "").removeprefix("'")
        assert count == str(number)
    assert written.endswith(b"\r\n")
    assert all(count == str(number) for (_, number), (_, count) in zip(rows, found[1:], strict=True))


def test_a_csv_begins_with_a_mark_only_if_asked() -> None:
    batch = pa.RecordBatch.from_pydict({"ñ": ["á"]})
    assert b"".join(write_csv([batch])) == '"ñ"\r\n"á"\r\n'.encode()
    assert b"".join(write_csv([batch], bom=True)) == '\ufeff"ñ"\r\n"á"\r\n'.encode()


def test_times_are_iso_8601() -> None:
    moments = [datetime(2026, 3, 1, 12, tzinfo=UTC), None]
    type_ = pa.timestamp("us", tz="UTC")
    batch = pa.RecordBatch.from_arrays([pa.array([1, 2]), pa.array(moments, type_)], ["of", "at"])
    assert read_csv(write_csv([batch])) == [["of", "at"], ["1", "2026-03-01T12:00:00Z"], ["2", ""]]
    exact = pa.RecordBatch.from_arrays([pa.array([goods.NOON + goods.TICK], type_)], ["at"])
    assert read_csv(write_csv([exact]))[1] == ["2026-03-01T12:00:00.000001Z"]


def test_parquet_is_the_table_and_comes_in_parts() -> None:
    batches = [
        pa.RecordBatch.from_pydict({"a": [f"{place} {letter}" for letter in string.printable] * 500})
        for place in range(4)
    ]
    parts = list(write_parquet(batches))
    assert len(parts) > 2
    assert pq.read_table(io.BytesIO(b"".join(parts))) == pa.Table.from_batches(batches)


def test_parquet_keeps_the_names_that_programs_know(reader: Reader) -> None:
    written = b"".join(write_parquet(export_rows(reader, "Parcel", columns=["fee"], language="pt")))
    table = pq.read_table(io.BytesIO(written))
    assert [(field.name, field.metadata[b"name"]) for field in table.schema] == [
        ("Fee", b"fee"),
        ("Fee (moeda)", b"fee_currency"),
    ]


def test_nothing_to_write_is_nothing() -> None:
    assert list(write_csv([])) == []
    assert list(write_parquet([])) == []


def test_an_aggregate(store: Store) -> None:
    view = Snapshots().view(store.reader())
    found = aggregate(
        view,
        "Parcel",
        by=["Parcel<-SENT-Customer", Grouping("sent_on", per="month"), Grouping("pieces", width=5), "fee"],
        measures=[COUNT, Measure("sum", "fee"), Measure("quantile", "weight")],
        where=[Linked(SENT, Direction.IN), Where("key", "in", ["c", "d", "a"])],
    )
    table = read_table(export_aggregate(found, "es"))
    assert table.column_names == [
        *("Cliente", "Id de cliente", "Sent on (mes)", "Pieces", "Fee", "Fee (moneda)"),
        *("Cantidad", "Suma: fee (BRL)", "Suma: fee (EUR)", "Mediana: weight"),
    ]
    rows = [tuple(row.values()) for row in table.to_pylist()]
    fee = Decimal("9.9000")
    assert rows == [
        ("Ana", "ana", None, "0 – 5", None, None, 1, None, None, 0.5),
        ("Ana", "ana", "1999-12", "-5 – 0", fee, "BRL", 1, fee, None, None),
        ("Rui", "rui", None, "10 – 15", fee, "EUR", 1, None, fee, None),
    ]
    (empty,) = export_aggregate(aggregate(view, "Parcel", by=["fee"], where=[Where("key", "eq", "x")]))
    assert empty.num_rows == 0


def test_an_aggregate_of_money_that_is_none() -> None:
    view = make_view(CORE, {"Invoice": {"i": {"amount": Amount(Decimal(1), "BRL")}}}, {})
    table = read_table(export_aggregate(aggregate(view, "Invoice", measures=[Measure("sum", "amount")])))
    assert table.to_pylist() == [{"Sum: amount (BRL)": Decimal("1.0000")}]


def test_a_trend() -> None:
    view = make_view(CORE, NODES, LINKS)
    base = Base("Subscription", lenses=["Subscription-OF->Product"])
    when = When("quarter", since=date(2026, 1, 1), until=date(2026, 3, 31))
    table = read_table(export_trend(follow_trend(view, "Complaint", when, against=base), "pt"))
    assert table.column_names[:5] == [
        "Produto",
        "Trimestre",
        "Primeiro dia",
        "Quantidade",
        "Quantidade, 95 % de",
    ]
    assert table.column_names[7] == "Taxa por 1000"
    assert table["Produto"].to_pylist() == ["(todos)", "fibre", "tv"]
    assert table["Quantidade"].to_pylist() == [2, 2, 1]
    plain = read_table(export_trend(follow_trend(view, "Complaint", when)))
    assert plain.column_names == ["Quarter", "First day", "Number", "Number, 95 % from", "Number, 95 % to"]
