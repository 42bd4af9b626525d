"""Connectives and what follows from them, on spans given by hand."""

import pytest

from ingest.text.connectives import load_connectives
from ingest.text.relations import relate_spans, split_spans
from ingest.text.units import Units, read_units


def find(text: str, lang: str) -> list[tuple[str, str, bool]]:
    units = read_units(text)
    return [
        (quote(text, units, c.first, c.last), c.cause, c.strong)
        for c in load_connectives().find_all(units.fold(), lang)
    ]


def quote(text: str, units: Units, first: int, last: int) -> str:
    return text[units.starts[first] : units.end_of(last)]


def relate(text: str, lang: str, *quotes: str) -> tuple[list[tuple[str, bool, int | None]], list[str]]:
    """Relate the quoted failures of a text."""
    units = read_units(text)
    spans = []
    for words in quotes:
        start = text.index(words)
        inside = [
            k for k in range(len(units)) if start <= units.starts[k] < start + len(words)
        ]  # fmt: skip
        spans.append((inside[0], inside[-1]))
    connectives = list(load_connectives().find_all(units.fold(), lang))
    relations, effects = relate_spans(units, split_spans(units, spans, connectives), connectives)
    return (
        [(quote(text, units, *r.span), r.explicit, r.deeper_of) for r in relations],
        [quote(text, units, *effect) for effect in effects],
    )


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("No pagué PORQUE no llegó", "es", [("PORQUE", "after", True)]),
        ("debido a que se cayó", "es", [("debido a que", "after", True)]),
        ("não usei, por causa da chuva", "pt", [("por causa da", "after", True)]),
        ("it broke, which is why I left", "en", [("which is why", "before", True)]),
        ("no es por culpa de ustedes", "es", []),
        ("não por causa de vocês", "pt", []),
        ("not because of you", "en", []),
        ("me dijeron que no porque está caído", "es", [("porque", "after", True)]),
        ("because of this", "es", []),
    ],
)
def test_connectives_are_found(text: str, lang: str, found: list[tuple[str, str, bool]]) -> None:
    assert find(text, lang) == found


def test_every_entry_is_folded_and_of_a_known_side() -> None:
    connectives = load_connectives()
    assert set(connectives.languages) == {"es", "pt", "en"}
    for lang in connectives.languages:
        for entries in connectives._entries[lang].values():
            for entry in entries:
                units = read_units(" ".join(entry.words))
                assert tuple(units.fold()) == entry.words


@pytest.mark.parametrize(
    ("text", "lang", "failures", "causes", "effects"),
    [
        (
            "No pude pagar porque el sitio estaba caído.", "es", ["el sitio estaba caído"],
            [("el sitio estaba caído", True, None)], ["No pude pagar"],
        ),
        (
            "El sitio estaba caído, por lo que no pude pagar.", "es", ["El sitio estaba caído"],
            [("El sitio estaba caído", True, None)], ["no pude pagar"],
        ),
        (
            "Since the app crashed, I missed my flight.", "en", ["the app crashed"],
            [("the app crashed", True, None)], ["I missed my flight"],
        ),
        (
            "O pedido não chegou porque o caminhão quebrou.", "pt",
            ["O pedido não chegou", "o caminhão quebrou"],
            [("O pedido não chegou", False, None), ("o caminhão quebrou", True, 0)], [],
        ),
        (
            "La tarjeta fue rechazada por culpa de un error del banco", "es",
            ["La tarjeta fue rechazada por culpa de un error del banco"],
            [("La tarjeta fue rechazada", False, None), ("un error del banco", True, 0)], [],
        ),
        (
            "Nobody answers the phone. The food was cold.", "en",
            ["Nobody answers the phone", "The food was cold"],
            [("Nobody answers the phone", False, None), ("The food was cold", False, None)], [],
        ),
    ],
)  # fmt: skip
def test_relations(
    text: str,
    lang: str,
    failures: list[str],
    causes: list[tuple[str, bool, int | None]],
    effects: list[str],
) -> None:
    assert relate(text, lang, *failures) == (causes, effects)
