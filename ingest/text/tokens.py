"""Words and their offsets: the tokenizer of the pipeline, linear in the text whatever it holds.

spaCy's own tokenizers strip prefixes and suffixes one at a time, which is quadratic on a long run
of punctuation, and differ by language; a text is tokenized before its language is known. This one
is a single regular expression for all languages. `Doc.text` is the text, to the code point.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_MARKS = "\u0300-\u036f"  # combining accents belong to their word
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+|@\w+"
    rf"|[\w{_MARKS}]+(?:['’][\w{_MARKS}]+)*|\s+"
    rf"|(?P<sign>[^\w\s{_MARKS}])(?P=sign){{3,}}|[^\w\s{_MARKS}]",
    re.IGNORECASE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGIT = re.compile(r"\d")
MOST_TOKENS = 200_000  # read of one text, a megabyte of prose; what follows is one unread token
LONGEST = 40  # characters of a word that can matter; the rest of a longer run is not a word


def split_tokens(text: str) -> list[str]:
    """Cut a text into tokens; joined again they are the text. Runs of white space are tokens.

    There are at most MOST_TOKENS and one more, which holds the unread rest.
    """
    tokens = [match[0] for match in islice(_TOKEN.finditer(text), MOST_TOKENS)]
    if len(tokens) == MOST_TOKENS:
        read = sum(map(len, tokens))
        if read < len(text):
            tokens.append(text[read:])
    return tokens


def is_unit(token: str) -> bool:
    """Tell whether a token counts for the models: a word, a sign, or a break of line."""
    return not token.isspace() or "\n" in token


@lru_cache(maxsize=1 << 16)
def _fold_short(word: str) -> str:
    if word.isspace():
        return "\n"
    if word[:4].lower() in ("http", "www."):
        return "<url>"
    if word[0] == "@":
        return "<user>"
    plain = unicodedata.normalize("NFD", word.replace("’", "'").lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _DIGIT.sub("0", plain) or word


def fold_word(word: str) -> str:
    """Bring a token to the form the models know: lower case, no accents, digits as 0.

    URLs and user names become one token each; a break of line is a line feed.
    """
    return _fold_short(word[:LONGEST])


class WordTokenizer:
    """The tokenizer spaCy calls: text in, `Doc` out, with `doc.text == text`.

    A lone surrogate, which UTF-8 cannot carry, is held as U+FFFD; offsets do not move.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenize a text of any length and content."""
        from spacy.tokens import Doc

        words: list[str] = []
        spaces: list[bool] = []
        for token in split_tokens(_SURROGATE.sub("\ufffd", text)):
            rest = token
            if words and not spaces[-1] and token[0] == " " and not words[-1].isspace():
                spaces[-1] = True  # as spaCy has it: one blank belongs to the word before it
                rest = token[1:]
            if rest:
                words.append(rest)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)
