"""What people read when something cannot be done, and while it is, in their language."""

from __future__ import annotations

from collections.abc import Mapping

from api.phrases import Phrases
from schema import MotivoError

# English -> Spanish, Portuguese.
WORDS: Mapping[str, tuple[str, str]] = {
    "root causes are not offered here": (
        "aquí no se ofrecen causas raíz",
        "aqui não se oferecem causas raiz",
    ),
    "this is about all customers, and you see some only": (
        "esto concierne a todos los clientes, y usted solo ve algunos",
        "isto diz respeito a todos os clientes, e você só vê alguns",
    ),
    "this is still being looked for": ("todavía se está buscando", "ainda está sendo procurado"),
    "ask again in a moment, or start a search as a job": (
        "pregunte de nuevo en un momento, o inicie una búsqueda como tarea",
        "pergunte de novo daqui a pouco, ou inicie uma busca como tarefa",
    ),
    "it was cancelled": ("se canceló", "foi cancelado"),
    "it takes longer than it may": ("tarda más de lo permitido", "demora mais do que o permitido"),
    "narrow it down with a filter": ("redúzcalo con un filtro", "reduza-o com um filtro"),
    "the service is stopping": ("el servicio se está deteniendo", "o serviço está parando"),
    "try again in a moment": ("inténtelo de nuevo en un momento", "tente de novo daqui a pouco"),
    "too much is being looked for already": ("ya se está buscando demasiado", "já se está procurando demais"),
    "try again in a minute": ("inténtelo de nuevo en un minuto", "tente de novo em um minuto"),
    "you have as many searches under way as one may have": (
        "ya tiene tantas búsquedas en curso como se permiten",
        "você já tem tantas buscas em andamento quantas se permitem",
    ),
    "wait for one, or cancel it": ("espere una, o cancélela", "espere uma, ou cancele-a"),
    "you have no such job": ("no tiene ninguna tarea así", "você não tem nenhuma tarefa assim"),
    "what came of one is kept for an hour": (
        "el resultado se guarda durante una hora",
        "o resultado fica guardado por uma hora",
    ),
    "too many wait for events already": (
        "ya hay demasiados esperando eventos",
        "já há gente demais esperando eventos",
    ),
    "try again later": ("inténtelo más tarde", "tente mais tarde"),
    "internal error": ("error interno", "erro interno"),
    "an ingest has not ended": ("una ingesta no ha terminado", "uma ingestão não terminou"),
    "wait for it; if it was cut off, run the same 'motivo ingest' again": (
        "espérela; si se interrumpió, ejecute de nuevo el mismo 'motivo ingest'",
        "espere por ela; se foi interrompida, execute de novo o mesmo 'motivo ingest'",
    ),
    "nothing was ingested into this store": (
        "no se ha ingerido nada en este almacén",
        "nada foi ingerido neste armazém",
    ),
    "nothing was decided that could be undone": (
        "no se ha decidido nada que se pueda deshacer",
        "não se decidiu nada que se possa desfazer",
    ),
    "a merge takes two customers at least": (
        "para unir hacen falta al menos dos clientes",
        "para unir são necessários ao menos dois clientes",
    ),
    "two customers at least are kept apart": (
        "se mantienen separados al menos dos clientes",
        "mantêm-se separados ao menos dois clientes",
    ),
    "something else was decided since": (
        "entretanto se decidió otra cosa",
        "outra coisa foi decidida desde então",
    ),
    "look at what was decided before you undo it": (
        "vea qué se decidió antes de deshacerlo",
        "veja o que foi decidido antes de desfazer",
    ),
    "a split takes some of a customer's records, not all": (
        "para separar se toman algunos registros de un cliente, no todos",
        "para separar tomam-se alguns registros de um cliente, não todos",
    ),
    "it is not said what is done": ("no se dice qué se hace", "não se diz o que se faz"),
    "the project file of this store is not where it was": (
        "el archivo de proyecto de este almacén no está donde estaba",
        "o arquivo de projeto deste armazém não está onde estava",
    ),
}


# What a job does, likewise.
STEPS: Mapping[str, tuple[str, str]] = {
    "projecting the graph": ("se proyecta el grafo", "projeta-se o grafo"),
    "building features": ("se construyen las características", "constroem-se as características"),
    "looking at {path}": ("se mira {path}", "olha-se {path}"),
    "searching {features} features of {units} units": (
        "se buscan {features} características de {units} unidades",
        "buscam-se {features} características de {units} unidades",
    ),
    "{literals} literals of {features} features": (
        "{literals} literales de {features} características",
        "{literals} literais de {features} características",
    ),
    "{counted} conjunctions counted": (
        "{counted} conjunciones contadas",
        "{counted} conjunções contadas",
    ),
    "gathering evidence": ("se reúnen las pruebas", "reúnem-se as evidências"),
    "finding whom they hold for": ("se busca a quiénes afectan", "busca-se a quem afetam"),
}
say = Phrases({**WORDS, **STEPS}).say


def speak(error: MotivoError, language: str) -> MotivoError:
    """Return an error as it is told in a language; itself in English."""
    message, hint = say(error.message, language), say(error.hint, language)
    if (message, hint) == (error.message, error.hint):
        return error
    told = error.__class__.__new__(error.__class__)
    MotivoError.__init__(told, message, hint=hint)
    return told
