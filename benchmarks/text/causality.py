"""What the connectives find by themselves, and what they find where nothing is causal.

`fincausal2025_es_en`: annual reports; a question about a cause or an effect, and the passage that
answers it. The connectives alone answer: each cuts its sentence in two, and of all parts the one is
given whose counterpart the question repeats. Its words are scored against the answer (token F1),
over the rows with a connective; `direction` is the share of these in which the side that the
question asks for (a cause or an effect) is the side that the list says. The floor is the whole
passage. Known figure for rules, on another subset: .898 es, .770 en. `practice` is the set's own
held-out part.

`causalnewscorpus_en`: news, sentence by sentence causal or not (much of it in ways no customer
uses: "demanding", "to"). A sentence is called causal where a strong connective is found, or any.
`extractor` are false alarms of the whole extractor: causes in sentences that are not causal, and
explicit ones.

`complaint_cause_tweets_en`: complaint or not, and the exact words of the cause, which are the whole
tweet without handles more often than not (that is the floor); 301 causes that are no words of the
tweet are left out.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.text.figures import average, balance, count_words, divide, score_macro, score_words
from benchmarks.text.harness import Row, Run, Tables, find_folder
from ingest.text.connectives import Connective, load_connectives
from ingest.text.units import Units, read_units

_ENDS = frozenset(".!?\n…")
_EFFECT = re.compile(
    r"consecuencia|efecto|impacto|implica|resultado|supon|supuso|repercu|conllev|permit|deriv|provoca(?:do)?\b"
    r"|sucedi|ocurri|consequence|effect|impact|result|implication|outcome|happen|affect|influence|lead to",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"por qu|a qué se|causa|razon|razón|motiv|factor|gracias a|debido|a raíz|explica|"
    r"why|cause|reason|factor|explain|account|led to|drove|due to|contribut|trigger|based on",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One side of a connective: the words there, those of the other side, and whether it is the cause."""

    text: str
    other: str
    is_cause: bool


def measure(run: Run) -> Tables:
    """Give a table a set."""
    return {
        "fincausal2025_es_en": _measure_fincausal(run),
        "causalnewscorpus_en": _measure_news(run),
        "complaint_cause_tweets_en": _measure_tweets(run),
    }


def read_rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Read a compressed CSV file."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _measure_fincausal(run: Run) -> list[Row]:
    folder = find_folder("fincausal2025_es_en")
    table = []
    for lang in ("es", "en"):
        for name, file in (("train", "training_data"), ("practice", "reference_data_practice")):
            rows = run.sample(read_rows(folder / f"{file}_{lang}.csv.gz", ";"))
            table.append({"lang": lang, "part": name, **_score_answers(rows, lang)})
    return table


def _score_answers(rows: Sequence[dict[str, str]], lang: str) -> Row:
    floor, found, right_side, asked_any = [], [], [], []
    for row in rows:
        part = answer_question(row["Text"], row["Question"], lang)
        whole = score_words(row["Answer"], row["Text"])
        asked_any.append(score_words(row["Answer"], part.text) if part else whole)
        if part is None:
            continue
        floor.append(whole)
        found.append(asked_any[-1])
        cause = asks_cause(row["Question"])
        if cause is not None and found[-1] >= 0.5:
            right_side.append(part.is_cause == cause)
    return {
        "rows": len(rows),
        "n": len(found),
        "floor_f1": average(floor),
        "token_f1": average(found),
        "all_rows_f1": average(asked_any),
        "n_direction": len(right_side),
        "direction": average(right_side),
    }


def asks_cause(question: str) -> bool | None:
    """Tell what a question asks for: True for a cause, False for an effect, None if that is unclear."""
    cause, effect = bool(_CAUSE.search(question)), bool(_EFFECT.search(question))
    return None if cause == effect else cause


def answer_question(text: str, question: str, lang: str) -> Part | None:
    """Give the part of the text whose counterpart says most of what the question says, if any."""
    asked = count_words(question)

    def measure_fit(part: Part) -> float:
        other, own = count_words(part.other), count_words(part.text)
        repeated = (asked & other).total() / max(other.total(), 1)
        return repeated - (asked & own).total() / max(own.total(), 1)

    return max(list_parts(text, lang), key=measure_fit, default=None)


