"""What a project file says, checked: sources, targets, identity keys, root causes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from schema.errors import ProjectError
from schema.kinds import Triple
from schema.values import ValueType
from schema.vocabulary import Vocabulary

# Part of every fingerprint. Raise it when the same row and project begin to give another result.
MAPPING_VERSION = 1

TEACHER = "teacher"  # the extractor that the caller must open


@dataclass(frozen=True)
class Place:
    """Where something stands in the project file, for errors that show only later."""

    file: Path
    line: int
    path: str
    lines: Mapping[str, int] = field(default_factory=dict)  # of the entries within

    def of(self, name: str) -> Place:
        """Return where an entry of this one stands."""
        return Place(self.file, self.lines.get(name, self.line), f"{self.path}.{name}")

    def error(self, message: str, hint: str = "") -> ProjectError:
        """Return the error that what stands here is wrong."""
        return ProjectError(f"{self.file}:{self.line}: {self.path}: {message}", hint=hint)


@dataclass(frozen=True)
class Expression:
    """An SQL expression over the columns of a row."""

    sql: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class SourceSpec:
    """A source: where its rows are and what tells one from another.

    `path` is as written; `key` is empty where the whole row is its key.
    """

    name: str
    path: str
    format: str
    table: str
    key: tuple[str, ...]
    system: str
    optional: bool
    encoding: str
    delimiter: str
    computed: Mapping[str, Expression]
    place: Place = field(compare=False)


@dataclass(frozen=True)
class PropertySpec:
    """How a property comes from a column: the value type has the options given."""

    column: str
    type: ValueType
    required: bool
    place: Place = field(compare=False)


@dataclass(frozen=True)
class NodeTarget:
    """A node made from each row of a source for which `where` is true.

    `kind` is as declared: a `Customer` is written as the `SourceRecord` of the source's system.
    """

    source: str
    name: str
    kind: str
    key: tuple[str, ...]
    where: Expression | None
    properties: Mapping[str, PropertySpec]
    detect: bool
    place: Place = field(compare=False)


@dataclass(frozen=True)
class End:
    """An end of a relationship: a node target of the same source (`target`), or a key.

    `system` is set where the kind is `Customer`.
    """

    kind: str
    key: tuple[str, ...]
    system: str
    target: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class RelationshipTarget:
    """A relationship made from each row of a source that has both ends and meets `where`."""

    source: str
    triple: Triple
    start: End
    end: End
    where: Expression | None
    properties: Mapping[str, PropertySpec]
    place: Place = field(compare=False)


@dataclass(frozen=True)
class RootCauseSpec:
    """Where root causes are looked for: unit of exposure, depth of paths, what to leave out.

    `features` are declared paths, as printed; with `discover` others are found beside them.
    """

    unit: str = "Customer"
    depth: int = 3
    exclude: tuple[str, ...] = ()
    money: str = ""
    features: tuple[str, ...] = ()
    discover: bool = True


@dataclass(frozen=True)
class Project:
    """A project file, read and checked."""

    path: Path
    name: str
    languages: tuple[str, ...]
    country: str
    currency: str
    timezone: str
    vocabulary: Vocabulary
    sources: Mapping[str, SourceSpec]
    nodes: tuple[NodeTarget, ...]
    relationships: tuple[RelationshipTarget, ...]
    identity: tuple[tuple[str, ...], ...]
    root_causes: RootCauseSpec
    extractor: str  # of causes out of texts: vectors, lexical, teacher; empty: the best installed
    declarations: Mapping[str, Any]

    def fingerprint(self, source: str) -> str:
        """Return a digest (hex) over all that decides what a row of this source becomes.

        Where the rows are kept (path, table, format, encoding, delimiter) does not: the same row
        means the same whichever file it came in.
        """
        spec = self.sources[source]
        nodes = [t for t in self.nodes if t.source == source]
        relationships = [t for t in self.relationships if t.source == source]
        decides = {
            "version": MAPPING_VERSION,
            "defaults": [self.languages, self.country, self.currency, self.timezone],
            "key": spec.key,
            "system": spec.system,
            "computed": {name: e.sql for name, e in spec.computed.items()},
            "nodes": [_essence(t) for t in nodes],
            "relationships": [
                _essence(t) | {"slot": self.vocabulary.relationships[t.triple.type].slot}
                for t in relationships
            ],
        }
        text = json.dumps(decides, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _essence(target: NodeTarget | RelationshipTarget) -> dict[str, Any]:
    """Return a target in plain values, without the places where it is written."""
    plain = asdict(target)
    del plain["place"], plain["properties"]
    for part in ("start", "end", "where"):
        if isinstance(plain.get(part), dict):
            del plain[part]["place"]
    plain["properties"] = {
        name: [spec.column, spec.required, spec.type.name, asdict(spec.type)]
        for name, spec in target.properties.items()
    }
    return plain
