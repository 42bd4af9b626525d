"""Keeps a wheel from being built without the pages of `web/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = ("explorer.html", "graphiql.html", "widget.html", "widget.js", "documents.json")


class BuiltPages(BuildHookInterface):  # type: ignore[type-arg]
    """Looks whether `api/static/` is there; an editable installation does without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Look, before anything is built; `RuntimeError` where a page is missing."""
        if version == "editable":
            return
        static = Path(self.root) / "api" / "static"
        missing = [name for name in PAGES if not (static / name).is_file()]
        if missing:
            names = ", ".join(missing)
            raise RuntimeError(f"api/static has no {names}: build the pages first, with `make web`")
