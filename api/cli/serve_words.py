"""What `motivo serve` prints, in the languages of those who read it."""

from __future__ import annotations

SERVE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "serving": "{store} is answered at {address} (Ctrl+C stops it)",
        "dev": "--dev: nobody has to sign in, and everything is shown, to this machine only",
    },
    "es": {
        "serving": "{store} se responde en {address} (Ctrl+C lo detiene)",
        "dev": "--dev: nadie tiene que identificarse y todo se muestra, solo a esta máquina",
    },
    "pt": {
        "serving": "{store} é respondido em {address} (Ctrl+C o encerra)",
        "dev": "--dev: ninguém precisa se identificar e tudo é mostrado, só a esta máquina",
    },
}
