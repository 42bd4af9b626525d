"""Words of `motivo key` and `motivo token`, in the languages of those who read them."""

from __future__ import annotations

from typing import Any

AUTH_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "added": "Key {id} ({role}) is good {until}. It is shown this once; only its digest is kept:",
        "until": "until {moment:%Y-%m-%d %H:%M} UTC",
        "always": "until it is revoked",
        "keys": "API keys",
        "headings": ("id", "name", "role", "customers", "made (UTC)", "expires (UTC)", "state"),
        "everyone": "all",
        "good": "good",
        "expired": "expired",
        "revoked": "revoked {moment:%Y-%m-%d}",
        "none": "There are no API keys. 'motivo key add' makes one.",
        "ended": "Key {id} is revoked; a running service takes it for {seconds:g} seconds more at most.",
        "token": "Good for customer {customer} on pages of {audience}, until {moment:%H:%M:%S} UTC:",
    },
    "es": {
        "added": "La clave {id} ({role}) vale {until}. Se muestra solo esta vez; se guarda solo su resumen:",
        "until": "hasta el {moment:%Y-%m-%d %H:%M} UTC",
        "always": "hasta que se revoque",
        "keys": "Claves de API",
        "headings": ("id", "nombre", "rol", "clientes", "creada (UTC)", "vence (UTC)", "estado"),
        "everyone": "todos",
        "good": "vale",
        "expired": "vencida",
        "revoked": "revocada {moment:%Y-%m-%d}",
        "none": "No hay claves de API. 'motivo key add' crea una.",
        "ended": "La clave {id} está revocada; un servicio en marcha la acepta aún {seconds:g} s a lo más.",
        "token": "Vale para el cliente {customer} en páginas de {audience}, hasta las {moment:%H:%M:%S} UTC:",
    },
    "pt": {
        "added": "A chave {id} ({role}) vale {until}. É mostrada só desta vez; guarda-se só o seu resumo:",
        "until": "até {moment:%Y-%m-%d %H:%M} UTC",
        "always": "até ser revogada",
        "keys": "Chaves de API",
        "headings": ("id", "nome", "papel", "clientes", "criada (UTC)", "expira (UTC)", "estado"),
        "everyone": "todos",
        "good": "vale",
        "expired": "expirada",
        "revoked": "revogada {moment:%Y-%m-%d}",
        "none": "Não há chaves de API. 'motivo key add' cria uma.",
        "ended": "A chave {id} está revogada; um serviço em execução ainda a aceita por até {seconds:g} s.",
        "token": "Vale para o cliente {customer} em páginas de {audience}, até {moment:%H:%M:%S} UTC:",
    },
}
