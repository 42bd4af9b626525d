"""Root causes in words: English, Spanish and Portuguese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from algorithms.folds import MANY
from schema import LANGUAGES, Vocabulary, name_in
from schema.paths import DATES, Path

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "and": " and ",
        "count": "{} count",
        "max": "highest {}",
        "min": "lowest {}",
        "sum": "total of {}",
        "max_date": "latest {}",
        "min_date": "earliest {}",
        "latest": "most recent {}",
        "gap": "days from {} to {}",
        "many": "many",
        "null": "no {}",
        "yes": "yes",
        "no": "no",
        "sentence": "Associated with complaints: {unit} ({pattern}). {complaints} complaints come from "
        "{exposed} exposed ({rate} each), {lift} times the rate of all others "
        "(95 % interval {low} to {high}); that is {coverage} % of all complaints.",
        "stated": " What they write of most: {}.",
    },
    "es": {
        "and": " y ",
        "count": "{} (cantidad)",
        "max": "mayor {}",
        "min": "menor {}",
        "sum": "total de {}",
        "max_date": "último valor de {}",
        "min_date": "primer valor de {}",
        "latest": "{} más reciente",
        "gap": "días de {} a {}",
        "many": "muchos",
        "null": "sin {}",
        "yes": "sí",
        "no": "no",
        "sentence": "Asociado a reclamos: {unit} ({pattern}). {complaints} reclamos vienen de "
        "{exposed} casos expuestos ({rate} cada uno), {lift} veces la tasa de todos los demás "
        "(intervalo del 95 %: {low} a {high}); es el {coverage} % de todos los reclamos.",
        "stated": " De lo que más escriben: {}.",
    },
    "pt": {
        "and": " e ",
        "count": "{} (quantidade)",
        "max": "maior {}",
        "min": "menor {}",
        "sum": "total de {}",
        "max_date": "último valor de {}",
        "min_date": "primeiro valor de {}",
        "latest": "{} mais recente",
        "gap": "dias de {} a {}",
        "many": "muitos",
        "null": "sem {}",
        "yes": "sim",
        "no": "não",
        "sentence": "Associado a reclamações: {unit} ({pattern}). {complaints} reclamações vêm de "
        "{exposed} casos expostos ({rate} cada), {lift} vezes a taxa de todos os demais "
        "(intervalo de 95 %: {low} a {high}); são {coverage} % de todas as reclamações.",
        "stated": " Do que mais escrevem: {}.",
    },
}


def plain_value(value: Any) -> Any:
    """Return a value of a literal as JSON has it: dates as ISO texts, ranges as lists."""
    if isinstance(value, tuple | list):
        return [plain_value(part) for part in value]
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return str(_WORDS[language]["yes" if value else "no"])
    if value == MANY:
        return _WORDS[language]["many"]
    plain = plain_value(value)
    return _number(plain, 10, language) if isinstance(plain, float) else str(plain)


def _number(value: float, digits: int, language: str) -> str:
    text = f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"
    return text if language == "en" else text.replace(".", ",")


def name_of(vocabulary: Vocabulary, path: Path, language: str) -> str:
    """Return what a path looks at, in words."""
    if path.ends:
        ends = (name_of(vocabulary, end, language) for end in path.ends)
        return _WORDS[language][path.fold].format(*ends)
    kind = vocabulary.get_kind(path.kind)
    name = name_in(kind.label, kind.name, language)
    if path.name:
        p = kind.properties[path.name]
        own = name_in(p.label, p.name, language)
        name = f"{own} ({name})" if path.steps else own
        if path.fold in ("max", "min") and p.type in DATES:
            return _WORDS[language][f"{path.fold}_date"].format(name)
    return _WORDS[language][path.fold].format(name) if path.fold else name


def condition(vocabulary: Vocabulary, path: Path, op: str, value: Any, language: str) -> str:
    """Return one literal of a pattern, in words."""
    name = name_of(vocabulary, path, language)
    if op == "is_null":
        return _WORDS[language]["null"].format(name)
    if op == "between":
        low, high = (_shown(part, language) for part in value)
        return f"{low} ≤ {name} < {high}"
    if op == "in":
        return f"{name}: {', '.join(_shown(part, language) for part in value)}"
    signs = {"=": ":", ">=": " ≥", "<=": " ≤", ">": " >", "<": " <"}
    return f"{name}{signs[op]} {_shown(value, language)}"


Spelled = Sequence[tuple[Path, str, Any]]  # path, operator and value of each literal


def name_pattern(vocabulary: Vocabulary, literals: Spelled) -> dict[str, str]:
    """Return a pattern in words, in each language."""
    return {
        language: _WORDS[language]["and"].join(
            condition(vocabulary, *literal, language) for literal in literals
        )
        for language in LANGUAGES
    }


def explain(
    vocabulary: Vocabulary,
    unit: str,
    title: Mapping[str, str],
    figures: Mapping[str, float],
    stated: Sequence[Mapping[str, str]],
) -> dict[str, str]:
    """Return a root cause as a sentence in each language, its pattern as `name_pattern` has it.

    `figures`: complaints, exposed, rate, lift, low, high, coverage (0 to 1); `stated`: names, by
    language, of the causes that the texts state most.
    """
    said = {}
    kind = vocabulary.get_kind(unit)
    for language in LANGUAGES:
        words = _WORDS[language]
        text = words["sentence"].format(
            unit=name_in(kind.label, kind.name, language),
            pattern=title[language],
            complaints=int(figures["complaints"]),
            exposed=int(figures["exposed"]),
            coverage=_number(100 * figures["coverage"], 3, language),
            **{name: _number(figures[name], 3, language) for name in ("rate", "lift", "low", "high")},
        )
        if stated:
            text += words["stated"].format(", ".join(names[language] for names in stated))
        said[language] = text
    return said
