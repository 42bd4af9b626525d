"""Conditions on nodes as Cypher.

Cypher has a third truth value for what is compared with null. It does no harm where it stands for false,
which it does everywhere but under NOT. So NOT is brought down to what compares, and that is made false
first; which also spares the server's planner, who takes minutes for NOT around EXISTS around NOT.
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

# Letters whose lower case in Java is what Python folds them to, but for ß, which is ss. A text that has
# others (ﬁ, Σ...) is compared here.
LETTERS = (
    r"[\x80-\xb4\xb6-\x{12f}\x{131}-\x{148}\x{14a}-\x{17e}\x{180}-\x{1ef}\x{1f1}-\x{344}"
    r"\x{346}-\x{36f}\x{400}-\x{52f}\x{590}-\x{109f}\x{1e00}-\x{1e95}\x{1ea0}-\x{1eff}\x{2000}-\x{2125}"
    r"\x{2190}-\x{24b5}\x{2500}-\x{2bff}\x{2e00}-\x{a63f}\x{ac00}-\x{d7ff}\x{fe00}-\x{ff20}"
    r"\x{1f000}-\x{1faff}]"
)
PLAIN = rf"(?s)[\x00-\x7f]*+(?:{LETTERS}++[\x00-\x7f]*+)*+"  # ASCII apart: one range is quicker than many


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
        return self._join(table, conditions, variable, all_=True, negated=False)

    def give(self, value: Any) -> str:
        """Return the Cypher of a value, which becomes a parameter."""
        name = f"v{len(self.given)}"
        self.given[name] = value
        return f"${name}"

    def _join(
        self, table: KindLayout, conditions: Sequence[Condition], variable: str, *, all_: bool, negated: bool
    ) -> str:
        """Return the Cypher that all conditions are met, or one at least; `negated`: of their contraries."""
        parts: list[str] = []
        values: dict[str, list[Any]] = {}  # of properties that are to be one of several, or none of them
        for condition in conditions:
            inner, contrary = condition, negated
            while isinstance(inner, Not):
                inner, contrary = inner.condition, not contrary
            equal = _values_of(inner)
            if isinstance(inner, Where) and equal is not None and (contrary != (inner.op == "ne")) is all_:
                values.setdefault(inner.name, []).extend(equal)
            else:
                parts.append(self._spell(table, inner, variable, negated=contrary))
        for name, some in values.items():
            w = Where(name, "in", some) if len(some) != 1 else Where(name, "eq", some[0])
            parts.append(self._spell(table, w, variable, negated=all_))
        if not parts:
            return "true" if all_ else "false"
        return f"({(' AND ' if all_ else ' OR ').join(parts)})"

    def _spell(self, table: KindLayout, condition: Condition, variable: str, *, negated: bool) -> str:
        if isinstance(condition, And | Or):
            all_ = isinstance(condition, And) is not negated
            return self._join(table, condition.conditions, variable, all_=all_, negated=negated)
        if isinstance(condition, Not):
            return self._spell(table, condition.condition, variable, negated=not negated)
        if isinstance(condition, Linked):
            return f"{'NOT ' if negated else ''}{self._link(table, condition, variable)}"
        spell = self._contain if condition.op in _TEXTUAL else self._compare
        compared = spell(table, condition, variable)
        return f"NOT coalesce({compared}, false)" if negated else f"({compared})"

    def _link(self, table: KindLayout, linked: Linked, variable: str) -> str:
        here, there = get_ends(self._layout.vocabulary, linked.triple, linked.direction)
        if here != table.kind.name:
            raise UsageError(f"{linked.triple} does not lead from {table.kind.name} that way")
        self._others += 1
        other = f"o{self._others}"
        pattern = self._layout.triples[linked.triple].pattern(linked.direction, variable, "", other)
        inner = self._join(self._layout.kinds[there], linked.conditions, other, all_=True, negated=False)
        return f"EXISTS {{ MATCH {pattern} WHERE {inner} }}"

    def _compare(self, table: KindLayout, w: Where, variable: str) -> str:
        get_property(table.kind, w.name)
        column = f"{variable}.{quoted(w.name)}"  # as it stands in an index
        if w.op == "in":
            return f"{column} IN {self.give([_short(table, w, v) for v in encode_values(table.kind, w)])}"
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

        Cases fold otherwise in Cypher: texts with letters for which that matters are compared here.
        """
        wanted = fold_part(table.kind, w)
        if w.name == "key" and w.op == "starts":
            column = f"{variable}.key" if len(wanted) <= LONGEST else table.value(variable, "key")
            return f"{column} STARTS WITH {self.give(wanted)}"
        fits = str.startswith if w.op == "starts" else str.__contains__
        others = self._among(
            table, w, variable, "NOT text =~ $plain", lambda text: fits(text.casefold(), wanted), plain=PLAIN
        )
        text = table.value(variable, w.name)
        folded = f"replace(toLower({text}), 'ß', 'ss') {_TEXTUAL[w.op]} {self.give(wanted)}"
        return f"{folded} AND {text} =~ {self.give(PLAIN)} OR {others}"

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
            f"MATCH (n:{table.label}) WITH n, {table.value('n', w.name)} AS text "
            f"WHERE text IS NOT NULL AND {perhaps} RETURN [n.key, text] AS row",
            **given,
        )
        return f"{variable}.key IN {self.give([key for key, text in rows if fits(text)])}"


def _values_of(condition: Condition) -> list[Any] | None:
    """Return values of which a property is to have one, or none; None where it is something else."""
    if not isinstance(condition, Where):
        return None
    if condition.op == "in" and isinstance(condition.value, list | tuple):
        return list(condition.value)
    return [condition.value] if condition.op in ("eq", "ne") and condition.value is not None else None


def _short(table: KindLayout, w: Where, value: Any) -> Any:
    """Return a stored value as it stands in an index."""
    return bound(value) if w.name == "key" or w.name in table.bounded else value
