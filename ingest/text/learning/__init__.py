"""Learning from labelled texts: the company's own, or the corpus. README.md says how the parts fit."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.text.learning.company import Outcome, fit, learn, split_texts
    from ingest.text.learning.draft import Draft, LabelBook
    from ingest.text.learning.labelled import Flaw, LabelledCause, LabelledFile, LabelledText, read_labelled
    from ingest.text.learning.scores import Answer, Scores, score_answers
    from ingest.text.learning.selection import Candidate, choose_texts

# Imported when asked for: some parts need what only an extra installs.
_HOME = {
    "Answer": "scores",
    "Candidate": "selection",
    "Draft": "draft",
    "Flaw": "labelled",
    "LabelBook": "draft",
    "LabelledCause": "labelled",
    "LabelledFile": "labelled",
    "LabelledText": "labelled",
    "Outcome": "company",
    "Scores": "scores",
    "choose_texts": "selection",
    "fit": "company",
    "learn": "company",
    "read_labelled": "labelled",
    "score_answers": "scores",
    "split_texts": "company",
}
__all__ = [
    "Answer",
    "Candidate",
    "Draft",
    "Flaw",
    "LabelBook",
    "LabelledCause",
    "LabelledFile",
    "LabelledText",
    "Outcome",
    "Scores",
    "choose_texts",
    "fit",
    "learn",
    "read_labelled",
    "score_answers",
    "split_texts",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
