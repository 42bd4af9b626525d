"""The words around figures, in the languages of those who read them."""

from __future__ import annotations

from schema import NodeKind, Property, Vocabulary, name_in
from schema.paths import Path

_WORDS = {
    "en": {
        "none": "(none)",
        "others": "(others)",
        "yes": "yes",
        "no": "no",
        "key": "{kind} id",
        "currency": "{of} (currency)",
        "in": "{of} ({currency})",
        "count": "number",
        "customers": "customers",
        "distinct": "different: {of}",
        "sum": "sum: {of}",
        "mean": "mean: {of}",
        "min": "least: {of}",
        "max": "greatest: {of}",
        "median": "median: {of}",
        "quantile": "{percent} % quantile: {of}",
        "day": "day",
        "week": "week",
        "month": "month",
        "quarter": "quarter",
        "year": "year",
        "gap": "days from {begin} to {end}",
        "exposed": "exposed (mean)",
        "total": "(all)",
        "begins": "first day",
        "rate": "rate per {per}",
        "low": "{of}, 95 % from",
        "high": "{of}, 95 % to",
    },
    "es": {
        "none": "(ninguno)",
        "others": "(otros)",
        "yes": "sí",
        "no": "no",
        "key": "id de {kind}",
        "currency": "{of} (moneda)",
        "in": "{of} ({currency})",
        "count": "cantidad",
        "customers": "clientes",
        "distinct": "distintos: {of}",
        "sum": "suma: {of}",
        "mean": "media: {of}",
        "min": "mínimo: {of}",
        "max": "máximo: {of}",
        "median": "mediana: {of}",
        "quantile": "cuantil {percent} %: {of}",
        "day": "día",
        "week": "semana",
        "month": "mes",
        "quarter": "trimestre",
        "year": "año",
        "gap": "días de {begin} a {end}",
        "exposed": "expuestos (media)",
        "total": "(todos)",
        "begins": "primer día",
        "rate": "tasa por {per}",
        "low": "{of}, 95 % desde",
        "high": "{of}, 95 % hasta",
    },
    "pt": {
        "none": "(nenhum)",
        "others": "(outros)",
        "yes": "sim",
        "no": "não",
        "key": "id de {kind}",
        "currency": "{of} (moeda)",
        "in": "{of} ({currency})",
        "count": "quantidade",
        "customers": "clientes",
        "distinct": "distintos: {of}",
        "sum": "soma: {of}",
        "mean": "média: {of}",
        "min": "mínimo: {of}",
        "max": "máximo: {of}",
        "median": "mediana: {of}",
        "quantile": "quantil {percent} %: {of}",
        "day": "dia",
        "week": "semana",
        "month": "mês",
        "quarter": "trimestre",
        "year": "ano",
        "gap": "dias de {begin} a {end}",
        "exposed": "expostos (média)",
        "total": "(todos)",
        "begins": "primeiro dia",
        "rate": "taxa por {per}",
        "low": "{of}, 95 % de",
        "high": "{of}, 95 % até",
    },
}


def say(word: str, language: str, **parts: object) -> str:
    """Return a word or phrase in a language, else in English."""
    return _WORDS.get(language, _WORDS["en"])[word].format(**parts)


def name_property(p: Property, language: str) -> str:
    """Return what a property is called."""
    return name_in(p.label, p.name, language)


def name_kind(kind: NodeKind, language: str) -> str:
    """Return what a kind is called."""
    return name_in(kind.label, kind.name, language)


def name_end(path: Path, vocabulary: Vocabulary, language: str) -> str:
    """Return what the end of a path is called: `product: category`; of the kind itself `category` alone."""
    if path.ends:
        begin, end = (name_end(each, vocabulary, language) for each in path.ends)
        return say("gap", language, begin=begin, end=end)
    kind = vocabulary.get_kind(path.kind)
    name = name_kind(kind, language)
    if path.name:
        of = name_property(kind.properties[path.name], language)
        name = f"{name}: {of}" if path.steps else of
    if path.fold == "count":
        return f"{name} ({say('count', language)})"
    return say(path.fold, language, of=name) if path.fold else name
