"""Reading the section `targets` of a project file: nodes and relationships."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.project.document import Entry, suggest
from ingest.project.model import End, NodeTarget, PropertySpec, RelationshipTarget, SourceSpec
from ingest.project.options import OPTIONS, make_type
from ingest.project.sources import place_of, read_columns, read_expression
from schema.errors import UsageError
from schema.kinds import Property
from schema.vocabulary import COMPLAINT, CUSTOMER, RECORD, Vocabulary

NODE_ENTRIES = ("source", "name", "kind", "key", "where", "properties", "detect")
RELATIONSHIP_ENTRIES = ("source", "type", "start", "end", "where", "properties")
END_ENTRIES = ("kind", "key", "system")
PROPERTY_ENTRIES = ("column", "required", *OPTIONS)
# What Motivo itself decides, and no source can say.
_DECIDED = {"RESOLVES_TO": "the section 'identity'", "SAME_AS": "the section 'identity'"}

Sources = Mapping[str, SourceSpec]


def read_nodes(
    entry: Entry, sources: Sources, vocabulary: Vocabulary, defaults: dict[str, str]
) -> tuple[NodeTarget, ...]:
    """Return the node targets in the order of the file."""
    targets: dict[tuple[str, str], NodeTarget] = {}
    for item in entry.items():
        target = _read_node(item, sources, vocabulary, defaults)
        if (target.source, target.name) in targets:
            raise item.error(
                f"source {target.source!r} has a target called {target.name!r} already",
                "give one of them another 'name'",
            )
        targets[target.source, target.name] = target
    if not targets:
        raise entry.error("there is no target", "add '- {source: ..., kind: ..., key: ...}'")
    return tuple(targets.values())


def _read_node(
    entry: Entry, sources: Sources, vocabulary: Vocabulary, defaults: dict[str, str]
) -> NodeTarget:
    found = entry.known_entries(NODE_ENTRIES, needed=("source", "kind", "key"))
    source = _read_source_name(found["source"], sources)
    kind = _read_kind(found["kind"], vocabulary)
    properties = (
        _read_properties(found["properties"], kind, vocabulary.kinds[kind].properties, defaults)
        if "properties" in found
        else {}
    )
    detect = found["detect"].boolean() if "detect" in found else False
    if detect and kind != COMPLAINT:
        raise found["detect"].error(
            f"only a {COMPLAINT} can be detected in its text", "use 'where' for other kinds"
        )
    if detect and "text" not in properties:
        raise found["detect"].error("needs the property 'text'", "add 'text: ...' to properties")
    return NodeTarget(
        source=source,
        name=found["name"].text() if "name" in found else kind,
        kind=kind,
        key=read_columns(found["key"]),
        where=read_expression(found["where"]) if "where" in found else None,
        properties=properties,
        detect=detect,
        place=place_of(entry),
    )


def _read_source_name(entry: Entry, sources: Sources) -> str:
    name = entry.text()
    if name not in sources:
        raise entry.error(f"there is no source {name!r}", suggest(name, sources))
    return name


def _read_kind(entry: Entry, vocabulary: Vocabulary) -> str:
    kind = entry.text()
    if kind == RECORD:
        raise entry.error(f"a {RECORD} is not written directly", f"write 'kind: {CUSTOMER}' and its key")
    if kind not in vocabulary.kinds:
        raise entry.error(f"there is no kind {kind!r}", suggest(kind, vocabulary.kinds))
    return kind


def _read_properties(
    entry: Entry, owner: str, declared: Mapping[str, Property], defaults: dict[str, str]
) -> dict[str, PropertySpec]:
    """Return how each property of `owner` (a kind or type) comes from a column."""
    properties = {}
    for name, body in entry.entries().items():
        if name not in declared:
            remedy = f"{suggest(name, declared)}; or declare it among the properties of {owner}"
            raise body.error(f"{owner} has no property {name!r}", remedy)
        options: dict[str, Entry] = {}
        required = False
        if body.is_mapping:
            options = body.known_entries(PROPERTY_ENTRIES, needed=("column",))
            column = options.pop("column").text()
            if "required" in options:
                required = options.pop("required").boolean()
        else:
            column = body.text()
        value_type = make_type(declared[name].type, body, options, defaults)
        properties[name] = PropertySpec(column, value_type, required, place_of(body))
    return properties


def read_relationships(
    entry: Entry,
    sources: Sources,
    nodes: tuple[NodeTarget, ...],
    vocabulary: Vocabulary,
    defaults: dict[str, str],
) -> tuple[RelationshipTarget, ...]:
    """Return the relationship targets in the order of the file."""
    targets = []
    for item in entry.items():
        found = item.known_entries(RELATIONSHIP_ENTRIES, needed=("source", "type", "start", "end"))
        source = sources[_read_source_name(found["source"], sources)]
        type_ = found["type"].text()
        if type_ in _DECIDED:
            raise found["type"].error(f"{type_} is decided by {_DECIDED[type_]}")
        if type_ not in vocabulary.relationships:
            raise found["type"].error(
                f"there is no relationship {type_!r}", suggest(type_, vocabulary.relationships)
            )
        start, end = (_read_end(found[side], source, sources, nodes, vocabulary) for side in ("start", "end"))
        try:
            triple = vocabulary.get_triple(start.kind, type_, end.kind)
        except UsageError as error:
            raise found["type"].error(error.message, error.hint) from None
        properties = (
            _read_properties(found["properties"], type_, vocabulary.relationships[type_].properties, defaults)
            if "properties" in found
            else {}
        )
        targets.append(
            RelationshipTarget(
                source=source.name,
                triple=triple,
                start=start,
                end=end,
                where=read_expression(found["where"]) if "where" in found else None,
                properties=properties,
                place=place_of(item),
            )
        )
    return tuple(targets)


def _read_end(
    entry: Entry,
    source: SourceSpec,
    sources: Sources,
    nodes: tuple[NodeTarget, ...],
    vocabulary: Vocabulary,
) -> End:
    if entry.is_mapping:
        return _read_inline_end(entry, source, sources, vocabulary)
    name = entry.text()
    here = {n.name: n for n in nodes if n.source == source.name}
    if name in here:
        target = here[name]
        system = source.system if target.kind == CUSTOMER else ""
        return End(target.kind, target.key, system, name, place_of(entry))
    inline = "name a target of the same source, or give '{kind: ..., key: ...}'"
    elsewhere = [n.source for n in nodes if n.name == name]
    if elsewhere:
        raise entry.error(f"{name!r} is a target of source {elsewhere[0]!r}", inline)
    near = suggest(name, here) if here else ""
    raise entry.error(
        f"source {source.name!r} has no target {name!r}", "; ".join(filter(None, (near, inline)))
    )


def _read_inline_end(entry: Entry, source: SourceSpec, sources: Sources, vocabulary: Vocabulary) -> End:
    found = entry.known_entries(END_ENTRIES, needed=("kind", "key"))
    kind = _read_kind(found["kind"], vocabulary)
    system = source.system if kind == CUSTOMER else ""
    if "system" in found:
        if kind != CUSTOMER:
            raise found["system"].error(f"only a {CUSTOMER} has a system")
        system = found["system"].text()
        systems = dict.fromkeys(s.system for s in sources.values())
        if system not in systems:
            raise found["system"].error(f"there is no system {system!r}", suggest(system, systems))
    return End(kind, read_columns(found["key"]), system, "", place_of(entry))
