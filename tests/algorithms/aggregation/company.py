"""Random small companies, and what the documentation says of groups and measures, in plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from hypothesis import strategies as st

from algorithms.aggregation import Grouping, Measure, find_owner
from algorithms.aggregation.arrays import read_path
from graph import View
from schema import Amount, Direction, Triple, core_vocabulary
from schema.paths import Path
from tests.algorithms.aggregation.views import Links, Nodes, make_view

VOCABULARY = core_vocabulary()
FILED = Triple("Customer", "FILED", "Complaint")
HOLDS = Triple("Customer", "HOLDS", "Subscription")
OF = Triple("Subscription", "OF", "Product")
ABOUT = Triple("Complaint", "ABOUT", "Product")
SUBJECT = Triple("Complaint", "ABOUT", "Subscription")
STATES = Triple("Complaint", "ATTRIBUTED_TO", "Cause")
BILLED = Triple("Customer", "BILLED", "Invoice")
DISPUTES = Triple("Complaint", "ABOUT", "Invoice")
JOINED = (FILED, HOLDS, OF, ABOUT, SUBJECT, STATES, BILLED, DISPUTES)
SIZES = {"Customer": 5, "Complaint": 8, "Subscription": 5, "Product": 3, "Cause": 3, "Invoice": 5}

texts = st.none() | st.sampled_from(["es", "pt", "en", "ñandú", ""])
days = st.none() | st.dates(date(2025, 12, 20), date(2026, 4, 2))
moments = days.map(lambda d: None if d is None else datetime(d.year, d.month, d.day, 23, 59, 59, 999999, UTC))
money = st.none() | st.builds(
    Amount,
    st.sampled_from(["0", "0.0001", "-7.5", "49.9", "100", "99999999999999.9999"]).map(Decimal),
    st.sampled_from(["BRL", "EUR"]),
)
numbers = st.none() | st.sampled_from([0.0, -1.5, 0.1, 0.3, 2.0, 5.0, 1e6])
wholes = st.none() | st.sampled_from([0, 1, 2, 3, -(2**63), 2**63 - 1])
PROPERTIES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Customer": {"segment": texts, "since": days},
    "Complaint": {"language": texts, "score": numbers, "filed_at": moments, "status": texts},
    "Subscription": {"status": texts, "started_on": days, "ended_on": days, "monthly_fee": money},
    "Product": {"name": texts, "category": texts, "price": money},
    "Cause": {"name_en": texts},
    "Invoice": {"amount": money, "issued_on": days},
}


@dataclass(frozen=True)
class Company:
    """Nodes and links, and what they lead to."""

    nodes: Nodes
    links: Links

    def view(self) -> View:
        return make_view(VOCABULARY, self.nodes, self.links)

    def reach(self, path: Path, key: str) -> list[str]:
        """Return the keys of the nodes that a path leads to, each once."""
        found = {key}
        for step in path.steps:
            pairs = self.links.get(step.triple, ())
            if step.direction is Direction.IN:
                pairs = [(end, start) for start, end in pairs]
            found = {end for start, end in pairs if start in found}
        return sorted(found)

    def value(self, kind: str, key: str, name: str) -> Any:
        return self.nodes[kind][key].get(name) if name else key

    def customers(self, kind: str, keys: Sequence[str]) -> int:
        owner = find_owner(VOCABULARY, kind)
        assert owner is not None
        return len({c for key in keys for c in self.reach(owner, key)})


@st.composite
def companies(draw: st.DrawFn) -> Company:
    nodes: dict[str, dict[str, dict[str, Any]]] = {}
    for kind, most in SIZES.items():
        keys = [f"{kind[:2].lower()}{number}" for number in range(draw(st.integers(0, most)))]
        nodes[kind] = {key: {name: draw(values) for name, values in PROPERTIES[kind].items()} for key in keys}
    links = {}
    for t in JOINED:
        ends = [(a, b) for a in nodes[t.start] for b in nodes[t.end]]
        links[t] = draw(st.lists(st.sampled_from(ends), max_size=10, unique=True)) if ends else []
    return Company(nodes, links)


def bucket(value: Any, grouping: Grouping) -> Any:
    """Return the value that a value is grouped under, as `Group.value` or, of a range, its ends."""
    if value is None:
        return None
    if grouping.per is not None:
        day = value.date() if isinstance(value, datetime) else value
        month = 3 * ((day.month - 1) // 3) + 1 if grouping.per == "quarter" else day.month
        return {
            "day": day,
            "week": day - timedelta(days=day.weekday()),
            "month": day.replace(day=1),
            "quarter": date(day.year, month, 1),
            "year": date(day.year, 1, 1),
        }[grouping.per]
    if grouping.width is None and not grouping.edges:
        return value
    number = float(value.value) if isinstance(value, Amount) else float(value)
    currency = value.currency if isinstance(value, Amount) else ""
    if grouping.width is not None:
        width = Decimal(repr(grouping.width))
        low = (Decimal(repr(number)) / width).to_integral_value(ROUND_FLOOR)
        return (float(low * width), float((low + 1) * width), currency)
    below = [edge for edge in grouping.edges if edge <= number]
    above = [edge for edge in grouping.edges if edge > number]
    return (below[-1] if below else None, above[0] if above else None, currency)


def groups_of(company: Company, kind: str, key: str, grouping: Grouping) -> set[Any]:
    """Return the groups that a node is in."""
    path = read_path(grouping.path, kind, VOCABULARY)
    if path.fold == "count":
        return {bucket(len(company.reach(path, key)), grouping)}
    found = {bucket(company.value(path.kind, end, path.name), grouping) for end in company.reach(path, key)}
    return (found - {None}) or {None}


def group(company: Company, kind: str, keys: Sequence[str], by: Sequence[Grouping]) -> dict[Any, list[str]]:
    """Return the nodes of each combination of groups."""
    found: dict[Any, list[str]] = {}
    for key in keys:
        for combined in itertools.product(*(groups_of(company, kind, key, each) for each in by)):
            found.setdefault(combined, []).append(key)
    return found


def figure(company: Company, kind: str, keys: Sequence[str], measure: Measure) -> Any:
    """Return a measure of some nodes."""
    if measure.op == "count":
        return len(keys)
    if measure.op == "customers":
        return company.customers(kind, keys)
    path = read_path(measure.of, kind, VOCABULARY)
    ends = sorted({end for key in keys for end in company.reach(path, key)})
    values = [v for end in ends if (v := company.value(path.kind, end, path.name)) is not None]
    if measure.op == "distinct":
        return len(set(values))
    if path.name and VOCABULARY.kinds[path.kind].properties[path.name].type == "money":
        found = {}
        for currency in sorted({v.currency for v in values}):
            amounts = [v.value for v in values if v.currency == currency]
            found[currency] = fold(measure, amounts, lambda d: d.quantize(Decimal("0.0001")))
        return [Amount(value, currency) for currency, value in found.items()]
    return fold(measure, values, lambda value: value) if values else None


def fold(measure: Measure, values: list[Any], round_: Callable[[Any], Any]) -> Any:
    if measure.op == "sum":
        return sum(values[1:], values[0])
    if measure.op == "mean":
        return round_(sum(values[1:], values[0]) / len(values))
    if measure.op in ("min", "max"):
        return min(values) if measure.op == "min" else max(values)
    ordered = sorted(values)
    place = (len(ordered) - 1) * measure.q
    low, part = ordered[int(place)], place % 1
    if not part:
        return low
    high = ordered[int(place) + 1]
    if isinstance(low, datetime):
        return low + timedelta(microseconds=int((high - low) / timedelta(microseconds=1) * part))
    if isinstance(low, date):
        return low + timedelta(days=int((high - low).days * part))
    if isinstance(low, Decimal):
        return round_(low + (high - low) * Decimal(part))
    return low + (high - low) * part
