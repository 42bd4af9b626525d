"""Labelling a file of texts: first what it would cost, then the asking, which can be taken up again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ingest.text.lines import read_lines
from ingest.text.teacher.prompt import write_messages
from ingest.text.teacher.teacher import MOST_CHARACTERS, Answer, Question, Teacher
from ingest.text.teacher.workers import map_in_order
from schema.errors import InputError, ServiceError, UsageError

MOST_FAILURES = 10  # texts in a row without an answer, after which it is given up
_CHARACTERS = 3.5  # of Spanish, Portuguese and English to a token, by what common models count
_ANSWER = 120  # tokens of an answer, on average
_FRAME = 8  # tokens around a message


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens in and out, in whatever currency."""

    tokens_in: float
    tokens_out: float

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Give the cost of so many tokens."""
        return round((tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6, 6)


@dataclass
class Plan:
    """What labelling a file takes: texts = cached + too_long + to_ask, and tokens, about.

    cached: also texts that are there twice, and those without a letter, of which nobody is asked.
    """

    texts: int = 0
    cached: int = 0
    too_long: int = 0
    to_ask: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass
class Report:
    """What became of the texts: texts = answered + cached + failed.

    wrong: lines that are no texts. dropped: quotes that are not in their text. unknown: causes that the
    taxonomy does not have. tokens: as counted by the server, of what was answered now.
    """

    texts: int = 0
    answered: int = 0
    cached: int = 0
    failed: int = 0
    wrong: int = 0
    complaints: int = 0
    causes: int = 0
    dropped: int = 0
    unknown: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


Row = tuple[int, dict[str, Any], Question]


def plan_labels(path: Path, teacher: Teacher) -> Plan:
    """Count what is to be asked, without asking; a text that is there twice is asked once."""
    plan, seen = Plan(), set[bytes]()
    constant = sum(len(m["content"]) / _CHARACTERS + _FRAME for m in write_messages(""))
    for _, row, question in _read_questions(path, teacher, Report(), _ignore):
        plan.texts += 1
        if len(row["text"]) > MOST_CHARACTERS:
            plan.too_long += 1
        elif question.key in seen or teacher.find(question):
            plan.cached += 1
        else:
            seen.add(question.key)
            plan.to_ask += 1
            plan.tokens_in += round(constant + len(question.masked.text) / _CHARACTERS)
            plan.tokens_out += _ANSWER
    return plan


def label_texts(
    path: Path,
    out: Path,
    teacher: Teacher,
    *,
    concurrency: int = 4,
    observe: Callable[[Report], None] | None = None,
    complain: Callable[[str], None] | None = None,
) -> Report:
    """Label the texts of a file; `out` holds those that have an answer, in the order of the file.

    `out` is replaced when all are through. Answers are kept as they come, so that to run this again
    after it was stopped, or killed, goes on where it was. `observe` is told after each text, `complain`
    of each line that has no answer. Raises ServiceError where the teacher cannot
    be asked, or has failed MOST_FAILURES texts in a row.
    """
    report, failures = Report(), 0
    tell = complain or _ignore
    if out.exists() and out.samefile(path):
        raise UsageError(f"{out} is what is to be read", hint="name another file with --out")
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as file:
            rows = _read_questions(path, teacher, report, tell)
            work = map_in_order(lambda row: teacher.answer(row[2]), rows, concurrency)
            with closing(work):
                for (number, row, _), future in work:
                    report.texts += 1
                    try:
                        answer = future.result()
                    except ServiceError as error:
                        if type(error) is ServiceError:
                            raise
                        failures += 1
                        report.failed += 1
                        tell(f"line {number}: {error}")
                        if failures == MOST_FAILURES:
                            raise ServiceError(
                                f"{failures} texts in a row have no answer; the last one: {error}"
                            ) from None
                    else:
                        failures = 0
                        _count(report, answer)
                        file.write(orjson.dumps(_write_row(row, answer)) + b"\n")
                    if observe:
                        observe(report)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    return report


def _ignore(message: str) -> None:
    """Tell nobody."""


def _read_questions(
    path: Path, teacher: Teacher, report: Report, complain: Callable[[str], None]
) -> Iterator[Row]:
    for number, row in read_lines(_open(path)):
        if isinstance(row, InputError):
            report.wrong += 1
            complain(str(row))
        else:
            yield number, row, teacher.prepare(row["text"], row.get("lang"))


def _open(path: Path) -> Iterable[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", hint="name a file of JSON lines"
        ) from None


def _write_row(row: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """Write what `motivo extract` would, with the text, for `motivo text train`."""
    labels = answer.reading.extraction.to_dict()
    return {"id": row.get("id"), "text": row["text"], **labels, "dropped": answer.reading.dropped}


def _count(report: Report, answer: Answer) -> None:
    if answer.cached:
        report.cached += 1
    else:
        report.answered += 1
    report.complaints += answer.reading.extraction.complaint
    report.causes += len(answer.reading.extraction.causes)
    report.dropped += answer.reading.dropped
    report.unknown += answer.reading.unknown
    report.tokens_in += answer.tokens_in
    report.tokens_out += answer.tokens_out
