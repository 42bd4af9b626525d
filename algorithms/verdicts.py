"""What an action did, in words: English, Spanish and Portuguese."""

from __future__ import annotations

from collections.abc import Mapping

from schema import LANGUAGES

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "fewer": "It goes with fewer complaints: {complaints} since then, where {expected} were to be "
        "expected, {change} % fewer (95 % interval {low} to {high} times as many).",
        "more": "Complaints did not fall, they rose: {complaints} since then, where {expected} were to be "
        "expected, {ratio} times as many (95 % interval {low} to {high}).",
        "same": "It made no difference that matters: {complaints} complaints since then, where {expected} "
        "were to be expected (95 % interval {low} to {high} times as many).",
        "unknown": "Not yet known.",
        "early": " The records do not reach the day from which it is in force.",
        "undated": " It is for new units only, and it is not known when units began.",
        "no_units": " No exposed unit is in the records since then.",
        "few_before": " Too few complaints of the exposed are known from before.",
        "few_after": " In {days} days {complaints} complaints came, where {expected} were to be expected: "
        "too few to tell.",
        "no_comparison": " There are no complaints of others to compare with.",
        "wide": " {complaints} complaints came, where {expected} were to be expected; the 95 % interval "
        "({low} to {high} times as many) holds both a good effect and none.",
        "needed": " A halving would show some {days_needed} days after the action.",
    },
    "es": {
        "fewer": "Van con ella menos reclamos: {complaints} desde entonces, donde se esperaban {expected}, "
        "un {change} % menos (intervalo del 95 %: {low} a {high} veces los esperados).",
        "more": "Los reclamos no bajaron, subieron: {complaints} desde entonces, donde se esperaban "
        "{expected}, {ratio} veces los esperados (intervalo del 95 %: {low} a {high}).",
        "same": "No hizo una diferencia que importe: {complaints} reclamos desde entonces, donde se "
        "esperaban {expected} (intervalo del 95 %: {low} a {high} veces los esperados).",
        "unknown": "Aún no se sabe.",
        "early": " Los datos no llegan al día desde el que rige.",
        "undated": " Es solo para unidades nuevas, y no se sabe cuándo empezaron las unidades.",
        "no_units": " Desde entonces no hay casos expuestos en los datos.",
        "few_before": " Se conocen muy pocos reclamos de los expuestos de antes.",
        "few_after": " En {days} días llegaron {complaints} reclamos, donde se esperaban {expected}: "
        "muy pocos para saberlo.",
        "no_comparison": " No hay reclamos de otros con qué comparar.",
        "wide": " Llegaron {complaints} reclamos, donde se esperaban {expected}; en el intervalo del 95 % "
        "({low} a {high} veces los esperados) caben tanto un buen efecto como ninguno.",
        "needed": " Una reducción a la mitad se vería unos {days_needed} días después de la acción.",
    },
    "pt": {
        "fewer": "Vêm com ela menos reclamações: {complaints} desde então, onde se esperavam {expected}, "
        "{change} % a menos (intervalo de 95 %: {low} a {high} vezes as esperadas).",
        "more": "As reclamações não caíram, subiram: {complaints} desde então, onde se esperavam {expected}, "
        "{ratio} vezes as esperadas (intervalo de 95 %: {low} a {high}).",
        "same": "Não fez diferença que importe: {complaints} reclamações desde então, onde se esperavam "
        "{expected} (intervalo de 95 %: {low} a {high} vezes as esperadas).",
        "unknown": "Ainda não se sabe.",
        "early": " Os dados não chegam ao dia a partir do qual ela vale.",
        "undated": " É só para unidades novas, e não se sabe quando as unidades começaram.",
        "no_units": " Desde então não há casos expostos nos dados.",
        "few_before": " Conhecem-se poucas reclamações dos expostos de antes.",
        "few_after": " Em {days} dias vieram {complaints} reclamações, onde se esperavam {expected}: "
        "poucas para saber.",
        "no_comparison": " Não há reclamações de outros com que comparar.",
        "wide": " Vieram {complaints} reclamações, onde se esperavam {expected}; no intervalo de 95 % "
        "({low} a {high} vezes as esperadas) cabem tanto um bom efeito como nenhum.",
        "needed": " Uma redução à metade se veria uns {days_needed} dias depois da ação.",
    },
}


def explain_effect(verdict: str, reason: str | None, figures: Mapping[str, float | None]) -> dict[str, str]:
    """Return an effect as sentences in each language.

    `figures`: complaints, expected, ratio, low, high, days and days_needed; None where one is not known.
    """
    said = {}
    for language in LANGUAGES:
        words = _WORDS[language]
        shown = {name: _shown(value, language) for name, value in figures.items()}
        ratio = figures.get("ratio")
        shown["change"] = "" if ratio is None else f"{100 * (1 - ratio):.0f}"
        text = words[verdict] + (words[reason] if reason else "")
        if reason in ("few_after", "wide") and figures.get("days_needed") is not None:
            text += words["needed"]
        said[language] = text.format(**shown)
    return said


def _shown(value: float | None, language: str) -> str:
    if value is None:
        return "?"
    if isinstance(value, int):
        return str(value)
    text = f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return text if language == "en" else text.replace(".", ",")
