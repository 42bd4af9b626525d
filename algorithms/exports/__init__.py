"""Lists and figures as tables with headers that people read, and as CSV and Parquet, streamed."""

from __future__ import annotations

from algorithms.exports.delimited import write_csv
from algorithms.exports.figures import export_aggregate, export_trend
from algorithms.exports.parquet import write_parquet
from algorithms.exports.rows import export_rows

__all__ = ["export_aggregate", "export_rows", "export_trend", "write_csv", "write_parquet"]
