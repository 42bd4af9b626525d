"""Which of the project's languages a text is in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

_ENOUGH = 2000  # characters that settle the language


class LanguageIdentifier:
    """py3langid restricted to the given languages, of which the first is the fallback."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self._model = _load_model(self.languages)

    def identify(self, text: str, given: str | None = None) -> str:
        """Give the language: the one given if it is the project's, else the likeliest.

        `given` may carry a region (`pt-BR`). A text without letters is in the first language.
        """
        if given:
            base = given.replace("_", "-").split("-")[0].lower()
            if base in self.languages:
                return base
        head = text[:_ENOUGH]
        if len(self.languages) == 1 or not any(c.isalpha() for c in head):
            return self.languages[0]
        language, _ = self._model.classify(head)
        return str(language)


@cache
def _load_model(languages: tuple[str, ...]) -> Any:
    """Return the model of these languages, which is only read: to unpack it takes a third of a second."""
    from py3langid.langid import MODEL_FILE
    from py3langid.langid import LanguageIdentifier as Model

    model = Model.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(languages)
    return model
