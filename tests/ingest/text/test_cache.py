"""What was read is found again, by text, language and version; a damaged file costs only time."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text import CauseSpan, Extraction, Span
from ingest.text.cache import CachedExtractor
from schema import StoreError


class Counting:
    """Calls every word a cause, and counts how often it is asked."""

    def __init__(self, version: str = "words-1", most: int = 5) -> None:
        self.version, self.most, self.asked = version, most, 0

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        self.asked += 1
        words, at = [], 0
        for word in text.split()[: self.most]:
            at = text.index(word, at)
            words.append(CauseSpan(word, at, at + len(word), "implicit", None, 0.5, None))
            at += len(word)
        return Extraction(
            lang or "es", bool(words), 0.5, tuple(words), (Span(text[:1], 0, min(1, len(text))),)
        )


@settings(deadline=None)
@given(st.lists(st.text(), max_size=8), st.sampled_from((None, "es", "pt")))
def test_the_answer_is_that_of_the_extractor(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], lang: str | None
) -> None:
    path = tmp_path_factory.mktemp("cache") / "readings.db"
    plain = Counting()
    expected = [plain.extract(text, lang) for text in texts]
    for asked in (len(set(texts)), 0):
        behind = Counting()
        cached = CachedExtractor(behind, path)
        assert [cached.extract(text, lang) for text in texts] == expected
        assert [cached.extract(text, lang) for text in texts] == expected
        assert behind.asked == asked
        cached.close()


def test_the_language_that_is_given_is_part_of_the_question(tmp_path: Path) -> None:
    behind = Counting()
    cached = CachedExtractor(behind, tmp_path / "readings.db")
    assert [cached.extract("no llega", lang).lang for lang in ("es", "pt")] == ["es", "pt"]
    assert behind.asked == 2
    cached.close()


def test_a_new_version_reads_again_and_says_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "readings.db"
    first = CachedExtractor(Counting(), path)
    for text in ("uno dos tres", "uno"):
        first.extract(text)
    first.close()
    second = CachedExtractor(Counting("words-2", most=2), path)
    for text in ("uno dos tres", "uno", "otro"):
        second.extract(text)
    second.close()
    assert vars(second.counts) == {"read": 3, "found": 0, "read_again": 2, "changed": 1}
    with sqlite3.connect(path) as base:
        assert {row[0] for row in base.execute("SELECT version FROM readings")} == {"words-2"}


def test_nothing_that_a_customer_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "readings.db"
    cached = CachedExtractor(Counting(), path)
    cached.extract("secretisimo reclamo")
    cached.close()
    assert all(b"secretisimo" not in file.read_bytes() for file in tmp_path.iterdir())
    assert path.stat().st_mode & 0o077 == 0


def test_a_damaged_answer_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "readings.db"
    cached = CachedExtractor(Counting(), path)
    expected = cached.extract("no llega")
    cached.close()
    with sqlite3.connect(path) as base:
        base.execute("UPDATE readings SET answer = x'00'")
    again = CachedExtractor(Counting(), path)
    assert again.extract("no llega") == expected
    again.close()


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE customers (name TEXT)")
    with pytest.raises(StoreError, match="something else"):
        CachedExtractor(Counting(), path)
    with pytest.raises(StoreError, match="cannot be kept"):
        CachedExtractor(Counting(), tmp_path / "no" / "folder.db")
