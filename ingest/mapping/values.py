"""Columns of texts to typed values and keys, with everything that is wrong with each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from graph import FieldError
from ingest.mapping.keys import LONGEST_KEY, clean_keys, join_key
from ingest.project import PropertySpec


class Errors(dict[int, list[FieldError]]):
    """By row, everything that is wrong with it."""

    def note(self, row: int, field: str, message: str) -> None:
        """Add what is wrong, once."""
        error = FieldError(field, message)
        found = self.setdefault(row, [])
        if error not in found:
            found.append(error)


class _ValueCache(dict[str | None, Any]):
    """The value in a text, computed once a distinct text; `invalid` says of which there is none."""

    def __init__(self, clean: Callable[[str], Any]) -> None:
        super().__init__({None: None})
        self._clean = clean
        self.invalid: dict[str, str] = {}

    def __missing__(self, raw: str) -> Any:
        text = raw.strip()
        value = None
        if text:
            try:
                value = self._clean(text)
            except ValueError as error:
                self.invalid[raw] = str(error)
        self[raw] = value
        return value


class Columns:
    """The columns of some rows of a batch, as lists of texts."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.count = table.num_rows
        self._texts: dict[str, list[str | None]] = {}
        self._keys: dict[str, tuple[list[str | None], dict[int, str]]] = {}

    def texts(self, name: str) -> list[str | None]:
        """Return the texts of a column."""
        if name not in self._texts:
            self._texts[name] = self.table[name].to_pylist()
        return self._texts[name]

    def some(self, name: str, rows: Sequence[int]) -> list[str | None]:
        """Return the texts of a column for some of the rows."""
        texts = self.texts(name)
        return texts if len(rows) == self.count else [texts[row] for row in rows]

    def values(self, spec: PropertySpec, owner: str, rows: Sequence[int], errors: Errors) -> list[Any]:
        """Return the values of a property for some rows; None where there is none, or an error."""
        texts = self.some(spec.column, rows)
        cache = _ValueCache(spec.type.clean)
        values = list(map(cache.__getitem__, texts))
        if cache.invalid:
            for row, text in zip(rows, texts, strict=True):
                if text in cache.invalid:
                    errors.note(row, spec.column, cache.invalid[text])
        if spec.required and None in values:
            for row, text, value in zip(rows, texts, values, strict=True):
                if value is None and text not in cache.invalid:
                    errors.note(row, spec.column, f"is empty, and {owner} needs it")
        return values

    def keys(
        self,
        names: Sequence[str],
        rows: Sequence[int],
        errors: Errors,
        *,
        optional: bool = False,
        system: str = "",
    ) -> list[str | None]:
        """Return keys for some rows; None where one is empty (an error unless optional) or wrong."""
        parts = []
        for name in names:
            if name not in self._keys:
                self._keys[name] = clean_keys(self.texts(name))
            found, wrong = self._keys[name]
            chosen = found if len(rows) == self.count else [found[row] for row in rows]
            if None in chosen:
                for row, key in zip(rows, chosen, strict=True):
                    if key is None and (row in wrong or not optional):
                        errors.note(row, name, wrong.get(row, "is empty, and is a key"))
            parts.append(chosen)
        prefix = system + ":" if system else ""
        if len(parts) == 1:
            return [key and prefix + key for key in parts[0]] if prefix else parts[0]
        keys: list[str | None] = []
        for row, several in zip(rows, zip(*parts, strict=True), strict=True):
            key = None if None in several else join_key(map(str, several))
            if key is not None and len(key) > LONGEST_KEY:
                errors.note(row, names[0], f"makes a key of more than {LONGEST_KEY} characters")
                key = None
            keys.append(key and prefix + key)
        return keys
