"""Connectives and what follows from them, on spans given by hand."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import ingest.text
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
        ("salió más caro debido al corte", "es", [("debido al", "after", True)]),
        ("me atrasé x culpa del corte", "es", [("x culpa del", "after", True)]),
        ("Por lo q cancelé", "es", [("Por lo q", "before", True)]),
        ("como consecuencia, cancelé", "es", [("como consecuencia", "before", True)]),
        ("como consecuencia del corte", "es", [("como consecuencia del", "after", True)]),
        ("não usei por causa dessa falha", "pt", [("por causa dessa", "after", True)]),
        ("por causa disso cancelei", "pt", [("por causa disso", "before", True)]),
        ("cobranças causadas pelo sistema", "pt", [("causadas pelo", "after", True)]),
        ("the outage led to a loss", "en", [("led to", "before", True)]),
        # what looks like a connective
        ("Since Monday, as well as today, so far nothing", "en", []),
        ("Since it broke", "en", [("Since", "after", False)]),
        ("down since it broke", "en", []),
        ("muchas gracias a todos", "es", []),
        ("Así como ayer", "es", []),
        # denials
        ("no ha sido por culpa de ustedes", "es", []),
        ("they weren't because of us", "en", []),
        ("no solo por culpa de ustedes", "es", [("por culpa de", "after", True)]),
    ],
)
def test_connectives_are_found(text: str, lang: str, found: list[tuple[str, str, bool]]) -> None:
    assert find(text, lang) == found


LISTED = yaml.safe_load((Path(ingest.text.__file__).parent / "connectives.yaml").read_text("utf-8"))
ENTRIES = [
    (lang, side, strength, phrase)
    for lang in ("es", "pt", "en")
    for side in ("after", "before")
    for strength, phrases in LISTED[lang][side].items()
    for phrase in phrases
]


@pytest.mark.parametrize(("lang", "side", "strength", "phrase"), ENTRIES)
def test_every_entry_is_found_as_it_is_listed(lang: str, side: str, strength: str, phrase: str) -> None:
    assert find(phrase, lang) == [(phrase, side, strength == "strong")]


def test_no_entry_is_listed_twice() -> None:
    for lang in ("es", "pt", "en"):
        phrases = [entry[3] for entry in ENTRIES if entry[0] == lang] + LISTED[lang]["neither"]
        assert len(phrases) == len(set(phrases))
        assert not any(found for phrase in LISTED[lang]["neither"] for found in find(phrase, lang))


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


WORDS = (
    "porque", "por", "lo", "que", "no", "pero", "debido", "a", "al", "como", "since", "so", "because", "of",
    "this", "not", "causing", "caused", "me", "cayó", "servicio", "router", "casa", "hoy",
    ",", ".", ";", "(", "\n", "…",
)  # fmt: skip


@st.composite
def tagged(draw: st.DrawFn) -> tuple[Units, list[tuple[int, int]], str]:
    """A text of connectives, signs and words, disjoint spans in it, and a language."""
    units = read_units(" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=40))))
    cuts = sorted(draw(st.sets(st.integers(0, max(len(units) - 1, 0)), max_size=12)))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)] if len(units) else []
    return units, spans, draw(st.sampled_from(["es", "pt", "en"]))


@given(tagged())
def test_connectives_stand_in_order_and_apart(case: tuple[Units, list[tuple[int, int]], str]) -> None:
    units, _, lang = case
    found = list(load_connectives().find_all(units.fold(), lang))
    assert all(c.first <= c.last < len(units) for c in found)
    assert all(a.last < b.first for a, b in pairwise(found))


@given(tagged())
def test_pieces_lie_in_their_spans_and_splitting_again_changes_nothing(
    case: tuple[Units, list[tuple[int, int]], str],
) -> None:
    units, spans, lang = case
    connectives = list(load_connectives().find_all(units.fold(), lang))
    pieces = split_spans(units, spans, connectives)
    assert all(a[1] < b[0] for a, b in pairwise(pieces))
    assert all(any(first <= a <= b <= last for first, last in spans) for a, b in pieces)
    strong = {u for c in connectives if c.strong for u in range(c.first, c.last + 1)}
    assert not any(u in strong for a, b in pieces for u in range(a, b + 1))
    assert split_spans(units, pieces, connectives) == pieces


@given(tagged())
def test_relations_add_no_cause_and_effects_stay_outside_causes(
    case: tuple[Units, list[tuple[int, int]], str],
) -> None:
    units, spans, lang = case
    connectives = list(load_connectives().find_all(units.fold(), lang))
    pieces = split_spans(units, spans, connectives)
    relations, effects = relate_spans(units, pieces, connectives)
    assert [r.span for r in relations] == pieces
    assert (relations, effects) == relate_spans(units, pieces, connectives)
    assert effects == sorted(set(effects))
    assert all(a[1] < b[0] for a, b in pairwise(effects))
    covered = {u for a, b in pieces for u in range(a, b + 1)}
    assert not any(u in covered for a, b in effects for u in range(a, b + 1))
    for k in range(len(relations)):
        seen, at = set(), relations[k].deeper_of
        while at is not None:
            assert at != k
            assert at not in seen
            seen.add(at)
            at = relations[at].deeper_of
    if not connectives or not pieces:
        assert effects == []
        assert not any(r.explicit or r.deeper_of is not None for r in relations)
