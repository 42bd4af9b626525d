"""Which source records are of one customer: matched by keys, and as people judged."""

from ingest.identity.desk import Decided, IdentityDesk
from ingest.identity.doubts import Doubt, find_doubts
from ingest.identity.exact import match_records
from ingest.identity.judgements import TOPIC, Identities, load_identities

__all__ = [
    "TOPIC",
    "Decided",
    "Doubt",
    "Identities",
    "IdentityDesk",
    "find_doubts",
    "load_identities",
    "match_records",
]
