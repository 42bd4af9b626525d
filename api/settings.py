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
class ServiceSettings:
    """What the environment sets for `motivo serve`; docs/service.md tells more of each.

    MOTIVO_HOSTS: names by which the service may be called (Host), with commas; default: any, with --dev this
    machine's.
    MOTIVO_ORIGINS: origins of pages that may call it from a browser, with commas; default: its own only.
    MOTIVO_FRAMES: origins of pages that may show the widget in a frame, with commas; default: its own only,
    with --dev this machine's.
    MOTIVO_PROXIES: addresses of proxies whose X-Forwarded-For and -Proto are believed, with commas;
    default: none.
    MOTIVO_THREADS: operations answered at the same time, each with a reader of its own; default 4.
    MOTIVO_QUEUE: operations that may wait for that; default 500.
    MOTIVO_CONNECTIONS: connections at the same time; default 2000.
    MOTIVO_TIMEOUT: seconds that an answer may take; default 30.
    MOTIVO_GRACE: seconds that answers under way have left when the service is stopped; default 8.
    MOTIVO_BODY_LIMIT: bytes of a request's body; default 1048576.
    MOTIVO_BODY_SECONDS: seconds in which a request has to arrive, and in which an answer has to be taken on;
    default 20.
    MOTIVO_BATCH: operations that may come in one request; default 0, which switches batches off.
    MOTIVO_GET: 0 switches queries by GET off.
    MOTIVO_INTROSPECTION: 0 switches introspection off, and GraphiQL with it.
    MOTIVO_DOCUMENTS: JSON file of the documents that may be asked for by their id; default: none.
    MOTIVO_DOCUMENTS_ONLY: 1 answers no others.
    MOTIVO_RATE: requests of one caller, such as 1200/minute; empty: any number; default 1200/minute.
    MOTIVO_RATE_ADDRESS: requests from one address, whoever they are; default 6000/minute.
    MOTIVO_RATE_REFUSED: refused attempts to sign in from one address; default 30/minute.
    MOTIVO_METRICS_TOKEN: what /metrics asks for as a bearer token; default: none, and it answers this machine
    only.
    MOTIVO_OTEL: address of an OpenTelemetry collector (OTLP over HTTP) for traces; default: none.
    """

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    threads: int = 4
    queue: int = 500
    connections: int = 2000
    timeout: float = 30
    grace: float = 8
    body_limit: int = 1 << 20
    body_seconds: float = 20
    batch: int = 0
    get: bool = True
    introspection: bool = True
    documents: Path | None = None
    documents_only: bool = False
    rate: str = "1200/minute"
    rate_address: str = "6000/minute"
    rate_refused: str = "30/minute"
    metrics_token: str = field(default="", repr=False)
    otel: str = ""


def read_service_settings(environment: Mapping[str, str] | None = None) -> ServiceSettings:
    """Return the settings of the service; `UsageError` for one that cannot be."""
    env = os.environ if environment is None else environment

    def number(name: str, default: float, least: float = 0) -> float:
        text = env.get(name, "").strip()
        try:
            found = float(text) if text else default
            if not least <= found < float("inf"):
                raise ValueError
        except ValueError:
            raise UsageError(f"{name} is no number from {least:g} on: {text!r}") from None
        return found

    def names(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())

    given, kept = ServiceSettings, env.get("MOTIVO_DOCUMENTS", "").strip()
    return ServiceSettings(
        hosts=names("MOTIVO_HOSTS"),
        origins=names("MOTIVO_ORIGINS"),
        frames=names("MOTIVO_FRAMES"),
        proxies=names("MOTIVO_PROXIES"),
        threads=int(number("MOTIVO_THREADS", given.threads, 1)),
        queue=int(number("MOTIVO_QUEUE", given.queue, 1)),
        connections=int(number("MOTIVO_CONNECTIONS", given.connections, 1)),
        timeout=number("MOTIVO_TIMEOUT", given.timeout, 0.001),
        grace=number("MOTIVO_GRACE", given.grace),
        body_limit=int(number("MOTIVO_BODY_LIMIT", given.body_limit, 1)),
        body_seconds=number("MOTIVO_BODY_SECONDS", given.body_seconds, 0.001),
        batch=int(number("MOTIVO_BATCH", given.batch)),
        get=env.get("MOTIVO_GET", "") != "0",
        introspection=env.get("MOTIVO_INTROSPECTION", "") != "0",
        documents=Path(kept) if kept else None,
        documents_only=env.get("MOTIVO_DOCUMENTS_ONLY", "") not in ("", "0"),
        rate=env.get("MOTIVO_RATE", given.rate).strip(),
        rate_address=env.get("MOTIVO_RATE_ADDRESS", given.rate_address).strip(),
        rate_refused=env.get("MOTIVO_RATE_REFUSED", given.rate_refused).strip(),
        metrics_token=env.get("MOTIVO_METRICS_TOKEN", "").strip(),
        otel=env.get("MOTIVO_OTEL", "").strip(),
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
