"""A vocabulary: the kinds and relationships that a store, a project and an answer speak of.

It is declared in YAML (`core.yaml` for what every project has) and extended by a project file in
the very same form, so that a declared kind has the same powers as a built-in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from schema.errors import UsageError
from schema.kinds import (
    LANGUAGES,
    Direction,
    NodeKind,
    Property,
    RelationshipType,
    Sensitivity,
    Triple,
)

CUSTOMER = "Customer"
RECORD = "SourceRecord"
RESOLVES_TO = Triple(RECORD, "RESOLVES_TO", CUSTOMER)
COMPLAINT = "Complaint"
CAUSE = "Cause"
ATTRIBUTED_TO = Triple(COMPLAINT, "ATTRIBUTED_TO", CAUSE)

Declarations = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Vocabulary:
    """Kinds and relationship types by name."""

    kinds: Mapping[str, NodeKind] = field(default_factory=dict)
    relationships: Mapping[str, RelationshipType] = field(default_factory=dict)

    def get_kind(self, name: str) -> NodeKind:
        """Return the kind of that name; `UsageError` names those there are."""
        try:
            return self.kinds[name]
        except KeyError:
            raise UsageError(f"there is no kind {name!r}", hint="one of " + ", ".join(self.kinds)) from None

    def get_relationship(self, name: str) -> RelationshipType:
        """Return the relationship type of that name; `UsageError` names those there are."""
        try:
            return self.relationships[name]
        except KeyError:
            raise UsageError(
                f"there is no relationship {name!r}", hint="one of " + ", ".join(self.relationships)
            ) from None

    def get_triple(self, start: str, type_: str, end: str) -> Triple:
        """Return the triple, if the type may join these kinds; else `UsageError` says what it may."""
        wanted = Triple(start, type_, end)
        if wanted not in self._known_triples:
            triples = self.get_relationship(type_).triples()
            raise UsageError(f"there is no {wanted}", hint="one of " + ", ".join(map(str, triples)))
        return wanted

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """Every triple, in the order of declaration."""
        return tuple(t for r in self.relationships.values() for t in r.triples())

    @cached_property
    def _known_triples(self) -> frozenset[Triple]:
        return frozenset(self.triples)

    def steps(self, kind: str) -> Iterator[tuple[Triple, Direction]]:
        """Yield the triples that leave (OUT) or reach (IN) a kind; a loop is yielded both ways."""
        for triple in self.triples:
            if triple.start == kind:
                yield triple, Direction.OUT
            if triple.end == kind:
                yield triple, Direction.IN

    def extend(self, declarations: Declarations) -> Vocabulary:
        """Return this vocabulary with more kinds, properties, relationships or ends.

        Raises `ValueError`, its message starting with the path of the wrong entry
        (`kinds.Seller.properties.state: ...`).
        """
        kinds = dict(self.kinds)
        for name, body in _entries("kinds", declarations).items():
            kinds[name] = _read_kind(name, body or {}, kinds.get(name))
        if CUSTOMER in kinds and RECORD in kinds:
            record, customer = kinds[RECORD], kinds[CUSTOMER]
            # The resolved customer is what people search; its records need no index of their own.
            shared = {n: replace(p, searchable=False) for n, p in customer.properties.items()}
            kinds[RECORD] = replace(
                record,
                properties={**shared, **record.properties},
                caption=customer.caption,
            )
        relationships = dict(self.relationships)
        for name, body in _entries("relationships", declarations).items():
            relationships[name] = _read_relationship(name, body or {}, relationships.get(name), kinds)
        if len({name.lower() for name in kinds}) < len(kinds):
            raise ValueError("kinds: two names differ only in upper and lower case")
        return Vocabulary(kinds, relationships)

    def to_dict(self) -> dict[str, Any]:
        """Return the declarations, such that `Vocabulary().extend(...)` of them is this vocabulary."""
        kinds = {k.name: _body(k) for k in self.kinds.values()}
        relationships = {
            r.name: _body(r) | {"ends": [f"{start} -> {end}" for start, end in r.ends]}
            for r in self.relationships.values()
        }
        return {"kinds": kinds, "relationships": relationships}


def _entries(section: str, declarations: Declarations) -> Mapping[str, Any]:
    entries = declarations.get(section) or {}
    if not isinstance(entries, Mapping):
        raise ValueError(f"{section}: expected names with declarations")
    return entries


def _body(declared: NodeKind | RelationshipType) -> dict[str, Any]:
    ends = "ends" if isinstance(declared, RelationshipType) else ""  # pairs, which are written as texts
    body = _said(declared, ("name", ends, "properties"))
    if "caption" in body:
        body["caption"] = list(body["caption"])
    body["properties"] = {p.name: _said(p, ("name",)) for p in declared.properties.values()}
    return body


def _said(declared: Property | NodeKind | RelationshipType, without: tuple[str, ...]) -> dict[str, Any]:
    """Return what a declaration says beyond the defaults. (`asdict` would copy its properties each time.)"""
    found = {f.name: getattr(declared, f.name) for f in fields(declared) if f.name not in without}
    return {k: dict(v) if isinstance(v, Mapping) else v for k, v in found.items() if v}


def _read_properties(path: str, bodies: Any) -> dict[str, Property]:
    if not isinstance(bodies, Mapping):
        raise ValueError(f"{path}: expected names with types")
    properties = {}
    for name, body in bodies.items():
        where = f"{path}.{name}"
        options = {"type": body} if isinstance(body, str) else _fields(where, body, Property)
        if "sensitivity" in options:
            if options["sensitivity"] not in list(Sensitivity):
                raise ValueError(f"{where}.sensitivity: is one of {', '.join(Sensitivity)}")
            options["sensitivity"] = Sensitivity(options["sensitivity"])
        properties[name] = _make(where, Property, name=str(name), **options)
    return properties


def _read_kind(name: str, body: Any, known: NodeKind | None) -> NodeKind:
    path = f"kinds.{name}"
    options = _fields(path, body, NodeKind)
    properties = _read_properties(f"{path}.properties", options.pop("properties", {}))
    if "caption" in options:
        options["caption"] = tuple(_texts(f"{path}.caption", options["caption"]))
    if known is None:
        return _make(path, NodeKind, name=str(name), properties=properties, **options)
    merged = _merge(path, known.properties, properties)
    extended: NodeKind = _make(path, replace, known, properties=merged, **options)
    return extended


def _merge(path: str, known: Mapping[str, Property], added: Mapping[str, Property]) -> dict[str, Property]:
    """Return the properties of both; a property may be declared anew, but not with another type."""
    for name, p in added.items():
        if name in known and known[name].type != p.type:
            raise ValueError(f"{path}.properties.{name}: is of type {known[name].type} already")
    return {**known, **added}


def _read_relationship(
    name: str, body: Any, known: RelationshipType | None, kinds: Mapping[str, NodeKind]
) -> RelationshipType:
    path = f"relationships.{name}"
    options = _fields(path, body, RelationshipType)
    properties = _read_properties(f"{path}.properties", options.pop("properties", {}))
    ends = _texts(f"{path}.ends", options.pop("ends", []))
    pairs = []
    for text in ends:
        start, arrow, end = (part.strip() for part in text.partition("->"))
        if not arrow:
            raise ValueError(f"{path}.ends: {text!r} is not of the form 'Kind -> Kind'")
        for kind in (start, end):
            if kind not in kinds:
                raise ValueError(f"{path}.ends: there is no kind {kind!r}")
        pairs.append((start, end))
    if known is None:
        if not pairs:
            raise ValueError(f"{path}: ends are missing, such as 'Customer -> Order'")
        return _make(
            path,
            RelationshipType,
            name=str(name),
            ends=tuple(dict.fromkeys(pairs)),
            properties=properties,
            **options,
        )
    merged = _merge(path, known.properties, properties)
    both = tuple(dict.fromkeys((*known.ends, *pairs)))
    extended: RelationshipType = _make(path, replace, known, ends=both, properties=merged, **options)
    return extended


def _texts(path: str, given: Any) -> list[str]:
    """Return one text or several as a list."""
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{path}: expected a text or a list of texts, not {given!r}")
    return texts


def _fields(path: str, body: Any, of: type[Property | NodeKind | RelationshipType]) -> dict[str, Any]:
    """Return a declaration's entries, checked by name and shape."""
    if not isinstance(body, Mapping):
        raise ValueError(f"{path}: expected a mapping, not {body!r}")
    allowed = [f.name for f in fields(of) if f.name != "name"]
    for entry, value in body.items():
        if entry not in allowed:
            raise ValueError(f"{path}.{entry}: unknown; expected one of {', '.join(allowed)}")
        if entry == "label" and not (isinstance(value, Mapping) and set(value) <= set(LANGUAGES)):
            raise ValueError(f"{path}.label: expected words by language ({', '.join(LANGUAGES)})")
        if of is NodeKind and entry in ("begins", "ends") and not isinstance(value, str):
            raise ValueError(f"{path}.{entry}: is the name of a property, not {value!r}")
        if entry in ("searchable", "indexed", "shared") and not isinstance(value, bool):
            raise ValueError(f"{path}.{entry}: is true or false, not {value!r}")
    return dict(body)


def _make(path: str, make: Callable[..., T], *args: Any, **options: Any) -> T:
    try:
        return make(*args, **options)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None


@cache
def core_vocabulary() -> Vocabulary:
    """Return the vocabulary that every project has."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where it is there: every command waits
    text = (files("schema") / "core.yaml").read_text("utf-8")
    return Vocabulary().extend(yaml.load(text, loader))  # noqa: S506  both are safe loaders
