"""Value types: what a property can hold.

Each type knows how to *clean* a text as it stands in a source into one canonical Python value,
how to *validate* a value that is typed already, how to show it (*caption*), and how a store keeps
it (*encode*, *decode*). `clean` raises `ValueError` with a message for the person who has to mend
the row; it never guesses.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

Stored = str | int | float | None


@dataclass(frozen=True, slots=True)
class ValueType:
    """The base of all types, and the seat of their options.

    `storage` is how a store keeps one value: "text", "integer" or "real".
    """

    name: ClassVar[str]
    about: ClassVar[str]
    python: ClassVar[type]
    storage: ClassVar[str] = "text"
    options: ClassVar[tuple[str, ...]] = ()

    def clean(self, raw: str) -> Any:
        """Return the canonical value of a non-empty, stripped text, or raise `ValueError`."""
        raise NotImplementedError

    def validate(self, value: Any) -> bool:
        """Tell whether a typed value may be stored."""
        return type(value) is self.python

    def caption(self, value: Any) -> str:
        """Return the value as a person reads it."""
        return str(value)

    def encode(self, value: Any) -> Stored:
        """Return the value as a store keeps it."""
        stored: Stored = value
        return stored

    def decode(self, stored: Any) -> Any:
        """Return what `encode` was given."""
        return stored


_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Text(ValueType):
    """Any text, kept letter by letter (only white space around it goes)."""

    name = "text"
    about = "Any text; white space around it is dropped, nothing else."
    python = str

    def clean(self, raw: str) -> str:  # noqa: D102
        if "\x00" in raw:
            raise ValueError("has a NUL character")
        if _SURROGATE.search(raw):
            raise ValueError("is not valid UTF-8")
        return raw

    def validate(self, value: Any) -> bool:  # noqa: D102
        return type(value) is str and "\x00" not in value and not _SURROGATE.search(value)


_GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"),
}


def _plain(raw: str, decimal: str) -> str:
    """Return a number without grouping marks and with a decimal point."""
    group = "," if decimal == "." else "."
    if _GROUPED[decimal].fullmatch(raw):
        raw = raw.replace(group, "")
    elif group in raw:
        raise ValueError(f"{_short(raw)} is not a number with '{decimal}' as its decimal mark")
    return raw.replace(",", ".")


def _short(raw: str) -> str:
    return repr(raw if len(raw) <= 40 else raw[:37] + "...")


_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Integer(ValueType):
    """A whole number of at most 64 bits."""

    decimal: str = "."

    name = "integer"
    about = "A whole number, -9223372036854775808 to 9223372036854775807."
    python = int
    storage = "integer"
    options = ("decimal",)

    def clean(self, raw: str) -> int:  # noqa: D102
        plain = _plain(raw, self.decimal)
        whole, _, fraction = plain.partition(".")
        if fraction.strip("0") or not _WHOLE.fullmatch(whole):
            raise ValueError(f"{_short(raw)} is not a whole number")
        value = int(whole)
        if not self.validate(value):
            raise ValueError(f"{_short(raw)} is too large")
        return value

    def validate(self, value: Any) -> bool:  # noqa: D102
        return type(value) is int and -(2**63) <= value < 2**63


@dataclass(frozen=True, slots=True)
class Number(ValueType):
    """A finite number with fractions."""

    decimal: str = "."

    name = "number"
    about = "A number; `decimal: ','` reads 1.234,56."
    python = float
    storage = "real"
    options = ("decimal",)

    def clean(self, raw: str) -> float:  # noqa: D102
        try:
            value = float(_plain(raw, self.decimal)) if "_" not in raw else math.nan
        except ValueError:
            raise ValueError(f"{_short(raw)} is not a number") from None
        if not math.isfinite(value):
            raise ValueError(f"{_short(raw)} is not a number")
        return value

    def validate(self, value: Any) -> bool:  # noqa: D102
        return type(value) is float and math.isfinite(value)

    def caption(self, value: Any) -> str:  # noqa: D102
        return f"{value:g}"


_TRUE = frozenset(("true", "t", "1", "yes", "y", "sí", "si", "s", "sim", "verdadero", "verdadeiro"))
_FALSE = frozenset(("false", "f", "0", "no", "n", "não", "nao", "falso"))


@dataclass(frozen=True, slots=True)
class Boolean(ValueType):
    """Yes or no."""

    name = "boolean"
    about = "true/false, 1/0, yes/no, sí/no, sim/não."
    python = bool
    storage = "integer"

    def clean(self, raw: str) -> bool:  # noqa: D102
        word = raw.casefold()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise ValueError(f"{_short(raw)} is neither yes nor no")

    def encode(self, value: Any) -> Stored:  # noqa: D102
        return int(value)

    def decode(self, stored: Any) -> bool:  # noqa: D102
        return bool(stored)


@dataclass(frozen=True, slots=True)
class Date(ValueType):
    """A day of the calendar."""

    format: str = ""

    name = "date"
    about = "A day, 2026-11-24; `format: '%d/%m/%Y'` reads others."
    python = date
    options = ("format",)

    def clean(self, raw: str) -> date:  # noqa: D102
        try:
            if self.format:
                return datetime.strptime(raw, self.format).date()
            return date.fromisoformat(raw[:10]) if len(raw) == 10 else datetime.fromisoformat(raw).date()
        except ValueError:
            wanted = (
                f"in the form {self.format}" if self.format else "like 2026-11-24 (for others, give a format)"
            )
            raise ValueError(f"{_short(raw)} is not a day of the calendar {wanted}") from None

    def encode(self, value: Any) -> str:  # noqa: D102
        text: str = value.isoformat()
        return text

    def decode(self, stored: Any) -> date:  # noqa: D102
        return date.fromisoformat(stored)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Time(ValueType):
    """A moment, kept in UTC to the microsecond."""

    format: str = ""
    timezone: str = "UTC"

    name = "time"
    about = "A moment in UTC; a text without a zone is read in `timezone`."
    python = datetime
    storage = "integer"
    options = ("format", "timezone")

    def clean(self, raw: str) -> datetime:  # noqa: D102
        try:
            value = datetime.strptime(raw, self.format) if self.format else datetime.fromisoformat(raw)
            return value.replace(tzinfo=value.tzinfo or self._zone()).astimezone(UTC)
        except (ValueError, OverflowError):
            wanted = (
                f"in the form {self.format}"
                if self.format
                else "like 2026-11-24T09:30:00 (for others, give a format)"
            )
            raise ValueError(f"{_short(raw)} is not a time {wanted}") from None

    def _zone(self) -> tzinfo:
        return UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)

    def validate(self, value: Any) -> bool:  # noqa: D102
        return type(value) is datetime and value.utcoffset() == timedelta(0)

    def caption(self, value: Any) -> str:  # noqa: D102
        return f"{value:%Y-%m-%d %H:%M} UTC"

    def encode(self, value: Any) -> int:  # noqa: D102
        return int((value - EPOCH) // _MICROSECOND)

    def decode(self, stored: Any) -> datetime:  # noqa: D102
        return EPOCH + timedelta(0, 0, stored)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money: an exact decimal of at most four places, and its ISO 4217 currency."""

    value: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.value:,.2f} {self.currency}"


