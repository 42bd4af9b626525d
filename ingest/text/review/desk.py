"""The desk where a person decides: each decision is kept, and the graph follows, in one transaction.

After every decision the causes of quotes are what a fresh ingest would give them: both ask `Namer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph import Decision, Reader, Store, Subject
from ingest.text.review.causes import apply
from ingest.text.review.judgements import OWN, TOPIC, Judgements, in_force, replay
from ingest.text.review.likeness import Likeness, fold_quote, load_likeness
from ingest.text.review.naming import Namer
from ingest.text.review.proposals import FLOOR, Proposal, Queue, read_queue
from ingest.text.review.statements import Statement, read_complaint, read_statements
from ingest.text.taxonomy import UNKNOWN, load_taxonomy
from ingest.turns import refuse_while_ingesting
from schema import COMPLAINT, LANGUAGES, NotFoundError, RefusedError, UsageError, core_vocabulary


@dataclass(frozen=True)
class _View:
    """The state that a decision is made in."""

    reader: Reader
    decisions: list[Decision]
    judgements: Judgements
    queue: Queue

    def find_proposal(self, name: str) -> Proposal | None:
        """Return what waits under an id."""
        return self.queue.find(name) or self.queue.find(self.judgements.resolve(name))

    def get_proposal(self, name: str) -> Proposal:
        """Return what waits under an id; `NotFoundError` if there is no such proposal."""
        found = self.find_proposal(name)
        if found is None:
            raise NotFoundError(
                f"no proposal {name!r} waits", hint="motivo text review list shows those that do"
            )
        return found

    def find_cause(self, name: str) -> str | None:
        """Return the id of a cause that is one, through what it was merged into."""
        name = self.judgements.resolve(name)
        known = name in self.judgements.groups or name in load_taxonomy()
        return name if known and self.judgements.stands(name) else None

    def taken(self) -> set[str]:
        """Return all ids that ever meant something."""
        ids = {str(d.said[entry]) for d in self.decisions for entry in ("id", "to") if d.said.get(entry)}
        return ids | {cause.id for cause in load_taxonomy()}


class Desk:
    """Decisions on the causes of a store, by one person."""

    def __init__(
        self,
        store: Store,
        *,
        by: str,
        floor: int = FLOOR,
        likeness: Callable[[], Likeness] = load_likeness,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._by = by
        self._floor = floor
        self._likeness = likeness
        self._now = now

    def queue(self, reader: Reader | None = None) -> Queue:
        """Return what waits; `reader`: read by this one, which can be interrupted."""
        return self._view(reader or self._store.reader()).queue

    def judgements(self) -> Judgements:
        """Return what the decisions lead to."""
        return replay(self.history())

    def history(self) -> list[Decision]:
        """Return all decisions, undone ones and undoings included, oldest first."""
        return self._store.reader().decisions(TOPIC)

    def has_run(self) -> bool:
        """Tell whether anything was ingested."""
        return self._store.reader().latest_run() is not None

    def statements(self, name: str) -> list[Statement]:
        """Return what is stated of a proposal or of a cause of the company's, as `split` numbers it."""
        return _first_of_each(self._members(self._view(self._store.reader()), name))

    def accept(
        self, name: str, names: Mapping[str, str] | None = None, *, pack: str = OWN, why: str = ""
    ) -> Decision:
        """Make a cause of a proposal. Its id is minted; names that are not given are those suggested."""

        def decide(view: _View) -> Decision:
            proposal = view.get_proposal(name)
            called = _complete(names or {}, proposal.names)
            said = {
                "id": proposal.id,
                "to": _mint(f"{OWN}.{_slug(called['en'])}", view.taken()),
                "state": "cause",
                "names": called,
                "pack": pack,
            }
            return self._make("accept", said, proposal.statements, why)

        return self._decide(decide)

    def rename(
        self, name: str, names: Mapping[str, str], *, pack: str | None = None, why: str = ""
    ) -> Decision:
        """Give a proposal, or a cause of the company's, other names in some languages."""

        def decide(view: _View) -> Decision:
            given = {lang: _clean(text) for lang, text in names.items()}
            if not given and pack is None:
                raise UsageError("no new name was given", hint="such as --es 'Equipaje perdido'")
            group = view.judgements.groups.get(view.judgements.resolve(name))
            more = {} if pack is None else {"pack": pack}
            if group is not None and group.own:
                return self._make("rename", {"id": group.id, "names": given, **more}, (), why)
            if view.find_cause(name):
                raise RefusedError(f"{name} is not the company's to rename", hint="accept one of your own")
            proposal = view.get_proposal(name)
            said = {"id": proposal.id, "state": "proposal", "names": given, **more}
            return self._make("rename", said, proposal.statements, why)

        return self._decide(decide)

    def merge(self, name: str, into: str, *, why: str = "") -> Decision:
        """Let a proposal, or a cause of the company's, go into another cause or proposal."""

        def decide(view: _View) -> Decision:
            source = self._group_or_proposal(view, name)
            target, state, members = self._target(view, into)
            if source == target:
                raise UsageError(f"{name} and {into} are one already")
            own = view.find_proposal(source)
            statements = own.statements if own else []
            said = {"id": source, "to": target, "state": state}
            return self._make("merge", said, [*statements, *members], why)

        return self._decide(decide)

    def split(self, name: str, quotes: Sequence[int], *, to: str | None = None, why: str = "") -> Decision:
        """Let some quotes leave to another cause or proposal, or become a proposal of their own.

        `quotes` are numbers, from 1, in what `statements` lists.
        """

        def decide(view: _View) -> Decision:
            source = self._group_or_proposal(view, name, any_cause=True)
            members = self._members(view, source)
            listed = _first_of_each(members)
            wrong = sorted(set(quotes) - set(range(1, len(listed) + 1)))
            if wrong or not quotes:
                raise UsageError(
                    f"{source} has quotes 1 to {len(listed)}, not {', '.join(map(str, wrong)) or 'none'}",
                    hint=f"motivo text review list {source} shows them",
                )
            leaving = {fold_quote(listed[number - 1].quote.words) for number in quotes}
            if to is None:
                target, state = _mint(f"{source.partition('.')[2] or source}-split", view.taken()), "proposal"
                joined: Sequence[Statement] = ()
            else:
                target, state, joined = self._target(view, to)
            if target == source:
                raise UsageError("quotes cannot leave to where they are")
            left = [s for s in members if fold_quote(s.quote.words) in leaving]
            # What a new proposal keeps stays together: somebody has looked at it.
            new = source not in view.judgements.groups
            stay = [s for s in members if new and fold_quote(s.quote.words) not in leaving]
            said = {"id": source, "to": target, "state": state}
            return self._make("split", said, [*left, *joined], why, staying=stay)

        return self._decide(decide)

    def reject(self, name: str, *, why: str = "") -> Decision:
        """Say that a proposal, or a cause of the company's, is no cause."""

        def decide(view: _View) -> Decision:
            source = self._group_or_proposal(view, name)
            members = self._members(view, source)
            size = len({statement.complaint for statement in members})
            return self._make("reject", {"id": source, "state": "rejected", "size": size}, members, why)

        return self._decide(decide)

    def correct(self, complaint: str, cause: str, *, quote: int | None = None, why: str = "") -> Decision:
        """Say which cause a complaint states; `quote` is the number, from 1, where it states several."""

        def decide(view: _View) -> Decision:
            to = UNKNOWN if cause == UNKNOWN else view.find_cause(cause)
            if to is None:
                raise NotFoundError(f"there is no cause {cause!r}", hint="accept it first, or name its id")
            stated = read_complaint(view.reader, complaint)
            if not stated:
                view.reader.get(COMPLAINT, complaint)
                raise RefusedError(
                    f"no words of complaint {complaint} were read as a cause",
                    hint="correct one that has some",
                )
            if quote is None and len(stated) > 1:
                listed = "; ".join(f"{i} « {s.quote.words} »" for i, s in enumerate(stated, 1))
                raise UsageError(f"complaint {complaint} states several causes", hint=f"--quote N: {listed}")
            if quote is not None and not 1 <= quote <= len(stated):
                raise UsageError(f"complaint {complaint} has quotes 1 to {len(stated)}, not {quote}")
            return self._make("correct", {"to": to}, [stated[(quote or 1) - 1]], why)

        return self._decide(decide)

    def undo(self, count: int = 1, *, last: int | None = None, why: str = "") -> Decision:
        """Take the last decisions back that count; they stay in the history.

        last: the number that the last of them has, as far as one knows; refused if it has another.
        """

        def decide(view: _View) -> Decision:
            standing = in_force(view.decisions)
            if not standing:
                raise NotFoundError("nothing was decided that could be undone")
            if last not in (None, standing[-1].id):
                raise RefusedError(
                    "something else was decided since", hint="look at what was decided before you undo it"
                )
            if not 1 <= count <= len(standing):
                raise UsageError(f"1 to {len(standing)} decisions can be undone, not {count}")
            return self._make("undo", {"undone": [d.id for d in standing[-count:]]}, (), why)

        return self._decide(decide)

    def _view(self, reader: Reader) -> _View:
        decisions = reader.decisions(TOPIC)
        judgements = replay(decisions)
        statements = read_statements(reader, [UNKNOWN])
        namer = Namer(judgements, self._likeness)
        return _View(
            reader, decisions, judgements, read_queue(statements, namer, self._likeness(), self._floor)
        )

    def _decide(self, decide: Callable[[_View], Decision]) -> Decision:
        self._store.declare(core_vocabulary())  # a store of an older version lacks what judgements need
        with self._store.transaction() as transaction:
            refuse_while_ingesting(transaction)
            made = transaction.decide(decide(self._view(transaction.reader)))
            apply(transaction, transaction.reader.decisions(TOPIC), self._likeness)
            return made

    def _make(
        self,
        action: str,
        said: Mapping[str, Any],
        statements: Sequence[Statement],
        why: str,
        *,
        staying: Sequence[Statement] = (),
    ) -> Decision:
        """Return a decision on statements, and on those that stay where it is made."""
        subjects = [_subject(s) for s in statements]
        subjects += [_subject(s, group=said["id"]) for s in staying]
        return Decision(TOPIC, action, self._by, self._now(), why, said, subjects)

    def _group_or_proposal(self, view: _View, name: str, *, any_cause: bool = False) -> str:
        """Return the id of what waits, or of a cause: of the company's, or any that quotes went to."""
        proposal = view.find_proposal(name)
        if proposal:
            return proposal.id
        cause = view.find_cause(name)
        if cause is None:
            return view.get_proposal(name).id
        group = view.judgements.groups.get(cause)
        if group is None or not (group.own or any_cause):
            raise RefusedError(
                f"{cause} is not the company's", hint="name a proposal, or a cause of your own"
            )
        return cause

    def _target(self, view: _View, name: str) -> tuple[str, str, Sequence[Statement]]:
        """Return where quotes are to go: id, state, and what a proposal has so far."""
        cause = view.find_cause(name)
        if cause is not None:
            return cause, "cause", ()
        proposal = view.find_proposal(name)
        if proposal is None:
            raise NotFoundError(
                f"there is no cause and no proposal {name!r}", hint="motivo text review list shows them"
            )
        return proposal.id, "proposal", proposal.statements

    def _members(self, view: _View, name: str) -> list[Statement]:
        """Return all rejected words that are of a proposal or of a cause, in a fixed order."""
        proposal = view.find_proposal(name)
        if proposal is not None:
            return proposal.statements
        cause = self._group_or_proposal(view, name, any_cause=True)
        return [s for s in read_statements(view.reader, [cause]) if s.read == UNKNOWN]


def _subject(statement: Statement, **more: str) -> Subject:
    quote = statement.quote
    return Subject(COMPLAINT, statement.complaint, {"quote": quote.words, "lang": quote.lang, **more})


def _first_of_each(statements: Sequence[Statement]) -> list[Statement]:
    """Return one statement for each distinct quote, in order."""
    return list({fold_quote(s.quote.words): s for s in reversed(statements)}.values())[::-1]


def _complete(given: Mapping[str, str], suggested: Mapping[str, str]) -> dict[str, str]:
    """Return a name in every language: as given, else in another language given, else suggested."""
    own = {lang: _clean(text) for lang, text in given.items()}
    fallback = next((own[lang] for lang in LANGUAGES if lang in own), None)
    return {lang: own.get(lang) or fallback or suggested[lang] for lang in LANGUAGES}


def _clean(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise UsageError("a name has at least a letter")
    return clean


def _slug(name: str) -> str:
    """Return a name as the second part of an id."""
    words = [word for word in fold_quote(name).replace("'", "").split() if word.isascii() and word.isalnum()]
    return "_".join(words)[:40].strip("_") or "cause"


def _mint(wanted: str, taken: set[str]) -> str:
    """Return an id that never meant anything before."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}_{number}"
    return found
