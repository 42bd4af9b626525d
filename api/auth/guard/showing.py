"""What comes out of the store, as a caller may see it: without what is hidden, under pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from api.auth.guard.patterns import hide_names
from api.auth.policy import ROOT_CAUSE, Owner, Policy
from api.auth.pseudonyms import Pseudonyms
from api.auth.scope import Scope
from api.auth.sightings import Sightings
from graph import Contribution, Decision, Hit, Match, Neighbour, Node, Relationship, Subject

AROUND = 60  # code points of a snippet before and behind the first word that was found


class Shown:
    """Makes answers of what the store says, and notes whom they show."""

    def __init__(self, policy: Policy, scope: Scope, pseudonyms: Pseudonyms, sightings: Sightings) -> None:
        self._policy = policy
        self._scope = scope
        self._pseudonyms = pseudonyms
        self._sightings = sightings
        # By kind: the pseudonyms of keys that were shown, if they have any; whether nodes are noted as seen.
        self._kinds: dict[str, tuple[dict[str, str] | None, bool]] = {}
        self._owners: dict[tuple[type[Owner], str], tuple[frozenset[str], frozenset[str]]] = {}

    def key(self, kind: str, key: str) -> str:
        """Return a key as it is shown, noted as seen."""
        if kind not in self._kinds:
            hides = kind in self._policy.pseudonymous
            self._kinds[kind] = ({} if hides else None, not self._scope.is_shared(kind))
        known, notes = self._kinds[kind]
        shown = key
        if known is not None:
            shown = known.get(key) or known.setdefault(key, self._pseudonyms.hide(kind, key))
        if notes:
            self._sightings.note(kind, shown)
        return shown

    def node(self, node: Node) -> Node:
        """Return a node, its caption made of what is shown."""
        kind, key = node.kind, self.key(node.kind, node.key)
        properties = self._kind(kind, node.properties)
        if key == node.key and properties is node.properties:
            return node
        caption = self._policy.vocabulary.get_kind(kind).caption_of(key, properties)
        # Not by `replace`, which takes four times as long: an answer may have thousands.
        return Node(kind, key, caption, properties, node.source, node.run, node.valid_from, node.valid_to)

    def relationship(self, relationship: Relationship) -> Relationship:
        """Return a relationship."""
        r, triple, said = relationship, relationship.triple, relationship.properties
        start, end = self.key(triple.start, r.start), self.key(triple.end, r.end)
        if said:
            said = self._select(self._policy.vocabulary.get_relationship(triple.type), said)
        if start == r.start and end == r.end and said is r.properties:
            return r
        return Relationship(triple, start, end, said, r.source, r.run, r.valid_from, r.valid_to)

    def neighbour(self, neighbour: Neighbour, cursor: str = "") -> Neighbour:
        """Return a neighbour."""
        relationship, node = self.relationship(neighbour.relationship), self.node(neighbour.node)
        if relationship is neighbour.relationship and node is neighbour.node and cursor == neighbour.cursor:
            return neighbour
        return Neighbour(relationship, neighbour.direction, node, cursor)

    def contribution(self, kind: str, said: Contribution) -> Contribution:
        """Return what a record says of a node; who is shown pseudonyms sees one of the record, too."""
        record = said.record
        if not self._policy.knows_people:
            record = self._pseudonyms.hide(f"record {said.source}", record)
        properties = self._kind(kind, said.properties)
        return replace(said, record=record, properties=properties)

    def hit(self, hit: Hit, place: int) -> Hit | None:
        """Return a node that was found by its text, or None where the text is hidden.

        How well texts match is weighed over all that the store holds, so that only the order is shown
        to who does not see it all. Where a text of the kind is hidden, the snippet is cut again.
        """
        kind = self._policy.vocabulary.get_kind(hit.node.kind)
        hides = any(kind.properties[name].searchable for name in self._policy.get_hidden(kind))
        matches = [m for m in hit.matches if self._policy.sees(kind, m.property)]
        if hides and not matches:
            return None
        snippet = cut_snippet(hit.node.properties, matches[0]) if hides else hit.snippet
        rank = hit.rank if self._scope.whole and not hides else float(place)
        return Hit(self.node(hit.node), snippet, rank, matches)

    def decision(self, decision: Decision) -> Decision:
        """Return a decision; words of people only to who may know people."""
        subjects = [
            Subject(s.kind, self.key(s.kind, s.key), s.detail if self._policy.knows_people else {})
            for s in decision.subjects
            if s.kind in self._policy.vocabulary.kinds
        ]
        return replace(decision, subjects=subjects, why=decision.why if self._policy.knows_people else "")

    def _kind(self, kind: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        if kind == ROOT_CAUSE:
            properties = hide_names(self._policy, self._scope, properties)
        return self._select(self._policy.vocabulary.get_kind(kind), properties)

    def _select(self, owner: Owner, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what is shown of properties; the very same where that is all."""
        place = (type(owner), owner.name)
        if place not in self._owners:
            seen = frozenset(owner.properties) - self._policy.get_hidden(owner)
            self._owners[place] = (seen, frozenset(self._policy.select_personal(owner, seen)))
        seen, personal = self._owners[place]
        shown = properties
        if not properties.keys() <= seen:
            shown = {name: value for name, value in properties.items() if name in seen}
        if names := personal & shown.keys():
            self._sightings.note_fields(owner.name, names)
        return shown


def cut_snippet(properties: Mapping[str, Any], match: Match) -> str:
    """Return the words that were found, between « and », with what stands around the first of them."""
    text = str(properties.get(match.property, ""))
    spans: Sequence[tuple[int, int]] = sorted(match.spans)
    if not spans:
        return text[: 2 * AROUND]
    begin, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
    cut, at = "…" if begin else "", begin
    for start, stop in spans:
        if at <= start and stop <= end:
            cut += f"{text[at:start]}«{text[start:stop]}»"
            at = stop
    return cut + text[at:end] + ("…" if end < len(text) else "")
