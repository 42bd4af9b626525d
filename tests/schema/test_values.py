"""Value types: what a text is cleaned into, and that it comes back as it was kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.projection import ARROW_TYPES
from schema.values import (
    Amount,
    Boolean,
    Date,
    Integer,
    Money,
    Number,
    Text,
    Time,
    ValueType,
)

AMOUNTS = st.builds(
    Amount,
    st.decimals(-(10**14) + 1, 10**14 - 1, places=4),
    st.sampled_from(["BRL", "EUR", "USD", "CLP"]),
)
VALUES: dict[type[ValueType], st.SearchStrategy[Any]] = {
    Text: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1),
    Integer: st.integers(-(2**63), 2**63 - 1),
    Number: st.floats(allow_nan=False, allow_infinity=False),
    Boolean: st.booleans(),
    Date: st.dates(),
    Time: st.datetimes(timezones=st.just(UTC)),
    Money: AMOUNTS,
}
STORED = {"text": str, "integer": int, "real": float}
any_value = st.one_of(*(st.tuples(st.just(t()), values) for t, values in VALUES.items()))
any_type = st.sampled_from(
    [
        *(t() for t in VALUES),
        Integer(","),
        Number(","),
        Money("BRL", ","),
        Date("%d/%m/%Y"),
        Time("%d/%m/%Y %H:%M", "America/Sao_Paulo"),
        Time(timezone="Europe/Madrid"),
    ]
)


@given(any_value)
def test_what_is_kept_comes_back(case: tuple[ValueType, Any]) -> None:
    value_type, value = case
    assert value_type.validate(value)
    stored = value_type.encode(value)
    assert type(stored) is STORED[value_type.storage]
    assert value_type.decode(stored) == value
    assert type(value_type.decode(stored)) is value_type.python


@given(any_value)
def test_every_value_has_a_caption(case: tuple[ValueType, Any]) -> None:
    value_type, value = case
    assert isinstance(value_type.caption(value), str)


@given(any_value)
def test_a_value_fits_its_column(case: tuple[ValueType, Any]) -> None:
    value_type, value = case
    if not isinstance(value_type, Money):  # money is projected as two columns
        (back,) = pa.array([value], ARROW_TYPES.get(value_type.name, pa.string())).to_pylist()
        assert back == value


@given(any_type, st.text(min_size=1) | st.from_regex(r"[-+]?[0-9.,]{1,25}( [A-Z]{3})?", fullmatch=True))
def test_cleaning_gives_a_value_to_keep_or_says_why_not(value_type: ValueType, raw: str) -> None:
    try:
        value = value_type.clean(raw)
    except ValueError:
        return
    assert value_type.validate(value)
    assert value_type.decode(value_type.encode(value)) == value


@given(any_value)
def test_a_value_of_another_type_is_not_valid(case: tuple[ValueType, Any]) -> None:
    value_type, value = case
    others = [t for t in VALUES if t.python is not value_type.python]
    assert not any(t().validate(value) for t in others)
    assert not value_type.validate(None)


class TestText:
    @given(VALUES[Text])
    def test_it_is_kept_letter_by_letter(self, text: str) -> None:
        assert Text().clean(text) == text

    @pytest.mark.parametrize("raw", ["a\x00b", "\ud800"])
    def test_what_no_store_can_hold_is_refused(self, raw: str) -> None:
        with pytest.raises(ValueError, match=r"NUL|UTF-8"):
            Text().clean(raw)
        assert not Text().validate(raw)


class TestNumbers:
    @pytest.mark.parametrize(
        ("value_type", "raw", "value"),
        [
            (Integer(), "42", 42),
            (Integer(), "-7", -7),
            (Integer(), "+7", 7),
            (Integer(), "007", 7),
            (Integer(), "3.0", 3),
            (Integer(), "1,234,567", 1234567),
            (Integer(","), "1.234.567", 1234567),
            (Integer(","), "3,00", 3),
            (Integer(), "-9223372036854775808", -(2**63)),
            (Number(), "1,234.56", 1234.56),
            (Number(","), "1.234,56", 1234.56),
            (Number(","), "-0,5", -0.5),
            (Number(","), "1.234", 1234.0),
            (Number(), "1e3", 1000.0),
            (Number(), ".5", 0.5),
        ],
    )
    def test_numbers(self, value_type: ValueType, raw: str, value: float) -> None:
        cleaned = value_type.clean(raw)
        assert (cleaned, type(cleaned)) == (value, type(value))

    @pytest.mark.parametrize(
        ("value_type", "raw"),
        [
            (Integer(), "3.5"),
            (Integer(), "x"),
            (Integer(), "1_000"),
            (Integer(), "1,23"),
            (Integer(), "9223372036854775808"),
            (Integer(), "9" * 5000),
            (Integer(), "."),
            (Integer(","), "1.5"),
            (Number(), "nan"),
            (Number(), "inf"),
            (Number(), "1e999"),
            (Number(), "1_000"),
            (Number(), "1.234,56"),
            (Number(","), "1,234.56"),
            (Number(","), "1.5"),
            (Number(), "12 345"),
        ],
    )
    def test_no_numbers(self, value_type: ValueType, raw: str) -> None:
        with pytest.raises(ValueError, match=r"number|too large"):
            value_type.clean(raw)

    @given(VALUES[Integer])
    def test_integers_read_as_written(self, value: int) -> None:
        assert Integer().clean(str(value)) == value
        assert Integer().clean(f"{value:,}") == value
        assert Integer(",").clean(f"{value:,}".replace(",", ".")) == value

    @given(VALUES[Number])
    def test_numbers_read_as_written(self, value: float) -> None:
        assert Number().clean(repr(value)) == value
        assert Number(",").clean(repr(value).replace(".", ",")) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [("true", True), ("TRUE", True), ("1", True), ("Sí", True), ("SIM", True), ("não", False), ("0", False)],
)
def test_booleans(raw: str, value: bool) -> None:
    assert Boolean().clean(raw) is value


@pytest.mark.parametrize("raw", ["2", "maybe", "tru", "sim sim", "null"])
def test_no_booleans(raw: str) -> None:
    with pytest.raises(ValueError, match="neither yes nor no"):
        Boolean().clean(raw)


class TestDate:
    @pytest.mark.parametrize(
        ("format_", "raw", "value"),
        [
            ("", "2026-11-24", date(2026, 11, 24)),
            ("", "2024-02-29", date(2024, 2, 29)),
            ("", "2026-11-24T23:59:59", date(2026, 11, 24)),
            ("", "2026-11-24 00:00:00", date(2026, 11, 24)),
            ("%d/%m/%Y", "24/11/2026", date(2026, 11, 24)),
        ],
    )
    def test_days(self, format_: str, raw: str, value: date) -> None:
        assert Date(format_).clean(raw) == value

    @pytest.mark.parametrize(
        ("format_", "raw"),
        [
            ("%d/%m/%Y", "31/02/2026"),
            ("%d/%m/%Y", "29/02/2026"),
            ("%d/%m/%Y", "2026-11-24"),
            ("%d/%m/%Y", "24/11/2026 10:00"),
            ("", "31/02/2026"),
            ("", "2026-02-31"),
            ("", "24/11/2026"),
            ("", "2026-11"),
            ("", "0000-00-00"),
            ("", "today"),
        ],
    )
    def test_no_days(self, format_: str, raw: str) -> None:
        with pytest.raises(ValueError, match="is not a day of the calendar") as caught:
            Date(format_).clean(raw)
        assert raw in str(caught.value)

    @given(st.dates())
    def test_days_read_as_written(self, value: date) -> None:
        assert Date().clean(value.isoformat()) == value

    def test_a_time_is_no_day(self) -> None:
        assert not Date().validate(datetime(2026, 1, 1, tzinfo=UTC))


class TestTime:
    @pytest.mark.parametrize(
        ("timezone", "raw", "utc"),
        [
            ("UTC", "2026-11-24T09:30:00", "2026-11-24T09:30:00"),
            ("UTC", "2026-11-24T09:30:00Z", "2026-11-24T09:30:00"),
            ("UTC", "2026-11-24", "2026-11-24T00:00:00"),
            ("UTC", "2026-11-24 09:30:00.123456-03:00", "2026-11-24T12:30:00.123456"),
            # Summer time: Madrid is two hours ahead, in winter one.
            ("Europe/Madrid", "2026-07-01T12:00:00", "2026-07-01T10:00:00"),
            ("Europe/Madrid", "2026-12-01T12:00:00", "2026-12-01T11:00:00"),
            # The hour that comes twice is read as the first, the one that never was as before the change.
            ("Europe/Madrid", "2026-10-25T02:30:00", "2026-10-25T00:30:00"),
            ("Europe/Madrid", "2026-03-29T02:30:00", "2026-03-29T01:30:00"),
            # Brazil kept summer time until 2019.
            ("America/Sao_Paulo", "2018-12-01T12:00:00", "2018-12-01T14:00:00"),
            ("America/Sao_Paulo", "2020-12-01T12:00:00", "2020-12-01T15:00:00"),
            # A zone in the text goes before the zone of the column.
            ("America/Sao_Paulo", "2020-12-01T12:00:00+01:00", "2020-12-01T11:00:00"),
        ],
    )
    def test_moments(self, timezone: str, raw: str, utc: str) -> None:
        value = Time(timezone=timezone).clean(raw)
        assert value == datetime.fromisoformat(utc).replace(tzinfo=UTC)
        assert value.utcoffset() == timedelta(0)

    def test_a_format(self) -> None:
        value = Time("%d/%m/%Y %H:%M", "America/Sao_Paulo").clean("01/12/2020 12:00")
        assert value == datetime(2020, 12, 1, 15, tzinfo=UTC)
        assert Time("%d/%m/%Y %H:%M%z").clean("01/12/2020 12:00-0200") == datetime(
            2020, 12, 1, 14, tzinfo=UTC
        )

    @pytest.mark.parametrize(
        ("format_", "raw"),
        [
            ("", "2026-02-31T00:00:00"),
            ("", "2026-11-24T25:00:00"),
            ("", "noon"),
            ("", "0001-01-01T00:00:00+10:00"),
            ("", "9999-12-31T23:59:59-10:00"),
            ("%d/%m/%Y %H:%M", "31/02/2026 10:00"),
        ],
    )
    def test_no_moments(self, format_: str, raw: str) -> None:
        with pytest.raises(ValueError, match="is not a time"):
            Time(format_).clean(raw)

    @given(
        st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones())
    )
    def test_moments_read_as_written(self, moment: datetime) -> None:
        assert Time().clean(moment.isoformat()) == moment.astimezone(UTC)

    @given(st.lists(VALUES[Time], min_size=2, max_size=2))
    def test_kept_moments_sort_as_moments(self, pair: list[datetime]) -> None:
        a, b = pair
        assert (Time().encode(a) < Time().encode(b)) == (a < b)

    def test_a_moment_without_a_zone_is_not_kept(self) -> None:
        assert not Time().validate(datetime(2026, 1, 1))

    def test_a_caption_is_short(self) -> None:
        assert Time().caption(datetime(2026, 11, 24, 9, 30, 59, tzinfo=UTC)) == "2026-11-24 09:30 UTC"


class TestMoney:
    @pytest.mark.parametrize(
        ("value_type", "raw", "value"),
        [
            (Money(), "129.90 BRL", "129.90 BRL"),
            (Money(), "BRL 129.90", "129.90 BRL"),
            (Money(), "BRL129.90", "129.90 BRL"),
            (Money("BRL"), "129.90", "129.90 BRL"),
            (Money("BRL"), "129.90 EUR", "129.90 EUR"),
            (Money("BRL", ","), "1.299,90", "1299.90 BRL"),
            (Money("BRL", ","), "-0,05", "-0.05 BRL"),
            (Money("BRL"), "1,299.90", "1299.90 BRL"),
            (Money("CLP"), "10000", "10000 CLP"),
            (Money("BRL"), "0.0001", "0.0001 BRL"),
            (Money("BRL"), "0.10000000", "0.1 BRL"),
        ],
    )
    def test_sums(self, value_type: Money, raw: str, value: str) -> None:
        number, currency = value.split()
        assert value_type.clean(raw) == Amount(Decimal(number), currency)

    @pytest.mark.parametrize(
        ("value_type", "raw"),
        [
            (Money(), "129.90"),
            (Money("BRL"), "0.00001"),
            (Money("BRL"), "100000000000000"),
            (Money("BRL"), "9" * 5000),
            (Money("BRL"), "R$ 10"),
            (Money("BRL"), "10 reais"),
            (Money("BRL"), "1,5"),
            (Money("BRL"), "1e5"),
            (Money("BRL"), "NaN"),
            (Money("BRL"), "."),
            (Money("BRL"), "BRL 1 EUR x"),
            (Money("BRL", ","), "1,299.90"),
        ],
    )
    def test_no_sums(self, value_type: Money, raw: str) -> None:
        with pytest.raises(ValueError, match=r"money|number|currency|decimal places"):
            value_type.clean(raw)

    @given(AMOUNTS)
    def test_sums_are_exact(self, amount: Amount) -> None:
        assert Money().clean(f"{amount.value:f} {amount.currency}") == amount
        comma = f"{amount.value:f}".replace(".", ",")
        assert Money(amount.currency, ",").clean(comma) == amount

    @given(st.lists(st.decimals(-1000, 1000, places=4), max_size=30))
    def test_sums_add_up_through_the_store(self, values: list[Decimal]) -> None:
        money = Money()
        kept = [money.decode(money.encode(Amount(v, "BRL"))).value for v in values]
        assert sum(kept) == sum(values)

    @pytest.mark.parametrize("currency", ["", "brl", "R$", "BR L", "REAIS"])
    def test_a_currency_is_three_capitals(self, currency: str) -> None:
        assert not Money().validate(Amount(Decimal(1), currency))

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "0.00001", "1E+14"])
    def test_values_that_cannot_be_kept(self, value: str) -> None:
        assert not Money().validate(Amount(Decimal(value), "BRL"))

    @pytest.mark.parametrize(
        ("one", "other"), [("1E+3", "1000.00"), ("0.5", "0.5000"), ("-0", "0"), ("7", "7.0")]
    )
    def test_equal_sums_are_kept_alike(self, one: str, other: str) -> None:
        kept = Money().encode(Amount(Decimal(one), "BRL"))
        assert kept == Money().encode(Amount(Decimal(other), "BRL"))
        assert "E" not in str(kept)[:-4]

    def test_a_caption_has_two_places(self) -> None:
        assert Money().caption(Amount(Decimal("1234567.891"), "BRL")) == "1,234,567.89 BRL"
