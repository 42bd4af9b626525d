"""Where personal data stand in a text: addresses, numbers, codes and names.

Rather too much than too little: what is taken for a number of somebody's is only harder to read, what
is missed leaves the machine. Dates and sums of money stay, where nothing else can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import get_cc_module, luhn

from ingest.text.teacher.names import find_names
from schema.identifiers import TAX_NUMBERS

Found = tuple[int, int, str]  # start, end (code points), kind

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]"
_GAP = r"[ \t\u00a0\u2009\u202f._\-\u2010-\u2015/()]{0,3}"  # what people write within a number
_BEFORE = "".join(rf"(?<!\d{_GAP[:-5]}{{{n}}})" for n in range(4))
_CAPITAL = "[A-ZÁÀÂÃÉÊÍÓÔÕÚÜÇÑ]"
_AFTER = rf"(?!{_GAP}\d)(?!\w)"

_ADDRESSES = {
    "URL": re.compile(
        r"(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]"
        r"|(?<![\w@.-])(?:[\w-]++\.)+[a-z]{2,24}/[^\s<>\"]*",
        re.IGNORECASE,
    ),
    "EMAIL": re.compile(
        rf"(?<!{_LOCAL}){_LOCAL}++(?:@[\w-]++(?:\.[\w-]++)*|[ ]?@[ ]?[\w-]++(?:\.[\w-]++)+)"
        r"|(?<![\w.+-])[\w.+-]++\s{0,3}(?:[(\[{]\s?(?:arroba|at|@)\s?[)\]}]|\barroba\b)\s{0,3}[\w-]+"
        r"(?:\s{0,3}(?:\.|[(\[{]?\b(?:punto|ponto|dot)\b[)\]}]?)\s{0,3}[\w-]+)*",
        re.IGNORECASE,
    ),
    "USER": re.compile(r"(?<!\w)@[\w.-]*\w"),
    # A street has a capital, or its number follows at once.
    "ADDRESS": re.compile(
        r"\b(?i:calle|c/|avenida|avda?\.?|av\.|carrera|paseo|plaza|rua|travessa|alameda|praça|estrada)\s"
        rf"(?:(?:(?i:de|del|da|das|do|dos|la|los)\s){{0,2}}{_CAPITAL}[^\n,;.:!?\d]{{0,40}}|\w+\s(?:\w+\s)?)"
        r",?\s?(?i:n[ºo°.]{1,2}\s?|num\.?\s|número\s|#\s?)?\d+(?:-\w+)?\b"
        r"|(?<![\w.,])\d{1,5}\s(?:[A-Z][\w']*\s){1,3}(?i:street|st|road|rd|avenue|ave|lane|drive|close|blvd)\b"
    ),
}
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_CODE = re.compile(r"(?<!\w)\w(?:[\w.\-/]*\w)?")
_NUMBER = re.compile(rf"[+(]{{0,2}}\d(?:{_GAP}\d)+")
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_CURRENCY = r"(?:[$€£]|\b(?:R|US|A|S)[$/]|\b(?:EUR|USD|GBP|BRL|MXN|ARS|CLP|COP|PEN|UYU|Rs)\b)"
_CURRENCY_WORD = r"(?:€|(?:euros?|pesos|reais|soles|d[oó]lares|dollars|pounds|quid|EUR|USD|GBP|BRL|MXN)\b)"
_SUM = r"\d{1,3}(?:[.,]?\d{3}){0,2}(?:[.,]\d{1,2})?"
_HARMLESS = re.compile(
    rf"{_BEFORE}(?<!\w)(?:{_DAY}(?P<a>[/.-]){_MONTH}(?P=a)(?:(?:19|20)\d\d|\d\d)"
    rf"|{_MONTH}/{_DAY}/(?:19|20)\d\d|(?:19|20)\d\d-{_MONTH}-{_DAY}){_AFTER}"
    rf"|{_BEFORE}{_CURRENCY}\s?{_SUM}(?![.,]\d){_AFTER}"
    rf"|{_BEFORE}(?<![\w.,+]){_SUM}\s?{_CURRENCY_WORD}(?!{_GAP}\d)"
    rf"|{_BEFORE}(?<![\w.,+])\d{{4,6}}[.,]\d\d(?![.,]\d){_AFTER}"
)
# Of a number that several countries know only the kind matters, so that the commonest will do.
_REGIONS = ("ES", "MX", "AR", "CO", "CL", "PE", "BR", "PT", "US", "GB")
_MOST_DIGITS = 30  # of anything that a check digit is computed for


def find_personal(text: str) -> list[Found]:
    """Find personal data, in order and without overlaps."""
    found = [
        (*match.span(), kind) for kind, pattern in _ADDRESSES.items() for match in pattern.finditer(text)
    ]
    found += [(*match.span(), "ACCOUNT") for match in _IBAN.finditer(text)]
    plain = _HARMLESS.sub(lambda match: "\ue000" * len(match[0]), text)
    found += _find_numbers(plain)
    found += [(start, end, "NAME") for start, end in find_names(text)]
    return _merge(found)


def _find_numbers(text: str) -> Iterator[Found]:
    for match in _NUMBER.finditer(text):
        digits = sum(c.isdecimal() for c in match[0])
        if digits >= 7 or re.search(r"\d{5}", match[0]):
            yield *match.span(), _name_kind(match[0], digits)
    for match in _CODE.finditer(text):
        digits = sum(c.isdecimal() for c in match[0])
        letters = any(c.isalpha() and c not in "xX" for c in match[0])  # XX/XX/2020 is hidden already
        if letters and (digits >= 5 or (digits == 4 and match[0].isupper())):
            yield *match.span(), _name_kind(match[0], digits)


def _name_kind(raw: str, digits: int) -> str:
    """Say what a number is, to whoever reads the text without it."""
    plain = re.sub(r"[^\w]|_", "", raw)
    if not 7 <= len(plain) <= _MOST_DIGITS:
        return "NUMBER"
    if (raw[0] in "+(" or " " in raw) and _is_phone(raw):
        return "PHONE"
    if 13 <= digits <= 19 and luhn.is_valid(plain):
        return "CARD"
    if len(plain) >= 8 and _is_tax_number(plain):
        return "TAX_NUMBER"
    return "PHONE" if _is_phone(raw) else "NUMBER"


def _is_tax_number(plain: str) -> bool:
    return any(
        (module := get_cc_module(country, kind)) is not None and module.is_valid(plain)
        for country, kinds in TAX_NUMBERS.items()
        for kind in kinds
        if (country, kind) != ("AR", "dni")  # has no check digit: any number of its length would do
    )


def _is_phone(raw: str) -> bool:
    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(raw, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _merge(found: list[Found]) -> list[Found]:
    """Unite what overlaps: all of it is replaced, under the kind of the longest."""
    merged: list[Found] = []
    longest = 0
    for start, end, kind in sorted(found, key=lambda f: (f[0], -f[1])):
        if merged and start < merged[-1][1]:
            begun, ended, named = merged[-1]
            if end - start > longest:
                longest, named = end - start, kind
            merged[-1] = (begun, max(end, ended), named)
        else:
            longest = end - start
            merged.append((start, end, kind))
    return merged
