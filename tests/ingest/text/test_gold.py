"""The lexical form stays well above its floor on annotated real texts."""

from pathlib import Path

from benchmarks.text import gold
from benchmarks.text.harness import Run
from ingest.text import Extractor


def test_better_than_the_floor(extractor: Extractor, data: Path) -> None:
    rows = gold.measure(Run(extractor, "lexical"))["gold_causes"]
    floor, lexical = (
        next(row for row in rows if row["lang"] == "all" and row["system"] == system)
        for system in ("floor", "lexical")
    )
    assert lexical["span_f1"] > floor["span_f1"] + 0.03
    assert lexical["complaint_f1"] > 0.67
    assert lexical["cause_bcubed"] > 0.4
    assert lexical["end_to_end"] > 0.2
