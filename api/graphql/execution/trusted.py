"""Documents that are known before anybody asks: clients then send their hash alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from api.graphql.execution.documents import get_hash
from schema import InputError


def read_trusted(path: Path) -> Mapping[str, str]:
    """Return the documents of a file or a folder, by their SHA-256.

    A folder: its files `*.graphql`, and the JSON files in it. A JSON file: an object {SHA-256: text}, as
    GraphQL code generators write it. Raises InputError for what is neither.
    """
    if path.is_dir():
        found: dict[str, str] = {}
        for file in sorted(path.rglob("*")):
            if file.suffix in (".graphql", ".json"):
                found |= read_trusted(file)
        return found
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".graphql":
            return {get_hash(text): text}
        documents = json.loads(text)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: trusted documents cannot be read: {error}") from error
    if not isinstance(documents, dict) or not all(isinstance(each, str) for each in documents.values()):
        raise InputError(f"{path}: trusted documents are not as they must be", hint='{"SHA-256": "text"}')
    for sha256, document in documents.items():
        if get_hash(document) != sha256.lower():
            raise InputError(f"{path}: {sha256} is not the SHA-256 of its document")
    return {sha256.lower(): document for sha256, document in documents.items()}
