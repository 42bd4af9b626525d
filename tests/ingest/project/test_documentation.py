"""docs/project-file.md names every entry, and its examples are projects."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.project import load_project
from ingest.project.loading import (
    EXTRACTORS,
    PROJECT_ENTRIES,
    ROOT_CAUSES_ENTRIES,
    TARGETS_ENTRIES,
    TEXT_ENTRIES,
)
from ingest.project.sources import ENDINGS, FORMATS, SOURCE_ENTRIES
from ingest.project.targets import (
    END_ENTRIES,
    NODE_ENTRIES,
    PROPERTY_ENTRIES,
    RELATIONSHIP_ENTRIES,
)
from schema.kinds import VALUE_TYPES

PAGE = (Path(__file__).parents[3] / "docs" / "project-file.md").read_text("utf-8")


def test_every_entry_is_documented() -> None:
    entries = {
        *PROJECT_ENTRIES,
        *TARGETS_ENTRIES,
        *ROOT_CAUSES_ENTRIES,
        *TEXT_ENTRIES,
        *EXTRACTORS,
        *SOURCE_ENTRIES,
        *NODE_ENTRIES,
        *RELATIONSHIP_ENTRIES,
        *END_ENTRIES,
        *PROPERTY_ENTRIES,
        *FORMATS,
        *ENDINGS,
        *VALUE_TYPES,
    }
    assert {name for name in entries if f"`{name}`" not in PAGE} == set()


def test_the_example_is_a_project(tmp_path: Path) -> None:
    example = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)[0]
    path = tmp_path / "motivo.yaml"
    path.write_text(example, "utf-8")
    assert load_project(path).name == "shop"
