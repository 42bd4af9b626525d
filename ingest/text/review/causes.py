"""What the graph holds of judgements: the company's own causes, and the causes of judged quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graph import Decision, Move, Reader, Transaction
from ingest.text.review.judgements import OWN, Judgements, replay
from ingest.text.review.likeness import Likeness
from ingest.text.review.naming import Namer
from ingest.text.review.statements import Statement, read_complaint, read_statements
from ingest.text.taxonomy import UNKNOWN
from schema import ATTRIBUTED_TO, CAUSE, LANGUAGES, Triple

SOURCE = "the company's causes"  # a name that no source of a project can have
MERGED_INTO = Triple(CAUSE, "MERGED_INTO", CAUSE)


def apply(transaction: Transaction, decisions: Sequence[Decision], likeness: Callable[[], Likeness]) -> None:
    """Bring the graph to what decisions lead to: nothing changes where it is there already."""
    judgements = replay(decisions)
    transaction.begin_run("review")
    _write_causes(transaction, judgements)
    moves = _find_moves(transaction.reader, decisions, Namer(judgements, likeness))
    transaction.move_relationships(ATTRIBUTED_TO, moves)
    transaction.close_vanished(SOURCE)
    transaction.finish_run()


def _write_causes(transaction: Transaction, judgements: Judgements) -> None:
    """Write the company's causes, and where those lead that were merged."""
    own = judgements.own_causes()
    keys = sorted(own)
    columns = {f"name_{lang}": [own[key].names.get(lang) for key in keys] for lang in LANGUAGES}
    columns["domain"] = [OWN] * len(keys)
    columns["pack"] = [own[key].pack for key in keys]
    transaction.upsert_records(SOURCE, keys, [0] * len(keys))
    transaction.upsert_nodes(CAUSE, SOURCE, keys, keys, columns)
    merged = [key for key in keys if key in judgements.into]
    ends = [judgements.into[key] for key in merged]
    transaction.upsert_relationships(MERGED_INTO, SOURCE, merged, merged, ends, {})


def _find_moves(reader: Reader, decisions: Sequence[Decision], namer: Namer) -> list[Move]:
    """Return what has to move: only what any decision, undone or not, may have touched is looked at."""
    causes = {str(d.said[entry]) for d in decisions for entry in ("id", "to") if d.said.get(entry)}
    judged = [
        s
        for s in read_statements(reader, causes | {UNKNOWN})
        if s.read == UNKNOWN or s.decided_by is not None
    ]
    corrected = {s.key for d in decisions if d.action == "correct" for s in d.subjects}
    complaints: dict[str, list[Statement]] = {}
    for statement in judged:
        complaints.setdefault(statement.complaint, []).append(statement)
    complaints.update({key: read_complaint(reader, key) for key in sorted(corrected)})
    namer.place([s.quote for some in complaints.values() for s in some if s.read == UNKNOWN])
    moves = []
    for complaint, stated in complaints.items():
        named = namer.name(complaint, [(s.quote, s.read) for s in stated])
        for s, now in zip(stated, named, strict=True):
            if (now.cause, now.read_as, now.decided_by) != (s.cause, s.read_as, s.decided_by):
                how = {"read_as": now.read_as, "decided_by": now.decided_by}
                moves.append(Move(complaint, s.cause, s.start, now.cause, how))
    return moves
