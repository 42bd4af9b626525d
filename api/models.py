"""The company's own models of texts, in the folder that the settings name, for the commands that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.settings import read_settings

if TYPE_CHECKING:
    from ingest.text.model_folder import ModelFolder


def open_models() -> ModelFolder:
    """Return the folder of models, which need not be there yet."""
    from ingest.text.model_folder import ModelFolder

    return ModelFolder(read_settings().models)


def describe_model() -> str:
    """Return which of the company's own models reads texts; empty where the package's does."""
    from ingest.text.model_folder import PACKAGE

    folder = open_models()
    return "" if folder.current == PACKAGE else f"{folder.current} in {folder.path}"


def tell_model(extractor: str) -> str:
    """Return a line that says so, for a version of an extractor; empty where there is nothing to say."""
    own = describe_model() if extractor.startswith("vectors") else ""
    return f"motivo: texts are read by your own model, {own}" if own else ""
