"""From the sources of a project into a store, batch by batch, each in one transaction."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from graph import Counts, Progress, Run, Store, Transaction
from ingest.complaints import write_taxonomy
from ingest.identity import load_identities
from ingest.mapping import Mapper
from ingest.project import TEACHER, Project
from ingest.sources import Batch, Cursor, Source, file_errors, find_path, open_source
from ingest.text import Extractor, load_extractor, load_taxonomy
from ingest.text.review import load_namer
from ingest.told import find_told, keep_told
from ingest.writing import BatchWriter
from schema import COMPLAINT, RefusedError, SourceError, UsageError

BATCH_ROWS = 10_000  # rows of one transaction: what a crash can cost
TEXT_BATCH_ROWS = 1_000  # reading texts is slow, and progress should show


class Observer(Protocol):
    """Is told how an ingest goes on, for a progress bar."""

    def begin(self, source: str, size: int | None, done: int) -> None:
        """A source is begun, or resumed; sizes are in the source's own unit."""

    def advance(self, source: str, done: int, rows: int) -> None:
        """So much of it is read: in the source's unit, and in rows."""

    def end(self, source: str) -> None:
        """A source is read to its end."""


class Silent:
    """An observer that tells nobody."""

    def begin(self, source: str, size: int | None, done: int) -> None:
        """Do nothing."""

    def advance(self, source: str, done: int, rows: int) -> None:
        """Do nothing."""

    def end(self, source: str) -> None:
        """Do nothing."""


@dataclass
class IngestReport:
    """What an ingest did, and what the store holds after it. `missing` are absent optional sources.

    `extractor` is the version of what read the texts; empty where there were none.
    """

    sources: dict[str, Counts] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    nodes: Mapping[str, int] = field(default_factory=dict)
    relationships: Mapping[str, int] = field(default_factory=dict)
    extractor: str = ""
    seconds: float = 0.0

    @property
    def complaints(self) -> int:
        """How many complaints the store holds."""
        return self.nodes.get(COMPLAINT, 0)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python's collector of cycles from looking at the rows of a batch again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(frozen=True)
class Reading:
    """A source that is open, with the mapper of its rows. `written`: when its file was, last."""

    name: str
    source: Source
    mapper: Mapper
    written: datetime

    def batches(self, cursor: Cursor | None, rows: int) -> Iterator[Batch]:
        """Yield the batches behind a cursor; a file that cannot be read any more is a `SourceError`."""
        with file_errors(self.name):
            yield from self.source.read(cursor, rows)


@dataclass(frozen=True)
class OpenSources:
    """The sources of a project, open, and the names of optional ones that are missing."""

    folder: Path
    readings: list[Reading]
    missing: list[str]


def open_sources(project: Project, *, data: Path | None = None) -> OpenSources:
    """Open the sources of a project, touching no store.

    Raises whatever can be known to be wrong before the first row is read: a missing file or column,
    a mistake in the project file.
    """
    opened = OpenSources(data or project.path.parent, [], [])
    for name, spec in project.sources.items():
        try:
            source = open_source(spec, opened.folder)
        except SourceError:
            if spec.optional and find_path(spec, opened.folder) is None:
                opened.missing.append(name)
                continue
            raise
        with file_errors(name):
            columns = source.columns()
            written = datetime.fromtimestamp((opened.folder / spec.path).stat().st_mtime, UTC)
        opened.readings.append(Reading(name, source, Mapper(project, name, columns), written))
    return opened


def ingest(
    project: Project,
    store: Store,
    *,
    data: Path | None = None,
    sources: OpenSources | None = None,
    extractor: Extractor | None = None,
    observer: Observer | None = None,
    batch_rows: int = BATCH_ROWS,
) -> IngestReport:
    """Bring the store up to what the sources of a project say now.

    `sources` are the project's, if they are open already; else `open_sources` opens those in `data`,
    and raises what is wrong with them before anything is written. `extractor` reads the texts, if not
    the one that the project chooses; where that is the teacher, it must be given. A run that was cut off
    is resumed where its last batch ended; `batch_rows` is how many rows at most a batch has, and a
    transaction.
    """
    begun = time.monotonic()
    opened = sources or open_sources(project, data=data)
    report = IngestReport(missing=opened.missing)
    watching = observer or Silent()
    extractor = choose_extractor(project, extractor)
    report.extractor = extractor.version if extractor else ""
    store.declare(project.vocabulary)
    run = _begin(project, store, opened, extractor)
    # No decision is made before the run has ended.
    namer, judged = load_namer(store.reader()), load_identities(store.reader())
    for reading in opened.readings:
        texts = extractor if has_texts(project, reading.name) else None
        rows = min(batch_rows, TEXT_BATCH_ROWS) if texts else batch_rows
        told = find_told(store.reader(), reading.name, reading.written)
        writer = BatchWriter(project, reading.name, reading.mapper, texts, namer, judged, told)
        with _collector_paused():
            report.sources[reading.name] = _read(store, run, reading, writer, rows, watching)
    with store.transaction() as transaction:
        transaction.resume_run(run)
        transaction.finish_run()
    totals = store.reader().totals()
    report.nodes, report.relationships = totals.nodes, totals.relationships
    report.seconds = round(time.monotonic() - begun, 3)
    return report


