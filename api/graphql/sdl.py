"""The schema as text, in the schema definition language.

`python -m api.graphql.sdl > docs/schema.graphql` writes that of the core vocabulary; a test compares it.
"""

from __future__ import annotations

import sys

from graphql import print_schema

from api.graphql.building import build_schema
from schema import Vocabulary, core_vocabulary

HEAD = """# What every project has; kinds and relationships that a project declares come in the same way.
# Written by `make docs`.
"""


def write_sdl(vocabulary: Vocabulary) -> str:
    """Return the schema of a vocabulary as text."""
    return f"{HEAD}\n{print_schema(build_schema(vocabulary))}\n"


if __name__ == "__main__":
    sys.stdout.write(write_sdl(core_vocabulary()))
