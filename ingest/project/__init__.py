"""The project file: what a company has, and what it means in the graph."""

from ingest.project.loading import load_project
from ingest.project.model import (
    TEACHER,
    End,
    Expression,
    NodeTarget,
    Place,
    Project,
    PropertySpec,
    RelationshipTarget,
    RootCauseSpec,
    SourceSpec,
)

__all__ = [
    "TEACHER",
    "End",
    "Expression",
    "NodeTarget",
    "Place",
    "Project",
    "PropertySpec",
    "RelationshipTarget",
    "RootCauseSpec",
    "SourceSpec",
    "load_project",
]
