"""What the review queue prints: its decisions, its history and itself."""

from __future__ import annotations

from typing import Any

from api.cli.output import print_table, say, say_command
from api.cli.review_words import REVIEW_WORDS
from api.settings import read_settings
from schema import UsageError


def describe_decision(row: dict[str, Any], lang: str) -> str:
    """Return a decision on one line."""
    words = REVIEW_WORDS[lang]
    about = " → ".join(str(part) for part in (row["id"], row["to"]) if part)
    return f"{words['actions'][row['action']]}: {about or ', '.join(map(str, row['undid']))}"


def describe_history(decisions: Any) -> list[dict[str, Any]]:
    """Return decisions as JSON has them."""
    from ingest.text.review import find_undone

    undone = find_undone(decisions)
    return [
        {
            "number": d.id,
            "at": d.at,
            "by": d.by,
            "action": d.action,
            "id": d.said.get("id") or next((s.key for s in d.subjects if d.action == "correct"), None),
            "to": d.said.get("to"),
            "names": d.said.get("names", {}),
            "why": d.why,
            "complaints": len({s.key for s in d.subjects}),
            "undid": d.said.get("undone", []),
            "undone_by": undone.get(d.id),
        }
        for d in decisions
    ]


def describe_queue(queue: Any) -> dict[str, Any]:
    """Return the queue as JSON has it."""
    return {
        "waiting": queue.statements,
        "unlike": queue.unlike,
        "resting": queue.resting,
        "proposals": [
            {
                "id": p.id,
                "state": p.state,
                "complaints": p.size,
                "quotes": len(p.quotes),
                "names": p.names,
                "nearest": list(p.nearest),
                "examples": [describe_statement(some[0]) for _, some in p.quotes[:5]],
            }
            for p in queue.proposals
        ],
    }


def here(store: str) -> tuple[str, ...]:
    """Return the options by which another command finds a store."""
    return () if store == read_settings().store else ("--store", store)


def show_queue(queue: Any, lang: str, store: str, *, ingested: bool) -> None:
    """Print what is proposed, or why nothing is and what to do next."""
    words = REVIEW_WORDS[lang]
    if not queue.proposals:
        if not ingested:
            say(f"{words['not_ingested']} {words['next']}")
            say_command("ingest", "PROJECT.yaml", *here(store))
        elif queue.statements:
            say(f"{words['empty'].format(n=queue.statements)} {words['next']}")
            say_command("text", "review", "list", "--size", "2", *here(store))
        else:
            say(f"{words['none']} {words['next']}")
            say_command("causes", *here(store))
        return
    rows = [
        (
            p.id,
            p.size,
            len(p.quotes),
            p.names[lang],
            words["states"][p.state],
            p.nearest[0] if p.nearest else "",
        )
        for p in queue.proposals
    ]
    print_table(words["title"], words["headings"], rows)
    say(words["rest"].format(unlike=queue.unlike, resting=queue.resting))


def read_numbers(text: str) -> list[int]:
    """Return the numbers of a list such as `1,3,7-9`."""
    found: list[int] = []
    for part in text.replace(",", " ").split():
        first, _, last = part.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise UsageError(f"{part!r} is no number of a quote", hint="such as 1,3,7-9")
        found += range(int(first), int(last or first) + 1)
    return found


def describe_statement(statement: Any, number: int | None = None) -> dict[str, Any]:
    """Return a quote as JSON has it."""
    numbered = {} if number is None else {"number": number}
    return {
        **numbered,
        "complaint": statement.complaint,
        "quote": statement.quote.words,
        "lang": statement.quote.lang,
        "start": statement.start,
        "end": statement.end,
        "text": statement.text,
    }
