"""Facts about real tables that the engine must rediscover; it is told none of them."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import numpy as np
import pytest

from algorithms.rootcauses import Feature, UnitTable, find_root_causes
from tests.algorithms.rootcauses.planted import spell

ROOT = Path(__file__).resolve().parents[3]

ORDERS = """
with items as (
    select order_id, count(*) as items, count(distinct seller_id) as sellers,
        list(distinct seller_id) as seller, list(distinct product_category_name) as category,
        sum(price) as price, sum(freight_value) as freight,
        max(shipping_limit_date) as shipping_limit
    from '{0}/olist_order_items_dataset.csv'
    left join '{0}/olist_products_dataset.csv' using (product_id) group by order_id),
payments as (
    select order_id, list(distinct payment_type) as payment,
        max(payment_installments) as installments, sum(payment_value) as paid
    from '{0}/olist_order_payments_dataset.csv' group by order_id),
reviews as (
    select order_id, min(review_score) <= 2 as bad
    from '{0}/olist_order_reviews_dataset.csv' group by order_id)
select bad, customer_state as state, customer_city as city,
    order_purchase_timestamp as purchased, order_approved_at as approved,
    order_delivered_carrier_date as handed_over, order_delivered_customer_date as delivered,
    order_estimated_delivery_date as estimated,
    date_diff('day', order_estimated_delivery_date, order_delivered_customer_date) as days_late,
    items.* exclude (order_id), payments.* exclude (order_id)
from '{0}/olist_orders_dataset.csv' join reviews using (order_id)
left join items using (order_id) left join payments using (order_id)
left join '{0}/olist_customers_dataset.csv' using (customer_id)
order by order_id
"""


def find_data(name: str) -> Path:
    folder = Path(os.environ.get("MOTIVO_DATA", ROOT / "../shared/data")) / name
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the data folder {name} is missing")
        pytest.skip(f"the data folder {name} is not here; set MOTIVO_DATA to where it is")
    return folder


def read_table(query: str, outcome: str) -> UnitTable:
    rows = duckdb.sql(query).to_arrow_table()
    columns = [name for name in rows.column_names if name != outcome]
    features = tuple(Feature.from_arrow(name, rows[name]) for name in columns)
    return UnitTable(features, np.array(rows[outcome].to_pylist(), dtype=np.int64))


def test_late_delivery_comes_first():
    table = read_table(ORDERS.format(find_data("olist_sample3k")), "bad")
    found = find_root_causes(table)
    (late,) = found.causes[0].pattern
    assert (late.feature, late.op) == ("days_late", ">=")
    assert 0 <= late.value <= 3
    assert 5 < found.causes[0].lift < 7.5
    assert found.causes[0].q_value < 0.05
    rates = [part.rate for part in found.causes[0].dose]
    assert rates[0] < 0.12
    assert min(rates[1:]) > 0.35
    names = spell(found)
    assert ["delivered is null"] in names
    assert ["sellers >= 2"] in names
    late_units = found.causes[0].members
    for cause in found.causes[1:]:
        assert np.isin(cause.members, late_units).mean() < 0.3
        assert not {literal.feature for literal in cause.pattern} & {"days_late", "handed_over"}


def test_churn_is_that_of_monthly_contracts():
    folder = find_data("telco_ibm")
    query = f"select * exclude (customerID) from '{folder}/telco-customer-churn-by-IBM.csv.gz'"
    found = find_root_causes(read_table(query, "Churn"))
    first = found.causes[0]
    assert ("Contract", "Month-to-month") in {(part.feature, part.value) for part in first.pattern}
    assert first.lift > 3
