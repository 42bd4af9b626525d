"""Texts in other languages, by what they are in English, as in gettext."""

from __future__ import annotations

import re
from collections.abc import Mapping


class Phrases:
    """Puts texts into Spanish and Portuguese.

    words: English -> Spanish, Portuguese; what stands in braces is taken over as it is.
    """

    def __init__(self, words: Mapping[str, tuple[str, str]]) -> None:
        self._plain = {english: told for english, told in words.items() if "{" not in english}
        self._patterns = [
            (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(english)), re.DOTALL), told)
            for english, told in words.items()
            if "{" in english
        ]

    def say(self, text: str, language: str) -> str:
        """Return an English text in a language; as it is where nobody has put it into that."""
        if language not in ("es", "pt"):
            return text
        place = ("es", "pt").index(language)
        if text in self._plain:
            return self._plain[text][place]
        for pattern, told in self._patterns:
            found = pattern.fullmatch(text)
            if found is not None:
                return told[place].format(**found.groupdict())
        return text
