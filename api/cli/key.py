"""`motivo key`: API keys of programs that ask the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from api.cli.auth_words import AUTH_WORDS
from api.cli.main import json_option, language_option, store_option
from api.cli.output import print_json, print_table, say, say_plain
from api.stores import open_graph
from schema import UsageError


@click.group(short_help="API keys of programs that ask the service.")
def key() -> None:
    """Make, list and revoke API keys, by which programs ask the service.

    \b
    Examples:
      motivo key add --role analyst --name reports
      motivo key list
      motivo key revoke 3f2a9c01b7de
    """


@key.command("add", short_help="Make a key, and show it this once.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(["analyst", "agent", "investigator", "admin"]),
    help="What its bearer does, and so sees.",
)
@click.option("--name", default="", metavar="TEXT", help="What it is for, as the list shows it.")
@click.option(
    "--rows",
    multiple=True,
    metavar="KIND=KEY",
    help="Only customers joined to this node, and what is theirs; with several, to any of them.",
)
@click.option(
    "--days", type=click.IntRange(1, 3650), help="For how long it is good (default: until revoked)."
)
@store_option
@language_option
@json_option
def add(
    role: str, name: str, rows: Sequence[str], days: int | None, store: str, lang: str, as_json: bool
) -> None:
    """Make an API key and show it, this once: the store keeps its digest only.

    It goes into the header of requests: Authorization: Bearer KEY.

    \b
    Examples:
      motivo key add --role analyst --name reports --days 365
      motivo key add --role agent --rows Region=north --rows Region=coast
    """
    from api.auth import Role, add_key

    wanted: dict[str, list[str]] = {}
    for text in rows:
        kind, equals, node = text.partition("=")
        if not equals or not kind or not node:
            raise UsageError(f"--rows {text!r} is not of the form KIND=KEY", hint="--rows Region=north")
        wanted.setdefault(kind, []).append(node)
    graph = open_graph(store)
    try:
        made, kept = add_key(graph, Role(role), name=name, rows=wanted, days=days)
    finally:
        graph.close()
    if as_json:
        print_json({"key": made, **describe(kept)})
        return
    words = AUTH_WORDS[lang]
    until = words["always"] if kept.expires is None else words["until"].format(moment=kept.expires)
    say(words["added"].format(id=kept.id, role=kept.role, until=until), "green")
    say_plain(made)


@key.command("list", short_help="List the keys, without what makes them good.")
@store_option
@language_option
@json_option
def list_(store: str, lang: str, as_json: bool) -> None:
    """List the API keys that were made; what makes them good is kept nowhere.

    \b
    Examples:
      motivo key list
      motivo key list --json
    """
    from api.auth import list_keys

    graph = open_graph(store)
    try:
        keys = list_keys(graph.reader())
    finally:
        graph.close()
    if as_json:
        print_json({"keys": [describe(kept) for kept in keys]})
        return
    words = AUTH_WORDS[lang]
    if not keys:
        say(words["none"])
        return
    shown = [
        (
            kept.id,
            kept.name,
            str(kept.role),
            ", ".join(f"{kind}={node}" for kind, nodes in kept.rows.items() for node in nodes)
            or words["everyone"],
            f"{kept.created:%Y-%m-%d %H:%M}",
            "" if kept.expires is None else f"{kept.expires:%Y-%m-%d %H:%M}",
            _describe_state(kept, words),
        )
        for kept in keys
    ]
    print_table(words["keys"], words["headings"], shown)


@key.command("revoke", short_help="Make a key worthless.")
@click.argument("key_id", metavar="ID")
@store_option
@language_option
@json_option
def revoke(key_id: str, store: str, lang: str, as_json: bool) -> None:
    """Make an API key worthless, given by its id. It stays in the list.

    \b
    Examples:
      motivo key revoke 3f2a9c01b7de
    """
    from api.auth import revoke_key
    from api.auth.keys import FRESH

    graph = open_graph(store)
    try:
        kept = revoke_key(graph, key_id)
    finally:
        graph.close()
    if as_json:
        print_json(describe(kept))
        return
    say(AUTH_WORDS[lang]["ended"].format(id=kept.id, seconds=FRESH), "green")


def describe(kept: Any) -> dict[str, Any]:
    """Return a key as JSON has it, without its digest."""
    return {
        "id": kept.id,
        "role": kept.role,
        "name": kept.name,
        "rows": {kind: list(nodes) for kind, nodes in kept.rows.items()},
        "created": kept.created,
        "expires": kept.expires,
        "revoked": kept.revoked,
    }


def _describe_state(kept: Any, words: dict[str, Any]) -> str:
    if kept.revoked is not None:
        return str(words["revoked"].format(moment=kept.revoked))
    return str(words["good" if kept.holds(datetime.now(UTC)) else "expired"])
