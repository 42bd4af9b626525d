from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.text.teacher import Client, Endpoint, Teacher

Ready = Callable[..., Teacher]


@pytest.fixture
def waits() -> list[float]:
    """The seconds that clients of `ready` were to sleep; none of them was slept."""
    return []


@pytest.fixture
def ready(tmp_path: Path, waits: list[float]) -> Iterator[Ready]:
    """Make teachers that do not sleep, and close them."""
    made = []

    def make(url: str, **more: Any) -> Teacher:
        endpoint = Endpoint(url, more.pop("model", "small"), **more)
        client = Client(endpoint, sleep=lambda seconds: waits.append(seconds) if seconds else None)
        made.append(Teacher(endpoint, ("es", "pt", "en"), tmp_path / "answers.db", client=client))
        return made[-1]

    yield make
    for teacher in made:
        teacher.close()
