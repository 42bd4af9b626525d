"""The SQLite store: one file, one writer, a reader a thread."""

from graph.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
