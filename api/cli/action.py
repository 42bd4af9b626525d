"""`motivo action`: what is done about root causes, and whether it helped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from api.cli.action_words import ACTION_WORDS
from api.cli.main import json_option, language_option, store_option
from api.cli.output import print_json, print_table, say, say_command, spinner
from api.settings import read_user


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """Open a store that is there."""
    from graph import open_store

    store = open_store(url, create=False)
    try:
        yield store
    finally:
        store.close()


def by_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--by`."""
    return click.option(
        "--by", default=read_user, metavar="NAME", help="Who does it (default: you, as the system knows you)."
    )(command)


def describe(action: Any) -> dict[str, Any]:
    """Return an action as JSON has it."""
    return {name: value for name, value in asdict(action).items() if name != "pattern"} | {
        "pattern": [asdict(part) for part in action.pattern]
    }


@click.group(short_help="Record what is done about a root cause, and see whether it helped.")
def action() -> None:
    """Record what is done about a root cause, and see whether it helped.

    \b
    Examples:
      motivo action add rc-1234567890 --from 2026-09-01 --what "Tower repaired"
      motivo action list
      motivo action effect
      motivo action remove a1
    """


@action.command("add", short_help="Record a corrective action on a root cause.")
@click.argument("cause_id")
@click.option(
    "--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day that it is in force."
)
@click.option("--what", required=True, metavar="TEXT", help="What is done.")
@click.option("--new-only", is_flag=True, help="It reaches only units that begin from that day on.")
@click.option("--unit", metavar="KIND", help="As the root cause was found with.")
@click.option("--where", multiple=True, metavar="CONDITION", help="As the root cause was found with.")
@by_option
@store_option
@language_option
@json_option
def add(cause_id: str, start: datetime, what: str, new_only: bool, **options: Any) -> None:
    """Record a corrective action on a root cause, such as `motivo causes` shows with its id.

    Its pattern is kept, and which units it holds for now: these stay exposed whatever the action changes
    about them. Nothing but the store is written.

    \b
    Examples:
      motivo action add rc-1234567890 --from 2026-09-01 --what "Tower repaired"
      motivo action add rc-1234567890 --from 2026-09-01 --what "Installer retrained" --new-only --by Ana
    """
    from algorithms import get_action, parse_condition, pin_cause
    from ingest.actions import Measure, record_action

    with opened(options["store"]) as there:
        reader = there.reader()
        conditions = [parse_condition(text, reader.vocabulary) for text in options["where"]]
        with spinner() as report:
            pinned = pin_cause(reader, cause_id, unit=options["unit"], where=conditions, progress=report)
        measure = Measure(what, start.date(), options["by"], new_only)
        id_ = record_action(there, pinned.id, pinned.to_properties(), pinned.exposed, measure)
        made = get_action(there.reader(), id_)
    if options["as_json"]:
        print_json({"action": describe(made), "exposed": len(pinned.exposed)})
        return
    lang = options["lang"]
    words = ACTION_WORDS[lang]
    shown = words["added"].format(
        id=id_, what=made.what, starts_on=made.starts_on, title=made.title[lang], n=len(pinned.exposed)
    )
    say(shown, "green")
    say(words["effect_next"])
    say_command("action", "effect", id_, "--store", options["store"])


@action.command("list", short_help="List the actions.")
@store_option
@language_option
@json_option
def list_(store: str, lang: str, as_json: bool) -> None:
    """List the actions that were recorded.

    \b
    Examples:
      motivo action list
      motivo action list --json
    """
    from algorithms import list_actions

    with opened(store) as there:
        actions = list_actions(there.reader())
    if as_json:
        print_json({"actions": [describe(one) for one in actions]})
        return
    words = ACTION_WORDS[lang]
    if not actions:
        say(words["none"])
        return
    rows = [
        (
            one.id,
            one.what,
            str(one.starts_on),
            one.by or "",
            f"{one.title[lang]} ({one.cause})",
            words["new" if one.new_only else "all"],
        )
        for one in actions
    ]
    print_table(words["actions"], words["headings"], rows)


@action.command("remove", short_help="Take an action back.")
@click.argument("action_id")
@by_option
@store_option
@language_option
@json_option
def remove(action_id: str, by: str, store: str, lang: str, as_json: bool) -> None:
    """Take back an action that was recorded; that it was there stays in the history.

    \b
    Examples:
      motivo action remove a1
    """
    from ingest.actions import remove_action

    with opened(store) as there:
        remove_action(there, action_id, by=by)
    if as_json:
        print_json({"removed": action_id})
        return
    say(ACTION_WORDS[lang]["removed"].format(id=action_id), "green")


@action.command("effect", short_help="Tell whether actions helped.")
@click.argument("action_id", required=False)
@store_option
@language_option
@json_option
def effect(action_id: str | None, store: str, lang: str, as_json: bool) -> None:
    """Tell whether complaints of the exposed fell after an action, against those of all others.

    Without an ID, of all actions. Where the data do not tell, it says so.

    \b
    Examples:
      motivo action effect
      motivo action effect a1 --lang es
    """
    from algorithms import find_effects, get_action, list_actions

    with opened(store) as there:
        reader = there.reader()
        actions = list_actions(reader) if action_id is None else [get_action(reader, action_id)]
        with spinner() as report:
            effects = find_effects(reader, actions, report)
    if as_json:
        print_json({"effects": [asdict(told) | {"action": describe(told.action)} for told in effects]})
        return
    if not effects:
        say(ACTION_WORDS[lang]["none"])
    for told in effects:
        _print_effect(told, lang)


def _print_effect(told: Any, lang: str) -> None:
    words = ACTION_WORDS[lang]
    done = told.action
    say(f"\n{done.id}. {done.what} ({done.starts_on}): {done.title[lang]}", "bold")
    say(told.explanation[lang])
    rows = [
        (
            name,
            words["cell"].format(complaints=table.complaints_before, rate=_rate(table.rate_before)),
            words["cell"].format(complaints=table.complaints_after, rate=_rate(table.rate_after)),
        )
        for name, table in (
            (words["exposed"].format(n=told.exposed_units), told.exposed),
            (words["others"], told.others),
        )
    ]
    print_table("", words["table"], rows)
    say(words["looked"].format(since=told.since, until=told.until), "dim")
    if not told.dated:
        say(words["undated"], "dim")


def _rate(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.2g}"
