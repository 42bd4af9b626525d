"""The documentation says what the program does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from algorithms import (
    Action,
    Alert,
    Alerts,
    Dose,
    Effect,
    Evidence,
    Finding,
    Findings,
    PatternPart,
    Rising,
    Stated,
    Table,
)
from api.cli import motivo
from api.cli.main import COMMANDS as TOP
from api.settings import ServiceSettings, Settings
from schema import MotivoError, core_vocabulary
from schema.docs import write_page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COMMANDS_PAGE = "".join((DOCS / page).read_text("utf-8") for page in ("commands.md", "text-commands.md"))
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("[!.]*/**/*.md"))]
PAGES = [page for page in PAGES if "node_modules" not in page.parts]


def command(name: str) -> click.Command:
    found: click.Command = motivo
    for word in name.split():
        assert isinstance(found, click.Group)
        below = found.get_command(click.Context(found), word)
        assert below is not None
        found = below
    return found


def commands() -> list[str]:
    """Return the commands that have a section: those of `motivo`, and those of its groups."""
    names = list(TOP)
    for name in TOP:
        group = command(name)
        if isinstance(group, click.Group):
            names += [f"{name} {below}" for below in group.list_commands(click.Context(group))]
    return names


COMMANDS = commands()


def options(name: str) -> set[str]:
    """Return the options of a command and, where it has a section for them all, of its subcommands."""
    found = command(name)
    below = []
    if isinstance(found, click.Group) and name not in TOP:
        below = list(found.commands.values())
    parameters = [p for each in (found, *below) for p in each.params if isinstance(p, click.Option)]
    return {option for parameter in parameters for option in parameter.opts}


def section(name: str) -> str:
    match = re.search(rf"^## motivo {name}$(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL)
    assert match is not None, f"the pages of commands have no section on motivo {name}"
    return match[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_option_is_documented(name: str) -> None:
    text = section(name)
    for option in options(name):
        common = option in ("--store", "--json", "--lang")
        assert option in text or (common and option in COMMANDS_PAGE), option


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples(name: str) -> None:
    shown = command(name).get_help(click.Context(command(name), info_name=name))
    assert "Examples:" in shown
    assert f"motivo {name}" in shown


def test_each_documented_option_exists() -> None:
    for name in COMMANDS:
        there = options(name)
        for option in re.findall(r"^\| `(--[\w-]+)`", section(name), re.MULTILINE):
            assert option in there, f"motivo {name} has no {option}"


@pytest.mark.parametrize("part", [Findings, Finding, PatternPart, Dose, Stated, Evidence, Rising])
def test_each_field_of_root_causes_is_documented(part: type) -> None:
    for field in fields(part):
        assert f"`{field.name}`" in section("causes"), field.name


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (Alerts, "alerts"),
        (Alert, "alerts"),
        (Action, "action list"),
        (Effect, "action effect"),
        (Table, "action effect"),
    ],
)
def test_each_field_of_alerts_and_actions_is_documented(part: type, name: str) -> None:
    for field in fields(part):
        assert f"`{field.name}`" in section(name), field.name


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_a_page_names_only_files_that_are_there(page: Path) -> None:
    for name in re.findall(r"`(?:python )?((?:[\w-]+/)+[\w-]+\.(?:py|md|yaml))`", page.read_text("utf-8")):
        assert (ROOT / name).exists(), name


def test_each_setting_is_documented() -> None:
    assert Settings.__doc__ is not None
    for setting in re.findall(r"MOTIVO_\w+", Settings.__doc__):
        assert f"`{setting}`" in COMMANDS_PAGE


def test_each_setting_of_the_service_is_documented() -> None:
    page = (DOCS / "service.md").read_text("utf-8")
    said = ServiceSettings.__doc__ or ""
    documented = set(re.findall(r"^\| `(MOTIVO_\w+)`", page, re.MULTILINE))
    assert documented == set(re.findall(r"^    (MOTIVO_\w+):", said, re.MULTILINE))


def test_each_exit_code_is_documented() -> None:
    def family(kind: type[MotivoError]) -> set[int]:
        return {kind.exit_code}.union(*(family(child) for child in kind.__subclasses__()))

    sentence = next(line for line in COMMANDS_PAGE.split("\n\n") if "Exit codes:" in line)
    for code in family(MotivoError):
        assert re.search(rf"\b{code} ", sentence), code


def test_the_vocabulary_page_is_as_declared() -> None:
    page = (DOCS / "vocabulary.md").read_text("utf-8")
    assert page == "\n".join(write_page(core_vocabulary())) + "\n", "run make docs"


def test_the_readme_s_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"make (\w+)", README))
    assert {"demo", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target
