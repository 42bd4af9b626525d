"""What people read when something is not for them, in their language."""

from __future__ import annotations

from collections.abc import Mapping

from api.phrases import Phrases

# English -> Spanish, Portuguese; what is in braces stays as it is.
WORDS: Mapping[str, tuple[str, str]] = {
    "{what} is not for you to see, nor to ask by": (
        "{what} no es para que usted lo vea, ni para preguntar por ello",
        "{what} não é para você ver, nem para perguntar por isso",
    ),
    "who is {role} sees what the vocabulary lets them": (
        "el rol {role} ve lo que el vocabulario permite",
        "o papel {role} vê o que o vocabulário permite",
    ),
    "keys of {kind} are not for you to see, nor to compare with": (
        "las claves de {kind} no son para que usted las vea, ni para comparar con ellas",
        "as chaves de {kind} não são para você ver, nem para comparar com elas",
    ),
    "a pseudonym can be asked for with eq, ne and in": (
        "por un seudónimo se pregunta con eq, ne e in",
        "por um pseudônimo pergunta-se com eq, ne e in",
    ),
    "keys of {kind} are not for you to see, nor to group by": (
        "las claves de {kind} no son para que usted las vea, ni para agrupar por ellas",
        "as chaves de {kind} não são para você ver, nem para agrupar por elas",
    ),
    "the past of a {kind} is not for those who see some customers only": (
        "el pasado de {kind} no es para quien solo ve algunos clientes",
        "o passado de {kind} não é para quem só vê alguns clientes",
    ),
    "decisions are not for those who see one customer only": (
        "las decisiones no son para quien solo ve a un cliente",
        "as decisões não são para quem só vê um cliente",
    ),
    "{kind} is not for those who see some customers only: no path tells whose it is": (
        "{kind} no es para quien solo ve algunos clientes: ningún camino dice de quién es",
        "{kind} não é para quem só vê alguns clientes: nenhum caminho diz de quem é",
    ),
    "a kind that is of no one customer is declared with shared: true": (
        "un tipo que no es de ningún cliente se declara con shared: true",
        "um tipo que não é de nenhum cliente se declara com shared: true",
    ),
    "{kind} is not listed for those who see one customer only": (
        "{kind} no se lista para quien solo ve a un cliente",
        "{kind} não é listado para quem só vê um cliente",
    ),
    "conditions are nested too deeply": (
        "las condiciones se anidan demasiado hondo",
        "as condições se aninham fundo demais",
    ),
    "at most {count} levels": ("a lo sumo {count} niveles", "no máximo {count} níveis"),
    "these are too many conditions, or too deep within each other": (
        "son demasiadas condiciones, o anidadas demasiado hondo",
        "são condições demais, ou aninhadas fundo demais",
    ),
    "this takes longer than it may": ("tarda más de lo permitido", "demora mais do que o permitido"),
    "there is no {kind} '{key}'": ("no hay {kind} '{key}'", "não há {kind} '{key}'"),
    'there is no {kind} "{key}"': ('no hay {kind} "{key}"', 'não há {kind} "{key}"'),
    "sign in first": ("identifíquese primero", "identifique-se primeiro"),
    "Authorization: Bearer, with a key or a token": (
        "Authorization: Bearer, con una clave o un token",
        "Authorization: Bearer, com uma chave ou um token",
    ),
    "sign in again": ("identifíquese de nuevo", "identifique-se de novo"),
    "exports are not for this role": (
        "las exportaciones no son para este rol",
        "as exportações não são para este papel",
    ),
}
translate = Phrases(WORDS).say
