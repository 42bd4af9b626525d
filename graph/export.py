"""The graph as CSV files for `neo4j-admin database import`, with the command that imports them.

The files hold all that a store keeps, as `graph/neo4j` lays it out: an import into an empty database is a
graph that Motivo goes on with. Its constraints and indexes are made when it is first opened for writing.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from graph.archive import Archive, Part, Row, parts
from graph.contract import Store
from graph.copying import Silent, Watcher
from graph.neo4j.layout import FORMAT, SAID, SAYS, KindLayout, Layout, TripleLayout, bound
from graph.neo4j.rows import LABELS, entry, link_properties, node_properties
from schema.errors import RefusedError
from schema.kinds import Property

SEPARATOR = "\x1f"  # between the values of a list
_TYPES = {"text": "string", "integer": "long", "real": "double"}
Columns = Mapping[str, str]  # property -> its type in the header
NODE = {"source": "string", "run": "long", "valid_from": "long", "_long_key": "string"}
CLOSED = {"valid_to": "long", "kind": "string"}
FACT = {"valid_from": "long", "valid_to": "long", "run": "long", "data": "string"}
LINK = {
    "record": "long",
    "source": "string",
    "run": "long",
    "valid_from": "long",
    "valid_to": "long",
    "via_start": "string",
    "via_end": "string",
    "slot": "string",
}
ENTRIES: dict[str, Columns] = {
    "setting": {"name": "string", "value": "string"},
    "run": {"id": "long", "started": "long", "fingerprint": "string", "finished": "boolean"},
    "record": {"id": "long", "source": "long", "key": "string", "digest": "long", "run": "long"},
    "progress": {
        "run": "long",
        "source": "long",
        "cursor": "string",
        "counts": "long[]",
        "done": "boolean",
    },
    "rejected": {
        "id": "long",
        "source": "long",
        "position": "string",
        "key": "string",
        "run": "long",
        "row": "string",
        "errors": "string",
    },
    "decision": {
        "id": "long",
        "topic": "string",
        "action": "string",
        "by": "string",
        "at": "long",
        "why": "string",
        "said": "string",
    },
    "subject": {
        "decision": "long",
        "place": "long",
        "kind": "string",
        "key": "string",
        "detail": "string",
    },
}


@dataclass
class Exported:
    """What was written: nodes and relationships by file, and the command that imports them."""

    nodes: dict[str, int] = field(default_factory=dict)
    relationships: dict[str, int] = field(default_factory=dict)
    command: str = ""


def export_neo4j_admin(
    store: Store, folder: Path, *, graph: str = "", watcher: Watcher | None = None
) -> Exported:
    """Write the files and `import.sh` into an empty folder; graph: the name it is to have, if any.

    Raises `RefusedError` if the folder holds anything.
    """
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(f"{folder} holds other files", hint="name an empty folder with --out")
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = store.reader().vocabulary
    archive = store.archive()
    with ExitStack() as opened:
        opened.enter_context(archive.reading())
        writing = _Export(Layout(vocabulary, graph), archive, folder, opened)
        told = watcher or Silent()
        for part in parts(vocabulary):
            told.begin(str(part), None, 0)
            done = 0
            for rows in archive.rows(part):
                writing.add(part, rows)
                done += len(rows)
                told.advance(str(part), done, done)
            told.end(str(part))
        writing.finish()
    return writing.exported


class _File:
    """One CSV file: its columns, and how many rows it has."""

    def __init__(self, out: TextIO, columns: Sequence[str]) -> None:
        self._out = out
        self.rows = 0
        out.write(",".join(map(_spell, columns)) + "\n")

    def write(self, rows: Iterable[Iterable[Any]]) -> None:
        lines = [",".join(map(_spell, row)) for row in rows]
        self.rows += len(lines)
        if lines:
            self._out.write("\n".join(lines) + "\n")


def _spell(value: Any) -> str:
    """Return a value as a field: texts in quotes, so that an empty one is told from none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _spell(SEPARATOR.join(map(str, value)))
    return repr(value)


def _typed(properties: Iterable[Property]) -> dict[str, str]:
    return {p.name: _TYPES[p.value_type.storage] for p in properties}


