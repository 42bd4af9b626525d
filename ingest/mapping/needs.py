"""Which columns a project makes something of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.mapping.computed import Evaluator
from ingest.project import NodeTarget, Project, RelationshipTarget


@dataclass(frozen=True)
class Needs:
    """Columns of a source: `named` as keys and properties, `mentioned` in expressions, in whatever case."""

    named: tuple[str, ...]
    mentioned: tuple[str, ...]

    def complete(self, given: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return the columns of rows that have those `given`, and which of these nothing is made of.

        SQL does not tell upper from lower case, so no two columns differ in that alone.
        """
        names = list(given)
        columns = {name.lower(): name for name in (*self.mentioned, *reversed(names), *self.named)}
        wanted = {name.lower() for name in (*self.named, *self.mentioned)}
        unused = [n for n in names if n.lower() not in wanted or columns[n.lower()] != n]
        return list(columns.values()), unused


def find_columns(project: Project, source: str) -> Needs:
    """Return the columns that the key, targets and expressions of a source name, computed ones left out."""
    spec = project.sources[source]
    targets: list[NodeTarget | RelationshipTarget] = [t for t in project.nodes if t.source == source]
    targets += [t for t in project.relationships if t.source == source]
    named = dict.fromkeys(spec.key)
    for target in targets:
        named |= dict.fromkeys((*_keys(target), *(p.column for p in target.properties.values())))
    evaluator = Evaluator(project.timezone)
    expressions = [*spec.computed.values(), *(t.where for t in targets if t.where is not None)]
    mentioned = dict.fromkeys(name for one in expressions for name in evaluator.find_names(one))
    computed = {name.lower() for name in spec.computed}
    return Needs(
        tuple(name for name in named if name not in spec.computed),
        tuple(name for name in mentioned if name.lower() not in computed),
    )


def _keys(target: NodeTarget | RelationshipTarget) -> Iterator[str]:
    if isinstance(target, NodeTarget):
        yield from target.key
    else:
        for end in (target.start, target.end):
            if not end.target:
                yield from end.key
