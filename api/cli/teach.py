"""`motivo text teach`: texts labelled by a teacher."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli.main import json_option, languages_option
from api.cli.output import note, print_json, print_table, progress_bar, say
from api.settings import read_settings
from api.teacher import name_endpoint
from schema import InputError, RefusedError, ServiceError

if TYPE_CHECKING:
    from ingest.text.teacher import Endpoint, Plan, Prices, Report


@click.command(short_help="Have texts labelled by a language model that the settings name.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.jsonl")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="LABELLED.jsonl",
    help="Where the labelled texts go.",
)
@click.option("--yes", is_flag=True, help="Ask nothing: send the texts.")
@click.option(
    "--price",
    type=(click.FloatRange(min=0), click.FloatRange(min=0)),
    metavar="IN OUT",
    help="Prices of a million tokens that are sent, and that are answered.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many texts are asked about at a time.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds that an answer may take.",
)
@languages_option
@json_option
def teach(
    file: Path,
    out: Path,
    yes: bool,
    price: tuple[float, float] | None,
    concurrency: int,
    timeout: float,
    languages: list[str],
    as_json: bool,
) -> None:
    """Have texts labelled by a language model: {"id", "text"[, "lang"]}, one JSON object a line.

    The model is the one that MOTIVO_TEACHER_URL and MOTIVO_TEACHER_MODEL name; without them nothing is
    sent. Personal data are replaced first, as far as they can be recognised. You are shown how many
    texts would be sent where, and what that may cost, and asked. Answers are kept: run the same again
    after it was stopped, and it goes on where it was.

    \b
    Examples:
      motivo text teach messages.jsonl --out labelled.jsonl --price 0.15 0.60
      MOTIVO_TEACHER_URL=http://127.0.0.1:8000/v1 MOTIVO_TEACHER_MODEL=qwen \\
        motivo text teach messages.jsonl --out labelled.jsonl --yes
    """
    from ingest.text.teacher import Prices, Teacher, label_texts, plan_labels

    endpoint = name_endpoint(timeout)
    prices = Prices(*price) if price else None
    teacher = Teacher(endpoint, languages, Path(read_settings().teacher_cache))
    begun = time.monotonic()
    try:
        plan = plan_labels(file, teacher)
        _show_plan(plan, endpoint, prices)
        if plan.to_ask and not yes:
            _ask_leave()
        with progress_bar() as bar:
            bar.begin("texts", plan.texts, 0)
            report = label_texts(
                file,
                out,
                teacher,
                concurrency=concurrency,
                observe=lambda report: bar.advance("texts", report.texts, report.texts),
                complain=lambda message: note(f"motivo: {file}: {message}"),
            )
    finally:
        teacher.close()
    cost = prices.cost(report.tokens_in, report.tokens_out) if prices else None
    document = {
        "out": str(out),
        "version": teacher.version,
        "plan": {**asdict(plan), "cost": _estimate(plan, prices)},
        **asdict(report),
        "cost": cost,
        "seconds": round(time.monotonic() - begun, 3),
    }
    if as_json:
        print_json(document)
    else:
        _show_report(document)
    _judge(report, file)


def _estimate(plan: Plan, prices: Prices | None) -> float | None:
    return prices.cost(plan.tokens_in, plan.tokens_out) if prices else None


def _show_plan(plan: Plan, endpoint: Endpoint, prices: Prices | None) -> None:
    cost = _estimate(plan, prices)
    note(
        f"{plan.texts:,} texts: {plan.cached:,} need not be asked about, {plan.too_long:,} are too long; "
        f"{plan.to_ask:,} would go to {endpoint.model} at {endpoint.host}"
        f"{' (this machine)' if endpoint.is_local else ''}, personal data replaced as far as recognised."
    )
    note(
        f"About {plan.tokens_in:,} tokens in and {plan.tokens_out:,} out; "
        + ("price unknown (--price)." if cost is None else f"about {cost:,.4f}.")
    )


def _ask_leave() -> None:
    try:
        agreed = click.confirm("Send them?", err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise  # control-C
        note("")
        agreed = False
    if not agreed:
        raise RefusedError("nothing was sent", hint="answer y, or give --yes")


def _show_report(document: dict[str, Any]) -> None:
    shown = ("texts", "answered", "cached", "failed", "complaints", "causes", "dropped", "unknown")
    rows = [(name, document[name]) for name in (*shown, "tokens_in", "tokens_out")]
    print_table(document["version"], ("", ""), rows)
    cost = document["cost"]
    say(f"Labelled texts are in {document['out']}. Cost: {'unknown' if cost is None else f'{cost:,.4f}'}.")


def _judge(report: Report, file: Path) -> None:
    if report.failed:
        raise ServiceError(
            f"{report.failed:,} of {report.texts:,} texts have no answer and were left out",
            hint="they are named above; run the same again to ask about these only",
        )
    if report.wrong:
        raise InputError(f"{file}: {report.wrong:,} lines could not be read", hint="they are named above")
