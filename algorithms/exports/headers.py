"""Headers that people read, each once in a table."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

Named = tuple[str, str, pa.DataType]  # the name that programs know, the header, the type


def make_schema(columns: Iterable[Named]) -> pa.Schema:
    """Return the schema of columns; the name that programs know is in the metadata of each field, as `name`.

    A header that is there already is followed by that name.
    """
    fields: dict[str, pa.Field] = {}
    for name, header, type_ in columns:
        shown = header[:1].upper() + header[1:]
        if shown in fields:
            shown = f"{shown} ({name})"
        fields[shown] = pa.field(shown, type_, metadata={"name": name})
    return pa.schema(list(fields.values()))
