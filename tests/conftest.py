"""What tests of several packages share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real data; skip without it, and fail where nothing may be missing."""
    folder = Path(os.environ.get("MOTIVO_DATA") or ROOT / ".." / "shared" / "data").resolve()
    if not folder.is_dir():
        message = f"real data is not at {folder}: set MOTIVO_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
