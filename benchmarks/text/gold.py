"""How right the extractor is on annotated real texts, per language.

`gold_causes`: texts read by two annotators, scored by the set's own score.py, which explains the
figures. Beside the extractor stand the floor (the whole text as one cause) and the human ceiling
(one annotator against the other).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.text.harness import Run, Tables, find_folder

SHOWN = (
    "span_f1", "span_precision", "span_recall", "implicit_recall", "explicit_recall", "exact",
    "complaint_f1", "clean_precision", "cause_bcubed", "cause_covered", "end_to_end",
)  # fmt: skip
LANGUAGES = ("es", "pt", "en", "all")


def load_scorer(folder: Path) -> ModuleType:
    """Import the set's own score.py."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(run: Run) -> Tables:
    """Score floor, extractor and ceiling: one row a language and system."""
    folder = find_folder("gold_causes")
    scorer = load_scorer(folder)
    texts, a, b = (scorer.read(folder / f"{name}.jsonl") for name in ("texts", "annotator_a", "annotator_b"))
    found = {i: run.extractor.extract(row["text"]).to_dict() for i, row in texts.items()}
    whole = {i: _mark_whole(row["text"]) for i, row in texts.items()}
    systems: dict[str, Any] = {
        "floor": scorer.score(texts, a, b, whole, golds=(a, b)),
        run.name: scorer.score(texts, a, b, found, golds=(a, b)),
        "human": scorer.score(texts, a, a, b, golds=(a,)),
    }
    rows = []
    for lang in LANGUAGES:
        for system, scores in systems.items():
            row = {"lang": lang, "system": system, "n": scores[lang]["texts"]}
            rows.append(row | {figure: scores[lang][figure] for figure in SHOWN})
    return {"gold_causes": rows}


def _mark_whole(text: str) -> dict[str, Any]:
    cause = {"start": 0, "end": len(text), "cause": "x", "kind": "implicit"}
    return {"complaint": True, "causes": [cause]}
