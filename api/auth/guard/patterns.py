"""Patterns of root causes, which may name nodes: whose they are has to be for the caller to know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from algorithms.folds import MANY
from api.auth.policy import SPELLED, Policy
from api.auth.scope import Scope
from schema import MotivoError, Vocabulary
from schema.paths import parse_path

Part = tuple[str, Any]  # a path, and what the end of it is compared with


def list_named(vocabulary: Vocabulary, parts: Iterable[Part]) -> Iterator[tuple[str, list[str]]]:
    """Yield the kinds of the nodes that a pattern names, with their keys.

    A path that the vocabulary has not got (any more) may lead anywhere: kind "".
    """
    for text, value in parts:
        try:
            path = parse_path(text, vocabulary)
        except MotivoError:
            yield "", []
            continue
        if path.name or path.fold:
            continue
        keys = value if isinstance(value, list | tuple) else [value]
        yield path.kind, [key for key in keys if isinstance(key, str) and key != MANY]


def hide_names(policy: Policy, scope: Scope, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a root cause that was kept shows: not its pattern, where that names what is not for all.

    Its keys are those of who sees all, who has it kept.
    """
    if policy.sees_all:
        return properties
    parts = [(part["path"], part["value"]) for part in json.loads(properties.get("pattern") or "[]")]
    for kind, _ in list_named(policy.vocabulary, parts):
        known = bool(kind) and kind not in policy.pseudonymous and (scope.whole or scope.is_shared(kind))
        if not known:
            return {name: value for name, value in properties.items() if name not in SPELLED}
    return properties
