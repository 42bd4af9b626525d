"""Real tables with known truths: a churn table, and tweets whose dates say how they were collected."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from algorithms import Explanation, explain_table
from ingest import read_table

DATA = Path(os.environ.get("MOTIVO_DATA", Path(__file__).resolve().parents[2] / "../shared/data"))


def explain_churn() -> Explanation:
    table = read_table(DATA / "telco_ibm" / "telco-customer-churn-by-IBM.csv.gz")
    return explain_table(table, "Churn", exclude=["customerID"])


def explain_tweets() -> Explanation:
    """Negative or not, by airline and moment: most of American's tweets are of three days at the end."""
    table = read_table(DATA / "airline_negativereason_en" / "tweets.csv.gz")
    negative = pc.equal(table["airline_sentiment"].cast(pa.string()), "negative")
    told = table.select(["airline", "tweet_created"]).append_column("negative", negative)
    return explain_table(told, "negative")


def spell(found: Explanation) -> list[str]:
    return [
        f"{cause.rank}. {' & '.join(f'{p.feature} {p.op} {p.value}' for p in cause.pattern)}: "
        f"{cause.complaints} of {cause.exposed}, lift {cause.lift:.1f}"
        for cause in found.root_causes
    ]