def has_texts(project: Project, source: str | None = None) -> bool:
    """Tell whether a source, or any, has complaints with texts to read."""
    return any(
        t.kind == COMPLAINT and "text" in t.properties and source in (None, t.source) for t in project.nodes
    )


def open_extractor(project: Project, models: Path | None = None) -> Extractor:
    """Load the extractor that a project chooses; models: folder of the company's own models.

    Raises UsageError for the teacher, which the caller must open, since settings name it.
    """
    if project.extractor == TEACHER:
        raise UsageError("the project has its texts read by a teacher, and none is given")
    vectors = {"vectors": True, "lexical": False}.get(project.extractor)
    return load_extractor(project.languages, vectors, models)


def choose_extractor(
    project: Project, given: Extractor | None, source: str | None = None
) -> Extractor | None:
    """Give what reads texts: the given extractor, else the project's; None where there are no texts."""
    if not has_texts(project, source):
        return None
    return given or open_extractor(project)


def _begin(project: Project, store: Store, opened: OpenSources, extractor: Extractor | None) -> Run:
    """Return the run that was cut off, if it was this one, else begin a new one."""
    said = [extractor.version if extractor else "", str(opened.folder.resolve())]
    said += [f"{r.name} {project.fingerprint(r.name)}" for r in opened.readings]
    fingerprint = hashlib.blake2b("\n".join(said).encode(), digest_size=16).hexdigest()
    reader = store.reader()
    run = reader.latest_run()
    if run is not None and not run.finished and run.fingerprint == fingerprint:
        kept = [(r.source, reader.progress(run.id, r.name)) for r in opened.readings]
        if all(not (p and p.cursor) or source.accepts(p.cursor) for source, p in kept):
            return run
    with store.transaction() as transaction:
        run = transaction.begin_run(fingerprint)
        transaction.keep_setting("project", describe_project(project, opened.folder))
        write_taxonomy(transaction, load_taxonomy())
        return run


def describe_project(project: Project, folder: Path) -> dict[str, object]:
    """Return what other commands need to know of the project, as JSON."""
    spec = project.root_causes
    return {
        "name": project.name,
        "path": str(project.path.resolve()),
        "data": str(folder.resolve()),
        "languages": list(project.languages),
        "identity": [list(names) for names in project.identity],
        "root_causes": {
            "unit": spec.unit,
            "depth": spec.depth,
            "exclude": list(spec.exclude),
            "money": spec.money,
            "features": list(spec.features),
            "discover": spec.discover,
        },
    }


def _read(
    store: Store, run: Run, reading: Reading, writer: BatchWriter, batch_rows: int, observer: Observer
) -> Counts:
    """Read a source from where this run left it, to its end."""
    name = reading.name
    before = store.reader().progress(run.id, name)
    counts = before.counts if before else Counts()
    if before and before.done:
        return counts
    cursor, kept = (before.cursor if before else None), before
    done = int(cursor.get("advanced", 0)) if cursor else 0
    observer.begin(name, reading.source.size(), done)
    for batch in reading.batches(cursor, batch_rows):
        done += batch.advanced
        with store.transaction() as transaction:
            _check_alone(transaction, run, name, kept)
            transaction.resume_run(run)
            writer.write(transaction, run, batch, counts)
            cursor = {**batch.cursor, "advanced": done}
            kept = Progress(cursor, replace(counts))
            transaction.save_progress(name, kept)
        gc.collect(0)  # what the batch left behind
        observer.advance(name, done, counts.read)
    with store.transaction() as transaction:
        transaction.resume_run(run)
        keep_told(transaction, name, reading.written)
        transaction.close_vanished(name)
        transaction.save_progress(name, Progress(cursor or {}, counts, done=True))
    observer.end(name)
    return counts


def _check_alone(transaction: Transaction, run: Run, source: str, kept: Progress | None) -> None:
    """Refuse to go on where another ingest has gone on meanwhile: rows would be counted twice."""
    latest = transaction.reader.latest_run()
    if latest is None or latest.id != run.id or transaction.reader.progress(run.id, source) != kept:
        raise RefusedError(
            "another ingest is writing into this store", hint="wait until it has ended, then run this again"
        )
