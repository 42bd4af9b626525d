"""What the tests of learning share: labelled texts of a company, and torch where it is there."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

from ingest.text.learning import LabelledText
from tests.ingest.text.learning.zoo import make_texts


@pytest.fixture(scope="session")
def torch_is_there() -> None:
    """Skip without torch; fail where continuous integration has asked for it."""
    if find_spec("torch") is not None:
        return
    message = "torch is not installed, layers are not trained: make .venv/train"
    if os.environ.get("CI") == "true" and os.environ.get("MOTIVO_CI_TRAIN"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def zoo() -> list[LabelledText]:
    return make_texts()
