"""Flat tables: a CSV or Parquet file whole, its columns typed by all that they hold.

What explain and localize read. Where a graph is fed, sources are read as text instead, since there
the vocabulary says what a column is.
"""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.sources.contract import BrokenRow
from ingest.sources.delimited import DelimitedSource
from ingest.sources.opening import file_errors
from schema.errors import SourceError

MOST_UNPACKED = 200  # times the size of a packed file: beyond that it is no table
_ROWS = 2**16
_SHOWN = 3  # wrong rows that an error names
_PARQUET = (".parquet", ".pq")
_ABSENT = pa.array(["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "none", "-", "?"])
# A number with leading zeros is a code, such as a postal one.
_WHOLE = r"^[+-]?(0|[1-9][0-9]{0,17})$"
_DECIMAL = r"^[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$|^[+-]?(inf|Inf|Infinity)$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_OFFSET = r"(Z|[+-][0-9]{2}:?[0-9]{2})"
_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_MOMENT = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T]{_CLOCK}( ?{_OFFSET})?$"


def read_table(path: Path) -> pa.Table:
    """Read a `.parquet` file, or a CSV or TSV file, packed (`.gz`) or not.

    A column of CSV is whole numbers, numbers, days or moments (UTC where an offset is given) where all
    of it is, cells without a value (empty, NA, null...) aside; else it is text, as it stands, an empty
    cell null. Raises SourceError that names file, rows and what to do.
    """
    with file_errors(str(path)):
        if path.suffix.lower() in _PARQUET:
            return _read_parquet(path)
        with _unpack(path) as unpacked:
            return _read_delimited(path, unpacked)


def _read_parquet(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path, partitioning=None)
    except pa.ArrowException as error:
        raise SourceError(f"{path} is not a Parquet file", hint=str(error).splitlines()[0]) from None
    twice = [name for name, times in Counter(table.column_names).items() if times > 1]
    if twice:
        raise SourceError(f"{path}: two columns are called {min(twice)!r}", hint="rename one of them")
    return table


@contextmanager
def _unpack(path: Path) -> Iterator[Path]:
    if path.suffix.lower() != ".gz":
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=path.stem) as copy:
        most = MOST_UNPACKED * path.stat().st_size
        try:
            with gzip.open(path) as packed:
                while block := packed.read(2**20):
                    copy.write(block)
                    if copy.tell() > most:
                        raise SourceError(f"{path} unpacks to more than {MOST_UNPACKED} times its size")
        except (gzip.BadGzipFile, EOFError) as error:
            raise SourceError(f"{path} cannot be unpacked: {error}", hint="is it a whole .gz file?") from None
        copy.flush()
        yield Path(copy.name)


def _read_delimited(path: Path, unpacked: Path) -> pa.Table:
    tab = "\t" if ".tsv" in (suffix.lower() for suffix in path.suffixes) else ""
    try:
        source = DelimitedSource(unpacked, "utf-8", tab)
        parts: list[pa.Table] = []
        broken: list[BrokenRow] = []
        for batch in source.read(None, _ROWS):
            parts.append(batch.table)
            broken += batch.broken
    except SourceError as error:
        raise SourceError(error.message.replace(str(unpacked), str(path)), hint=error.hint) from None
    if broken:
        named = "; ".join(f"{row.position}: {row.message}" for row in broken[:_SHOWN])
        rest = f" and {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
        raise SourceError(
            f"{path}: {len(broken)} rows cannot be read ({named}{rest})",
            hint="mend or remove them: figures over a part of a table would mislead",
        )
    if not parts:
        return pa.table({name: pa.array([], pa.string()) for name in source.columns()})
    table = pa.concat_tables(parts)
    return pa.table({name: _type_column(table[name]) for name in table.column_names})


def _type_column(column: pa.ChunkedArray) -> pa.Array:
    """The column as numbers or dates where every value is one, else as it is, each text kept once."""
    coded = column.combine_chunks().dictionary_encode()
    texts = pc.utf8_trim_whitespace(coded.dictionary)
    absent = pc.is_in(texts, _ABSENT)
    there = texts.filter(pc.invert(absent))
    if not len(there):
        return coded.cast(pa.string()) if len(coded.dictionary) else pa.nulls(len(coded))
    for pattern, convert in _TYPES:
        if pc.all(pc.match_substring_regex(there, pattern)).as_py():
            try:
                values = convert(pc.if_else(absent, None, texts))
            except pa.ArrowInvalid:  # the thirtieth of February
                continue
            return values.take(coded.indices)
    return coded


def _read_whole(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, r"^\+", "").cast(pa.int64())


def _read_decimal(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, r"^\+", "").cast(pa.float64())


def _read_moments(texts: pa.Array) -> pa.Array:
    """Moments of the day alike, whether they say their offset from UTC or not."""
    zoned = pc.match_substring_regex(texts, rf"{_OFFSET}$")
    spaced = pc.replace_substring_regex(texts, r" (Z|[+-])", r"\1")
    plain: Any = pc.if_else(zoned, spaced, pc.binary_join_element_wise(texts, "Z", ""))
    return plain.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))


_TYPES = (
    (_WHOLE, _read_whole),
    (_DECIMAL, _read_decimal),
    (_DAY, lambda texts: texts.cast(pa.date32())),
    (_MOMENT, _read_moments),
)
