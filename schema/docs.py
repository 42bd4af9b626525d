"""The vocabulary as a page: a diagram, and tables of kinds, relationships and value types.

`python -m schema.docs > docs/vocabulary.md` writes the page again; a test compares it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from schema.kinds import VALUE_TYPES, Property
from schema.vocabulary import Vocabulary, core_vocabulary

HEAD = """# The vocabulary
What every project has. It is declared once, in `schema/core.yaml`; the tables of a store, the checks
of rows, the features of root causes and this page follow from it. A project file adds kinds,
properties and relationships of its own in the same form, with the same powers
([the project file](project-file.md)).

Every node and relationship also carries `source`, `run`, `valid_from` and `valid_to`.
"""


def write_page(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the lines of the page, in Markdown."""
    yield HEAD
    yield "```mermaid"
    yield "graph LR"
    for triple in vocabulary.triples:
        yield f"    {triple.start} -- {triple.type} --> {triple.end}"
    yield "```"
    yield "\n## Kinds of node"
    for kind in vocabulary.kinds.values():
        shared = " Shared: it stays when a customer is erased." if kind.shared else ""
        bounds = f" It begins with `{kind.begins}`" if kind.begins else ""
        bounds += f" and ends with `{kind.ends}`" if kind.begins and kind.ends else ""
        yield f"\n### {kind.name}\n{kind.about}{shared}{bounds}{'.' if bounds else ''}\n"
        yield from _properties(kind.properties.values())
    yield "\n## Types of relationship"
    for relationship in vocabulary.relationships.values():
        ends = ", ".join(f"{start} → {end}" for start, end in relationship.ends)
        slot = (
            f" Several between the same two nodes differ in `{relationship.slot}`."
            if relationship.slot
            else ""
        )
        yield f"\n### {relationship.name}\n{relationship.about}{slot}\n\n{ends}"
        if relationship.properties:
            yield ""
            yield from _properties(relationship.properties.values())
    yield "\n## Value types\n"
    yield "| type | what it holds | options of a mapping |"
    yield "|---|---|---|"
    for name, value_type in VALUE_TYPES.items():
        options = ", ".join(f"`{option}`" for option in value_type.options) or ""
        yield f"| `{name}` | {value_type.about} | {options} |"


def _properties(properties: Iterable[Property]) -> Iterator[str]:
    yield "| property | type | who may see it | |"
    yield "|---|---|---|---|"
    for p in properties:
        yield f"| `{p.name}` | {p.type} | {p.sensitivity} | {p.about} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(write_page(core_vocabulary())) + "\n")
