"""Sources: a company's files as batches of text, read from a cursor on."""

from ingest.sources.contract import Batch, BrokenRow, Cursor, Source
from ingest.sources.opening import file_errors, find_path, open_source
from ingest.sources.texts import texts_of

__all__ = ["Batch", "BrokenRow", "Cursor", "Source", "file_errors", "find_path", "open_source", "texts_of"]
