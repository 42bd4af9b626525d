"""`motivo causes`: the root causes that complaints share."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from api.cli.main import json_option, language_option, store_option
from api.cli.output import note, print_json, print_table, say, spinner
from api.cli.words import WORDS
from api.stores import open_graph


def find(store_url: str, unit: str | None, where: tuple[str, ...]) -> Any:
    """Return the root causes of a store's complaints, showing what is being done."""
    from algorithms import find_causes, parse_condition

    store = open_graph(store_url)
    try:
        reader = store.reader()
        conditions = [parse_condition(text, reader.vocabulary) for text in where]
        with spinner() as report:
            found = find_causes(reader, unit=unit, where=conditions, progress=report)
        if any(c.chooses_period for c in conditions) and all(c.kind != found.unit for c in conditions):
            note(
                f"motivo: complaints of this period are held against every {found.unit}, older and newer; "
                f"choose these by their dates, too (--where {found.unit}.PROPERTY>=...)"
            )
        return found
    finally:
        store.close()


@click.command(short_help="Find the root causes that complaints share.")
@click.option("--unit", metavar="KIND", help="Unit of exposure (default: the project's).")
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="Only these complaints (cause=delivery.late, language=es, filed_at>=2026-01-01) or these units "
    "(Order.status=delivered). May be repeated.",
)
@click.option("--considered", is_flag=True, help="Show each path looked at: used, or why not.")
@store_option
@language_option
@json_option
def causes(
    unit: str | None, where: tuple[str, ...], considered: bool, store: str, lang: str, as_json: bool
) -> None:
    """Find the root causes that complaints share, with how sure that is and the evidence.

    A root cause is a pattern of what the units (orders, customers...) are joined to, whose units
    complain more than all others. Each comes with its lift and 95 % interval, the share of all
    complaints it covers, since when, and customers' own words.

    \b
    Examples:
      motivo causes
      motivo causes --where cause=delivery.late --lang es
      motivo causes --unit Customer --json
      motivo causes --considered
    """
    found = find(store, unit, where)
    if as_json:
        print_json(asdict(found))
        return
    if considered:
        print_considered(found, lang)
    else:
        print_findings(found, lang)


def print_considered(found: Any, lang: str) -> None:
    """Print each path that was looked at, those used first, and why it was used or not."""
    words = WORDS[lang]
    rows = [
        (words["yes" if one.used else "no"], one.path, one.why[lang])
        for one in sorted(found.considered, key=lambda one: (not one.used, one.reason == "empty"))
    ]
    print_table(words["considered"], words["considered_headings"], rows)


def spell_figures(cause: Any) -> tuple[str, str, str, str]:
    """Return lift with its interval, q-value, share and share so far, as tables show them."""
    return (
        f"{cause.lift:.1f} ({cause.lift_low:.1f}-{cause.lift_high:.1f})",
        f"{cause.q_value:.0e}",
        f"{cause.coverage:.0%}",
        f"{cause.cumulative_coverage:.0%}",
    )


def describe(parts: Any) -> str:
    """Return a pattern as it is written in JSON, on one line a condition."""
    return "\n".join(map(str, parts))


def print_findings(found: Any, lang: str) -> None:
    """Print root causes as a table, then each in words with its evidence."""
    print_overview(found, lang)
    for cause in found.root_causes:
        print_finding(cause, lang)
    if found.root_causes:
        say("\n" + WORDS[lang]["unexplained"].format(n=found.unexplained, all=found.complaints))


def print_overview(found: Any, lang: str) -> None:
    """Print what was looked at, and the root causes as a table."""
    words = WORDS[lang]
    say(
        words["looked"].format(
            complaints=found.complaints, units=found.units, unit=found.unit, features=found.features
        )
    )
    if found.unlinked:
        say(words["unlinked"].format(n=found.unlinked))
    if not found.root_causes:
        say(words["unknown" if not found.units else "none" if found.complaints else "no_complaints"])
        return
    rows = [
        (
            cause.rank,
            cause.title[lang],
            cause.complaints,
            cause.customers,
            cause.exposed,
            *spell_figures(cause),
        )
        for cause in found.root_causes
    ]
    print_table(words["title"], words["headings"], rows)


def print_finding(cause: Any, lang: str) -> None:
    """Print one root cause in words, with its course, dose and quotes."""
    words = WORDS[lang]
    say(f"\n{cause.rank}. {cause.explanation[lang]}", "bold")
    say(f"   {cause.id}  {describe(cause.pattern).replace(chr(10), ', ')}", "dim")
    print_course(cause, lang)
    for alias in cause.aliases[:2]:
        say(f"   {words['alias']} {describe(alias).replace(chr(10), ', ')}")
    for dose in cause.dose:
        low_high = dose.value if dose.op == "between" else [dose.value]
        bounds = " .. ".join(map(str, low_high))
        say(f"     {dose.op} {bounds}: {dose.complaints:,} / {dose.exposed:,} = {dose.rate:.2f}", "dim")
    for evidence in cause.evidence[:3]:
        quote = " ".join((evidence.quote or "").split())
        say(f"   « {quote} »  [{evidence.complaint}]", "italic")


def print_course(cause: Any, lang: str) -> None:
    """Print since when a root cause is there, where it is going, and whether it is rising now."""
    words = WORDS[lang]
    if cause.onset is None:
        return
    if cause.onset_low is None:
        told = [words["first"].format(onset=cause.onset)]
    else:
        told = [
            words["onset"].format(
                onset=cause.onset, low=cause.onset_low, high=cause.onset_high, ratio=cause.onset_ratio
            )
        ]
    if cause.ended is not None:
        told.append(words["ended"].format(ended=cause.ended))
    elif cause.trend is not None:
        told.append(
            words["course"].format(
                ratio=cause.trend_ratio,
                low=cause.trend_low,
                high=cause.trend_high,
                trend=words[cause.trend],
            )
        )
    for line in told:
        say(f"   {line}")
    if cause.emerging is not None:
        rising = cause.emerging
        told_now = words["emerging"].format(
            complaints=rising.complaints, since=rising.since, expected=rising.expected
        )
        say(f"   {told_now}", "yellow")
