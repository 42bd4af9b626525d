"""What a resolver knows of the request that it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from api.auth import Caller
from graph import Reader, Store

T = TypeVar("T")


@dataclass
class Request:
    """A request being answered, in one thread.

    reader: shows what the caller may see, and nothing else; resolvers have no other. store: for mutations.
    language: es, pt or en. services: what lives longer than a request (see `services.py`).
    kept: what was read already for this request. ahead: what will have to be read for it, as far as is known.
    masked: coordinates (`Customer.taxNumber`) of the fields that were not shown.
    whole: the answer is a file of any length, so that the limits of pages do not hold.
    """

    caller: Caller
    reader: Reader
    store: Store
    language: str = "en"
    id: str = ""
    services: Any = None
    kept: dict[Any, Any] = field(default_factory=dict)
    ahead: dict[int, Any] = field(default_factory=dict)
    masked: set[str] = field(default_factory=set)
    whole: bool = False

    def keep(self, name: Any, make: Callable[[], T]) -> T:
        """Return what is kept under a name for this request, made on first use."""
        if name not in self.kept:
            self.kept[name] = make()
        found: T = self.kept[name]
        return found
