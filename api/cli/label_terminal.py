"""Labelling in a terminal: a text with its causes, a command a line, causes chosen as they are typed."""

from __future__ import annotations

import os
import sys
import termios
import tty
import unicodedata
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from api.cli.label_words import LABEL_WORDS
from api.cli.output import console, say, say_command
from schema import MotivoError

if TYPE_CHECKING:
    from ingest.text.learning import Candidate, Draft, LabelBook, LabelledText

MATCHES = 4  # causes shown beside what is typed
STYLES = ("bold cyan", "bold magenta", "bold yellow", "bold green", "bold blue")
ESCAPE, TAB, BACKSPACE = "\x1b", "\t", ("\x7f", "\b")


class LabelTerminal:
    """One sitting: texts one by one, until the last one or `q`."""

    def __init__(self, book: LabelBook, lang: str) -> None:
        from ingest import load_taxonomy

        self._book = book
        self._lang = lang
        self._words: dict[str, Any] = LABEL_WORDS[lang]
        self._names = {cause.id: cause.names[lang] for cause in load_taxonomy()}
        own = {cause.cause for text in book.before.texts for cause in text.causes if cause.cause}
        self._names |= {cause: cause for cause in sorted(own - self._names.keys())}
        self._saved: list[int] = []  # places of the texts that were accepted in this sitting

    def run(self, chosen: list[Candidate]) -> None:
        """Open the texts."""
        from ingest.text.learning import Draft

        if not chosen:
            say(self._words["none"])
            return
        drafts = [Draft(candidate.proposal) for candidate in chosen]
        place = 0
        while 0 <= place < len(drafts):
            step = self._open(drafts[place], place, len(drafts))
            if step is None:
                break
            place = step
        now = len(self._saved)
        before = len(self._book.before.texts)
        say(self._words["end"].format(n=before + now, now=now, file=self._book.path), "green")
        say(self._words["next"])
        say_command("text", "train", str(self._book.path))

    def _open(self, draft: Draft, place: int, of: int) -> int | None:
        """Let a text be labelled; gives the place of the text to open next, None to quit."""
        self._show(draft.labels, place, of)
        while True:
            line = self._read_line(self._words["prompt"])
            if line is None or line == "q":
                return None
            if line == "":
                self._book.append(draft.labels)
                self._saved.append(place)
                say(self._words["saved"], "green")
                return place + 1
            if line == "s":
                return place + 1
            if line == "u" and not draft.undo():
                if self._saved:
                    self._book.take_back()
                    say(self._words["back"], "yellow")
                    return self._saved.pop()
                say(self._words["undo_none"], "yellow")
                continue
            try:
                changed = line == "u" or self._obey(draft, line)
            except MotivoError as error:
                say(str(error), "yellow")
                continue
            if changed:
                self._show(draft.labels, place, of)

    def _obey(self, draft: Draft, line: str) -> bool:
        """Do what a line says; tells whether that changed the labels."""
        command, rest = line[0], line[1:].strip()
        if command == "?":
            for each in self._words["help"]:
                say(f"  {each}", "dim")
            return False
        if line in ("y", "n"):
            draft.set_complaint(line == "y")
            return True
        if command == "+" and rest:
            return self._add(draft, rest)
        if command == "d" and rest.isdecimal():
            draft.delete(int(rest))
            return True
        if command == "c" and rest.isdecimal():
            draft.get_cause(int(rest))
            cause = self._choose_cause()
            if cause is not None:
                draft.rename(int(rest), cause or None)
            return cause is not None
        say(self._words["unknown"].format(command=line), "yellow")
        return False

    def _add(self, draft: Draft, words: str) -> bool:
        starts = draft.find_words(words)
        if not starts:
            say(self._words["absent"], "yellow")
            return False
        which = 1
        if len(starts) > 1:
            for number, start in enumerate(starts, start=1):
                near = draft.labels.text[max(0, start - 30) : start + len(words) + 30]
                say(f"  {number} …{_flat(near)}…")
            answer = self._read_line(self._words["which"].format(n=len(starts))) or ""
            which = int(answer) if answer.isdecimal() else 0
            if not 1 <= which <= len(starts):
                return False
        start, end = starts[which - 1], starts[which - 1] + len(words)
        draft.check_free(start, end)  # before a cause is asked for
        cause = self._choose_cause()
        if cause is not None:
            draft.add(start, end, cause or None)
        return cause is not None

    def _choose_cause(self) -> str | None:
        """Let a cause be typed by a part of its id or name; "" for no name, None to leave it."""
        typed, at = "", 0
        click.echo(self._words["cause"])
        while True:
            found = find_causes(self._names, typed)
            at = min(at, max(len(found) - 1, 0))
            self._show_matches(typed, found, at)
            key = self._read_key()
            if key == ESCAPE:
                click.echo("")
                return None
            if key in ("\r", "\n") and found:
                click.echo("")
                return found[at]
            if key == "." and not typed:
                click.echo("")
                return ""
            if key == TAB and found:
                at = (at + 1) % len(found)
            elif key in BACKSPACE:
                typed, at = typed[:-1], 0
            elif key.isprintable():
                typed, at = typed + key, 0

    def _show_matches(self, typed: str, found: list[str], at: int) -> None:
        """Show on one line what was typed and the causes that it may mean, the chosen one first."""
        shown = [f"{cause} ({self._names[cause]})" for cause in (*found[at:], *found[:at])[:MATCHES]]
        line = f"> {typed}_  {' · '.join(shown) or self._words['nothing']}"
        click.echo(f"\r\x1b[K{_cut(line, console().width - 1)}", nl=False)

    def _read_key(self) -> str:
        """Return the key that is pressed next; escape for arrows, too."""
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal, termios.TCSADRAIN)
        try:
            key = os.read(terminal, 1)
            if key == b"\x1b":
                return ESCAPE
            while key and key[0] >= 0xC0 and len(key) < _count_bytes(key[0]):
                key += os.read(terminal, 1)
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        if key in (b"", b"\x04"):
            raise click.Abort
        return key.decode("utf-8", "replace")

    def _read_line(self, prompt: str) -> str | None:
        """Return a line that is typed; None at the end of the input."""
        click.echo(f"{prompt} ", nl=False)
        line = sys.stdin.readline()
        return line.strip() if line else None

    def _show(self, labels: LabelledText, place: int, of: int) -> None:
        out = console()
        out.print()
        out.rule(Text(self._words["head"].format(place=place + 1, of=of, id=labels.id)))
        out.print(mark_causes(labels))
        say(self._words["complaint"][labels.complaint], "bold")
        for number, cause in enumerate(labels.causes, start=1):
            name = self._names.get(cause.cause or "", "")
            named = f"{cause.cause} ({name})" if name and name != cause.cause else cause.cause
            line = Text(f"  {number} ", STYLES[(number - 1) % len(STYLES)])
            line.append(named or self._words["no_name"])
            out.print(line)
        if labels.complaint and not labels.causes:
            say(f"  {self._words['no_causes']}")


