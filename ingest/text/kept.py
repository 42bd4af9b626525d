"""Small SQLite files in which is kept what would cost time or money to read again."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from schema.errors import StoreError


class KeptFile:
    """Such a file: where it is, what it holds (in words, for messages) and what to do about errors."""

    def __init__(self, path: Path, holds: str, hint: str) -> None:
        self._path, self._holds, self._hint = path, holds, hint

    def open(self, application: int, table: str) -> sqlite3.Connection:
        """Open it for threads and processes alike, and make its table.

        application: by which SQLite knows whose file it is. Raises StoreError for a file that cannot be
        used, or that holds something else.
        """
        try:
            # What customers wrote is nobody else's business.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            base = sqlite3.connect(self._path, timeout=30, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self.complain(error) from None
        try:
            self._prepare(base, application, table)
        except sqlite3.Error as error:
            base.close()
            raise self.complain(error) from None
        except StoreError:
            base.close()
            raise
        return base

    def complain(self, error: Exception) -> StoreError:
        """Say that nothing can be kept."""
        said = error.strerror if isinstance(error, OSError) else error
        return StoreError(f"{self._holds} cannot be kept in {self._path}: {said}", hint=self._hint)

    def _prepare(self, base: sqlite3.Connection, application: int, table: str) -> None:
        known = base.execute("PRAGMA application_id").fetchone()[0] == application
        if not known and base.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise StoreError(f"{self._path} holds something else than {self._holds}", hint=self._hint)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute(f"PRAGMA application_id = {application}")
        base.execute(table)
