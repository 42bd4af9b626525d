"""The view of a customer: who this is, what is theirs, why they complained, what is being done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLID,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from api.graphql.execution import Arguments, Resolver
from api.graphql.request import Request
from api.graphql.types.connections import (
    check_size,
    make_connection,
    page_cost,
    paging_arguments,
    read_paging,
)
from api.graphql.types.exposure import exposure_fields
from api.graphql.types.fields import (
    Fields,
    argument,
    attribute,
    computed,
    each,
    enum_of,
    free,
    once,
    required,
)
from api.graphql.types.ids import decode_id, encode_id
from api.graphql.types.links import link_field
from api.graphql.types.nodes import caption_of, show_captions
from api.graphql.types.registry import Types
from api.graphql.types.scalars import TIME
from api.graphql.types.timeline import Entry, Happenings, Things, spread_timeline
from api.graphql.types.ways import TimelineEvent, Way, find_ways, newest_first
from graph import Node
from schema import CUSTOMER, RECORD, RESOLVES_TO, Direction, Triple, UsageError
from schema.paths import Step

MOST_VIEWS = 50
# What a view shows of a customer by one step: the field, the type of relationship, the kind, what it is.
SHOWN = (
    ("subscriptions", "HOLDS", "Subscription", "What they subscribe to, newest first."),
    ("invoices", "BILLED", "Invoice", "What they were billed, newest first."),
    ("contacts", "HAD", "Contact", "The contacts with them, newest first."),
    ("complaints", "FILED", "Complaint", "What they complained of, newest first."),
)
PAYMENT = "Payment"


def customer_fields(types: Types) -> Fields:
    """Return the root fields that show customers with all that is around them."""
    if RESOLVES_TO not in types.vocabulary.triples:
        return {}
    view = GraphQLObjectType(
        "CustomerView",
        _fields(types),
        description="A customer, with all that is around them. Everything is read for all views at once.",
    )
    id_, key, record = (
        "The global id of the customer, or of one of its records.",
        "The key of the customer.",
        "The key of one of its records: the system's name, a colon, and the id there.",
    )
    ids = GraphQLList(GraphQLNonNull(GraphQLID))
    texts = GraphQLList(GraphQLNonNull(GraphQLString))
    return {
        "customerView": computed(
            view,
            once(_get_one),
            "All that is around one customer, by its id, its key or that of a record; null if there is none.",
            args={
                "id": argument(GraphQLID, id_),
                "key": argument(GraphQLString, key),
                "record": argument(GraphQLString, record),
            },
            cost=lambda _arguments, below: 1 + below,
        ),
        "customerViews": computed(
            GraphQLList(view),
            once(_get_many),
            "All that is around several customers, in the order of `ids`, then `keys`, then `records`.",
            args={
                "ids": argument(ids, f"Global ids, at most {MOST_VIEWS} in all."),
                "keys": argument(texts, "Keys of customers."),
                "records": argument(texts, "Keys of their records."),
            },
            cost=lambda arguments, below: len(_names(arguments)) * (1 + below),
        ),
    }


def _names(arguments: Arguments) -> list[tuple[str, str]]:
    """Return by what customers are asked for: (argument, value)."""
    found = [(name, arguments.get(name)) for name in ("id", "key", "record") if arguments.get(name)]
    for name in ("ids", "keys", "records"):
        found += [(name.removesuffix("s"), value) for value in arguments.get(name) or ()]
    return found  # type: ignore[return-value]


def _get_one(arguments: Arguments, request: Request) -> Node | None:
    names = _names(arguments)
    if len(names) != 1:
        raise UsageError("a customer is asked for in one way", hint="give `id`, `key` or `record`")
    return _find(names, request)[0]


def _get_many(arguments: Arguments, request: Request) -> list[Node | None]:
    names = _names(arguments)
    check_size("ids", len(names), MOST_VIEWS)
    return _find(names, request)


def _find(names: Sequence[tuple[str, str]], request: Request) -> list[Node | None]:
    refs = [_ref(by, value) for by, value in names]
    records = [key for kind, key in refs if kind == RECORD]
    customers = request.reader.customers_of(records) if records else {}
    keys = [customers.get(key) if kind == RECORD else key for kind, key in refs]
    wanted = list(dict.fromkeys(key for key in keys if key is not None))
    nodes = request.reader.get_many(CUSTOMER, wanted) if wanted else {}
    return [None if key is None else nodes.get(key) for key in keys]


def _ref(by: str, value: str) -> tuple[str, str]:
    if by != "id":
        return (RECORD if by == "record" else CUSTOMER), value
    kind, key = decode_id(value)
    if kind not in (CUSTOMER, RECORD):
        raise UsageError(f"{value!r} is the id of a {kind}", hint="give that of a customer or of its record")
    return kind, key


def _fields(types: Types) -> Callable[[], Fields]:
    def make() -> Fields:
        ways = find_ways(types.vocabulary)
        records = Step(RESOLVES_TO, Direction.IN)
        found = {
            "customer": computed(
                required(types.objects[CUSTOMER]), each(lambda node: node), "The customer.", cost=free
            ),
            "caption": computed(required(GraphQLString), show_captions, "Their short name.", cost=free),
            "records": link_field(
                types, records, "Who this is: the records that were resolved to them, and what speaks for it."
            ),
        }
        for name, type_, kind, about in SHOWN:
            triple = Triple(CUSTOMER, type_, kind)
            if triple in types.vocabulary.triples:
                order = newest_first(types.vocabulary.kinds[kind])
                found[name] = link_field(types, Step(triple, Direction.OUT), about, order)
        payments = [way for way in ways if way.kind == PAYMENT and way.event is TimelineEvent.BEGINS]
        if payments:
            found["payments"] = _payments_field(types, payments)
        found |= exposure_fields(types)
        if ways:
            found["timeline"] = _timeline_field(types, ways)
        return found

    return make


def _timeline(ways: Sequence[Way]) -> Resolver:
    def resolve(nodes: Sequence[Node], arguments: Arguments, _request: Request) -> list[Happenings]:
        return spread_timeline(ways, nodes, read_paging(arguments), arguments.get("kinds"))

    return resolve


def _payments(ways: Sequence[Way]) -> Resolver:
    def resolve(nodes: Sequence[Node], arguments: Arguments, _request: Request) -> list[Things]:
        return [Things(one) for one in spread_timeline(ways, nodes, read_paging(arguments))]

    return resolve


def _payments_field(types: Types, ways: Sequence[Way]) -> GraphQLField:
    stem, node = "CustomerPayment", types.objects[PAYMENT]
    return computed(
        make_connection(types, stem, node, "payments of a customer", counted=False),
        _payments(ways),
        "What they paid for what is theirs alone, newest first.",
        args=paging_arguments(),
        cost=page_cost,
    )


def _captions(entries: Sequence[Entry], _arguments: Arguments, request: Request) -> list[str]:
    return [caption_of(request.reader.vocabulary, entry.node, request.language) for entry in entries]


def _timeline_field(types: Types, ways: Sequence[Way]) -> GraphQLField:
    event = enum_of(
        TimelineEvent,
        "What of something happened.",
        {"BEGINS": "It began, or it is all of one moment.", "ENDS": "It ended."},
    )
    entry = GraphQLObjectType(
        "TimelineEntry",
        {
            "time": attribute(required(TIME), "time", "When."),
            "day": attribute(
                required(GraphQLBoolean),
                "day",
                "Whether only the day is known: `time` is its beginning.",
            ),
            "event": attribute(required(event), "event", "What of it happened."),
            "kind": computed(required(types.kind_names), each(lambda e: e.node.kind), "Its kind.", cost=free),
            "caption": computed(required(GraphQLString), _captions, "Its short name.", cost=free),
            "id": computed(
                required(GraphQLID),
                each(lambda e: encode_id(e.node.kind, e.node.key)),
                "Its global id.",
                cost=free,
            ),
            "node": attribute(required(types.node), "node", "What it is."),
        },
        description="Something that happened.",
    )
    return computed(
        make_connection(types, "Timeline", entry, "what happened", counted=False),
        _timeline(ways),
        "What happened, newest first: of all that is theirs and has a date, declared kinds included.",
        args={
            **paging_arguments(),
            "kinds": argument(
                GraphQLList(GraphQLNonNull(types.kind_names)), "Only what is of these kinds; else all."
            ),
        },
        cost=page_cost,
    )
