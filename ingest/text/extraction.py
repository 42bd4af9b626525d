"""What an extractor answers, and the contract every extractor keeps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

Kind = Literal["explicit", "implicit"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text: `text[start:end] == quote`, offsets in code points."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CauseSpan(Span):
    """Words that state what went wrong.

    kind: explicit when a connective links it to its effect, else implicit.
    cause: a taxonomy id such as `delivery.late`, or None where the extractor cannot tell.
    confidence: probability, 0 to 1, that these words state a cause of the complaint.
    deeper_of: index, in `Extraction.causes`, of the failure that this cause explains.
    """

    kind: Kind
    cause: str | None
    confidence: float
    deeper_of: int | None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read out of one text. `score` is the probability of a complaint."""

    lang: str
    complaint: bool
    score: float
    causes: tuple[CauseSpan, ...]
    effects: tuple[Span, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the object that `motivo extract` writes, but for the text's id."""
        return {
            "lang": self.lang,
            "complaint": self.complaint,
            "score": self.score,
            "causes": [asdict(cause) for cause in self.causes],
            "effects": [asdict(effect) for effect in self.effects],
        }


class Extractor(Protocol):
    """Anything that reads causes out of a text.

    The same text and `lang` give the same answer, in any process. `extract` accepts every string
    and never raises. `version` changes whenever an answer may change.
    """

    @property
    def version(self) -> str:
        """Name and version of the method and of its model."""
        ...

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        """Read one text; `lang` is its language where that is known."""
        ...
