"""The review queue: causes that the extractor cannot name, proposed by likeness and decided by people."""

from ingest.text.review.desk import Desk
from ingest.text.review.judgements import TOPIC, Judgements, find_undone, in_force, replay
from ingest.text.review.labels import export_labels
from ingest.text.review.likeness import Likeness, Quote, load_likeness
from ingest.text.review.naming import Named, Namer, load_namer
from ingest.text.review.proposals import FLOOR, Proposal, Queue
from ingest.text.review.statements import Statement

__all__ = [
    "FLOOR",
    "TOPIC",
    "Desk",
    "Judgements",
    "Likeness",
    "Named",
    "Namer",
    "Proposal",
    "Queue",
    "Quote",
    "Statement",
    "export_labels",
    "find_undone",
    "in_force",
    "load_likeness",
    "load_namer",
    "replay",
]
