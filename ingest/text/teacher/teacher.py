"""The teacher: a text goes out without its personal data, and comes back as an extraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from ingest.text.extraction import Extraction
from ingest.text.language import LanguageIdentifier
from ingest.text.taxonomy import load_taxonomy
from ingest.text.teacher.answers import AnswerError, Reading, find_answer, read_answer
from ingest.text.teacher.cache import AnswerCache
from ingest.text.teacher.client import Client, Reply
from ingest.text.teacher.endpoint import Endpoint
from ingest.text.teacher.prompt import prompt_version, write_correction, write_messages
from ingest.text.teacher.pseudonyms import Pseudonymised, pseudonymise

MOST_CHARACTERS = 12_000  # of a text; what is longer would be marked in its first part only


@dataclass(frozen=True, slots=True)
class Question:
    """A text, its language, and what is sent of it; `asks` is false where there is nothing to ask."""

    text: str
    lang: str
    masked: Pseudonymised
    key: bytes
    asks: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read out of a text; `cached` if nobody was asked now; tokens that were used now."""

    reading: Reading
    cached: bool
    tokens_in: int = 0
    tokens_out: int = 0


class Teacher:
    """Labels texts through an endpoint; threads may share it."""

    def __init__(
        self, endpoint: Endpoint, languages: Sequence[str], cache: Path, *, client: Client | None = None
    ) -> None:
        self.endpoint = endpoint
        self.version = f"teacher-{endpoint.model}-{prompt_version()}"
        self._client = client or Client(endpoint)
        self._cache = AnswerCache(cache, endpoint.model, prompt_version())
        self._languages = LanguageIdentifier(languages)
        self._taxonomy = load_taxonomy()
        self._turns = [Lock() for _ in range(256)]  # the same text is asked once, whoever asks

    def close(self) -> None:
        """Close the connections and the file of answers."""
        self._client.close()
        self._cache.close()

    def prepare(self, text: str, lang: str | None = None) -> Question:
        """Replace the personal data of a text, and say whether there is anything to ask."""
        asks = any(c.isalpha() for c in text)
        masked = pseudonymise(text) if asks and len(text) <= MOST_CHARACTERS else Pseudonymised("", (), ())
        key = self._cache.make_key(masked.text)
        return Question(text, self._languages.identify(text, lang), masked, key, asks)

    def find(self, question: Question) -> Answer | None:
        """Find the answer that was given before, or that needs nobody's help."""
        if not question.asks:
            silent = Extraction(question.lang, complaint=False, score=0.0, causes=(), effects=())
            return Answer(Reading(silent), cached=True)
        reply = self._cache.find_reply(question.key)
        return Answer(self._read(reply.content, question), cached=True) if reply else None

    def answer(self, question: Question) -> Answer:
        """Give the answer of the cache, or ask.

        Raises AnswerError where the teacher has none to this text, ServiceError where it cannot be
        asked.
        """
        with self._turns[question.key[0]]:
            return self.find(question) or self._ask(question)

    def _ask(self, question: Question) -> Answer:
        if len(question.text) > MOST_CHARACTERS:
            raise AnswerError(f"the text has more than {MOST_CHARACTERS:,} characters")
        messages = write_messages(question.masked.text)
        reply = self._client.complete(messages)
        try:
            reading = self._read(reply.content, question)
        except AnswerError as error:
            again = self._client.complete(write_correction(messages, reply.content[:4_000], error.message))
            reply = Reply(
                again.content, reply.tokens_in + again.tokens_in, reply.tokens_out + again.tokens_out
            )
            reading = self._read(reply.content, question)
        self._cache.keep_reply(question.key, reply)
        return Answer(reading, False, reply.tokens_in, reply.tokens_out)

    def _read(self, content: str, question: Question) -> Reading:
        answer = find_answer(content)
        return read_answer(answer, question.masked, question.text, question.lang, self._taxonomy)
