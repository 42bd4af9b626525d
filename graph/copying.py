"""Copying one store into another: resumable, and compared at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from graph.archive import COPY, Archive, Part, Row, Sum, parts, sum_part
from graph.contract import Store
from graph.urls import hide_password
from schema.errors import RefusedError, StoreError


class Watcher(Protocol):
    """Is told how a copy goes on, for a progress bar."""

    def begin(self, source: str, size: int | None, done: int) -> None:
        """A part is begun, or resumed."""

    def advance(self, source: str, done: int, rows: int) -> None:
        """So many of its rows are copied."""

    def end(self, source: str) -> None:
        """A part is copied to its end."""


class Silent:
    """A watcher that tells nobody."""

    def begin(self, source: str, size: int | None, done: int) -> None:
        """Do nothing."""

    def advance(self, source: str, done: int, rows: int) -> None:
        """Do nothing."""

    def end(self, source: str) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Copied:
    """What a copy brought over: rows and checksum (hexadecimal) by part, and whether it was resumed."""

    parts: Mapping[str, tuple[int, str]]
    resumed: bool


def copy_store(source: Store, target: Store, watcher: Watcher | None = None) -> Copied:
    """Copy all that a store keeps, with its history, into one that is empty, and compare both.

    A copy that was cut off goes on where it was. `RefusedError` if the target holds anything else,
    `StoreError` if both differ at the end, as when somebody wrote into one of them meanwhile.
    """
    vocabulary, name = source.reader().vocabulary, hide_password(source.url)
    kept = target.reader().setting(COPY)
    if kept is None and not _is_empty(target):
        raise RefusedError("the target holds a graph already", hint="name an empty store")
    if kept is not None and kept["from"] != name:
        hint = "go on with that copy, or name an empty store"
        raise RefusedError(f"the target holds half a copy of {kept['from']}", hint=hint)
    target.declare(vocabulary)
    done: dict[str, int] = dict(kept["done"]) if kept else {}
    out_of, into = source.archive(), target.archive()
    told = watcher or Silent()
    sums: dict[Part, Sum] = {}
    with out_of.reading():
        for part in parts(vocabulary):
            copying = _Copying(part, name, done, into)
            sums[part] = copying.run(out_of, told)
    for part, wanted in sums.items():
        told.begin(f"compare {part}", wanted.rows, 0)
        if sum_part(into, part) != wanted:
            raise StoreError(
                f"{part} is not the same in both stores",
                hint="somebody wrote into one of them; copy again into an empty one",
            )
        told.end(f"compare {part}")
    with target.transaction() as transaction:
        transaction.keep_setting(COPY, None)
    found = {str(part): (one.rows, f"{one.digest:016x}") for part, one in sums.items() if one.rows}
    return Copied(found, kept is not None)


def _is_empty(store: Store) -> bool:
    reader = store.reader()
    return reader.latest_run() is None and not reader.totals().nodes


@dataclass
class _Copying:
    """The copy of one part."""

    part: Part
    name: str
    done: dict[str, int]
    into: Archive

    def run(self, out_of: Archive, watcher: Watcher) -> Sum:
        """Copy what is not copied yet; return the sum of all."""
        which = str(self.part)
        before, found = self.done.get(which, 0), Sum()
        watcher.begin(which, None, before)
        for rows in out_of.rows(self.part):
            some = [row for row in rows if self.part.sort != "setting" or row[0] != COPY]
            fresh = some[max(0, before - found.rows) :]
            found = found.add(some)
            if fresh:
                self._load(fresh, found.rows)
                watcher.advance(which, found.rows, found.rows)
        watcher.end(which)
        return found

    def _load(self, rows: list[Row], done: int) -> None:
        self.done[str(self.part)] = done
        self.into.load(self.part, rows, {"from": self.name, "done": self.done})
