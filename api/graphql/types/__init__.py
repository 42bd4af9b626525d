"""The GraphQL types: those of every kind of a vocabulary, and those that all share."""

from api.graphql.types.connections import (
    LARGEST,
    Connection,
    Edge,
    PageInfo,
    Paging,
    Slice,
    check_size,
    make_connection,
    page_cost,
    paging_arguments,
    read_paging,
)
from api.graphql.types.fields import (
    Fields,
    argument,
    attribute,
    computed,
    each,
    enum_of,
    free,
    list_of,
    make_enum,
    once,
    required,
)
from api.graphql.types.filters import read_filter
from api.graphql.types.ids import decode, decode_id, encode, encode_id
from api.graphql.types.nodes import caption_of, read_ids, read_nodes
from api.graphql.types.registry import Types
from api.graphql.types.scalars import DATE, DECIMAL, JSON, LONG, TIME, to_json
from api.graphql.types.shared import MONEY, PAGE_INFO, PROVENANCE

__all__ = [
    "DATE",
    "DECIMAL",
    "JSON",
    "LARGEST",
    "LONG",
    "MONEY",
    "PAGE_INFO",
    "PROVENANCE",
    "TIME",
    "Connection",
    "Edge",
    "Fields",
    "PageInfo",
    "Paging",
    "Slice",
    "Types",
    "argument",
    "attribute",
    "caption_of",
    "check_size",
    "computed",
    "decode",
    "decode_id",
    "each",
    "encode",
    "encode_id",
    "enum_of",
    "free",
    "list_of",
    "make_connection",
    "make_enum",
    "once",
    "page_cost",
    "paging_arguments",
    "read_filter",
    "read_ids",
    "read_nodes",
    "read_paging",
    "required",
    "to_json",
]
