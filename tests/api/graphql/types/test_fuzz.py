"""Whatever is asked, the answer is an answer, or an error of the family."""

from __future__ import annotations

from collections import Counter

import pytest

from api.auth import Role
from api.graphql.execution import Documents, InvalidOperationError, Limits
from tests.api.graphql.fuzz import Fuzz
from tests.api.graphql.shop import Desk

LARGE = Limits(cost=10**9, depth=50, fields=10**6, tokens=10**6, overlaps=10**7)


def answer(desk: Desk, text: str, role: Role) -> list[str]:
    """Return the codes of the errors."""
    try:
        response = desk.respond(text, role=role)
    except InvalidOperationError as invalid:
        return [str(error.extensions["code"]) for error in invalid.errors]
    return [error["extensions"]["code"] for error in response.get("errors", ())]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ANALYST])
def test_random_queries_make_no_internal_error(desk: Desk, ids: dict[str, str], role: Role) -> None:
    desk.documents = Documents(desk.schema, LARGE)
    codes: Counter[str] = Counter()
    for seed in range(250):
        text = Fuzz(desk.schema, seed, list(ids.values())).write()
        found = answer(desk, text, role)
        assert "internal" not in found, f"seed {seed}: {text}"
        codes.update(found or ["fine"])
    assert codes["fine"] > 50, codes
    # There is nothing here that finds root causes, which is told as a store that is not there.
    known = {"fine", "usage", "bad_input", "not_found", "refused", "over_limit", "store_unreachable"}
    assert codes.keys() <= known, codes
