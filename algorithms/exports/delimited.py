"""Tables as CSV, for people and their spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from algorithms.exports.pipe import Pipe

BOM = "\ufeff".encode()
# What a spreadsheet takes for a formula, or may after it has taken away what stands before it.
_FORMULA = "^[=+\\-@\t\r]"


def write_csv(batches: Iterable[pa.RecordBatch], *, bom: bool = False) -> Iterator[bytes]:
    """Yield a table as CSV in UTF-8, as in RFC 4180: a header, commas, lines that end with CR LF.

    `bom`: a byte order mark comes first, by which Excel knows UTF-8. A text (a header, too) that begins with
    = + - @, a tab or a carriage return would be a formula to a spreadsheet, and gets an apostrophe before it;
    numbers stay numbers. Times are UTC, as in ISO 8601. Null is an empty field.
    """
    pipe = Pipe()
    writer = None
    for batch in batches:
        plain = _defuse(batch)
        if writer is None:
            if bom:
                pipe.write(BOM)
            options = pa.csv.WriteOptions(eol="\r\n", quoting_style="needed")
            writer = pa.csv.CSVWriter(pipe, plain.schema, write_options=options)
        writer.write_batch(plain)
        yield pipe.take()
    if writer is not None:
        writer.close()
        if left := pipe.take():
            yield left


def _defuse(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose texts are no formulas, and whose times are texts."""
    arrays = []
    for column in batch.columns:
        if pa.types.is_timestamp(column.type):
            arrays.append(_spell_times(column))
        elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            arrays.append(_defuse_texts(column))
        else:
            arrays.append(column)
    headers = _defuse_texts(pa.array(batch.schema.names, pa.string())).to_pylist()
    return pa.RecordBatch.from_arrays(arrays, headers)


def _defuse_texts(texts: pa.Array) -> pa.Array:
    suspect = pc.match_substring_regex(texts, _FORMULA)
    if not pc.any(suspect).as_py():
        return texts
    return pc.if_else(suspect, pc.binary_join_element_wise("'", texts, ""), texts)


def _spell_times(column: pa.Array) -> pa.Array:
    whole = column.cast(pa.timestamp("s", column.type.tz), safe=False)
    exact = pc.all(pc.equal(whole.cast(column.type), column)).as_py() is not False
    return pc.strftime(whole if exact else column, "%Y-%m-%dT%H:%M:%SZ")
