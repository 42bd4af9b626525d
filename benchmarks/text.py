"""How right and how fast the extractor is, on annotated real texts.

    python benchmarks/text.py [--json]

Reads `gold_causes` of the data folder ($MOTIVO_DATA, else ../shared/data). Beside the extractor
stand the floor (the whole text as one cause) and the ceiling (one annotator against the other).
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from ingest.text import Extractor, load_extractor
from ingest.text.corpus import read_phrases

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("MOTIVO_DATA", ROOT.parent / "shared" / "data"))
SHOWN = (
    "span_f1", "span_precision", "span_recall", "implicit_recall", "explicit_recall", "exact",
    "complaint_f1", "clean_precision", "cause_bcubed", "cause_covered", "end_to_end",
)  # fmt: skip


def load_scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure_gold(extractor: Extractor, folder: Path) -> dict[str, Any]:
    """Score extractor, floor and ceiling, by language."""
    scorer = load_scorer(folder)
    texts, a, b = (scorer.read(folder / f"{name}.jsonl") for name in ("texts", "annotator_a", "annotator_b"))
    found = {i: extractor.extract(row["text"]).to_dict() for i, row in texts.items()}
    whole = {
        i: {
            "complaint": True,
            "causes": [{"start": 0, "end": len(row["text"]), "cause": "x", "kind": "implicit"}],
        }
        for i, row in texts.items()
    }
    return {
        "floor": scorer.score(texts, a, b, whole, golds=(a, b)),
        "lexical": scorer.score(texts, a, b, found, golds=(a, b)),
        "human": scorer.score(texts, a, a, b, golds=(a,)),
    }


def measure_speed(extractor: Extractor) -> dict[str, float]:
    """Texts per CPU second: short ones (two joined phrases of the corpus), and a 1 MB one."""
    phrases = [phrase.text for phrase in read_phrases()]
    short = [f"{a}. {b}" for a, b in zip(phrases[::2], phrases[1::2], strict=True)]
    for text in short[:200]:
        extractor.extract(text)
    start = time.process_time()
    for text in short:
        extractor.extract(text)
    short_seconds = time.process_time() - start
    megabyte = (". ".join(phrases) * 10)[:1_000_000]
    start = time.process_time()
    extractor.extract(megabyte)
    return {
        "short_texts": len(short),
        "mean_characters": round(sum(map(len, short)) / len(short)),
        "texts_per_cpu_second": round(len(short) / short_seconds),
        "megabyte_seconds": round(time.process_time() - start, 2),
    }


def print_gold(results: dict[str, Any]) -> None:
    groups = ("es", "pt", "en", "all")
    print("".ljust(17), *(f"{name + ' ' + g:>11}" for name in results for g in groups))
    for measure in SHOWN:
        cells = (results[name][g][measure] for name in results for g in groups)
        row = ("-" if cell is None else f"{cell:.3f}" for cell in cells)
        print(measure.ljust(17), *(f"{cell:>11}" for cell in row))


def main() -> None:
    start = time.perf_counter()
    extractor = load_extractor(vectors=False)
    load_seconds = round(time.perf_counter() - start, 2)
    report: dict[str, Any] = {
        "version": extractor.version,
        "load_seconds": load_seconds,
        "speed": measure_speed(extractor),
    }
    gold = DATA / "gold_causes"
    if gold.is_dir():
        report["gold"] = measure_gold(extractor, gold)
    if "--json" in sys.argv:
        print(json.dumps(report))
        return
    print(report["version"], f"loaded in {load_seconds} s")
    for name, value in report["speed"].items():
        print(f"{name:22} {value:>8}")
    if "gold" in report:
        print_gold(report["gold"])
    else:
        print(f"gold_causes: not run, {gold} is not there")


if __name__ == "__main__":
    main()
