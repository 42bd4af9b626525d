"""Rows of a source that are sent one by one, by the ordinary way of a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphql import GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.knowledge.access import SENDERS, get_services, note_change, only, require_whole
from api.graphql.request import Request
from api.graphql.types import (
    JSON,
    Fields,
    Types,
    argument,
    attribute,
    computed,
    each,
    free,
    list_of,
    once,
    required,
)
from schema import InputError, NotFoundError


def _ingest(arguments: Arguments, request: Request) -> Any:
    from ingest import load_project
    from ingest.events import ingest_events

    require_whole(request)
    services = get_services(request)
    reader = request.store.reader()
    try:
        kept = reader.setting("project")
    finally:
        reader.close()
    if not kept:
        raise NotFoundError("nothing was ingested into this store", hint="motivo ingest PROJECT.yaml")
    path = Path(kept["path"])
    if not path.is_file():
        raise InputError(
            "the project file of this store is not where it was", hint=f"put it back to {path.name}"
        )
    with services.writing:  # what reads texts is not for two at once
        project = load_project(path)
        told = ingest_events(
            project,
            request.store,
            arguments["source"],
            arguments["rows"],
            extractor=services.texts.open(project),
            by=request.caller.name,
        )
    note_change(request, "ingestEvents", told.nodes)
    return told


def incoming_mutations(types: Types) -> Fields:  # noqa: ARG001  (as all contributors)
    """Return the field that takes rows."""
    error = GraphQLObjectType(
        "FieldError",
        {
            "field": attribute(required(GraphQLString), "field", "The field; empty: the row as a whole."),
            "message": attribute(required(GraphQLString), "message", "What is wrong with it."),
        },
        description="What is wrong with a field of a row.",
    )
    rejected = GraphQLObjectType(
        "RejectedRow",
        {
            "row": attribute(required(GraphQLInt), "row", "Its place among the rows sent, from 0."),
            "key": attribute(GraphQLString, "key", "Its key, if it has one."),
            "errors": attribute(list_of(error), "errors", "All that is wrong with it."),
        },
        description="A row that is in quarantine.",
    )

    def count(name: str, about: str) -> Any:
        get = each(lambda told: getattr(told.counts, name))
        return computed(required(GraphQLInt), get, about, cost=free)

    report = GraphQLObjectType(
        "EventReport",
        {
            "read": count("read", "Rows sent."),
            "written": count("written", "Rows that were written."),
            "unchanged": count("unchanged", "Rows that say what was known."),
            "quarantined": count("quarantined", "Rows in quarantine."),
            "rejected": attribute(list_of(rejected), "rejected", "Those in quarantine, and why."),
            "unused": attribute(
                list_of(GraphQLString), "unused", "Fields that the project makes nothing of."
            ),
        },
        description="What became of rows.",
    )
    return {
        "ingestEvents": only(
            SENDERS,
            computed(
                required(report),
                once(_ingest),
                "Write rows of a source of the project: mapped, validated, their texts read, customers "
                "matched. Good rows are written, bad ones go to quarantine; of several with one key the last "
                "holds. Nothing is closed. What is told this way holds until the file of the source is "
                "written anew.",
                args={
                    "source": argument(required(GraphQLString), "The name of the source."),
                    "rows": argument(
                        required(GraphQLList(required(JSON))), "Objects, as a file of JSON lines has them."
                    ),
                },
            ),
        )
    }
