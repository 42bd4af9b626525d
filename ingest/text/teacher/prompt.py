"""What a teacher is told: the rules of marking in short, the causes, and examples of our own."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files

import yaml

from ingest.text.taxonomy import load_taxonomy

Message = dict[str, str]

FORM = 1  # to be raised when what is sent of a text, or how an answer is read, changes


def _ask(text: str) -> Message:
    return {"role": "user", "content": f"Text:\n<<<\n{text}\n>>>"}


@cache
def _begin() -> tuple[Message, ...]:
    document = yaml.safe_load(files(__package__).joinpath("prompt.yaml").read_text("utf-8"))
    causes = "\n".join(f"{cause.id}: {cause.descriptions['en']}" for cause in load_taxonomy())
    messages = [{"role": "system", "content": document["rules"] + causes}]
    for example in document["examples"]:
        answer = json.dumps({k: v for k, v in example.items() if k != "text"}, ensure_ascii=False)
        messages += [_ask(example["text"]), {"role": "assistant", "content": answer}]
    return tuple(messages)


def write_messages(text: str) -> list[Message]:
    """Write what a teacher is sent for a text whose personal data are replaced already.

    All but the last message are the same for every text, which servers may keep in a cache.
    """
    return [*_begin(), _ask(text)]


def write_correction(messages: list[Message], answer: str, mistake: str) -> list[Message]:
    """Write what a teacher is sent once more, when its answer could not be read."""
    return [
        *messages,
        {"role": "assistant", "content": answer},
        {
            "role": "user",
            "content": f"That could not be read: {mistake}. Answer with the JSON object alone.",
        },
    ]


@cache
def prompt_version() -> str:
    """Return a digest (hex) that changes whenever another answer may come of the prompt."""
    said = json.dumps([FORM, _begin()], ensure_ascii=False)
    return hashlib.blake2b(said.encode(), digest_size=4).hexdigest()
