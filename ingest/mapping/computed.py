"""Computed columns and conditions: SQL expressions of DuckDB over a batch.

An expression sees the columns of one row and nothing else: no files, no settings, no other rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from ingest.project import Expression
from ingest.sources import texts_of

Flaws = dict[int, str]  # row -> what is wrong with it


class Evaluator:
    """Evaluates expressions over tables of texts.

    `timezone` is where texts without a zone are, when an expression reads them as moments.
    """

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """A database in memory, opened with the first expression: many sources have none."""
        connection = duckdb.connect(
            ":memory:",
            config={
                "enable_external_access": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "preserve_insertion_order": True,
                "threads": 1,
            },
        )
        connection.execute("SET TimeZone = '" + self._timezone.replace("'", "''") + "'")
        connection.execute("SET lock_configuration = true")
        return connection

    def check(self, expression: Expression, columns: Sequence[str]) -> list[str]:
        """Return the columns that an expression uses, as they occur in it.

        Raises `ProjectError` where it is not one expression over these columns.

        One value for each row: no statement, no subquery, nothing random, no sums over rows.
        """
        sql = expression.sql
        bare = self._parse(f"SELECT {sql}\n", expression)
        # In brackets, ORDER BY and the like are no part of an expression any more.
        self._parse(f"SELECT ({sql}\n)", expression)
        if len(bare) != 1 or bare[0].get("alias"):
            raise expression.place.error(f"{sql!r} is not a single expression", "write one value")
        folded = [name.lower() for name in columns]
        twice = sorted({name for name in columns if folded.count(name.lower()) > 1})
        if twice:
            raise expression.place.error(
                f"columns differ only in upper and lower case: {', '.join(twice)}",
                "SQL cannot tell them apart; rename one in the source",
            )
        self._connection.register("rows", pa.table({name: pa.array([], "string") for name in columns}))
        try:
            # Where WHERE and TRY can be bound, there is a value for each row, and always the same.
            self._connection.sql(
                f"SELECT TRY(({sql}\n) IS NULL) FROM rows WHERE ({sql}\n) IS NULL"  # noqa: S608
            ).fetchall()
        except duckdb.Error as error:
            said = plain(error)
            hint = "the columns: " + ", ".join(columns) if "not found" in said else ""
            raise expression.place.error(f"{sql!r} cannot be computed: {said}", hint) from None
        known = {name.lower(): name for name in columns}
        used = dict.fromkeys(name.lower() for part in bare for name in _column_names(part))
        return [known[name] for name in used if name in known]

    def find_names(self, expression: Expression) -> list[str]:
        """Return the names of columns in an expression, as they are written; `ProjectError` if it is none."""
        parts = self._parse(f"SELECT {expression.sql}\n", expression)
        return list(dict.fromkeys(name for part in parts for name in _column_names(part)))

    def _parse(self, query: str, expression: Expression) -> list[dict[str, Any]]:
        """Return the select list of a query."""
        answer = self._connection.execute("SELECT json_serialize_sql(?)", [query])
        parsed = json.loads(answer.fetchall()[0][0])
        if parsed["error"]:
            said = parsed.get("error_message", "it cannot be read")
            raise expression.place.error(f"{expression.sql!r} is not SQL: {said}")
        node = parsed["statements"][0]["node"]
        if len(parsed["statements"]) != 1 or node["type"] != "SELECT_NODE":
            raise expression.place.error(f"{expression.sql!r} is not a single expression")
        found: list[dict[str, Any]] = node["select_list"]
        return found

    def texts(self, expression: Expression, used: Sequence[str], table: pa.Table) -> tuple[pa.Array, Flaws]:
        """Return the values of an expression as texts, and the rows for which it fails."""
        values, flaws = self._evaluate(expression.sql, used, table)
        texts, wrong = texts_of(values)
        return texts, flaws | wrong

    def holds(self, expression: Expression, used: Sequence[str], table: pa.Table) -> tuple[list[bool], Flaws]:
        """Return for each row whether a condition is true, and the rows for which it fails."""
        sql = f"coalesce(({expression.sql}\n)::boolean, false)"
        values, flaws = self._evaluate(sql, used, table)
        return values.fill_null(False).to_pylist(), flaws

    def _evaluate(self, sql: str, used: Sequence[str], table: pa.Table) -> tuple[pa.Array, Flaws]:
        self._connection.register("rows", table)
        try:
            return self._column(f"SELECT ({sql}\n) FROM rows"), {}  # noqa: S608
        except duckdb.Error:
            # Rare: some rows fail. TRY gives null for these, and for no other.
            failed = self._column(f"SELECT TRY(({sql}\n) IS NULL) FROM rows")  # noqa: S608
            values = self._column(f"SELECT TRY(({sql}\n)) FROM rows")  # noqa: S608
        rows = [i for i, known in enumerate(failed.to_pylist()) if known is None]
        places = pa.array(rows, pa.int64())
        inputs = {name: table[name].take(places).to_pylist() for name in used}
        return values, {row: _describe(inputs, i) for i, row in enumerate(rows)}

    def _column(self, query: str) -> pa.Array:
        column = self._connection.sql(query).to_arrow_table().column(0)
        return column.combine_chunks()


def plain(error: Exception) -> str:
    """Return the message of a DuckDB error without its kind and its drawing of the query."""
    first = str(error).partition("\n")[0]
    return re.sub(r"^\w+(?: \w+)* Error: ", "", first).strip()


def _describe(inputs: Mapping[str, Sequence[str | None]], index: int) -> str:
    values = ", ".join(
        f"{name} = {'nothing' if texts[index] is None else repr(str(texts[index])[:60])}"
        for name, texts in inputs.items()
    )
    return f"cannot be computed from {values}" if values else "cannot be computed"


def _column_names(part: Any) -> list[str]:
    """Return the names of the columns in a parsed expression."""
    if isinstance(part, dict):
        if part.get("class") == "COLUMN_REF":
            return [part["column_names"][-1]]
        return [name for inner in part.values() for name in _column_names(inner)]
    if isinstance(part, list):
        return [name for inner in part for name in _column_names(inner)]
    return []