def list_parts(text: str, lang: str) -> Iterator[Part]:
    """Cut the sentence of each connective in two; a connective that opens one reaches back one more."""
    units = read_units(text)
    for connective in load_connectives().find_all(units.fold(), lang):
        before, after = _read_sides(units, connective)
        if before is None or after is None:
            continue
        sides = [text[units.starts[first] : units.end_of(last)] for first, last in (before, after)]
        causes = (connective.cause == "before", connective.cause == "after")
        yield Part(sides[0], sides[1], causes[0])
        yield Part(sides[1], sides[0], causes[1])


def _read_sides(units: Units, at: Connective) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    stop = _find_end(units, at.last + 1)
    after = units.trim(at.last + 1, stop - 1)
    start = _find_start(units, at.first - 1)
    before = units.trim(start, at.first - 1)
    if before is not None:
        return before, after
    if at.cause == "before":  # "... . Therefore, ...": the cause is the sentence before
        return units.trim(_find_start(units, start - 2), start - 1), after
    comma = next((k for k in range(at.last + 1, stop) if units.words[k] == ","), stop)
    return units.trim(comma, stop - 1), units.trim(at.last + 1, comma - 1)  # "Since X, Y"


def _find_end(units: Units, unit: int) -> int:
    while unit < len(units) and not _ends(units, unit):
        unit += 1
    return unit


def _find_start(units: Units, unit: int) -> int:
    while unit >= 0 and not _ends(units, unit):
        unit -= 1
    return max(unit + 1, 0)


def _ends(units: Units, unit: int) -> bool:
    """A full stop inside a number ends nothing."""
    if units.words[unit] not in _ENDS:
        return False
    return unit + 1 >= len(units) or units.starts[unit + 1] > units.end_of(unit)


def _measure_news(run: Run) -> list[Row]:
    folder = find_folder("causalnewscorpus_en")
    table = []
    for part in ("train", "dev"):
        rows = run.sample(read_rows(folder / f"{part}_subtask1.csv.gz"))
        found = [list(load_connectives().find_all(read_units(r["text"]).fold(), "en")) for r in rows]
        causal = [row["label"] == "1" for row in rows]
        calls = {"strong": [any(c.strong for c in f) for f in found], "any": [bool(f) for f in found]}
        for name, called in calls.items():
            table.append({"part": part, "by": name, "n": len(rows), **_score_calls(causal, called)})
        answers = [run.extractor.extract(row["text"], "en") for row in rows]
        explicit = [any(c.kind == "explicit" for c in answer.causes) for answer in answers]
        for name, called in (
            ("extractor: explicit", explicit),
            ("extractor: causes", [bool(a.causes) for a in answers]),
        ):
            table.append({"part": part, "by": name, "n": len(rows), **_score_calls(causal, called)})
    return table


def _score_calls(causal: Sequence[bool], called: Sequence[bool]) -> Row:
    both = sum(c and s for c, s in zip(causal, called, strict=True))
    precision, recall = divide(both, sum(called)), divide(both, sum(causal))
    return {
        "called": sum(called),
        "base_rate": average(causal),
        "precision": precision,
        "recall": recall,
        "f1": balance(precision or 0.0, recall or 0.0),
        "n_not_causal": len(causal) - sum(causal),
        "false_alarms": divide(sum(called) - both, len(causal) - sum(causal)),
    }


def _measure_tweets(run: Run) -> list[Row]:
    rows = run.sample(read_rows(find_folder("complaint_cause_tweets_en") / "xci.csv.gz"))
    answers = [run.extractor.extract(row["tweet"], "en") for row in rows]
    truth = [row["label"] == "1" for row in rows]
    spans = [
        (row, a)
        for row, a in zip(rows, answers, strict=True)
        if row["label"] == "1" and row["Explain"] in row["tweet"]
    ]
    return [
        {
            "by": "floor",
            "n": len(rows),
            "complaint_macro_f1": score_macro(truth, [True] * len(rows)),
            "n_spans": len(spans),
            "exact": average(_bare(re.sub(r"@\w+", "", r["tweet"])) == _bare(r["Explain"]) for r, _ in spans),
        },
        {
            "by": run.name,
            "n": len(rows),
            "complaint_macro_f1": score_macro(truth, [a.complaint for a in answers]),
            "n_spans": len(spans),
            "exact": average(any(_bare(c.quote) == _bare(r["Explain"]) for c in a.causes) for r, a in spans),
        },
    ]


def _bare(text: str) -> str:
    """The words alone, so that signs and blanks at the ends decide nothing."""
    return " ".join(re.findall(r"\w+", text.lower()))
