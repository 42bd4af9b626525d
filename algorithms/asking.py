"""Asking why a pattern of a table is no root cause, and the answer in words."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence

import numpy as np

from algorithms.rootcauses import Feature, FeatureKind, Literal, Pattern, WhyNot
from schema.errors import UsageError

_CONDITION = re.compile(r"^\s*(>=|<=|=|<|>)\s*(.*)$", re.DOTALL)
_NULL = re.compile(r"^(.+?) is null$", re.DOTALL)

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "reported": "{pattern} is reported: root cause {cause}.",
        "no_units": "No row is {pattern}.",
        "few_complaints": "{pattern} has only {complaints} outcomes in {exposed} rows: too few to tell.",
        "alias": "{pattern} holds nearly the same rows as root cause {cause}: it is that by another name.",
        "not_raised": "{pattern} has {complaints} outcomes in {exposed} rows, {lift} times the rate of all "
        "others: that is not raised enough.",
        "price": "{pattern} has {lift} times the rate of all others, but among all that was tried chance "
        "gives as much: its score is {score}, and {needed} is needed.",
        "nothing_left": "{pattern} has {lift} times the rate of all others (score {score}), but nothing is "
        "left of it once the root causes are taken, above all number {cause} (score {score_given}, "
        "{needed} is needed).",
        "better_named": "{pattern} would stand (score {score}, with the root causes left out {score_given}), "
        "but another pattern explains its outcomes better{by}.",
        "by": ": root cause {cause}",
        "none": "none",
    },
    "es": {
        "reported": "{pattern} sí se informa: causa raíz {cause}.",
        "no_units": "Ninguna fila es {pattern}.",
        "few_complaints": "{pattern} tiene solo {complaints} casos en {exposed} filas: muy pocos.",
        "alias": "{pattern} abarca casi las mismas filas que la causa raíz {cause}: es ella con otro nombre.",
        "not_raised": "{pattern} tiene {complaints} casos en {exposed} filas, {lift} veces la tasa de todas "
        "las demás: no es una tasa lo bastante elevada.",
        "price": "{pattern} tiene {lift} veces la tasa de todas las demás, pero entre todo lo probado el "
        "azar da otro tanto: su puntaje es {score} y se necesita {needed}.",
        "nothing_left": "{pattern} tiene {lift} veces la tasa de todas las demás (puntaje {score}), pero "
        "nada queda de ello al quitar las causas raíz, sobre todo la número {cause} (puntaje {score_given}; "
        "se necesita {needed}).",
        "better_named": "{pattern} se sostendría (puntaje {score}; sin las causas raíz, {score_given}), pero "
        "otro patrón explica mejor sus casos{by}.",
        "by": ": la causa raíz {cause}",
        "none": "ninguno",
    },
    "pt": {
        "reported": "{pattern} é informado: causa raiz {cause}.",
        "no_units": "Nenhuma linha é {pattern}.",
        "few_complaints": "{pattern} tem só {complaints} casos em {exposed} linhas: muito poucos para saber.",
        "alias": "{pattern} abrange quase as mesmas linhas que a causa raiz {cause}: é ela com outro nome.",
        "not_raised": "{pattern} tem {complaints} casos em {exposed} linhas, {lift} vezes a taxa de todas as "
        "demais: não é uma taxa elevada o bastante.",
        "price": "{pattern} tem {lift} vezes a taxa de todas as demais, mas entre tudo o que se tentou o "
        "acaso dá outro tanto: sua pontuação é {score} e é preciso {needed}.",
        "nothing_left": "{pattern} tem {lift} vezes a taxa de todas as demais (pontuação {score}), mas nada "
        "resta disso sem as causas raiz, sobretudo a número {cause} (pontuação {score_given}; "
        "é preciso {needed}).",
        "better_named": "{pattern} se sustentaria (pontuação {score}; sem as causas raiz, {score_given}), "
        "mas outro padrão explica melhor os seus casos{by}.",
        "by": ": a causa raiz {cause}",
        "none": "nenhuma",
    },
}


def read_pattern(text: str, features: Sequence[Feature]) -> Pattern | str:
    """Return the pattern that a text says: conditions between commas, or the name of a feature alone.

    A condition is a name, one of `= < <= > >=` and a value, or `NAME is null`; in quotes it may hold a
    comma. Raises UsageError for a text that is neither.
    """
    kinds = {feature.name: feature.kind for feature in features}
    if text in kinds:
        return text
    parts = [part.strip() for row in csv.reader([text], skipinitialspace=True) for part in row]
    return tuple(_read_condition(part, kinds) for part in parts)


def _read_condition(text: str, kinds: Mapping[str, FeatureKind]) -> Literal:
    null = _NULL.match(text)
    if null and null[1] in kinds:
        return Literal(null[1], "is_null", None)
    for name in sorted(kinds, key=len, reverse=True):  # a name may itself hold a sign
        if text.startswith(name):
            found = _CONDITION.match(text[len(name) :])
            if found:
                return Literal(name, found[1], _read_value(name, found[2], kinds[name]))
    raise UsageError(
        f"--why-not: {text!r} is no condition on a column that is looked at",
        hint="write plan=basic,age>=60 or 'plan is null', or a column's name alone",
    )


def _read_value(name: str, text: str, kind: FeatureKind) -> object:
    if kind in (FeatureKind.CATEGORY, FeatureKind.SET):
        return text
    try:
        if kind is FeatureKind.DATE:
            return np.datetime64(text, "us").item()
        number = float(text)
    except ValueError:
        raise UsageError(f"--why-not: {text!r} is no value of {name!r}") from None
    return int(number) if number.is_integer() else number


def explain_absence(answer: WhyNot) -> dict[str, str]:
    """Return why a pattern is no root cause as a sentence in each language."""
    said = {}
    for language, words in _SENTENCES.items():
        figures = {
            name: _number(getattr(answer, name), language, words["none"])
            for name in ("lift", "score", "score_given", "needed")
        }
        said[language] = words[answer.reason].format(
            pattern=", ".join(map(str, answer.pattern)),
            complaints=answer.complaints,
            exposed=answer.exposed,
            cause=answer.cause,
            by=words["by"].format(cause=answer.cause) if answer.cause is not None else "",
            **figures,
        )
    return said


def _number(value: float | None, language: str, none: str) -> str:
    if value is None:
        return none
    text = f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")