def mark_causes(labels: LabelledText) -> Text:
    """Return the text with its causes marked: [1«words»], and a style where there are colours."""
    line, end = Text(), 0
    for number, cause in enumerate(labels.causes, start=1):
        line.append(_flat(labels.text[end : cause.start]))
        style = STYLES[(number - 1) % len(STYLES)]
        line.append(f"[{number}«{_flat(labels.text[cause.start : cause.end])}»]", style)
        end = cause.end
    line.append(_flat(labels.text[end:]))
    return line


def find_causes(names: dict[str, str], typed: str) -> list[str]:
    """Return the ids of the causes whose id or name has what is typed, those that begin with it first."""
    wanted = _fold(typed)
    found = []
    for cause, name in names.items():
        words = [
            _fold(cause),
            *_fold(cause).replace(".", " ").replace("_", " ").split(),
            *_fold(name).split(),
        ]
        whole = f"{_fold(cause)} {_fold(cause).replace('_', ' ').replace('.', ' ')} {_fold(name)}"
        if wanted in whole:
            found.append((not any(word.startswith(wanted) for word in words), cause))
    return [cause for _, cause in sorted(found)]


def _fold(words: str) -> str:
    letters = unicodedata.normalize("NFD", words.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _flat(text: str) -> str:
    """Return a text without what would move the cursor; breaks of line stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _count_bytes(first: int) -> int:
    """Return how many bytes a letter has in UTF-8, by its first one."""
    return 2 if first < 0xE0 else 3 if first < 0xF0 else 4
