"""Corrective actions that people record: nodes of the graph, and the units that were exposed then.

Nothing but our own store is written. An action that is removed is closed, and stays in the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from graph import Decision, Store, Subject
from ingest.turns import refuse_while_ingesting
from schema import NotFoundError, Triple, UsageError, core_vocabulary

SOURCE = "the company's actions"  # a name that no source of a project can have
TOPIC = "Action"
ADDRESSES = Triple("Action", "ADDRESSES", "RootCause")


@dataclass(frozen=True)
class Measure:
    """What is done, by whom, from when on. `new_only`: it reaches only units that begin from then on."""

    what: str
    starts_on: date
    by: str = ""
    new_only: bool = False


def record_action(
    store: Store,
    cause: str,
    properties: Mapping[str, Any],
    exposed: Sequence[str],
    measure: Measure,
    *,
    now: datetime | None = None,
) -> str:
    """Keep an action on a root cause, and return its id.

    `properties`: those of the node of the root cause, with its `unit`; `exposed`: keys of the units that
    it holds for now, which stay exposed whatever is changed about them. `UsageError` for an empty text, or
    for an action on new units of a kind of which nothing says when it begins.
    """
    what = " ".join(measure.what.split())
    if not what:
        raise UsageError("it is not said what is done", hint="such as --what 'Tower repaired'")
    store.declare(core_vocabulary())  # a store of an older version lacks what actions need
    kind = store.reader().vocabulary.get_kind(str(properties["unit"]))
    if measure.new_only and not kind.begins:
        raise UsageError(
            f"it is not known when a {kind.name} begins",
            hint="declare its 'begins' in the project file and ingest it, or leave out --new-only",
        )
    with store.transaction() as t:
        refuse_while_ingesting(t)
        numbers = [int(d.said["id"][1:]) for d in t.reader.decisions(TOPIC)]
        id_ = f"a{max(numbers, default=0) + 1}"
        at = now or datetime.now(UTC)
        t.decide(Decision(TOPIC, "add", measure.by, at, said={"id": id_, "cause": cause}))
        units = [Subject(str(properties["unit"]), key) for key in exposed]
        t.decide(Decision(f"{TOPIC} {id_}", "expose", measure.by, at, subjects=units))
        t.begin_run("actions")
        t.upsert_records(SOURCE, [id_], [0])
        columns = {name: [value] for name, value in properties.items()}
        t.upsert_nodes("RootCause", SOURCE, [id_], [cause], columns)
        columns = {
            "name": [what],
            "owner": [measure.by or None],
            "starts_on": [measure.starts_on],
            "new_only": [measure.new_only],
        }
        t.upsert_nodes("Action", SOURCE, [id_], [id_], columns)
        t.upsert_relationships(ADDRESSES, SOURCE, [id_], [id_], [cause], {})
        t.finish_run()
    return id_


def remove_action(store: Store, id_: str, *, by: str = "", now: datetime | None = None) -> None:
    """Close an action that was recorded; `NotFoundError` if there is none of that id."""
    with store.transaction() as t:
        refuse_while_ingesting(t)
        node = t.reader.find("Action", id_)
        if node is None or node.source != SOURCE:
            raise NotFoundError(
                f"there is no action {id_!r}", hint="motivo action list shows those there are"
            )
        t.decide(Decision(TOPIC, "remove", by, now or datetime.now(UTC), said={"id": id_}))
        t.begin_run("actions")
        t.upsert_records(SOURCE, [id_], [1])  # and says nothing any more
        t.finish_run()
