"""The options of value types, for a whole project or for one property."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

import phonenumbers

from ingest.project.document import Entry, suggest
from schema.identifiers import TAX_NUMBERS
from schema.kinds import VALUE_TYPES
from schema.values import ValueType


def read_country(entry: Entry) -> str:
    """Return an ISO 3166 code such as BR."""
    text = entry.text()
    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise entry.error(f"{text!r} is not the code of a country", "two letters, such as BR")
    return text


def read_currency(entry: Entry) -> str:
    """Return an ISO 4217 code such as BRL."""
    text = entry.text()
    if not re.fullmatch("[A-Z]{3}", text):
        raise entry.error(f"{text!r} is not the code of a currency", "three letters, such as BRL")
    return text


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_timezone(entry: Entry) -> str:
    """Return the name of a time zone such as America/Sao_Paulo."""
    text = entry.text()
    if text not in _timezones():
        raise entry.error(f"{text!r} is not a time zone", suggest(text, sorted(_timezones())))
    return text


def read_format(entry: Entry) -> str:
    """Return a form of days or times as `strptime` takes it."""
    text = entry.text()
    try:
        datetime.strptime(datetime(2026, 11, 24, 9, 30).strftime(text), text)
    except ValueError as error:
        raise entry.error(f"{text!r} is not a form of times: {error}", "such as '%d/%m/%Y %H:%M'") from None
    if "%" not in text:
        raise entry.error(f"{text!r} is not a form of times", "such as '%d/%m/%Y %H:%M'")
    return text


def read_decimal(entry: Entry) -> str:
    """Return the mark before the fraction of a number."""
    return entry.choice((".", ","))


OPTIONS = {
    "format": read_format,
    "timezone": read_timezone,
    "decimal": read_decimal,
    "currency": read_currency,
    "country": read_country,
}


def make_type(type_name: str, entry: Entry, given: dict[str, Entry], defaults: dict[str, str]) -> ValueType:
    """Return the value type with the options given, else the project's.

    `entry` is the property as a whole; `given` its options by name.
    """
    value_type = VALUE_TYPES[type_name]
    for name, option in given.items():
        if name not in value_type.options:
            has = ", ".join(value_type.options) or "none"
            raise option.error(f"is not an option of {type_name}", f"its options: {has}")
    options = {name: value for name, value in defaults.items() if name in value_type.options}
    options |= {name: OPTIONS[name](option) for name, option in given.items()}
    if type_name == "tax_number" and options.get("country") not in TAX_NUMBERS:
        raise entry.error(
            "tax numbers need a country whose numbers are known",
            f"give the project or the column a country, one of: {', '.join(TAX_NUMBERS)}",
        )
    return value_type(**options)
