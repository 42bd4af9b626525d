"""An office with complaints that nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.text.review.office import COMPLAINTS, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.read(COMPLAINTS)
    yield made
    made.store.close()
