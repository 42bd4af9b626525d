"""How fast the extractor is: texts per CPU second, short ones and one of a megabyte."""

from __future__ import annotations

import time

from benchmarks.text.harness import Run, Tables
from ingest.text.corpus import read_phrases


def measure(run: Run) -> Tables:
    """Time short texts (two phrases of the corpus, joined), after a warm-up, and a long one."""
    phrases = [phrase.text for phrase in read_phrases()]
    short = run.sample([f"{a}. {b}" for a, b in zip(phrases[::2], phrases[1::2], strict=True)])
    for text in short[:100]:
        run.extractor.extract(text)
    seconds = _time_texts(run, short)
    rows = [_make_row("short", short, seconds)]
    long = (". ".join(phrases) * 10)[: 1_000_000 if run.limit is None else 100_000]
    rows.append(_make_row("long", [long], _time_texts(run, [long])))
    return {"speed": rows}


def _time_texts(run: Run, texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        run.extractor.extract(text)
    return time.process_time() - start


def _make_row(name: str, texts: list[str], seconds: float) -> dict[str, object]:
    return {
        "texts": name,
        "n": len(texts),
        "mean_characters": round(sum(map(len, texts)) / len(texts)),
        "cpu_seconds": round(seconds, 2),
        "texts_per_cpu_second": round(len(texts) / max(seconds, 1e-9), 1),
    }
