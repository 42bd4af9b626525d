"""Settings from the environment. Nothing else reads it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass

from schema import LANGUAGES


@dataclass(frozen=True)
class Settings:
    """What the environment sets.

    MOTIVO_STORE: URL of the store where `--store` is not given; default sqlite:///motivo.db.
    MOTIVO_LANGUAGE: es, pt or en, for tables and explanations; default: that of LC_ALL, LC_MESSAGES
    or LANG, else English.
    MOTIVO_DEBUG: 1 shows the traceback of an internal error.
    """

    store: str = "sqlite:///motivo.db"
    language: str = "en"
    debug: bool = False


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of an environment, this process's own by default."""
    env = os.environ if environment is None else environment
    spoken = next(
        (env[name] for name in ("MOTIVO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "en"
    )
    language = spoken[:2].lower()
    return Settings(
        store=env.get("MOTIVO_STORE") or Settings.store,
        language=language if language in LANGUAGES else "en",
        debug=env.get("MOTIVO_DEBUG", "") not in ("", "0"),
    )


def read_user() -> str:
    """Return the name of whoever runs this process, as the operating system has it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process of nobody, as in some containers
        return "unknown"
