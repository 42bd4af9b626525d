"""What was said of customers, where only some customers may be seen.

Records move from one customer to another when identities are resolved anew. What a customer's history says
of a record that is another customer's now is of that other one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from graph import Contribution, Reader
from schema import CUSTOMER, RECORD


def tell_history(reader: Reader, kind: str, key: str) -> list[Contribution]:
    """Return the contributions to a customer or record; of a customer, those of the records it has now."""
    if kind != CUSTOMER:
        return reader.history(kind, key)
    said = [c for record in _records(reader, key) for c in reader.history(RECORD, record)]
    return sorted(said, key=lambda c: c.valid_from)


def kept_its_records(reader: Reader, customer: str) -> bool:
    """Tell whether all that was ever said of a customer is of the records that it has now."""
    return _facts(reader.history(CUSTOMER, customer)) <= _facts(tell_history(reader, CUSTOMER, customer))


def _records(reader: Reader, customer: str) -> list[str]:
    return reader.records_of([customer]).get(customer, [])


def _facts(said: Iterable[Contribution]) -> set[tuple[str, str, int, str]]:
    return {
        (c.source, c.record, c.run, json.dumps(dict(c.properties), sort_keys=True, default=str)) for c in said
    }
