"""Reading a project file: its head, declarations, identity and root causes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ingest.project.document import Entry, read_document, suggest
from ingest.project.model import TEACHER, Project, RootCauseSpec
from ingest.project.options import read_country, read_currency, read_timezone
from ingest.project.sources import read_sources
from ingest.project.targets import read_nodes, read_relationships
from schema.errors import UsageError
from schema.kinds import LANGUAGES
from schema.paths import FOLDS, NEVER, is_telling, parse_path
from schema.paths import Path as TypedPath
from schema.vocabulary import CAUSE, COMPLAINT, CUSTOMER, RECORD, Vocabulary, core_vocabulary

PROJECT_ENTRIES = (
    "version",
    "name",
    "languages",
    "country",
    "currency",
    "timezone",
    "kinds",
    "relationships",
    "sources",
    "targets",
    "identity",
    "root_causes",
    "text",
)
TARGETS_ENTRIES = ("nodes", "relationships")
ROOT_CAUSES_ENTRIES = ("unit", "depth", "exclude", "money", "features", "discover")
TEXT_ENTRIES = ("extractor",)
EXTRACTORS = ("vectors", "lexical", TEACHER)
DEEPEST = 6


def load_project(path: Path) -> Project:
    """Return the project that a file declares.

    Raises `ProjectError`, its message starting with `file:line:`, at the first mistake.
    """
    root = read_document(path)
    head = root.known_entries(PROJECT_ENTRIES, needed=("version", "name", "sources", "targets"))
    if head["version"].text() != "1":
        raise head["version"].error("is not a version that is known", "write 'version: 1'")
    languages = _read_languages(head["languages"]) if "languages" in head else LANGUAGES
    country = read_country(head["country"]) if "country" in head else ""
    currency = read_currency(head["currency"]) if "currency" in head else ""
    timezone = read_timezone(head["timezone"]) if "timezone" in head else "UTC"
    defaults = {"country": country, "currency": currency, "timezone": timezone}

    declarations, vocabulary = _read_declarations(root)
    sources = read_sources(head["sources"])
    targets = head["targets"].known_entries(TARGETS_ENTRIES, needed=("nodes",))
    nodes = read_nodes(targets["nodes"], sources, vocabulary, defaults)
    relationships = (
        read_relationships(targets["relationships"], sources, nodes, vocabulary, defaults)
        if "relationships" in targets
        else ()
    )
    identity = _read_identity(head["identity"], vocabulary) if "identity" in head else ()
    root_causes = (
        _read_root_causes(head["root_causes"], vocabulary) if "root_causes" in head else RootCauseSpec()
    )
    return Project(
        path=path,
        name=head["name"].text().strip(),
        languages=languages,
        country=country,
        currency=currency,
        timezone=timezone,
        vocabulary=vocabulary,
        sources=sources,
        nodes=nodes,
        relationships=relationships,
        identity=identity,
        root_causes=root_causes,
        extractor=_read_text(head["text"]) if "text" in head else "",
        declarations=declarations,
    )


def _read_languages(entry: Entry) -> tuple[str, ...]:
    languages = entry.texts()
    for name in languages:
        if name not in LANGUAGES:
            raise entry.error(f"{name!r} is not a language that is read", suggest(name, LANGUAGES))
    if len(set(languages)) < len(languages):
        raise entry.error("names a language twice")
    return languages


def _read_declarations(root: Entry) -> tuple[dict[str, Any], Vocabulary]:
    """Return the declared kinds and relationships, and the core vocabulary extended by them."""
    vocabulary = core_vocabulary()
    declarations: dict[str, Any] = {}
    for section in ("kinds", "relationships"):
        declared = root.entries().get(section)
        for name, entry in declared.entries().items() if declared else ():
            body = entry.plain()
            declarations.setdefault(section, {})[name] = body
            # One at a time, so that whatever is wrong is wrong at this declaration.
            try:
                vocabulary = vocabulary.extend({section: {name: body}})
            except ValueError as error:
                path, _, said = str(error).partition(": ")
                place = root.find(path.split("."))
                unknown = re.fullmatch(r"there is no kind '(.*)'", said)
                hint = suggest(unknown[1], vocabulary.kinds) if unknown else ""
                raise place.error(said or path, hint) from None
            except (TypeError, AttributeError):
                raise entry.error("is not a declaration", "see the form in docs/project-file.md") from None
    return declarations, vocabulary


def _read_identity(entry: Entry, vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    known = vocabulary.kinds[CUSTOMER].properties
    keys: list[tuple[str, ...]] = []
    for item in entry.items():
        key = item.texts()
        for name in key:
            if name not in known:
                raise item.error(f"{CUSTOMER} has no property {name!r}", suggest(name, known))
        if len(set(key)) < len(key):
            raise item.error("names a property twice")
        if set(key) in [set(other) for other in keys]:
            raise item.error("is there twice", "remove one")
        keys.append(key)
    return tuple(keys)


def _read_text(entry: Entry) -> str:
    found = entry.known_entries(TEXT_ENTRIES)
    return found["extractor"].choice(EXTRACTORS) if "extractor" in found else ""


def _read_root_causes(entry: Entry, vocabulary: Vocabulary) -> RootCauseSpec:
    found = entry.known_entries(ROOT_CAUSES_ENTRIES)
    spec = RootCauseSpec()
    unit, depth = spec.unit, spec.depth
    if "unit" in found:
        units = [k for k in vocabulary.kinds if k not in (COMPLAINT, CAUSE, RECORD)]
        unit = found["unit"].text()
        if unit in (COMPLAINT, CAUSE, RECORD):
            raise found["unit"].error(
                f"{unit} cannot be a unit of exposure",
                f"a kind that complaints are about or filed by, such as {CUSTOMER}",
            )
        if unit not in units:
            raise found["unit"].error(f"there is no kind {unit!r}", suggest(unit, units))
    if "depth" in found:
        depth = found["depth"].integer()
        if not 1 <= depth <= DEEPEST:
            raise found["depth"].error(f"is a number from 1 to {DEEPEST}")
    exclude = tuple(e.text() for e in found["exclude"].items()) if "exclude" in found else ()
    for name in exclude:
        _read_path(found["exclude"], name, vocabulary)
    money = found["money"].text() if "money" in found else ""
    if money:
        path = _read_path(found["money"], money, vocabulary)
        held = vocabulary.kinds[path.kind].properties.get(path.name)
        if held is None or held.type != "money":
            raise found["money"].error(
                f"{money!r} leads to no sum of money", "name a property of type money at its end"
            )
        if path.unit != unit:
            raise found["money"].error(f"{money!r} does not begin at the unit", f"begin with {unit}")
    features = _read_features(found["features"], unit, vocabulary) if "features" in found else ()
    discover = found["discover"].boolean() if "discover" in found else spec.discover
    if not discover and not features:
        raise found["discover"].error("leaves no feature", "declare some: 'features: [...]'")
    return RootCauseSpec(unit, depth, exclude, money, features, discover)


def _read_features(entry: Entry, unit: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the declared paths as they are printed."""
    found: list[str] = []
    for item in entry.items():
        text = item.text()
        path = _read_path(item, text, vocabulary)
        if path.unit != unit:
            raise item.error(f"{text!r} does not begin at the unit", f"begin with {unit}")
        for end in path.ends or (path,):
            if len(end.steps) > DEEPEST:
                raise item.error(f"{text!r} is longer than {DEEPEST} steps")
            barred = [kind for kind in end.kinds if kind in NEVER]
            if barred:
                raise item.error(
                    f"{text!r}: a {barred[0]} explains no complaint",
                    "it is there because somebody complained, or is written by Motivo",
                )
            held = vocabulary.kinds[end.kind].properties.get(end.name)
            if held is not None and not is_telling(held):
                raise item.error(f"{text!r} is personal data", "name a public property")
        if not path.ends and not path.name and not path.steps:
            raise item.error(f"{text!r} is the unit itself", f"name a property of it, such as {unit}.status")
        if str(path) in found:
            raise item.error(f"{text!r} is there twice", "remove one")
        found.append(str(path))
    return tuple(found)


def _read_path(entry: Entry, text: str, vocabulary: Vocabulary) -> TypedPath:
    """Return a path, such as `Order.total` or `Order<-PAYS-Payment.amount`."""
    try:
        return parse_path(text, vocabulary)
    except UsageError as error:
        unknown = re.search(r"no (?:kind|property|relationship|fold) '(\w+)'", error.message)
        properties = (name for kind in vocabulary.kinds.values() for name in kind.properties)
        known = [*vocabulary.kinds, *vocabulary.relationships, *properties, *FOLDS]
        hint = suggest(unknown[1], known) if unknown else error.hint
        raise entry.error(error.message, hint if hint.startswith("did") else error.hint) from None
