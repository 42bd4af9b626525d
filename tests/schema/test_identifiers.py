"""E-mail, phone and tax numbers: two spellings of one meet, what cannot be real is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import get_cc_module

from schema.identifiers import TAX_NUMBERS, Email, Phone, TaxNumber

NAMES = st.from_regex(r"[a-zA-Z0-9_+-]{1,20}(\.[a-zA-Z0-9_+-]{1,20})?", fullmatch=True)
DOMAINS = st.from_regex(r"[a-zA-Z0-9]{1,20}(-[a-z0-9]{1,5})?\.(com|com\.br|es|PT)", fullmatch=True)


class TestEmail:
    @given(NAMES, DOMAINS)
    def test_spellings_meet(self, name: str, domain: str) -> None:
        cleaned = Email().clean(f"{name}@{domain}")
        assert cleaned == Email().clean(f"mailto:{name.upper()}@{domain.lower()}")
        assert Email().clean(cleaned) == cleaned
        assert Email().validate(cleaned)

    @pytest.mark.parametrize(
        "raw",
        [
            "ana",
            "ana@",
            "@example.com",
            "ana@example",
            "ana@@example.com",
            "ana..b@example.com",
            ".ana@example.com",
            "ana.@example.com",
            "ana@-example.com",
            "ana@example-.com",
            "ana@exam ple.com",
            "ana b@example.com",
            "Ana <ana@example.com>",
            "a@example.com, b@example.com",
            "ana@example.c",
            "a" * 65 + "@example.com",
            "ana@" + "a" * 64 + ".com",
            "ana@" + "a." * 125 + "com",
            "ana@example.com\n",
        ],
    )
    def test_no_addresses(self, raw: str) -> None:
        with pytest.raises(ValueError, match="is not an e-mail address"):
            Email().clean(raw)
        assert not Email().validate(raw)

    def test_capitals_are_not_kept(self) -> None:
        assert not Email().validate("Ana@example.com")

    @given(st.text(max_size=40))
    def test_any_text_is_cleaned_or_refused(self, raw: str) -> None:
        with suppress(ValueError):
            assert Email().validate(Email().clean(raw))


class TestPhone:
    @pytest.mark.parametrize(
        ("country", "raw", "number"),
        [
            ("BR", "(11) 98765-4321", "+5511987654321"),
            ("BR", "11987654321", "+5511987654321"),
            ("BR", "+55 11 98765-4321", "+5511987654321"),
            ("", "+55 (11) 98765.4321", "+5511987654321"),
            ("ES", "612 34 56 78", "+34612345678"),
            ("ES", "0034 612345678", "+34612345678"),
            ("PT", "+34 612345678", "+34612345678"),
            ("MX", "55 1234 5678", "+525512345678"),
        ],
    )
    def test_spellings_meet(self, country: str, raw: str, number: str) -> None:
        assert Phone(country).clean(raw) == number
        assert Phone().validate(number)

    @pytest.mark.parametrize(
        ("country", "raw"),
        [
            ("", "(11) 98765-4321"),
            ("BR", "(11) 11111-1111"),
            ("BR", "99999999999"),
            ("BR", "123"),
            ("BR", "x"),
            ("ES", "+34 112"),
            ("BR", "9" * 300),
        ],
    )
    def test_no_numbers(self, country: str, raw: str) -> None:
        with pytest.raises(ValueError, match="is not a phone number"):
            Phone(country).clean(raw)

    @pytest.mark.parametrize("number", ["+5511987654321", "+34612345678", "+12025550123"])
    def test_captions_read_back(self, number: str) -> None:
        assert Phone().clean(Phone().caption(number)) == number

    @given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
    def test_whatever_is_valid_has_a_caption(self, number: str) -> None:
        assert Phone().validate(number)
        assert Phone().caption(number)

    @given(st.text(max_size=30), st.sampled_from(["", "BR", "ES"]))
    def test_any_text_is_cleaned_or_refused(self, raw: str, country: str) -> None:
        try:
            number = Phone(country).clean(raw)
        except ValueError:
            return
        assert Phone().validate(number)
        assert Phone().clean(number) == number


def with_check_digits(number: str) -> str:
    """Return a CPF of nine digits with its two check digits (weights 10 to 2, then 11 to 2)."""
    for _ in range(2):
        rest = 11 - sum(int(d) * w for d, w in zip(reversed(number), range(2, 12), strict=False)) % 11
        number += str(rest if rest < 10 else 0)
    return number


CPFS = st.text("0123456789", min_size=9, max_size=9).map(with_check_digits)


class TestTaxNumber:
    @pytest.mark.parametrize(
        ("country", "kind"), [(country, kind) for country, kinds in TAX_NUMBERS.items() for kind in kinds]
    )
    def test_every_kind_is_one_that_can_be_tested(self, country: str, kind: str) -> None:
        assert get_cc_module(country, kind) is not None
        assert TaxNumber().validate(f"{country.lower()}.{kind}:1234567")

    @pytest.mark.parametrize(
        ("country", "raw", "number"),
        [
            ("BR", "529.982.247-25", "br.cpf:52998224725"),
            ("br", "52998224725", "br.cpf:52998224725"),
            ("BR", "11.222.333/0001-81", "br.cnpj:11222333000181"),
            ("ES", "12345678Z", "es.dni:12345678Z"),
            ("ES", "12345678-z", "es.dni:12345678Z"),
            ("ES", "X-5253868-R", "es.nie:X5253868R"),
            ("PT", "501 964 843", "pt.nif:501964843"),
            ("CL", "12.531.909-2", "cl.rut:125319092"),
            ("AR", "20-05536168-2", "ar.cuit:20055361682"),
            ("CO", "213.123.432-1", "co.nit:2131234321"),
            ("MX", "GODE561231GR8", "mx.rfc:GODE561231GR8"),
        ],
    )
    def test_spellings_meet(self, country: str, raw: str, number: str) -> None:
        cleaned = TaxNumber(country).clean(raw)
        assert cleaned == number
        assert TaxNumber().validate(cleaned)
        caption = TaxNumber().caption(cleaned)
        assert caption == number.partition(":")[2]
        assert TaxNumber(country).clean(caption) == cleaned

    @pytest.mark.parametrize("digit", "0123456789")
    def test_repeated_digits_are_nobody(self, digit: str) -> None:
        for raw in (digit * 11, f"{digit * 3}.{digit * 3}.{digit * 3}-{digit * 2}", digit * 14):
            with pytest.raises(ValueError, match="CPF or CNPJ"):
                TaxNumber("BR").clean(raw)

    @pytest.mark.parametrize(
        ("country", "raw"),
        [
            ("BR", "529.982.247-26"),
            ("BR", "5299822472"),
            ("BR", "x"),
            ("ES", "12345678A"),
            ("PT", "501964842"),
        ],
    )
    def test_wrong_check_digits(self, country: str, raw: str) -> None:
        with pytest.raises(ValueError, match="is not a valid"):
            TaxNumber(country).clean(raw)

    @pytest.mark.parametrize("country", ["", "XX"])
    def test_a_country_is_needed(self, country: str) -> None:
        with pytest.raises(ValueError, match="give a country: AR, BR"):
            TaxNumber(country).clean("52998224725")

    @given(CPFS)
    def test_cpfs_meet_in_every_spelling(self, number: str) -> None:
        spelt = f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"
        if len(set(number)) == 1:
            with pytest.raises(ValueError, match="CPF"):
                TaxNumber("BR").clean(number)
        else:
            assert TaxNumber("BR").clean(number) == TaxNumber("BR").clean(spelt) == f"br.cpf:{number}"

    @given(CPFS, st.integers(0, 10), st.integers(1, 9))
    def test_one_wrong_digit_is_found(self, number: str, place: int, by: int) -> None:
        wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
        with suppress(ValueError):  # rests of ten and eleven share the digit 0, so a few changes pass
            assert TaxNumber("BR").clean(wrong) != f"br.cpf:{number}"

    @given(st.text(max_size=30), st.sampled_from(list(TAX_NUMBERS)))
    def test_any_text_is_cleaned_or_refused(self, raw: str, country: str) -> None:
        try:
            number = TaxNumber(country).clean(raw)
        except ValueError:
            return
        assert TaxNumber().validate(number)
