"""How knowledge gets in: project file, sources, mapping, identity, texts, writing."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.pipeline import (
        IngestReport,
        Observer,
        OpenSources,
        has_texts,
        ingest,
        open_extractor,
        open_sources,
    )
    from ingest.project import Project, load_project
    from ingest.retry import retry_rejected
    from ingest.tables import read_table
    from ingest.text import extract_lines, load_extractor, load_taxonomy

__all__ = [
    "IngestReport",
    "Observer",
    "OpenSources",
    "Project",
    "extract_lines",
    "has_texts",
    "ingest",
    "load_extractor",
    "load_project",
    "load_taxonomy",
    "open_extractor",
    "open_sources",
    "read_table",
    "retry_rejected",
]

# Imported when asked for: who only reads texts need not wait for DuckDB and Arrow.
_HOME = {
    "Project": "ingest.project",
    "extract_lines": "ingest.text",
    "load_extractor": "ingest.text",
    "load_project": "ingest.project",
    "load_taxonomy": "ingest.text",
    "read_table": "ingest.tables",
    "retry_rejected": "ingest.retry",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME.get(name, "ingest.pipeline")), name)


def __dir__() -> list[str]:
    return __all__
