"""What a vocabulary is made of: properties, kinds of node, types of relationship."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from schema.identifiers import Email, Phone, TaxNumber
from schema.values import Boolean, Date, Integer, Money, Number, Text, Time, ValueType

LANGUAGES = ("en", "es", "pt")
VALUE_TYPES: dict[str, type[ValueType]] = {
    t.name: t for t in (Text, Integer, Number, Boolean, Date, Time, Money, Email, Phone, TaxNumber)
}
RESERVED = frozenset(
    (
        "id",
        "key",
        "node",
        "start",
        "end",
        "slot",
        "via_start",
        "via_end",
        "record",
        "source",
        "run",
        "rank",
        "rowid",
        "valid_from",
        "valid_to",
    )
)
_KIND_NAME = re.compile(r"[A-Z][A-Za-z0-9]{0,39}")
_TYPE_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+){0,5}")
_PROPERTY_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){0,7}")


class Sensitivity(StrEnum):
    """Who may see a property without further ado."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Direction(StrEnum):
    """Which way a relationship is walked."""

    OUT = "out"
    IN = "in"


Label = Mapping[str, str]  # language -> words


def humanise(name: str) -> str:
    """Return a name as words: `days_late` -> "days late", `OrderItem` -> "order item"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()


def name_in(label: Label, name: str, language: str) -> str:
    """Return the label in a language, else in English, else the name as words."""
    return label.get(language) or label.get("en") or humanise(name)


@dataclass(frozen=True)
class Property:
    """A typed value that a node or relationship may have.

    `searchable` puts it into the full-text index, `indexed` makes values quick to find, and nodes quick to
    read in their order.
    """

    name: str
    type: str = "text"
    label: Label = field(default_factory=dict)
    about: str = ""
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    searchable: bool = False
    indexed: bool = False

    def __post_init__(self) -> None:
        if not _PROPERTY_NAME.fullmatch(self.name) or self.name in RESERVED:
            raise ValueError(
                f"property {self.name!r}: names are lower_case words, "
                f"and not one of {', '.join(sorted(RESERVED))}"
            )
        if self.type not in VALUE_TYPES:
            raise ValueError(f"property {self.name}: type {self.type!r} is none of {', '.join(VALUE_TYPES)}")

    @cached_property
    def value_type(self) -> ValueType:
        """The type with its default options."""
        return VALUE_TYPES[self.type]()


def _check_names(owner: str, properties: Mapping[str, Property]) -> None:
    """Refuse a property that is called what the currency of a sum of money is called in arrays."""
    for p in properties.values():
        if p.type == "money" and f"{p.name}_currency" in properties:
            raise ValueError(
                f"{owner}: {p.name}_currency is the currency of {p.name}, which money has in itself"
            )


@dataclass(frozen=True)
class NodeKind:
    """A kind of node. Its `key`, a text, tells one node of the kind from every other.

    `caption` names the properties that make its short name, the first that has a value wins.
    A `shared` kind (a product, a region) is of no one customer, and stays when one is erased.
    `begins` and `ends` name the dates or times between which a node exists, where it has any: from
    them follows since when it could be complained of.
    """

    name: str
    properties: Mapping[str, Property] = field(default_factory=dict)
    label: Label = field(default_factory=dict)
    about: str = ""
    caption: tuple[str, ...] = ()
    shared: bool = False
    begins: str = ""
    ends: str = ""

    def __post_init__(self) -> None:
        if not _KIND_NAME.fullmatch(self.name):
            raise ValueError(f"kind {self.name!r}: names are CamelCase letters and digits")
        _check_names(f"kind {self.name}", self.properties)
        for name in self.caption:
            if name not in self.properties:
                raise ValueError(f"kind {self.name}: caption {name!r} is not a property of it")
        for entry, name in (("begins", self.begins), ("ends", self.ends)):
            if name and (name not in self.properties or self.properties[name].type not in ("date", "time")):
                raise ValueError(f"kind {self.name}: {entry} {name!r} is not a date or time of it")

    def caption_of(self, key: str, properties: Mapping[str, Any], language: str = "") -> str:
        """Return the short name of a node of this kind, in a language where it has a name in several."""
        for own in self.caption:
            for name in (self.speak(own, language), own):
                value = properties.get(name)
                if value is not None:
                    return self.properties[name].value_type.caption(value)
        return key

    def speak(self, name: str, language: str) -> str:
        """Return the property that says in a language what one says in another: `name_es` beside `name_en`.

        It is the same where there is none.
        """
        stem, _, ending = name.rpartition("_")
        spoken = f"{stem}_{language}"
        return spoken if stem and ending in LANGUAGES and spoken in self.properties else name


@dataclass(frozen=True, order=True)
class Triple:
    """One way in which a relationship type joins two kinds."""

    start: str
    type: str
    end: str

    def __str__(self) -> str:
        return f"{self.start}-{self.type}->{self.end}"


@dataclass(frozen=True)
class RelationshipType:
    """A type of relationship and the pairs of kinds that it may join.

    Two nodes are joined once by a type; where they may be joined several times, `slot` names the
    property that tells these apart (a quote's offset, say).
    """

    name: str
    ends: tuple[tuple[str, str], ...]
    properties: Mapping[str, Property] = field(default_factory=dict)
    label: Label = field(default_factory=dict)
    about: str = ""
    slot: str = ""

    def __post_init__(self) -> None:
        if not _TYPE_NAME.fullmatch(self.name):
            raise ValueError(f"relationship {self.name!r}: names are UPPER_CASE words")
        _check_names(f"relationship {self.name}", self.properties)
        if self.slot and self.slot not in self.properties:
            raise ValueError(f"relationship {self.name}: slot {self.slot!r} is not a property of it")

    def triples(self) -> tuple[Triple, ...]:
        """Return the type joined to each of its pairs of ends."""
        return tuple(Triple(start, self.name, end) for start, end in self.ends)
