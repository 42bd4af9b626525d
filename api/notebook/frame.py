"""A table that becomes a frame of whichever library one works with."""

from __future__ import annotations

from html import escape
from typing import Any

import pyarrow as pa

from schema import MissingExtraError

EXTRA = "notebooks"
SHOWN = 10  # rows
_STYLE = "border-collapse:collapse;font-size:90%"


class Frame:
    """Rows and columns, as Arrow holds them.

    Libraries that take Arrow tables take it as it is: `polars.DataFrame(frame)`, `pyarrow.table(frame)`,
    DuckDB's `FROM frame`. `source`: what it was made of, where that says more than the table.
    """

    def __init__(self, table: pa.Table, title: str = "", source: Any = None) -> None:
        self._table, self._title, self.source = table, title, source

    def to_arrow(self) -> pa.Table:
        """Return it as a table of Arrow."""
        return self._table

    def to_pandas(self) -> Any:
        """Return it as a DataFrame of pandas: dates are datetime64, sums of money stay exact (ArrowDtype)."""
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtraError(EXTRA, "a frame of pandas") from None

        def choose_type(type_: pa.DataType) -> Any:
            return pd.ArrowDtype(type_) if pa.types.is_decimal(type_) else None

        return self._table.to_pandas(date_as_object=False, types_mapper=choose_type)

    def to_polars(self) -> Any:
        """Return it as a DataFrame of Polars."""
        try:
            import polars as pl
        except ImportError:
            raise MissingExtraError(EXTRA, "a frame of Polars") from None
        return pl.from_arrow(self._table)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        names: list[str] = self._table.column_names
        return names

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def _describe(self) -> str:
        return f"{self._title}: {len(self):,} rows, {len(self.columns)} columns"

    def __repr__(self) -> str:
        return f"<{self._describe()}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = ""
        for row in self._table.slice(0, SHOWN).to_pylist():
            cells = ("" if value is None else escape(str(value)) for value in row.values())
            body += f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        more = f", the first {SHOWN} shown" if len(self) > SHOWN else ""
        table = f'<table style="{_STYLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return f"<p>{escape(self._describe())}{more}</p>{table}"
