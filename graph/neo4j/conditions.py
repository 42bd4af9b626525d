"""Conditions on nodes as Cypher.

Cypher has a third truth value for what is compared with null. It does no harm where it stands for false,
which it does everywhere but under NOT: there it is made false first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from graph.model import And, Condition, Linked, Not, Or, Where
from graph.neo4j.layout import LONGEST, KindLayout, Layout, bound, quoted
from graph.neo4j.server import Ask
from graph.questions import check_conditions, encode_value, encode_values, fold_part, get_ends, get_property
from schema.errors import UsageError
from schema.values import Amount

_OPERATORS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}
_TEXTUAL = {"contains": "CONTAINS", "starts": "STARTS WITH"}

# Letters whose lower case in Java is what Python folds them to. A text that has others (ß, ﬁ, Σ...) is
# compared here in any case.
PLAIN = (
    r"(?s)[\x00-\xb4\xb6-\xde\xe0-\x{12f}\x{131}-\x{148}\x{14a}-\x{17e}\x{180}-\x{1ef}\x{1f1}-\x{344}"
    r"\x{346}-\x{36f}\x{400}-\x{52f}\x{590}-\x{109f}\x{1e00}-\x{1e95}\x{1ea0}-\x{1eff}\x{2000}-\x{2125}"
    r"\x{2190}-\x{24b5}\x{2500}-\x{2bff}\x{2e00}-\x{a63f}\x{ac00}-\x{d7ff}\x{fe00}-\x{ff20}"
    r"\x{1f000}-\x{1faff}]*+"
)


def units(column: str) -> str:
    """Return the Cypher of the ten-thousandths of a stored sum of money."""
    number = f"split({column}, ' ')[0]"
    places = f"size(split({number}, '.')[1])"
    return f"toInteger(replace({number}, '.', '')) * [100, 10, 1][{places} - 2]"


def currency(column: str) -> str:
    """Return the Cypher of the currency of a stored sum of money."""
    return f"split({column}, ' ')[1]"


def units_of(stored: str) -> int:
    """Return the ten-thousandths of a stored sum of money."""
    return int(Decimal(stored.partition(" ")[0]).scaleb(4))


def is_high(text: Any) -> bool:
    """Tell whether this is a text that Cypher compares with others otherwise than by code point.

    It compares a parameter with what is stored by halves of letters (UTF-16), where those from U+E000 on
    come behind those from U+10000 on. It sorts what is stored by code point, and so do its indexes.
    """
    return isinstance(text, str) and not text.isascii() and max(text) >= "\ue000"


class Conditions:
    """Spells conditions for one query; `given` are the parameters that it is to have."""

    def __init__(self, ask: Ask, layout: Layout) -> None:
        self._ask = ask
        self._layout = layout
        self._others = 0
        self.given: dict[str, Any] = {}

    def spell(self, table: KindLayout, conditions: Sequence[Condition], variable: str = "n") -> str:
        """Return the Cypher of all these conditions on nodes of a kind; `UsageError` if they cannot be."""
        check_conditions(conditions)
        return self._spell_all(table, conditions, variable)

    def give(self, value: Any) -> str:
        """Return the Cypher of a value, which becomes a parameter."""
        name = f"v{len(self.given)}"
        self.given[name] = value
        return f"${name}"

    def _spell_all(self, table: KindLayout, conditions: Sequence[Condition], variable: str) -> str:
        return " AND ".join(self._spell(table, c, variable) for c in conditions) or "true"

    def _spell(self, table: KindLayout, condition: Condition, variable: str) -> str:
        if isinstance(condition, Where):
            textual = condition.op in _TEXTUAL
            spell = self._contain if textual else self._compare
            return f"({spell(table, condition, variable)})"
        if isinstance(condition, And):
            return f"({self._spell_all(table, condition.conditions, variable)})"
        if isinstance(condition, Or):
            either = " OR ".join(self._spell(table, c, variable) for c in condition.conditions)
            return f"({either or 'false'})"
        if isinstance(condition, Not):
            return f"(NOT coalesce({self._spell(table, condition.condition, variable)}, false))"
        return self._link(table, condition, variable)

    def _link(self, table: KindLayout, linked: Linked, variable: str) -> str:
        here, there = get_ends(self._layout.vocabulary, linked.triple, linked.direction)
        if here != table.kind.name:
            raise UsageError(f"{linked.triple} does not lead from {table.kind.name} that way")
        self._others += 1
        other = f"o{self._others}"
        pattern = self._layout.triples[linked.triple].pattern(linked.direction, variable, "", other)
        inner = self._spell_all(self._layout.kinds[there], linked.conditions, other)
        return f"EXISTS {{ MATCH {pattern} WHERE {inner} }}"

    def _compare(self, table: KindLayout, w: Where, variable: str) -> str:
        column = f"{variable}.{quoted(w.name)}"  # as it stands in an index
        if w.op == "in":
            return f"{column} IN {self.give([_short(table, w, v) for v in encode_values(table.kind, w)])}"
        get_property(table.kind, w.name)
        if w.op == "is_null" or (w.value is None and w.op in ("eq", "ne")):
            there = w.op == "ne" or w.value is False
            return f"{column} IS {'NOT ' if there else ''}NULL"
        if w.value is None:
            return "false"
        value = encode_value(table.kind, w.name, w.value)
        if w.op in ("eq", "ne"):
            compared = f"{column} {_OPERATORS[w.op]} {self.give(_short(table, w, value))}"
            return compared if w.op == "eq" else f"{compared} OR {column} IS NULL"
        return self._place(table, w, variable, value)

    def _place(self, table: KindLayout, w: Where, variable: str, value: Any) -> str:
        """Return the Cypher of a value that comes before another, or behind it."""
        column, operator = f"{variable}.{quoted(w.name)}", _OPERATORS[w.op]
        if isinstance(w.value, Amount):
            same = f"{currency(column)} = {self.give(w.value.currency)}"
            return f"{same} AND {units(column)} {operator} {self.give(units_of(value))}"
        if is_high(value):
            fits = _COMPARE[w.op]
            return self._among(table, w, variable, "true", lambda text: fits(text, value))
        if isinstance(value, str) and len(value) > LONGEST:  # what is shorter compares with what is shortened
            column = table.value(variable, w.name)
        return f"{column} {operator} {self.give(value)}"

    def _contain(self, table: KindLayout, w: Where, variable: str) -> str:
        """Return the Cypher of a text that contains another, or starts with it.

        Cases fold otherwise in Cypher (straße, STRASSE): what may fit is found there, and compared here.
        """
        wanted = fold_part(table.kind, w)
        if w.name == "key" and w.op == "starts":
            column = f"{variable}.key" if len(wanted) <= LONGEST else table.value(variable, "key")
            return f"{column} STARTS WITH {self.give(wanted)}"
        perhaps = f"(toLower(text) {_TEXTUAL[w.op]} $wanted OR NOT text =~ $plain)"
        fits = str.startswith if w.op == "starts" else str.__contains__
        return self._among(
            table,
            w,
            variable,
            perhaps,
            lambda text: fits(text.casefold(), wanted),
            wanted=wanted,
            plain=PLAIN,
        )

    def _among(
        self,
        table: KindLayout,
        w: Where,
        variable: str,
        perhaps: str,
        fits: Callable[[str], bool],
        **given: str,
    ) -> str:
        """Return the Cypher of nodes whose `text` may fit, as Cypher sees it, and fits, as Python does."""
        rows = self._ask(
            f"MATCH (n:{table.label}) WITH n.key AS key, {table.value('n', w.name)} AS text "
            f"WHERE text IS NOT NULL AND {perhaps} RETURN [key, text] AS row",
            **given,
        )
        return f"{variable}.key IN {self.give([key for key, text in rows if fits(text)])}"


def _short(table: KindLayout, w: Where, value: Any) -> Any:
    """Return a stored value as it stands in an index."""
    return bound(value) if w.name == "key" or w.name in table.bounded else value