class _Export:
    """The files of one export."""

    def __init__(self, layout: Layout, archive: Archive, folder: Path, opened: ExitStack) -> None:
        self._layout = layout
        self._archive = archive
        self._folder = folder
        self._opened = opened
        self._files: dict[str, _File] = {}
        self._groups: list[str] = []  # the import's arguments
        self._sources: list[str] = []
        self._latest = {"record": 0, "rejected": 0, "decision": 0, "run": 0}
        self._started = 0
        self._closed: dict[str, set[str]] = {}
        self.exported = Exported()

    def _file(self, name: str, what: str, label: str, columns: Sequence[str]) -> _File:
        if name not in self._files:
            out = self._opened.enter_context((self._folder / name).open("w", encoding="utf-8", newline=""))
            self._files[name] = _File(out, columns)
            self._groups.append(f"--{what}={label}={name}")
        return self._files[name]

    def add(self, part: Part, rows: Sequence[Row]) -> None:
        """Write rows of a part."""
        if part.sort == "node":
            self._add_nodes(self._layout.kinds[part.of], rows)
        elif part.sort == "fact":
            self._add_facts(self._layout.kinds[part.of], rows)
        elif part.sort == "link":
            triple = next(t for t in self._layout.triples if str(t) == part.of)
            self._add_links(self._layout.triples[triple], rows)
        elif part.sort == "source":
            self._sources += [name for _, name in rows]
        else:
            self._add_entries(part.sort, rows)

    def _add_entries(self, sort: str, rows: Sequence[Row]) -> None:
        columns = ENTRIES[sort]
        labels = ":".join(
            label.strip("`") for label in (self._layout.ledger, self._layout.of_ledger(LABELS[sort]))
        )
        header = ["ref:ID(ledger)", *(f"{name}:{type_}" for name, type_ in columns.items())]
        made = [entry(sort, row, self._sources) for row in rows]
        self._file(f"ledger-{sort}.csv", "nodes", labels, header).write(
            [kept["ref"], *map(kept.get, columns)] for kept in made
        )
        if sort in self._latest:
            self._latest[sort] = max(self._latest[sort], *(row[0] for row in rows))
        if sort == "run":
            self._started = max(self._started, *(row[1] for row in rows))

    def _add_nodes(self, table: KindLayout, rows: Sequence[Row]) -> None:
        kind = table.kind.name
        columns = {**NODE, **_typed(table.columns.properties), "_words": "string"}
        columns |= {f"_long_{name}": "string" for name in sorted(table.bounded)}
        made = [node_properties(self._layout, table, row) for row in rows]
        self._closed.setdefault(kind, set()).update(n["key"] for n in made if "valid_to" in n)
        header = [f"key:ID({kind})", *(f"{name}:{type_}" for name, type_ in columns.items())]
        self._file(f"node-{kind}.csv", "nodes", table.label.strip("`"), header).write(
            [n["key"], *map(n.get, columns)] for n in made if "valid_to" not in n
        )
        closed = [n for n in made if "valid_to" in n]
        if closed:
            columns = {**NODE, **CLOSED}
            header = [f"ref:ID({kind}-closed)", "key:string"]
            header += [f"{name}:{type_}" for name, type_ in columns.items()]
            label = self._layout.closed.strip("`")
            self._file(f"closed-{kind}.csv", "nodes", label, header).write(
                [n["ref"], n["key"], *map(n.get, columns)] for n in closed
            )

    def _end(self, kind: str, key: str) -> tuple[str, str]:
        """Return the group and the id of a node, open or closed."""
        if bound(key) in self._closed.get(kind, ()):
            return f"{kind}-closed", self._layout.was(kind, key)
        return kind, bound(key)

    def _add_facts(self, table: KindLayout, rows: Sequence[Row]) -> None:
        by_file: dict[tuple[str, str], list[list[Any]]] = {}
        for key, rank, _, record, since, until, run, data in rows:
            group, node = self._end(table.kind.name, key)
            start = entry("record", [0, rank, record, None, None], ())["ref"]
            type_ = SAYS if until is None else SAID
            by_file.setdefault((group, type_), []).append([start, node, since, until, run, data])
        for (group, type_), made in by_file.items():
            header = [":START_ID(ledger)", f":END_ID({group})", *(f"{n}:{t}" for n, t in FACT.items())]
            self._file(f"fact-{group}{type_}.csv", "relationships", type_, header).write(made)

    def _add_links(self, t: TripleLayout, rows: Sequence[Row]) -> None:
        columns = {**LINK, **_typed(t.columns.properties)}
        by_file: dict[tuple[str, str, str], list[list[Any]]] = {}
        for row in rows:
            start, first = self._end(t.triple.start, row[0])
            end, last = self._end(t.triple.end, row[1])
            type_ = (t.open if row[6] is None else t.closed).strip("`")
            properties = link_properties(t, self._sources, row)
            made = [first, last, *map(properties.get, columns)]
            by_file.setdefault((start, type_, end), []).append(made)
        for (start, type_, end), lines in by_file.items():
            header = [f":START_ID({start})", f":END_ID({end})", *(f"{n}:{c}" for n, c in columns.items())]
            name = f"link-{start}-{type_}-{end}.csv"
            self._file(name, "relationships", type_, header).write(lines)

    def finish(self) -> None:
        """Write the graph's own nodes and the command."""
        graph = self._layout.graph
        columns = {
            "format": "long",
            "vocabulary": "string",
            "sources": "string[]",
            "records": "long",
            "rejected": "long",
            "decisions": "long",
            "runs": "long",
            "started": "long",
        }
        header = ["graph:ID(motivo)", *(f"{name}:{type_}" for name, type_ in columns.items())]
        told = [FORMAT, json.dumps(self._layout.vocabulary.to_dict()), self._sources, *self._latest.values()]
        self._file("motivo.csv", "nodes", "_Motivo", header).write([[graph, *told, self._started]])
        self._file("gate.csv", "nodes", "_Gate", ["graph:ID(gate)", "state:long"]).write([[graph, 0]])
        for name, file in self._files.items():
            is_node = name.startswith(("node-", "closed-", "ledger-", "motivo", "gate"))
            (self.exported.nodes if is_node else self.exported.relationships)[name] = file.rows
        arguments = [
            *("neo4j-admin", "database", "import", "full", "neo4j", "--id-type=string"),
            *("--multiline-fields=true", "--array-delimiter=U+001F", "--read-buffer-size=32m"),
            *self._groups,
        ]
        self.exported.command = shlex.join(arguments)
        script = (
            "#!/bin/sh\n# Imports these files into the empty database neo4j of a server that is stopped.\n"
            f'cd "$(dirname "$0")" && {self.exported.command} "$@"\n'
        )
        path = self._folder / "import.sh"
        path.write_text(script, "utf-8")
        path.chmod(0o755)
