"""The project files that come with Motivo are sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.project import load_project
from schema.kinds import LANGUAGES

ROOT = Path(__file__).parents[3]
PROJECTS = ("api/demo/motivo.yaml", "examples/olist/motivo.yaml")


@pytest.mark.parametrize("path", PROJECTS)
def test_a_project_file_loads_and_names_what_it_declares_in_three_languages(path: str) -> None:
    project = load_project(ROOT / path)
    for name in project.declarations["kinds"]:
        kind = project.vocabulary.kinds[name]
        assert set(kind.label) == set(LANGUAGES), name
        for prop in kind.properties.values():
            assert set(prop.label) == set(LANGUAGES), f"{name}.{prop.name}"
    for name in project.declarations["relationships"]:
        assert set(project.vocabulary.relationships[name].label) == set(LANGUAGES), name


def test_no_feature_of_the_marketplace_comes_from_its_reviews() -> None:
    project = load_project(ROOT / "examples/olist/motivo.yaml")
    assert project.root_causes.unit == "Order"
    assert {t.kind for t in project.nodes if t.source == "reviews"} == {"Complaint"}
    assert {str(t.triple) for t in project.relationships if t.source == "reviews"} == {
        "Complaint-ABOUT->Order",
        "Customer-FILED->Complaint",
    }
