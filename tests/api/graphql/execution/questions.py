"""Random operations on the toys, all valid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import get_named_type, is_leaf_type
from hypothesis import strategies as st

from tests.api.graphql.execution.toys import FIELDS, KINDS, THING, WITH_ARGUMENTS, read_type

Draw = Callable[[st.SearchStrategy[Any]], Any]
DIRECTIVES = ("@skip(if: $yes)", "@skip(if: $no)", "@include(if: $no)", "@include(if: true)")
# alias -> arguments: one alias stands for the same field with the same arguments everywhere.
VARIATIONS = {
    "": "",
    "few": "(size: 1)",
    "asked": "(size: $size)",
    "deep": "(where: {size: $size, within: [{}, {within: [{size: $size}]}]})",
    "given": "(size: 3, where: $where)",
}


class Questions:
    """Draws one operation with its fragments."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.fragments: dict[str, str] = {}
        self.left = 40

    def chance(self, share: float) -> bool:
        return bool(self.draw(st.integers(0, 99)) < 100 * share)

    def directive(self) -> str:
        return f" {self.draw(st.sampled_from(DIRECTIVES))}" if self.chance(0.15) else ""

    def selections(self, kind: str, depth: int) -> str:
        parts = [self.selection(kind, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def selection(self, kind: str, depth: int) -> str:
        self.left -= 1
        if self.chance(0.1) or (kind == "Fruit" and (depth <= 0 or self.left <= 0)):
            return f"{self.draw(st.sampled_from(['', 'what: ']))}__typename{self.directive()}"
        if depth > 0 and self.left > 0 and (kind == "Fruit" or self.chance(0.25)):
            return self.fragment(kind, depth)
        names = THING if kind == "Thing" else KINDS[kind]
        if depth <= 0 or self.left <= 0:
            names = tuple(name for name in names if is_leaf_type(get_named_type(read_type(FIELDS[name]))))
        return self.field(self.draw(st.sampled_from(names)), depth)

    def field(self, name: str, depth: int) -> str:
        text = name
        if name in WITH_ARGUMENTS:
            variation = self.draw(st.sampled_from(sorted(VARIATIONS)))
            text = f"{variation}_{name}: {name}{VARIATIONS[variation]}" if variation else name
        elif self.chance(0.1):
            text = f"other_{name}: {name}"
        type_ = get_named_type(read_type(FIELDS[name]))
        below = "" if is_leaf_type(type_) else f" {self.selections(type_.name, depth - 1)}"
        return f"{text}{self.directive()}{below}"

    def fragment(self, kind: str, depth: int) -> str:
        conditions = {
            "Thing": ["Thing", "Apple", "Pear", "Stone", "Fruit"],
            "Fruit": ["Fruit", "Apple", "Pear", "Thing"],
        }.get(kind, [kind])
        condition = self.draw(st.sampled_from(conditions))
        if self.chance(0.5):
            on = f" on {condition}" if condition != kind or self.chance(0.5) else ""
            return f"...{on}{self.directive()} {self.selections(condition, depth)}"
        known = sorted(name for name in self.fragments if name.split("_")[1] in conditions)
        if known and self.chance(0.6):
            return f"...{self.draw(st.sampled_from(known))}{self.directive()}"
        body = self.selections(condition, depth - 1)
        name = f"f{len(self.fragments)}_{condition}"
        self.fragments[name] = f"fragment {name} on {condition} {body}"
        return f"...{name}{self.directive()}"


@st.composite
def questions(draw: Draw) -> str:
    """Return the text of an operation that is valid but for variables that it does not use."""
    drawn = Questions(draw)
    body = drawn.selections("Query", draw(st.integers(1, 4)))
    texts = " ".join([body, *drawn.fragments.values()])
    variables = {"$size": "Int = 2", "$where": "Where", "$yes": "Boolean!", "$no": "Boolean = false"}
    declared = ", ".join(f"{name}: {type_}" for name, type_ in variables.items() if name in texts)
    return f"query Asked{f'({declared})' if declared else ''} {texts}"


@st.composite
def variables(draw: Draw) -> dict[str, Any]:
    found: dict[str, Any] = {"yes": draw(st.booleans())}
    if draw(st.booleans()):
        found["no"] = draw(st.booleans())
    size = draw(st.sampled_from(["", None, 0, 3]))
    if size != "":
        found["size"] = size
    if draw(st.booleans()):
        found["where"] = draw(st.sampled_from([None, {}, {"within": [{"size": None}]}]))
    return found
