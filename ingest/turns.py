"""Ingests and what people record take turns: each builds on a graph that the other has left whole."""

from __future__ import annotations

from graph import Transaction
from schema import NotFoundError, RefusedError


def refuse_while_ingesting(transaction: Transaction) -> None:
    """Refuse where a run goes on: it works by the decisions that it began with."""
    run = transaction.reader.latest_run()
    if run is None:
        raise NotFoundError("nothing was ingested into this store", hint="motivo ingest PROJECT.yaml")
    if not run.finished:
        raise RefusedError(
            "an ingest has not ended",
            hint="wait for it; if it was cut off, run the same 'motivo ingest' again",
        )
