"""The mapping: from rows of text to typed nodes and relationships."""

from ingest.mapping.mapper import Mapper
from ingest.mapping.needs import Needs, find_columns
from ingest.mapping.result import Identified, MappedBatch, NodeRows, RelationshipRows

__all__ = ["Identified", "MappedBatch", "Mapper", "Needs", "NodeRows", "RelationshipRows", "find_columns"]
