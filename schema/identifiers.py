"""Value types that identify a person or company: e-mail, phone, tax number.

Cleaning is what makes two systems' spellings meet, so it is strict: a number that cannot be real
(repeated digits, a wrong check digit) is an error, never a key that many people share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import phonenumbers
from stdnum import get_cc_module

from schema.values import ValueType

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


@dataclass(frozen=True, slots=True)
class Email(ValueType):
    """An e-mail address, in lower case."""

    name = "email"
    about = "An e-mail address, in lower case."
    python = str

    def clean(self, raw: str) -> str:  # noqa: D102
        address = raw.removeprefix("mailto:").lower()
        if not self.validate(address):
            raise ValueError(f"{raw[:60]!r} is not an e-mail address")
        return address

    def validate(self, value: Any) -> bool:  # noqa: D102
        return (
            type(value) is str
            and len(value) <= 254
            and value == value.lower()
            and ".." not in value
            and not value.startswith(".")
            and ".@" not in value
            and _EMAIL.fullmatch(value) is not None
        )


@dataclass(frozen=True, slots=True)
class Phone(ValueType):
    """A phone number in E.164 form; a number without a country code is read as of `country`."""

    country: str = ""

    name = "phone"
    about = "A phone number, +5511987654321; without a country code it is read as of `country`."
    python = str
    options = ("country",)

    def clean(self, raw: str) -> str:  # noqa: D102
        try:
            number = phonenumbers.parse(raw, self.country or None)
        except phonenumbers.NumberParseException:
            raise ValueError(f"{raw[:40]!r} is not a phone number{self._where()}") from None
        digits = str(number.national_number)
        if len(set(digits)) == 1 or not phonenumbers.is_valid_number(number):
            raise ValueError(f"{raw[:40]!r} is not a phone number in use{self._where()}")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def _where(self) -> str:
        return f" in {self.country}" if self.country else " with a country code (give a country)"

    def validate(self, value: Any) -> bool:  # noqa: D102
        return type(value) is str and re.fullmatch(r"\+[1-9]\d{6,14}", value, re.ASCII) is not None

    def caption(self, value: Any) -> str:  # noqa: D102
        try:
            number = phonenumbers.parse(value, None)
        except phonenumbers.NumberParseException:
            return str(value)  # of the right form, but of no country
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


# The numbers by which companies know people and companies, per country, in the order tried.
TAX_NUMBERS = {
    "AR": ("cuit", "dni"),
    "BR": ("cpf", "cnpj"),
    "CL": ("rut",),
    "CO": ("nit",),
    "CR": ("cpf", "cpj", "cr"),
    "DO": ("cedula", "rnc"),
    "EC": ("ci", "ruc"),
    "ES": ("dni", "nie", "cif"),
    "GT": ("nit",),
    "MX": ("rfc", "curp"),
    "PE": ("cui", "ruc"),
    "PT": ("nif",),
    "PY": ("ruc",),
    "US": ("ssn", "ein"),
    "UY": ("rut",),
    "VE": ("rif",),
}


@dataclass(frozen=True, slots=True)
class TaxNumber(ValueType):
    """A national tax or identity number whose check digits hold, kept as `br.cpf:52998224725`."""

    country: str = ""

    name = "tax_number"
    about = "A tax or identity number (CPF, CNPJ, DNI, RUT, RFC...) of `country`, check digits tested."
    python = str
    options = ("country",)

    def clean(self, raw: str) -> str:  # noqa: D102
        country = self.country.upper()
        kinds = TAX_NUMBERS.get(country)
        if not kinds:
            raise ValueError(
                f"tax numbers of {country!r} are not known (give a country: {', '.join(TAX_NUMBERS)})"
            )
        plain = re.sub(r"[.\s]", "", raw)  # people write a DNI with dots, too
        for kind in kinds:
            module = get_cc_module(country, kind)
            if module is not None and module.is_valid(plain):
                number = str(module.compact(plain)).upper()
                if len(set(re.sub(r"\D", "", number))) > 1:
                    return f"{country.lower()}.{kind}:{number}"
        names = " or ".join(kind.upper() for kind in kinds)
        raise ValueError(f"{raw[:40]!r} is not a valid {names} of {country}")

    def validate(self, value: Any) -> bool:  # noqa: D102
        return type(value) is str and re.fullmatch(r"[a-z]{2}\.[a-z]+:[0-9A-ZÑ&]{4,20}", value) is not None

    def caption(self, value: Any) -> str:  # noqa: D102
        return str(value).partition(":")[2]
