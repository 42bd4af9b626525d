"""URLs of stores, as they may be shown."""

from __future__ import annotations

import re


def hide_password(url: str) -> str:
    """Return a store's URL without the password that may stand in it, for people and logs."""
    return re.sub(r"(://[^/@:?#]*):[^@]*@", r"\1@", url)
