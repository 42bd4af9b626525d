"""`motivo text train`: the extractor learns from labelled texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli.main import json_option, languages_option
from api.cli.output import note, print_json, print_table, progress_bar, say
from api.models import open_models
from schema import InputError

if TYPE_CHECKING:
    from ingest.text.learning import LabelledFile, Outcome

HOLDOUT = 0.3  # as learning has it; that is imported when a command runs
SHOWN = {
    "score": "score",
    "span_f1": "words of causes, F1",
    "complaint_f1": "complaint or not, F1",
    "end_to_end": "causes found and named right",
    "cause_covered": "causes found",
    "cause_accuracy": "named right, of these",
    "exact": "found to the word",
    "clean_precision": "nothing found where there is no complaint",
}


@click.command(short_help="Learn from labelled texts; keep what is better.")
@click.argument("file", type=click.Path(path_type=Path), metavar="LABELLED.jsonl")
@click.option("--heads-only", is_flag=True, help="Fit the heads only: seconds, without the extra `train`.")
@click.option(
    "--holdout",
    type=click.FloatRange(0.1, 0.9),
    default=HOLDOUT,
    show_default=True,
    help="Share of the texts that is not learned from, but judged on.",
)
@languages_option
@json_option
def train(file: Path, heads_only: bool, holdout: float, languages: list[str], as_json: bool) -> None:
    """Learn from labelled texts: {"id", "text", "lang", "complaint", "causes"}, one JSON object a line.

    Each of `causes` has "start", "end" and "cause", an id of the taxonomy or of your own. Some of the
    texts are held out and scored before and after; the new model is kept, and used from then on, only
    if its score on them is higher. A text that a teacher marked in part only (`dropped` above 0) is
    left out. Models are kept in versions: `motivo text models`.

    \b
    Examples:
      motivo text train labelled.jsonl
      motivo text train labelled.jsonl --heads-only --json
    """
    from ingest.text.learning import learn

    labelled = _read(file)
    if labelled.partial:
        note(f"motivo: {labelled.partial} texts are left out: they were marked in part only")
    folder = open_models()
    if not heads_only:
        _note_extra()
    with progress_bar() as bar:
        shown: set[str] = set()

        def report(what: str, done: int, of: int) -> None:
            if what not in shown:
                shown.add(what)
                bar.begin(what, of, 0)
            bar.advance(what, done, done)

        outcome = learn(
            labelled.texts, folder, heads_only=heads_only, holdout=holdout, languages=languages, report=report
        )
    if as_json:
        counts = {"repeated": labelled.repeated, "partial": labelled.partial}
        print_json({**outcome.to_dict(), **counts, "judged_by": "score"})
    else:
        _show(outcome, folder.path)


def _read(file: Path) -> LabelledFile:
    from ingest.text.learning import read_labelled

    try:
        with file.open("rb") as lines:
            labelled = read_labelled(lines)
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", hint="name a file of JSON lines"
        ) from None
    for flaw in labelled.flaws:
        note(f"motivo: {file}: {flaw}")
    if labelled.flaws:
        wrong = len({flaw.line for flaw in labelled.flaws})
        raise InputError(f"{file}: {wrong} lines are wrong, nothing was learned", hint="they are named above")
    return labelled


def _note_extra() -> None:
    from ingest.text.learning.layers import is_trainable

    if not is_trainable():
        note("motivo: only the heads learn; with pip install 'motivo[train]' the layers below them do, too")


def _show(outcome: Outcome, folder: Path) -> None:
    before, after = outcome.before.to_dict(), outcome.after.to_dict()
    rows = [(words, f"{before[name]:.3f}", f"{after[name]:.3f}") for name, words in SHOWN.items()]
    title = f"{outcome.held_out} texts held out; learned from {outcome.learned_from} ({outcome.learned})"
    print_table(title, ("", "before", "after"), rows)
    if outcome.new_causes:
        say(f"New causes learned: {', '.join(outcome.new_causes)}")
    for cause, count in outcome.rare_causes.items():
        say(f"{cause} is in {count} texts only, too few to learn its name")
    surety = f"in {outcome.surety:.0%} of samples drawn from these texts it is higher"
    gain: Any = outcome.after.score - outcome.before.score
    if outcome.kept:
        say(f"✓ The score rose by {gain:.3f} ({surety}): {outcome.version} is in use, in {folder}.", "green")
        say("  To go back: motivo text models --undo")
    else:
        say(f"✗ The score did not rise ({gain:+.3f}; {surety}): {outcome.version} stays in use.", "yellow")
