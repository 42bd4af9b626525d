"""The canonical causes: stable ids, names and descriptions in three languages, packs by domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from schema.errors import NotFoundError

UNKNOWN = "unknown"  # the cause of a failure that the extractor sees and cannot name
UNKNOWN_NAMES = {"en": "unknown cause", "es": "causa desconocida", "pt": "causa desconhecida"}


@dataclass(frozen=True, slots=True)
class Cause:
    """A canonical cause.

    id: stable, `domain.name`, such as `delivery.late`. label: its name in the training corpus and
    in annotations. pack: the domain pack it belongs to. names, descriptions: by language.
    """

    id: str
    label: str
    pack: str
    names: MappingProxyType[str, str]
    descriptions: MappingProxyType[str, str]


class Taxonomy:
    """The causes in the order of their file; iterable, with look-ups by id and by label."""

    def __init__(self, causes: Iterable[Cause]) -> None:
        self._causes = {cause.id: cause for cause in causes}
        self._by_label = {cause.label: cause for cause in self._causes.values()}

    def __iter__(self) -> Iterator[Cause]:
        return iter(self._causes.values())

    def __len__(self) -> int:
        return len(self._causes)

    def __contains__(self, cause_id: object) -> bool:
        return cause_id in self._causes

    @property
    def packs(self) -> tuple[str, ...]:
        """The ids of the packs, in order."""
        return tuple(dict.fromkeys(cause.pack for cause in self))

    def find_cause(self, cause_id: str) -> Cause | None:
        """Find a cause by its id."""
        return self._causes.get(cause_id)

    def get_cause(self, cause_id: str) -> Cause:
        """Give a cause by its id; raises NotFoundError."""
        cause = self.find_cause(cause_id)
        if cause is None:
            raise NotFoundError(f"no cause '{cause_id}' in the taxonomy")
        return cause

    def find_label(self, label: str) -> Cause | None:
        """Find the cause that a label of the training corpus stands for."""
        return self._by_label.get(label)


def _read_packs(document: dict[str, Any]) -> Iterator[Cause]:
    for pack in document["packs"]:
        for row in pack["causes"]:
            yield Cause(
                row["id"],
                row["label"],
                pack["id"],
                MappingProxyType(row["name"]),
                MappingProxyType(row["description"]),
            )


@cache
def load_taxonomy() -> Taxonomy:
    """Read the taxonomy that travels with the package."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("ingest.text").joinpath("taxonomy.yaml").read_text("utf-8")
    return Taxonomy(_read_packs(yaml.load(text, Loader=loader)))  # noqa: S506 - a safe loader
