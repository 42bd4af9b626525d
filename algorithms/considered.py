"""What was considered as a feature: each path looked at, and why it was used or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schema import LANGUAGES

# Words by reason, in English, Spanish and Portuguese.
_WHY: Mapping[str, tuple[str, str, str]] = {
    "used": ("used", "usado", "usado"),
    "before": (
        "used: of what has a date, only what was known before the complaint",
        "usado: de lo que tiene fecha, solo lo que se sabía antes del reclamo",
        "usado: do que tem data, só o que se sabia antes da reclamação",
    ),
    "capped": (
        "used: {n} units that reach too much, through a hub, are only told to reach many",
        "usado: de {n} unidades que alcanzan demasiado, a través de un nodo muy conectado, solo se dice "
        "que alcanzan muchos",
        "usado: de {n} unidades que alcançam demais, através de um nó muito conectado, só se diz que "
        "alcançam muitos",
    ),
    "unchecked": (
        "used because it is declared: complaints have no dates, so it may hold what followed them",
        "usado porque está declarado: los reclamos no tienen fecha, así que puede contener lo que les siguió",
        "usado porque está declarado: as reclamações não têm data, então pode conter o que veio depois delas",
    ),
    "personal": ("personal data", "datos personales", "dados pessoais"),
    "empty": ("nothing is there", "no hay nada", "não há nada"),
    "constant": (
        "one value for all units",
        "un solo valor para todas las unidades",
        "um só valor para todas as unidades",
    ),
    "name": (
        "as good as a name: hardly two units share a value",
        "equivale a un nombre: casi ninguna unidad comparte un valor con otra",
        "equivale a um nome: quase nenhuma unidade tem o valor de outra",
    ),
    "few": (
        "few units have several to fold",
        "pocas unidades tienen varios que reunir",
        "poucas unidades têm vários para reunir",
    ),
    "hub": (
        "too wide: through a hub, units reach more than can tell them apart",
        "demasiado amplio: por un nodo muy conectado se alcanza más de lo que distingue a las unidades",
        "amplo demais: por um nó muito conectado se alcança mais do que distingue as unidades",
    ),
    "complaint": (
        "it exists only because somebody complained, or is written by Motivo",
        "existe solo porque alguien reclamó, o lo escribe Motivo",
        "existe só porque alguém reclamou, ou é escrito pelo Motivo",
    ),
    "excluded": (
        "excluded in the project file",
        "excluido en el archivo del proyecto",
        "excluído no arquivo do projeto",
    ),
    "currencies": (
        "sums in several currencies do not compare",
        "importes en varias monedas no se comparan",
        "valores em várias moedas não se comparam",
    ),
    "after": (
        "much of it came after complaints and may follow from them: declare it to take it as it was before",
        "mucho es posterior al reclamo y puede derivarse de él: declárelo para tomarlo como era antes",
        "muito é posterior à reclamação e pode decorrer dela: declare-o para tomá-lo como era antes",
    ),
    "undated": (
        "it has dates and complaints have none, so it may have followed them: map filed_at",
        "tiene fechas y los reclamos no, así que puede haberles seguido: incluya filed_at",
        "tem datas e as reclamações não, então pode ter vindo depois delas: inclua filed_at",
    ),
    "period": (
        "a date: complaints are chosen by date, so it would only tell the period",
        "una fecha: los reclamos se eligen por fecha, así que solo diría el período",
        "uma data: as reclamações são escolhidas por data, então só diria o período",
    ),
}
USED = ("used", "before", "capped", "unchecked")


@dataclass(frozen=True)
class Considered:
    """A path that was looked at: whether it is used as a feature, for which reason, and that in words.

    `reason` is a stable code for programs; `why` is a sentence by language.
    """

    path: str
    used: bool
    reason: str
    why: dict[str, str]


def consider(path: str, reason: str, units: int = 0) -> Considered:
    """Return the judgement on a path; `units` are those capped."""
    words = zip(LANGUAGES, _WHY[reason], strict=True)
    return Considered(path, reason in USED, reason, {lang: text.format(n=units) for lang, text in words})
