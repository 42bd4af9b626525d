"""Which source records are of one customer."""

from ingest.identity.exact import match_records

__all__ = ["match_records"]
