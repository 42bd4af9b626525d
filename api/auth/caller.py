"""Who asks, and what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from schema import Sensitivity

RANKS = (Sensitivity.PUBLIC, Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


class Role(StrEnum):
    """What somebody does with the service.

    WIDGET is a page that shows one customer; ANYONE has not said who they are.
    """

    ANYONE = "anyone"
    WIDGET = "widget"
    ANALYST = "analyst"
    AGENT = "agent"
    INVESTIGATOR = "investigator"
    ADMIN = "admin"


# The most sensitive that a role may see; ANYONE sees nothing of the graph.
CLEARANCE: Mapping[Role, Sensitivity] = {
    Role.ANYONE: Sensitivity.PUBLIC,
    Role.ANALYST: Sensitivity.PUBLIC,
    Role.WIDGET: Sensitivity.PERSONAL,
    Role.AGENT: Sensitivity.PERSONAL,
    Role.INVESTIGATOR: Sensitivity.SENSITIVE,
    Role.ADMIN: Sensitivity.SENSITIVE,
}


@dataclass(frozen=True)
class Caller:
    """Somebody who asks.

    name: who, as the audit log has it (a subject or the id of a key).
    customer: the only one that may be seen (widgets).
    rows: node kind -> keys; only customers joined to one of these nodes, and what is theirs, may be seen;
    none: all.
    expires_at: when it ends that they are known; None: it does not.
    """

    role: Role = Role.ANYONE
    name: str = ""
    customer: str | None = None
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expires_at: datetime | None = None

    def may_see(self, sensitivity: Sensitivity) -> bool:
        """Tell whether values of this sensitivity may be shown."""
        return RANKS.index(sensitivity) <= RANKS.index(CLEARANCE[self.role])
