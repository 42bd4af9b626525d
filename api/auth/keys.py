"""API keys: made once, shown once, kept as digests in the store."""

from __future__ import annotations

import hmac
import re
import secrets
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from api.auth.caller import Caller, Role
from api.auth.ownership import find_joins
from graph import Reader, Store
from schema import CUSTOMER, AuthenticationError, NotFoundError, UsageError

SETTING = "api_keys"
PREFIX = "motivo_"
NAMED = "key:"  # before the id, in the name of a caller
# What scanners of repositories and logs can look for: an id, 256 bits, and a checksum that they can verify
# (the CRC-32 of all before it), each in hexadecimal.
PATTERN = re.compile(r"motivo_(?P<id>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})(?P<sum>[0-9a-f]{8})")
ROLES = (Role.ANALYST, Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)
FRESH = 5.0  # seconds for which what the store says is kept; as long a revoked key may still be good
_WRONG = "the API key is not good (any more)"


@dataclass(frozen=True)
class ApiKey:
    """What is kept of a key: everything but the key. Times are UTC; `rows` as in `Caller`."""

    id: str
    role: Role
    name: str
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    created: datetime = datetime.min
    expires: datetime | None = None
    revoked: datetime | None = None
    digest: str = field(default="", repr=False)

    def holds(self, now: datetime) -> bool:
        """Tell whether it is good."""
        return self.revoked is None and (self.expires is None or now < self.expires)


def add_key(
    store: Store,
    role: Role,
    *,
    name: str = "",
    rows: Mapping[str, Sequence[str]] | None = None,
    days: int | None = None,
) -> tuple[str, ApiKey]:
    """Make a key and keep its digest; return the key, which nobody can make again, and what is kept.

    `UsageError` for a role that has no keys, or rows by which no customer can be told.
    """
    if role not in ROLES:
        raise UsageError(f"there are no keys for {role}", hint="one of " + ", ".join(ROLES))
    if days is not None and not 1 <= days <= 3650:
        raise UsageError("a key is good for 1 to 3650 days")
    check_rows(store.reader(), rows or {})
    id_, secret = secrets.token_hex(6), secrets.token_hex(32)
    body = f"{PREFIX}{id_}_{secret}"
    now = datetime.now(UTC).replace(microsecond=0)
    made = ApiKey(
        id_,
        role,
        name,
        {kind: tuple(keys) for kind, keys in (rows or {}).items()},
        now,
        None if days is None else now + timedelta(days=days),
        digest=_digest(secret),
    )
    with store.transaction() as transaction:
        kept = transaction.reader.setting(SETTING) or {}
        transaction.keep_setting(SETTING, {**kept, id_: _write(made)})
    return f"{body}{_checksum(body)}", made


def check_rows(reader: Reader, rows: Mapping[str, Sequence[str]]) -> None:
    """Refuse rows of a kind that customers are not joined to, or of nodes that are not there."""
    for kind, keys in rows.items():
        reader.vocabulary.get_kind(kind)
        if kind != CUSTOMER and not find_joins(reader.vocabulary, kind):
            raise UsageError(f"no short path joins customers to a {kind}", hint="Region=north, for example")
        for key in keys:
            if reader.find(kind, key) is None:
                raise NotFoundError(f"there is no {kind} {key!r}")


def list_keys(reader: Reader) -> list[ApiKey]:
    """Return what is kept of all keys, the oldest first."""
    kept = reader.setting(SETTING) or {}
    return sorted((_read(id_, said) for id_, said in kept.items()), key=lambda key: (key.created, key.id))


def revoke_key(store: Store, id_: str) -> ApiKey:
    """Make a key worthless, from now on; `NotFoundError` if there is none of this id."""
    with store.transaction() as transaction:
        kept = transaction.reader.setting(SETTING) or {}
        if id_ not in kept:
            raise NotFoundError(f"there is no key {id_!r}", hint="motivo key list")
        if kept[id_]["revoked"] is None:
            said = {**kept[id_], "revoked": datetime.now(UTC).isoformat(timespec="seconds")}
            kept = {**kept, id_: said}
            transaction.keep_setting(SETTING, kept)
    return _read(id_, kept[id_])


class KeyRing:
    """Tells callers by their keys; asks the store again every few seconds. May be shared between threads.

    read: what the store keeps under a name of a setting.
    """

    def __init__(self, read: Callable[[str], Any], *, fresh: float = FRESH) -> None:
        self._read = read
        self._fresh = fresh
        self._lock = threading.Lock()
        self._kept: dict[str, ApiKey] = {}
        self._until = 0.0

    @property
    def is_fresh(self) -> bool:
        """Whether it need not ask the store just now."""
        return time.monotonic() < self._until

    def get_caller(self, key: str) -> Caller:
        """Return whose key it is; `AuthenticationError` where it is nobody's, or nobody's any more."""
        match = PATTERN.fullmatch(key)
        if match is None:
            raise AuthenticationError(_WRONG)
        kept = self._load().get(match["id"])
        # As long as for a key that is known, whose digest is compared in constant time.
        same = hmac.compare_digest(_digest(match["secret"]), kept.digest if kept else _digest(""))
        if kept is None or not same or not kept.holds(datetime.now(UTC)):
            raise AuthenticationError(_WRONG, hint="motivo key add makes one")
        return Caller(kept.role, f"{NAMED}{kept.id}", rows=kept.rows, expires_at=kept.expires)

    def holds(self, caller: Caller) -> bool:
        """Tell whether a caller has no key, or one that is good still."""
        if not caller.name.startswith(NAMED):
            return True
        kept = self._load().get(caller.name.removeprefix(NAMED))
        return kept is not None and kept.holds(datetime.now(UTC))

    def _load(self) -> dict[str, ApiKey]:
        with self._lock:
            if time.monotonic() >= self._until:
                said = self._read(SETTING) or {}
                self._kept = {id_: _read(id_, one) for id_, one in said.items()}
                self._until = time.monotonic() + self._fresh
            return self._kept


def _digest(secret: str) -> str:
    """Return the digest that is kept: 256 random bits need no salt, and no slow hash."""
    return sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _write(key: ApiKey) -> dict[str, Any]:
    return {
        "role": key.role.value,
        "name": key.name,
        "rows": {kind: list(keys) for kind, keys in key.rows.items()},
        "created": key.created.isoformat(),
        "expires": None if key.expires is None else key.expires.isoformat(),
        "revoked": None if key.revoked is None else key.revoked.isoformat(),
        "digest": key.digest,
    }


def _read(id_: str, said: Mapping[str, Any]) -> ApiKey:
    def moment(text: str | None) -> datetime | None:
        return None if text is None else datetime.fromisoformat(text)

    return ApiKey(
        id_,
        Role(said["role"]),
        said["name"],
        {kind: tuple(keys) for kind, keys in said["rows"].items()},
        datetime.fromisoformat(said["created"]),
        moment(said["expires"]),
        moment(said["revoked"]),
        said["digest"],
    )
