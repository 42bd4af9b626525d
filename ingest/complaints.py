"""From the texts of complaints to the causes that they state, as nodes and relationships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graph import Transaction
from ingest.text import Extraction, Extractor, Taxonomy
from ingest.text.review import Namer, Quote
from ingest.text.taxonomy import UNKNOWN, UNKNOWN_NAMES
from schema import ATTRIBUTED_TO, CAUSE, LANGUAGES, Triple

TAXONOMY = "taxonomy"  # the source of the nodes of causes
CAUSED_BY = Triple(CAUSE, "CAUSED_BY", CAUSE)


def write_taxonomy(transaction: Transaction, taxonomy: Taxonomy) -> None:
    """Write the nodes of all causes, with their names in every language."""
    keys = [cause.id for cause in taxonomy] + [UNKNOWN]
    names = [cause.names for cause in taxonomy] + [UNKNOWN_NAMES]
    columns: dict[str, list[Any]] = {f"name_{lang}": [n[lang] for n in names] for lang in LANGUAGES}
    columns["domain"] = [key.partition(".")[0] for key in keys]
    columns["pack"] = [cause.pack for cause in taxonomy] + [None]
    transaction.upsert_records(TAXONOMY, keys, [0] * len(keys))
    transaction.upsert_nodes(CAUSE, TAXONOMY, keys, keys, columns)


@dataclass
class StatedCauses:
    """The causes stated in a batch of complaints, ready to be written."""

    extractor: Extractor
    namer: Namer
    records: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    deeper: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, record: str, complaint: str, extraction: Extraction) -> None:
        """Take in what was read out of the text of a complaint."""
        read = [(Quote(s.quote, extraction.lang), s.cause or UNKNOWN) for s in extraction.causes]
        named = self.namer.name(complaint, read)
        ids = [each.cause for each in named]
        for span, how in zip(extraction.causes, named, strict=True):
            cause = how.cause
            self.records.append(record)
            self.complaints.append(complaint)
            self.causes.append(cause)
            for name, value in (
                ("quote", span.quote),
                ("starts_at", span.start),
                ("ends_at", span.end),
                ("manner", span.kind),
                ("confidence", span.confidence),
                ("extractor", self.extractor.version),
                ("read_as", how.read_as),
                ("decided_by", how.decided_by),
            ):
                self.columns.setdefault(name, []).append(value)
            if span.deeper_of is not None and ids[span.deeper_of] != cause:
                self.deeper.append((record, ids[span.deeper_of], cause))

    def write(self, transaction: Transaction, source: str) -> None:
        """Write the causes and what they are caused by."""
        if self.records:
            transaction.upsert_relationships(
                ATTRIBUTED_TO, source, self.records, self.complaints, self.causes, self.columns
            )
        if self.deeper:
            records, failures, reasons = zip(*self.deeper, strict=True)
            transaction.upsert_relationships(CAUSED_BY, source, records, failures, reasons, {})


def read_texts(
    extractor: Extractor, texts: Sequence[str | None], languages: Sequence[str | None]
) -> list[Extraction | None]:
    """Read each text; None where there is none."""
    return [
        None if text is None else extractor.extract(text, lang if lang in LANGUAGES else None)
        for text, lang in zip(texts, languages, strict=True)
    ]
