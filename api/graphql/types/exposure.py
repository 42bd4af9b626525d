"""What customers hang on: the root causes that they are exposed to, and the open actions on those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLBoolean, GraphQLObjectType

from api.auth import Caller, Role
from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.fields import Fields, attribute, computed, free, list_of, required
from api.graphql.types.registry import Types
from api.graphql.types.ways import newest_first
from graph import Node, Or, Reader, Where
from schema import ATTRIBUTED_TO, CAUSE, CUSTOMER, Direction, Triple, Vocabulary

FINDING = "Finding"  # the type of root causes, of whoever adds it
FILED = Triple(CUSTOMER, "FILED", "Complaint")
ACTION, ROOT_CAUSE = "Action", "RootCause"
ADDRESSES = (Triple(ACTION, "ADDRESSES", CAUSE), Triple(ACTION, "ADDRESSES", ROOT_CAUSE))
MOST = 200  # complaints of a customer whose causes are looked at, the newest; and actions on a cause


@dataclass(frozen=True)
class OpenAction:
    """An action that has not ended, and the cause or root cause that it is to end."""

    action: Node
    addresses: Node


def find_exposures(keys: Sequence[str], request: Request) -> Mapping[str, Sequence[Any]]:
    """Return the root causes that each of these customers is exposed to, found once a request."""
    return _look_for(keys, request) or {}


def _look_for(keys: Sequence[str], request: Request) -> Mapping[str, Sequence[Any]] | None:
    """Return the same; None while they are still being looked for."""
    causes = getattr(request.services, "causes", None)
    if causes is None:
        return {}

    def find() -> Mapping[str, Sequence[Any]] | None:
        found: Mapping[str, Sequence[Any]] | None = causes.exposing(request.reader, keys)
        return found

    return request.keep(("exposures", tuple(keys)), find)


def _keys(customers: Sequence[Node]) -> list[str]:
    return list(dict.fromkeys(node.key for node in customers))


def _root_causes(customers: Sequence[Node], _arguments: Arguments, request: Request) -> list[Sequence[Any]]:
    found = find_exposures(_keys(customers), request)
    return [found.get(node.key, ()) for node in customers]


def _pending(customers: Sequence[Node], _arguments: Arguments, request: Request) -> list[bool]:
    return [_look_for(_keys(customers), request) is None] * len(customers)


def _actions(customers: Sequence[Node], _arguments: Arguments, request: Request) -> list[list[OpenAction]]:
    keys = _keys(customers)
    stated = _find_stated(keys, request)
    root_causes = {key: [one.id for one in found] for key, found in find_exposures(keys, request).items()}
    on_causes = _find_actions(ADDRESSES[0], (c for causes in stated.values() for c in causes), request.reader)
    nodes = {key: node for causes in stated.values() for key, node in causes.items()}
    with _open_for_root_causes(request) as reader:
        on_root_causes = _find_actions(ADDRESSES[1], (c for ids in root_causes.values() for c in ids), reader)
        pinned = reader.get_many(ROOT_CAUSE, list(on_root_causes)) if on_root_causes else {}
    return [
        [
            *_join(root_causes.get(node.key, ()), on_root_causes, pinned),
            *_join(stated.get(node.key, ()), on_causes, nodes),
        ]
        for node in customers
    ]


def _join(
    keys: Iterable[str], actions: Mapping[str, Sequence[Node]], nodes: Mapping[str, Node]
) -> list[OpenAction]:
    return [OpenAction(action, nodes[key]) for key in keys if key in nodes for action in actions.get(key, ())]


def _find_stated(keys: Sequence[str], request: Request) -> dict[str, dict[str, Node]]:
    """Return the causes that the complaints of each customer state, by key."""
    order = newest_first(request.reader.vocabulary.get_kind(FILED.end))
    filed = request.reader.follow(FILED, Direction.OUT, keys, limit=MOST, order=order)
    complaints = list(dict.fromkeys(n.node.key for near in filed.values() for n in near))
    if not complaints:
        return {}
    stated = request.reader.follow(ATTRIBUTED_TO, Direction.OUT, complaints, limit=MOST)
    return {
        key: {n.node.key: n.node for complaint in near for n in stated.get(complaint.node.key, ())}
        for key, near in filed.items()
    }


@contextmanager
def _open_for_root_causes(request: Request) -> Iterator[Reader]:
    """Give the reader by which actions on root causes are found that somebody is shown already.

    No relationship leads from a customer to these, so who sees one customer alone would find none.
    """
    if request.caller.customer is None:
        yield request.reader
        return
    with closing(request.services.open_reader(Caller(Role.AGENT, rows=request.caller.rows))) as reader:
        yield reader


def _find_actions(triple: Triple, causes: Iterable[str], reader: Reader) -> dict[str, list[Node]]:
    """Return the actions on each of these causes that have not ended."""
    keys = list(dict.fromkeys(causes))
    if not keys:
        return {}
    today = datetime.now(UTC).date()
    is_open = Or((Where("ends_on", "is_null", True), Where("ends_on", "ge", today)))
    found = reader.follow(triple, Direction.IN, keys, limit=MOST, where=(is_open,))
    return {key: [n.node for n in near] for key, near in found.items()}


def exposure_fields(types: Types) -> Fields:
    """Return the fields of a customer's view that tell of root causes and actions; values are nodes."""
    vocabulary: Vocabulary = types.vocabulary
    found: Fields = {}
    finding = types.find(FINDING)
    if finding is not None:
        found["rootCauses"] = computed(
            list_of(finding),
            _root_causes,
            "The root causes that they are exposed to, whether they have complained of them or not.",
            cost=lambda _arguments, below: 20 + 5 * below,
        )
        found["rootCausesPending"] = computed(
            required(GraphQLBoolean),
            _pending,
            "Whether root causes are still being looked for, so that some may be missing: ask again soon.",
            cost=free,
        )
    if {FILED, ATTRIBUTED_TO, *ADDRESSES} <= set(vocabulary.triples):
        action = GraphQLObjectType(
            "CustomerAction",
            lambda: {
                "action": attribute(required(types.objects[ACTION]), "action", "What is being done."),
                "addresses": attribute(
                    required(types.node), "addresses", "The cause or root cause that it is to end."
                ),
            },
            description="A corrective action that has not ended, on what a customer hangs on.",
        )
        found["actions"] = computed(
            list_of(action),
            _actions,
            "What is being done about these root causes, and about the causes of their complaints.",
            cost=lambda _arguments, below: 20 + 5 * below,
        )
    return found
