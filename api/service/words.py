"""What the service says to people, in their languages."""

from __future__ import annotations

from collections.abc import Mapping

from schema import AuthenticationError, LimitError, MotivoError, OvertimeError, RefusedError, StoreError

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unauthenticated": "sign in first",
        "refused": "you may not do that",
        "too_large": "the body is larger than {limit} bytes",
        "nested": "objects and lists are nested more than {limit} deep",
        "too_slow": "the request takes too long to arrive",
        "too_often": "too many requests",
        "busy": "the service is busy",
        "overtime": "it takes longer than it may",
        "stopping": "the service is stopping",
        "store": "the store does not answer",
        "internal": "internal error; the log says more of request {id}",
        "not_found": "there is nothing here",
        "method": "this method is not allowed here",
        "get": "a query by GET has to show a key or token, or a header GraphQL-Require-Preflight",
        "host": "the service is not known by this name",
        "origin": "pages of other origins may not call the service",
        "unbuilt": "The pages were not built",
        "unbuilt_how": "make web builds them (Node 20 or newer), then start the service again.",
        "unbuilt_api": "GraphQL is answered all the same.",
        "no_introspection": "The schema is not shown here, and so neither is GraphiQL.",
    },
    "es": {
        "unauthenticated": "identifíquese primero",
        "refused": "no está permitido",
        "too_large": "el cuerpo supera {limit} bytes",
        "nested": "objetos y listas se anidan a más de {limit} niveles",
        "too_slow": "la petición tarda demasiado en llegar",
        "too_often": "demasiadas peticiones",
        "busy": "el servicio está ocupado",
        "overtime": "tarda más de lo permitido",
        "stopping": "el servicio se está deteniendo",
        "store": "el almacén no responde",
        "internal": "error interno; el registro dice más de la petición {id}",
        "not_found": "aquí no hay nada",
        "method": "este método no se permite aquí",
        "get": "una consulta por GET debe mostrar clave o token, o un encabezado GraphQL-Require-Preflight",
        "host": "el servicio no se conoce por este nombre",
        "origin": "las páginas de otros orígenes no pueden llamar al servicio",
        "unbuilt": "Las páginas no se han construido",
        "unbuilt_how": "make web las construye (Node 20 o posterior); después, inicie el servicio de nuevo.",
        "unbuilt_api": "GraphQL responde igualmente.",
        "no_introspection": "El esquema no se muestra aquí, y por tanto tampoco GraphiQL.",
    },
    "pt": {
        "unauthenticated": "identifique-se primeiro",
        "refused": "não é permitido",
        "too_large": "o corpo passa de {limit} bytes",
        "nested": "objetos e listas se aninham em mais de {limit} níveis",
        "too_slow": "a requisição demora demais para chegar",
        "too_often": "requisições demais",
        "busy": "o serviço está ocupado",
        "overtime": "demora mais do que o permitido",
        "stopping": "o serviço está sendo encerrado",
        "store": "o armazenamento não responde",
        "internal": "erro interno; o registro diz mais da requisição {id}",
        "not_found": "não há nada aqui",
        "method": "este método não é permitido aqui",
        "get": "uma consulta por GET deve mostrar chave ou token, ou um cabeçalho GraphQL-Require-Preflight",
        "host": "o serviço não é conhecido por este nome",
        "origin": "páginas de outras origens não podem chamar o serviço",
        "unbuilt": "As páginas não foram construídas",
        "unbuilt_how": "make web as constrói (Node 20 ou mais novo); depois, inicie o serviço de novo.",
        "unbuilt_api": "O GraphQL responde mesmo assim.",
        "no_introspection": "O esquema não é mostrado aqui, e por isso o GraphiQL também não.",
    },
}

# Most particular first
OF_ERRORS: Mapping[type[MotivoError], str] = {
    AuthenticationError: "unauthenticated",
    RefusedError: "refused",
    OvertimeError: "overtime",
    StoreError: "store",
    LimitError: "too_often",
}


def say(language: str, name: str, **values: object) -> str:
    """Return a sentence in a language."""
    return WORDS[language][name].format(**values)
