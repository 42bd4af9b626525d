"""Random users of the explorer: nothing goes wrong, and undo leads back through all they did."""

from __future__ import annotations

import pytest

from tests.web.conftest import Visitor
from tests.web.serving import Service
from tests.web.walks import Walk


@pytest.mark.parametrize("seed", [1, 7, 9])
def test_a_random_user_meets_no_error_and_undoes_it_all(service: Service, visit: Visitor, seed: int) -> None:
    page = visit(service, "search")
    page.locator("m-search-tab").wait_for()
    walk = Walk(page, seed)
    walk.walk(12)
    walk.undo_all()
