"""`motivo doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from api.cli.main import json_option, store_option
from api.cli.output import print_json, print_table, say
from api.models import describe_model, open_models
from api.settings import read_settings
from api.stores import open_graph
from schema import MissingExtraError, MotivoError, StoreError


@click.command(short_help="Check the installation and the store; say what to do.")
@store_option
@json_option
def doctor(store: str, as_json: bool) -> None:
    """Check the installation and the store, and say what is wrong and what to do about it.

    \b
    Examples:
      motivo doctor
      motivo doctor --store sqlite:///olist.db --json
    """
    from graph import hide_password

    facts: dict[str, Any] = {
        "motivo": version("motivo"),
        "python": platform.python_version(),
        "store": hide_password(store),
    }
    problems = _check_extractor(facts)
    unreachable = None
    try:
        problems += _check_store(store, facts)
    except StoreError as error:
        unreachable = error
        problems.append({"what": error.message, "remedy": error.hint})
    if as_json:
        print_json({"facts": facts, "problems": problems})
    else:
        print_table("", ("", ""), [(name, str(value)) for name, value in facts.items()])
        for problem in problems:
            say(f"✗ {problem['what']}", "red")
            say(f"  → {problem['remedy']}")
        if not problems:
            say("✓ all is well", "green")
    if unreachable is not None:
        raise unreachable


def _check_extractor(facts: dict[str, Any]) -> list[dict[str, str]]:
    from ingest import load_extractor

    problems = []
    try:
        try:
            extractor = load_extractor(vectors=True, models=read_settings().models)
        except MissingExtraError as error:
            what = f"texts are read by the lexical extractor, which is less often right: {error.message}"
            problems.append({"what": what, "remedy": error.hint})
            extractor = load_extractor(vectors=False)
        facts["extractor"] = extractor.version
        problems += _check_model(facts, extractor.version)
    except (MotivoError, OSError, ValueError) as error:
        hint = error.hint if isinstance(error, MotivoError) else ""
        said = error.message if isinstance(error, MotivoError) else str(error)
        problems.append({"what": f"texts cannot be read: {said}", "remedy": hint or "install motivo again"})
    return problems


def _check_model(facts: dict[str, Any], extractor: str) -> list[dict[str, str]]:
    from ingest.text.model_folder import PACKAGE, name_package_version

    if not extractor.startswith("vectors-"):
        return []
    facts["model"] = describe_model() or "the package's"
    folder = open_models()
    if folder.current == PACKAGE:
        return []
    record = folder.get_record(folder.current)
    facts["model"] += f", of {record.made[:10]}, learned from {record.texts} texts"
    if record.package == name_package_version():
        return []
    what = "your own model of texts was learned on top of an older one of the package"
    return [{"what": what, "remedy": "motivo text models --use package, then motivo text train again"}]


def _check_store(url: str, facts: dict[str, Any]) -> list[dict[str, str]]:
    store = open_graph(url)
    try:
        reader = store.reader()
        problems = [{"what": p.what, "remedy": p.remedy} for p in reader.check()]
        totals = reader.totals()
        facts["nodes"] = sum(totals.nodes.values())
        facts["relationships"] = sum(totals.relationships.values())
        run = reader.latest_run()
        facts["last ingest"] = f"{run.started:%Y-%m-%d %H:%M} UTC" if run else "none"
        rejected = sum(1 for _ in reader.rejected_rows())
        if rejected:
            problems.append({"what": f"{rejected} rows are in quarantine", "remedy": "motivo quarantine"})
        project = reader.setting("project")
        if run is None:
            problems.append({"what": "nothing was ingested", "remedy": "motivo ingest PROJECT.yaml"})
        elif project and not Path(project["path"]).exists():
            problems.append(
                {
                    "what": f"the project file {project['path']} is gone",
                    "remedy": "ingest again with the project file where it is now",
                }
            )
        return problems
    finally:
        store.close()
