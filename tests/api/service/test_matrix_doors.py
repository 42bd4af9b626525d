"""Who has not said who they are, or not truly, is told nothing: each credential x each way to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.api.service.doors import knock
from tests.api.service.forged import bear, list_bearers, list_keys, list_nonsense, list_widgets
from tests.api.service.house import ORIGIN, SECRET, WIDGET, House


def list_forged(house: House) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield all that opens nothing, by what is wrong with it."""
    customer = house.know(WIDGET)["Customer.key"]
    yield from list_nonsense()
    yield from list_keys(house.company.store)
    yield from list_bearers(house.issuer)
    yield from list_widgets(SECRET, house.pseudonyms.hide("widget", customer), ORIGIN)


def test_what_is_no_credential_opens_no_door(house: House) -> None:
    nobody = house.askers["anyone"]
    tried = dict(list_forged(house))
    assert len(tried) > 25
    for name, headers in tried.items():
        for door, (status, text) in knock(house.client, headers).items():
            assert status == 401, (name, door, status, text)
            assert not house.find_leaks(nobody, "", text), (name, door, text)


def test_what_is_good_opens_them(house: House) -> None:
    token = house.issuer.sign(house.issuer.claims(motivo_role="admin"))
    for headers in (bear(token), house.askers["admin"].headers):
        for door, (status, text) in knock(house.client, headers).items():
            assert status == 200, (door, text)
            silent = ("events by get", "subscription by events", "export: link")
            # Else what is above would prove nothing.
            assert bool(house.company.marks.find(text)) is (door not in silent), door


@pytest.mark.parametrize("whose", [0, 1])
def test_a_widget_asks_by_queries_only_and_of_its_customer_only(house: House, whose: int) -> None:
    """Whether it is of one or of another customer: exports and streams are not for it."""
    asker = house.make_widget(whose)
    for door, (status, text) in knock(house.client, asker.headers).items():
        expected = 403 if door.startswith("export") else 200
        assert status == expected, (door, status, text)
        assert not house.find_leaks(asker, "", text), (door, text)
    other = house.know(1 - whose)
    for known in (other["Customer.key"], house.pseudonyms.hide("Customer", other["Customer.key"])):
        said = house.post(asker, "query ($key: String!) { customer(key: $key) { key } }", {"key": known})
        assert said.json()["data"]["customer"] is None
