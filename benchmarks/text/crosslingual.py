"""Whether the same sentence gets the same answer in Spanish, Portuguese and English.

`mabsa_es_pt_en`: parallel review sentences of seven domains (machine translations, checked).
`parallel.tsv`: a hundred failures and twenty other sentences of our own, which no model has been
trained on; they have a known cause, so agreement can be told from being right.

The unit is a pair of languages for one sentence. `all`: over all pairs; `any`: over those in which
one side at least is called a complaint; `both`: in which both sides name a cause.

    complaint       the same yes or no
    causes          the same yes or no and the same set of canonical causes
    main_cause      the same canonical cause on the surest span of each side
    chance          main_cause if the sentences of one side were shuffled: what one common name gives
"""

from __future__ import annotations

import ast
import csv
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.text.figures import average, divide
from benchmarks.text.harness import Row, Run, Tables, find_folder
from ingest.text import Extraction, load_taxonomy

LANGUAGES = ("es", "pt", "en")
Parallel = dict[str, str]  # language to sentence


@dataclass(frozen=True)
class Answer:
    """What is compared of an extraction."""

    complaint: bool
    causes: frozenset[str | None]
    main: str | None


def read_answer(found: Extraction) -> Answer:
    """Take the comparable part of an extraction."""
    main = max(found.causes, key=lambda cause: (cause.confidence, -cause.start), default=None)
    return Answer(found.complaint, frozenset(c.cause for c in found.causes), main.cause if main else None)


def measure(run: Run) -> Tables:
    """Give agreement on both sets, and how right the causes of our own sentences are."""
    rows: list[Row] = []
    own = read_own()
    answers = _answer(run, [sentence for sentence, _ in own])
    rows += compare("parallel.tsv", answers)
    tables: Tables = {"agreement": rows, "parallel.tsv, right": _score_own(own, answers)}
    mabsa = read_mabsa(find_folder("mabsa_es_pt_en"))
    bad = run.sample([sentence for sentence, negative in mabsa if negative])
    rows += compare("mabsa negative", _answer(run, bad))
    rows += compare("mabsa", _answer(run, run.sample([sentence for sentence, _ in mabsa])))
    return tables


def read_own() -> list[tuple[Parallel, str]]:
    """Read parallel.tsv: sentences and the id of their cause, empty for no complaint."""
    with Path(__file__).with_name("parallel.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [({lang: row[lang] for lang in LANGUAGES}, row["cause"]) for row in rows]


def read_mabsa(folder: Path) -> list[tuple[Parallel, bool]]:
    """Read the sentences of all domains, and whether an opinion in them is negative."""
    with tarfile.open(folder / "mabsa_es_pt_en.tar.gz") as archive:
        files = {
            member.name.removeprefix("./"): archive.extractfile(member).read().decode().splitlines()  # type: ignore[union-attr]
            for member in archive
            if member.isfile()
        }
    rows = []
    for name in sorted(n for n in files if "/en/" in n):
        sides = [
            [line for line in files[name.replace("/en/", f"/{lang}/")] if line.strip()] for lang in LANGUAGES
        ]
        for lines in zip(*sides, strict=True):
            texts, marks = zip(*(line.rsplit("####", 1) for line in lines), strict=True)
            negative = any(str(mark[2]).lower().startswith("neg") for mark in ast.literal_eval(marks[2]))
            rows.append((dict(zip(LANGUAGES, texts, strict=True)), negative))
    return rows


def _answer(run: Run, sentences: Sequence[Parallel]) -> list[dict[str, Answer]]:
    return [
        {lang: read_answer(run.extractor.extract(s[lang], lang)) for lang in LANGUAGES} for s in sentences
    ]


def compare(name: str, answers: Sequence[dict[str, Answer]]) -> list[Row]:
    """Give a row a pair of languages, and one for all pairs."""
    pairs = list(combinations(LANGUAGES, 2))
    rows = [_score_pairs(answers, [pair]) for pair in pairs]
    labels = ["-".join(pair) for pair in pairs]
    return [
        {"set": name, "pair": label, **row}
        for label, row in zip([*labels, "all"], [*rows, _score_pairs(answers, pairs)], strict=True)
    ]


def _score_pairs(answers: Sequence[dict[str, Answer]], pairs: Sequence[tuple[str, str]]) -> Row:
    sides = [(answer[a], answer[b]) for a, b in pairs for answer in answers]
    either = [(x, y) for x, y in sides if x.complaint or y.complaint]
    both = [(x, y) for x, y in sides if x.main and y.main]
    return {
        "n_all": len(sides),
        "complaint_all": average(x.complaint == y.complaint for x, y in sides),
        "causes_all": average((x.complaint, x.causes) == (y.complaint, y.causes) for x, y in sides),
        "n_any": len(either),
        "complaint_any": average(x.complaint == y.complaint for x, y in either),
        "causes_any": average((x.complaint, x.causes) == (y.complaint, y.causes) for x, y in either),
        "n_both": len(both),
        "main_cause_both": average(x.main == y.main for x, y in both),
        "chance_both": _expect(both),
    }


def _expect(both: Sequence[tuple[Answer, Answer]]) -> float | None:
    left, right = [x.main for x, _ in both], [y.main for _, y in both]
    same = sum(left.count(cause) * right.count(cause) for cause in set(left))
    return divide(same, len(both) ** 2)


def _score_own(own: Sequence[tuple[Parallel, str]], answers: Sequence[dict[str, Answer]]) -> list[Row]:
    known = {cause.id for cause in load_taxonomy()}
    rows = []
    for lang in LANGUAGES:
        named = [(cause, answer[lang]) for (_, cause), answer in zip(own, answers, strict=True) if cause]
        others = [answer[lang] for (_, cause), answer in zip(own, answers, strict=True) if not cause]
        assert all(cause in known for cause, _ in named)
        rows.append(
            {
                "lang": lang,
                "n_failures": len(named),
                "complaint": average(answer.complaint for _, answer in named),
                "main_cause": average(answer.main == cause for cause, answer in named),
                "n_others": len(others),
                "no_complaint": average(not answer.complaint for answer in others),
            }
        )
    return rows
