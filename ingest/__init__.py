"""How knowledge gets in: project file, sources, mapping, identity, texts, writing."""

from ingest.pipeline import IngestReport, Observer, OpenSources, ingest, open_sources
from ingest.project import Project, load_project
from ingest.retry import retry_rejected
from ingest.text import extract_lines, load_extractor, load_taxonomy

__all__ = [
    "IngestReport",
    "Observer",
    "OpenSources",
    "Project",
    "extract_lines",
    "ingest",
    "load_extractor",
    "load_project",
    "load_taxonomy",
    "open_sources",
    "retry_rejected",
]
