"""Cases fold, and texts compare, as Python has it; where the server has it otherwise, it is not asked."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import Order, Reader, Where, open_store
from graph.neo4j.conditions import LETTERS as PLAIN_LETTERS
from graph.neo4j.conditions import PLAIN
from tests.graph.conformance.company import VOCABULARY, append, node
from tests.graph.neo4j.graphs import Graphs

LETTERS = [chr(c) for c in range(1, sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
ASCII = r"|[\x00-\x7f]"
CLASS = re.compile(re.sub(r"\\x\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), PLAIN_LETTERS) + ASCII)
TEXTS = [
    "straße",
    "STRASSE",
    "ﬁne",
    "ΣΑΣ",
    "İzmir",
    "K",
    "ŉ",
    "～",
    "😀",
    "A～b",
    "A😀b",
    "\ue000",
    "ǅ",
    "ſ",
    "a",
]


def test_what_is_folded_on_the_server_folds_there_as_here(neo4j_graphs: Graphs) -> None:
    plain = [letter for letter in LETTERS if CLASS.fullmatch(letter)]
    assert len(plain) > 50_000
    # What this Python does not know yet, another Java may know already.
    known = [letter for letter in plain if unicodedata.category(letter) != "Cn"]
    query = "UNWIND $letters AS letter RETURN replace(toLower(letter), 'ß', 'ss')"
    folded = [record[0] for record in neo4j_graphs._driver.execute_query(query, letters=known).records]
    assert [a for a, b in zip(known, folded, strict=True) if a.casefold() != b] == []
    query = "UNWIND $letters AS letter WITH letter WHERE letter =~ $plain RETURN count(letter)"
    found = neo4j_graphs._driver.execute_query(query, letters=LETTERS, plain=PLAIN).records
    assert found[0][0] == len(plain)


@pytest.fixture(scope="module")
def reader(neo4j_graphs: Graphs) -> Iterator[Reader]:
    with neo4j_graphs.lent() as url, closing(open_store(url, VOCABULARY)) as store:
        append(store, a={str(i): [node("Parcel", text, label=text)] for i, text in enumerate(TEXTS)})
        yield store.reader()


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    op=st.sampled_from(["contains", "starts", "lt", "ge"]),
    name=st.sampled_from(["label", "key"]),
    text=st.sampled_from([*TEXTS, "SS", "fi", "σ", "i", "n"]) | st.text(max_size=2),
)
def test_conditions_on_any_letters(reader: Reader, op: str, name: str, text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter < "\ue000" for letter in text):
        return
    met = {
        "contains": lambda held: text.casefold() in held.casefold(),
        "starts": lambda held: (
            held.startswith(text) if name == "key" else held.casefold().startswith(text.casefold())
        ),
        "lt": lambda held: held < text,
        "ge": lambda held: held >= text,
    }[op]
    # Their order is not asked for here: what the server sorts in memory, and by no index, lies by UTF-16.
    for order in (Order("key"), Order("label", descending=True)):
        page = reader.page("Parcel", where=[Where(name, op, text)], order=order)  # type: ignore[arg-type]
        assert sorted(n.key for n in page.nodes) == sorted(filter(met, TEXTS))
