"""Reading the section `sources` of a project file."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from ingest.project.document import Entry
from ingest.project.model import Expression, Place, SourceSpec

SOURCE_ENTRIES = (
    "path",
    "format",
    "table",
    "key",
    "system",
    "optional",
    "encoding",
    "delimiter",
    "computed",
)
FORMATS = ("csv", "json", "jsonl", "parquet", "sqlite")
ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
# Which entries make sense only for some formats.
_ASCII = bytes(range(128))
_ONLY = {"table": ("sqlite",), "delimiter": ("csv",), "encoding": ("csv", "json", "jsonl")}


def place_of(entry: Entry) -> Place:
    """Return where an entry stands."""
    inner = entry.entries() if entry.is_mapping else {}
    return Place(entry.file, entry.line, entry.path, {n: e.line for n, e in inner.items()})


def read_expression(entry: Entry) -> Expression:
    """Return an SQL expression; whether it can be computed shows when the columns are known."""
    return Expression(entry.text(), place_of(entry))


def read_columns(entry: Entry) -> tuple[str, ...]:
    """Return the names of one column or several."""
    columns = entry.texts()
    if len(set(columns)) < len(columns):
        raise entry.error("names a column twice")
    return columns


def read_sources(entry: Entry) -> dict[str, SourceSpec]:
    """Return the sources by name, in the order of the file."""
    sources = {name: _read_source(name, body) for name, body in entry.entries().items()}
    if not sources:
        raise entry.error("there is no source", "add 'name: {path: file.csv}'")
    return sources


def _read_source(name: str, entry: Entry) -> SourceSpec:
    if not name.strip() or ":" in name:
        raise entry.error("the name of a source is a word without ':'")
    found = entry.known_entries(SOURCE_ENTRIES, needed=("path",))
    path = found["path"].text()
    if "format" in found:
        format_ = found["format"].choice(FORMATS)
    else:
        format_ = ENDINGS.get(PurePath(path).suffix.lower(), "")
        if not format_:
            raise found["path"].error(
                f"the ending of {path!r} does not tell its format",
                f"add 'format: ...', one of: {', '.join(FORMATS)}",
            )
    for only, formats in _ONLY.items():
        if only in found and format_ not in formats:
            raise found[only].error(f"has no meaning for {format_}", f"only for {', '.join(formats)}")
    if format_ == "sqlite" and "table" not in found:
        raise entry.error("'table' is missing", "add 'table: ...'")
    system = found["system"].text() if "system" in found else name
    if ":" in system:
        raise found["system"].error("the name of a system is a word without ':'")
    return SourceSpec(
        name=name,
        path=path,
        format=format_,
        table=found["table"].text() if "table" in found else "",
        key=read_columns(found["key"]) if "key" in found else (),
        system=system,
        optional=found["optional"].boolean() if "optional" in found else False,
        encoding=_read_encoding(found["encoding"]) if "encoding" in found else "utf-8",
        delimiter=_read_delimiter(found["delimiter"]) if "delimiter" in found else "",
        computed=(
            {n: read_expression(e) for n, e in found["computed"].entries().items()}
            if "computed" in found
            else {}
        ),
        place=place_of(entry),
    )


def _read_encoding(entry: Entry) -> str:
    name = entry.text()
    try:
        encoding = codecs.lookup(name).name.removesuffix("-sig")
    except (LookupError, ValueError):
        raise entry.error(f"{name!r} is not an encoding", "such as utf-8 or latin-1") from None
    try:
        # What reading relies on: ASCII stays ASCII, and every byte can be had back from its text.
        keeps = all(
            raw.decode(encoding, "surrogateescape").encode(encoding, "surrogateescape") == raw
            for raw in (_ASCII, bytes(range(256)))
        )
        plain = keeps and _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        plain = False
    if not plain:
        raise entry.error(f"{name} is not read", "convert the file to UTF-8")
    return encoding


def _read_delimiter(entry: Entry) -> str:
    text = entry.node.value if not entry.is_null and not entry.is_list else ""
    text = "\t" if text in ("tab", "\\t") else text
    if not isinstance(text, str) or len(text) != 1 or text in '"\n\r' or not text.isascii():
        raise entry.error("is one sign that stands between columns", "such as ';' or tab")
    return text
