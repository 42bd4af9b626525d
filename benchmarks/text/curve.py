"""Learning curve: what labelled texts of one source do for its other texts.

`gold_causes`: the texts of its largest source are shuffled; a third is held out, and the model that
learns from labels is fitted on the first 0, 6, 12 and 24 of the others as annotator A marked them.
Scores are those of the set's score.py on the held-out ones against both annotators, means over
shuffles (one in a small run, five with --full); `spread` is the standard deviation of span F1.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from statistics import mean, pstdev
from typing import Any

from benchmarks.text.gold import load_scorer
from benchmarks.text.harness import NotRun, Row, Run, Tables, find_folder
from ingest.text import load_taxonomy
from ingest.text.learning import LabelledText, fit, read_labelled
from schema import MotivoError

SHUFFLES = 5
SIZES = (0, 6, 12, 24)
SHOWN = ("span_f1", "complaint_f1", "cause_bcubed", "end_to_end")


def measure(run: Run) -> Tables:
    """Give a row a number of texts learned from."""
    if run.name != "vectors":
        raise NotRun("only the extractor by vectors learns from labels")
    folder = find_folder("gold_causes")
    scorer = load_scorer(folder)
    texts, a, b = (scorer.read(folder / f"{name}.jsonl") for name in ("texts", "annotator_a", "annotator_b"))
    source = Counter(i.split(":")[0] for i in texts).most_common(1)[0][0]
    ids = sorted(i for i in texts if i.startswith(f"{source}:"))
    scores: dict[int, list[Row]] = {size: [] for size in SIZES}
    for seed in range(1 if run.limit else SHUFFLES):
        order = random.Random(seed).sample(ids, len(ids))
        held_out = {i: texts[i] for i in order[-len(ids) // 3 :]}
        for size in SIZES:
            try:
                extractor = fit(_label([(texts[i], a[i]) for i in order[:size]])) if size else run.extractor
            except MotivoError as error:
                raise NotRun(str(error)) from error
            found = {i: extractor.extract(row["text"]).to_dict() for i, row in held_out.items()}
            scores[size].append(scorer.score(held_out, a, b, found, golds=(a, b), languages=())["all"])
    return {source: [_summarise(size, rows) for size, rows in scores.items()]}


def _label(marked: list[tuple[Row, Row]]) -> list[LabelledText]:
    """Give annotated texts as `text train` reads them; labels beyond the taxonomy have no cause."""
    lines = []
    for text, marks in marked:
        causes = []
        for mark in marks["causes"]:
            start = mark.get("start", text["text"].find(mark["quote"]))
            cause = load_taxonomy().find_label(mark["label"])
            end = start + len(mark["quote"])
            causes.append({"start": start, "end": end, "cause": cause.id if cause else None})
        row: dict[str, Any] = {**text, "complaint": marks["complaint"], "causes": causes}
        lines.append(json.dumps(row).encode())
    return read_labelled(lines).texts


def _summarise(size: int, rows: list[Row]) -> Row:
    row: Row = {"learned_from": size, "shuffles": len(rows)}
    row |= {name: mean(r[name] for r in rows) for name in SHOWN}
    return row | {"spread": pstdev(r["span_f1"] for r in rows)}
