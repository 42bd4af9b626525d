"""The project file: what a company has, and what it means in the graph."""

from ingest.project.loading import load_project
from ingest.project.model import (
    End,
    Expression,
    NodeTarget,
    Place,
    Project,
    PropertySpec,
    RelationshipTarget,
    RootCauseSpec,
    SourceSpec,
    TextSpec,
)

__all__ = [
    "End",
    "Expression",
    "NodeTarget",
    "Place",
    "Project",
    "PropertySpec",
    "RelationshipTarget",
    "RootCauseSpec",
    "SourceSpec",
    "TextSpec",
    "load_project",
]
