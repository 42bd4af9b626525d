"""Where knowledge is kept: the store contract, the stores, the graph as arrays."""

from graph.archive import Archive
from graph.contract import Reader, Store, Transaction
from graph.copying import Copied, copy_store
from graph.export import Exported, export_neo4j_admin
from graph.model import (
    Branch,
    Columns,
    Contribution,
    Counts,
    Decision,
    Erasure,
    FieldError,
    Hit,
    Judgement,
    KnownRecord,
    Measure,
    Move,
    Neighbour,
    Node,
    Page,
    Problem,
    Progress,
    Ref,
    RejectedRow,
    Relationship,
    Run,
    Subject,
    Totals,
    Where,
)
from graph.projection import Positions, Projection
from graph.store import open_store
from graph.urls import hide_password

__all__ = [
    "Archive",
    "Branch",
    "Columns",
    "Contribution",
    "Copied",
    "Counts",
    "Decision",
    "Erasure",
    "Exported",
    "FieldError",
    "Hit",
    "Judgement",
    "KnownRecord",
    "Measure",
    "Move",
    "Neighbour",
    "Node",
    "Page",
    "Positions",
    "Problem",
    "Progress",
    "Projection",
    "Reader",
    "Ref",
    "RejectedRow",
    "Relationship",
    "Run",
    "Store",
    "Subject",
    "Totals",
    "Transaction",
    "Where",
    "copy_store",
    "export_neo4j_admin",
    "hide_password",
    "open_store",
]
