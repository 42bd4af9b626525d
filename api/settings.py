"""Settings from the environment. Nothing else reads it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schema import LANGUAGES, UsageError


@dataclass(frozen=True)
class Settings:
    """What the environment sets.

    MOTIVO_STORE: URL of the store where `--store` is not given; default sqlite:///motivo.db.
    MOTIVO_STORE_PASSWORD: password for the server of a store, where its URL has none. It is read from here
    only, so that it stands in no file or history.
    MOTIVO_LANGUAGE: es, pt or en, for tables and explanations; default: that of LC_ALL, LC_MESSAGES
    or LANG, else English.
    MOTIVO_TEACHER_URL, MOTIVO_TEACHER_MODEL: OpenAI-compatible endpoint and model that may be sent
    texts; default: none, and nothing is sent anywhere.
    MOTIVO_TEACHER_KEY: its key. It is read from here only, so that it stands in no file or history.
    MOTIVO_TEACHER_HTTP: 1 allows plain http to another machine.
    MOTIVO_TEACHER_CACHE: file of its answers; default motivo-teacher.db.
    MOTIVO_MODELS: folder of the company's own models of texts; default motivo.models.
    MOTIVO_TEXT_CACHE: file of what was read of texts, so that only a new model reads them again; empty:
    nothing is kept; default motivo-texts.db.
    MOTIVO_DEBUG: 1 shows the traceback of an internal error.
    """

    store: str = field(default="sqlite:///motivo.db", repr=False)
    store_password: str = field(default="", repr=False)
    language: str = "en"
    teacher_url: str = ""
    teacher_model: str = ""
    teacher_key: str = field(default="", repr=False)
    teacher_http: bool = False
    teacher_cache: str = "motivo-teacher.db"
    models: Path = Path("motivo.models")
    text_cache: str = "motivo-texts.db"
    debug: bool = False


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of an environment, this process's own by default."""
    env = os.environ if environment is None else environment
    spoken = next(
        (env[name] for name in ("MOTIVO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "en"
    )
    language = spoken[:2].lower()
    return Settings(
        store=env.get("MOTIVO_STORE") or "sqlite:///motivo.db",
        store_password=env.get("MOTIVO_STORE_PASSWORD", ""),
        language=language if language in LANGUAGES else "en",
        teacher_url=env.get("MOTIVO_TEACHER_URL", "").strip(),
        teacher_model=env.get("MOTIVO_TEACHER_MODEL", "").strip(),
        teacher_key=env.get("MOTIVO_TEACHER_KEY", "").strip(),
        teacher_http=env.get("MOTIVO_TEACHER_HTTP", "") not in ("", "0"),
        teacher_cache=env.get("MOTIVO_TEACHER_CACHE") or Settings.teacher_cache,
        models=Path(env.get("MOTIVO_MODELS") or Settings.models),
        text_cache=env.get("MOTIVO_TEXT_CACHE", Settings.text_cache).strip(),
        debug=env.get("MOTIVO_DEBUG", "") not in ("", "0"),
    )


@dataclass(frozen=True)
class AuthSettings:
    """What the environment sets of who may see what; docs/security.md tells more of each.

    MOTIVO_SECRET: what pseudonyms and widget tokens are made under, 32 letters or more. It is read from here
    only, so that it stands in no file or history.
    MOTIVO_OIDC_ISSUER: address of the OpenID Connect provider whose bearer tokens are taken; default: none.
    MOTIVO_OIDC_AUDIENCE: whom its tokens have to be for; needed with an issuer.
    MOTIVO_OIDC_ROLE: claim that gives the role; default motivo_role.
    MOTIVO_OIDC_ROWS: claim that says which customers are for its bearer; default: none, and all are.
    MOTIVO_OIDC_HTTP: 1 allows plain http to an issuer on this machine.
    MOTIVO_AUDIT: file of the audit log; empty: none is kept; default motivo-audit.jsonl.
    MOTIVO_SMALLEST_GROUP: nodes of customers that a group has at least to be shown to who may not know
    people; default 5.
    """

    secret: str = field(default="", repr=False)
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_role: str = "motivo_role"
    oidc_rows: str = ""
    oidc_http: bool = False
    audit: Path | None = Path("motivo-audit.jsonl")
    smallest_group: int = 5


def read_auth_settings(environment: Mapping[str, str] | None = None) -> AuthSettings:
    """Return the settings of who may see what; `UsageError` for one that cannot be."""
    env = os.environ if environment is None else environment

    def text(name: str, default: str = "") -> str:
        return env.get(name, default).strip()

    issuer, audience = text("MOTIVO_OIDC_ISSUER"), text("MOTIVO_OIDC_AUDIENCE")
    if issuer and not audience:
        raise UsageError(
            "MOTIVO_OIDC_AUDIENCE is not set", hint="tokens that the issuer made for others are not taken"
        )
    audit, group = text("MOTIVO_AUDIT", "motivo-audit.jsonl"), text("MOTIVO_SMALLEST_GROUP") or "5"
    if not group.isdecimal() or int(group) < 1:
        raise UsageError(f"MOTIVO_SMALLEST_GROUP is no number from 1 on: {group!r}")
    return AuthSettings(
        secret=text("MOTIVO_SECRET"),
        oidc_issuer=issuer,
        oidc_audience=audience,
        oidc_role=text("MOTIVO_OIDC_ROLE") or AuthSettings.oidc_role,
        oidc_rows=text("MOTIVO_OIDC_ROWS"),
        oidc_http=text("MOTIVO_OIDC_HTTP") not in ("", "0"),
        audit=Path(audit) if audit else None,
        smallest_group=int(group),
    )


def read_user() -> str:
    """Return the name of whoever runs this process, as the operating system has it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process of nobody, as in some containers
        return "unknown"