_MONEY = re.compile(
    r"(?:(?P<before>[A-Z]{3})\s?)?(?P<value>[+-]?[\d.,]+)(?:\s?(?P<after>[A-Z]{3}))?", re.ASCII
)


_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Money(ValueType):
    """A sum of money. Kept as text, `129.90 BRL`; projected as two columns, value and currency."""

    currency: str = ""
    decimal: str = "."

    name = "money"
    about = "A sum of money with its currency, exact to four places: 129.90 BRL."
    python = Amount
    options = ("currency", "decimal")

    def clean(self, raw: str) -> Amount:  # noqa: D102
        match = _MONEY.fullmatch(raw)
        if not match:
            raise ValueError(f"{_short(raw)} is not a sum of money")
        currency = match["before"] or match["after"] or self.currency
        if not currency:
            raise ValueError(f"{_short(raw)} has no currency (give the project or the column one)")
        try:
            value = Decimal(_plain(match["value"], self.decimal))
        except InvalidOperation:
            raise ValueError(f"{_short(raw)} is not a sum of money") from None
        amount = Amount(value, currency)
        if not self.validate(amount):
            raise ValueError(
                f"{_short(raw)} has more than four decimal places, is too large, or its currency "
                f"{currency!r} is not three capital letters"
            )
        return amount

    def validate(self, value: Any) -> bool:  # noqa: D102
        return (
            type(value) is Amount
            and _CURRENCY.fullmatch(value.currency) is not None
            and value.value.is_finite()
            and abs(value.value) < Decimal(10) ** 14
            # Most sums show at once that they have no fifth place; quantize is slow.
            and (
                value.value.as_tuple().exponent >= -4  # type: ignore[operator]
                or value.value == value.value.quantize(Decimal("0.0001"))
            )
        )

    def encode(self, value: Any) -> str:  # noqa: D102
        # One text for equal sums, so that a store may compare and group them.
        whole, _, fraction = f"{value.value + 0:.4f}".partition(".")
        return f"{whole}.{fraction.rstrip('0').ljust(2, '0')} {value.currency}"

    def decode(self, stored: Any) -> Amount:  # noqa: D102
        value, currency = stored.split(" ")
        return Amount(Decimal(value), currency)
