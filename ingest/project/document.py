"""A YAML document whose every entry knows the line it stands on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schema.errors import ProjectError

# A file of this kind is written by hand. The bounds keep one that is not (aliases of aliases of
# aliases) from filling the memory.
MOST_BYTES = 2**20
MOST_ENTRIES = 50_000
MOST_SUGGESTED = 30


def suggest(name: str, known: Iterable[str]) -> str:
    """Return a hint naming the nearest of the known names, or those that there are."""
    names = [str(k) for k in known]
    near = difflib.get_close_matches(name, names, n=1) or [n for n in names if n.lower() == name.lower()]
    if near:
        return f"did you mean {near[0]!r}?"
    if not names:
        return "there are none"
    more = f"... ({len(names)} in all)" if len(names) > MOST_SUGGESTED else ""
    return f"one of: {', '.join(names[:MOST_SUGGESTED])}{more}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the document: a mapping, a list or a scalar, with its place and its name.

    `path` is the way to it through the document: `targets.nodes[0].properties.score`.
    """

    node: yaml.Node
    file: Path
    line: int
    path: str

    def error(self, message: str, hint: str = "") -> ProjectError:
        """Return the error that this entry is wrong."""
        where = f"{self.path}: " if self.path else ""
        return ProjectError(f"{self.file}:{self.line}: {where}{message}", hint=hint)

    @property
    def is_mapping(self) -> bool:
        """Whether it has entries of its own."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether nothing is written there."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == "tag:yaml.org,2002:null"

    def entries(self) -> dict[str, Entry]:
        """Return the entries of a mapping by name; nothing written is an empty mapping."""
        if self.is_null:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("expected entries, 'name: value'")
        found: dict[str, Entry] = {}
        for key, value in self.node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ProjectError(f"{self.file}:{line}: the name of an entry must be a word")
            path = f"{self.path}.{key.value}" if self.path else key.value
            entry = Entry(value, self.file, line, path)
            if key.value in found:
                raise entry.error(f"is there twice (first in line {found[key.value].line})", "remove one")
            found[key.value] = entry
        return found

    def known_entries(self, allowed: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Entry]:
        """Return the entries of a mapping that may have only these names, and must have some."""
        names = list(allowed)
        found = self.entries()
        for name, entry in found.items():
            if name not in names:
                raise entry.error("is not an entry that is known here", suggest(name, names))
        for name in needed:
            if name not in found:
                raise self.error(f"{name!r} is missing", f"add '{name}: ...'")
        return found

    def items(self) -> list[Entry]:
        """Return the items of a list."""
        if self.is_null:
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("expected a list, '- ...' or [..., ...]")
        return [
            Entry(item, self.file, item.start_mark.line + 1, f"{self.path}[{i}]")
            for i, item in enumerate(self.node.value)
        ]

    def text(self) -> str:
        """Return a text as it is written: `no` and `2024` are names like any other."""
        if not isinstance(self.node, yaml.ScalarNode) or self.is_null:
            raise self.error("expected a text")
        value: str = self.node.value
        if not value.strip():
            raise self.error("is empty")
        return value

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts, or one text as a list of one."""
        if not self.is_list:
            return (self.text(),)
        found = tuple(item.text() for item in self.items())
        if not found:
            raise self.error("is empty")
        return found

    def choice(self, allowed: Iterable[str]) -> str:
        """Return a text that is one of those allowed."""
        names = list(allowed)
        text = self.text()
        if text not in names:
            raise self.error(f"{text!r} is not known", suggest(text, names))
        return text

    def boolean(self) -> bool:
        """Return true or false."""
        value = self.plain()
        if not isinstance(value, bool):
            raise self.error("expected true or false")
        return value

    def integer(self) -> int:
        """Return a whole number."""
        value = self.plain()
        if type(value) is not int:
            raise self.error("expected a whole number")
        return value

    def plain(self) -> Any:
        """Return the value as YAML means it, in dicts, lists and scalars."""
        if self.is_mapping:
            return {name: entry.plain() for name, entry in self.entries().items()}
        if self.is_list:
            return [item.plain() for item in self.items()]
        constructor = yaml.SafeLoader("")
        try:
            return constructor.construct_document(self.node)
        except (yaml.YAMLError, ValueError) as error:
            raise self.error(f"is not a plain value: {error}") from None

    def find(self, path: Iterable[str]) -> Entry:
        """Return the entry at a path below this one, or the last on the way that there is."""
        entry = self
        for name in path:
            inner: Mapping[str, Entry] = entry.entries() if entry.is_mapping else {}
            if name not in inner:
                break
            entry = inner[name]
        return entry


def read_document(path: Path) -> Entry:
    """Return the root of the YAML document in a file; `ProjectError` says where it is wrong."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ProjectError(
            f"{path}:1: there is no such file", hint="give the path of a project file"
        ) from None
    except OSError as error:
        raise ProjectError(f"{path}:1: cannot be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise ProjectError(f"{path}:1: is larger than a project file can be ({MOST_BYTES} bytes)")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ProjectError(f"{path}:{line}: is not UTF-8", hint="save the file as UTF-8") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = " ".join(part for part in (error.problem, error.context) if part)
        raise ProjectError(
            f"{path}:{line}: is not YAML: {said}",
            hint="put texts with signs such as : # % @ in quotes",
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ProjectError(f"{path}:{line}: is not YAML: {error.reason}") from None
    except RecursionError:
        raise ProjectError(f"{path}:1: is nested too deeply") from None
    if node is None:
        raise ProjectError(f"{path}:1: is empty", hint="see docs/project-file.md")
    _bound(node, path)
    return Entry(node, path, node.start_mark.line + 1, "")


def _bound(root: yaml.Node, path: Path) -> None:
    """Refuse a document that aliases make endless or enormous."""
    seen = 0
    waiting: list[tuple[yaml.Node, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if seen > MOST_ENTRIES or depth > 50:
            line = node.start_mark.line + 1
            raise ProjectError(
                f"{path}:{line}: is too large or nested too deeply",
                hint="write it without aliases (*name)",
            )
        if isinstance(node, yaml.MappingNode):
            waiting.extend((part, depth + 1) for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend((part, depth + 1) for part in node.value)
