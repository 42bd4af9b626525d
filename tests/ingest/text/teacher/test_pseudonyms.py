"""What is personal does not leave, and quotes find back to the text as it was written."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.br import cpf

from ingest.text.teacher import pseudonymise

DIGITS = st.text("0123456789", min_size=1, max_size=12)
WORDS = (
    " no me llega el pedido ",
    " cobraram duas vezes em 12/03/2024, ",
    " I paid $ 1,500.00 and 30 euros. ",
    " Hola, ",
    "\nGracias\n",
    " €",
    " (",
    ") ",
    ": ",
    " 👩‍👩‍👧 ",
    " cafe\u0301 ",
    " [EMAIL_1] ",
    " tel. ",
    "; ",
)
between = st.sampled_from(WORDS)


def with_check_digits(stem: str) -> str:
    return stem + luhn.calc_check_digit(stem)


def format_cpf(stem: str) -> str:
    return str(cpf.format(stem + cpf._calc_check_digits(stem)))


def group(digits: str, separator: str) -> str:
    return separator.join(digits[i : i + 4] for i in range(0, len(digits), 4))


separators = st.sampled_from(["", " ", "-", ".", " - "])
cards = st.builds(
    lambda stem, sep: group(with_check_digits(stem), sep),
    st.from_regex(r"\A[3-6][0-9]{14}\Z", fullmatch=True),
    separators,
)
cpfs = st.from_regex(r"\A[1-9][0-9]{8}\Z", fullmatch=True).flatmap(
    lambda stem: st.sampled_from([format_cpf(stem), cpf.compact(format_cpf(stem))])
)
nifs = st.from_regex(r"\A[1-9][0-9]{7}[A-Z]\Z", fullmatch=True)
regions = st.sampled_from(["ES", "MX", "AR", "CO", "CL", "PE", "BR", "PT", "US", "GB"])
forms = st.sampled_from(
    [
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.NATIONAL,
    ]
)


def write_phone(region: str, form: int, digits: str) -> str:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    national = str(example.national_number)
    number = phonenumbers.PhoneNumber(
        country_code=example.country_code, national_number=int(national[:-4] + digits)
    )
    return str(phonenumbers.format_number(number, form))


phones = st.builds(write_phone, regions, forms, st.from_regex(r"\A[0-9]{4}\Z", fullmatch=True))
local = st.from_regex(r"\A[a-z0-9][a-z0-9._+-]{0,20}[a-z0-9]\Z", fullmatch=True)
domains = st.from_regex(r"\A[a-z][a-z0-9-]{0,10}[a-z](\.[a-z]{2,8}){1,2}\Z", fullmatch=True)
emails = st.builds("{}@{}".format, local, domains)
urls = st.builds("{}{}/{}".format, st.sampled_from(["https://", "www.", ""]), domains, local)
ibans = st.builds(
    lambda digits, sep: "ES" + group(digits, sep),
    st.from_regex(r"\A[0-9]{22}\Z", fullmatch=True),
    st.sampled_from(["", " "]),
)
personal = st.one_of(cards, cpfs, nifs, phones, emails, urls, ibans)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(between, personal), min_size=1, max_size=5), between)
def test_no_identifier_survives_and_all_quotes_lead_back(pairs: list[tuple[str, str]], end: str) -> None:
    text = "".join(words + item for words, item in pairs) + end
    masked = pseudonymise(text)
    for _, item in pairs:
        assert item not in masked.text
        digits = re.sub(r"\D", "", item)
        if len(digits) >= 7:
            assert digits not in re.sub(r"\D", "", re.sub(r"\[[A-Z_]+_\d+\]", "x", masked.text))
    check_way_back(text)


def check_way_back(text: str) -> None:
    """Every piece of what was sent stands where it is said to, in the text as it was written."""
    masked = pseudonymise(text)
    read = written = 0
    for (start, end), (begun, ended) in zip(masked.sent, masked.written, strict=True):
        assert masked.text[read:start] == text[written:begun]
        assert re.fullmatch(r"\[[A-Z_]+_\d+\]", masked.text[start:end])
        assert masked.locate(start, end) == masked.locate(start + 1, end - 1) == (begun, ended)
        read, written = end, ended
    assert masked.text[read:] == re.sub("[\ud800-\udfff]", "\ufffd", text[written:])
    clean = [m.span() for m in re.finditer(r"\w+", masked.text)]
    for start, end in clean:
        begun, ended = masked.locate(start, end)
        assert 0 <= begun < ended <= len(text)
        if not any(s < end and start < e for s, e in masked.sent):
            assert text[begun:ended] == masked.text[start:end]


@settings(deadline=None, max_examples=300)
@given(st.lists(between | st.text(max_size=20) | DIGITS | personal, max_size=12).map("".join))
def test_any_text_finds_back(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        assert pseudonymise(text).text.encode()  # what is sent is always UTF-8
        return
    check_way_back(text)


def test_a_lone_surrogate_does_not_move_the_rest() -> None:
    text = "\ud83d mi correo a@b.example no sirve"
    masked = pseudonymise(text)
    assert masked.text == "\ufffd mi correo [EMAIL_1] no sirve"
    at = masked.text.index("no sirve")
    assert masked.locate(at, at + 8) == (text.index("no sirve"), len(text))


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Estimado Sr. Juan Pérez de la Cruz:", "Estimado Sr. [NAME_1]:"),
        ("Hola, Marta. Buenas", "Hola, [NAME_1]. Buenas"),
        ("Hola María, soy Pedro. Pagué ayer", "Hola [NAME_1], soy [NAME_2]. Pagué ayer"),
        ("me llamo ana lópez y no me llega", "me llamo [NAME_1] y no me llega"),
        ("ME LLAMO JUAN PEREZ Y NO ME LLEGA", "ME LLAMO [NAME_1] Y NO ME LLEGA"),
        ("Dear Mr J. Smith, hello", "Dear Mr [NAME_1], hello"),
        ("My name is Ann Lee. Ann was charged", "My name is [NAME_1]. [NAME_2] was charged"),
        (
            "Falei com a atendente Júlia e nada. Obrigado, João",
            "Falei com a atendente [NAME_1] e nada. Obrigado, [NAME_2]",
        ),
        ("No funciona.\nAtentamente,\nLuis Gil", "No funciona.\nAtentamente,\n[NAME_1]"),
        ("moro na Rua das Flores, 123 e", "moro na [ADDRESS_1] e"),
        ("vivo en calle belgrano 1440 y en la Av. de la Paz 12-B", "vivo en [ADDRESS_1] y en la [ADDRESS_2]"),
        ("I live at 12 Baker Street", "I live at [ADDRESS_1]"),
        ("escreve para joao @ correio.com, oi @loja", "escreve para [EMAIL_1], oi [USER_1]"),
        ("juan (arroba) correo punto com", "[EMAIL_1]"),
        ("@tienda no responde a juan@correo", "[USER_1] no responde a [EMAIL_1]"),
        ("a@b.example y otra vez a@b.example", "[EMAIL_1] y otra vez [EMAIL_1]"),
        (
            "mi DNI es 12345678Z y la cuenta ES9121000418450200051332",
            "mi DNI es [TAX_NUMBER_1] y la cuenta [ACCOUNT_1]",
        ),
        ("tarjeta 4111 1111 1111 1111, tel. +34 612 345 678", "tarjeta [CARD_1], tel. [PHONE_1]"),
        ("mi RUT 12.345.678-5 y el pedido 554321", "mi RUT [TAX_NUMBER_1] y el pedido [NUMBER_1]"),
        ("mi teléfono es 612 345 678", "mi teléfono es [PHONE_1]"),
        ("number １２３４５６７", "number [NUMBER_1]"),
    ],
)
def test_what_is_replaced(text: str, sent: str) -> None:
    assert pseudonymise(text).text == sent


@pytest.mark.parametrize(
    "text",
    [
        "Me cobraron $ 1.500,00 el 12/03/2024 y 15000 pesos el 2024-04-01",
        "Hola buenas tardes, No funciona. Gracias. No me contestan",
        "I'm very angry, I am not amused, this is Not ok",
        "I am XXXX XXXX and on XX/XX/2020 they took 12000.50",
        "toda a rua ficou sem luz por 3 dias, a estrada com minha avó de 79 anos, a rua ontem das 20h",
        "HOLA BUENAS TARDES NO FUNCIONA NADA",
        "iPhone13 de 128GB a 1000mbps, 3 x 4, 24/7",
        "Hola, Compré un sillón",
        "Señor, Señora: Compré un sillón. Obrigada",
    ],
)
def test_what_stays(text: str) -> None:
    assert pseudonymise(text).text == text


PIECES = ("1 ", "a@", "a.", "(", "soy ", "Soy Ana ", "12/12/2012 ", "calle a ", "1a", "me llamo ", "$1.111")
PIECES += ("www.", "AB12", "Hola De la ", "arroba ", "12.12.", "-", "María ", "@", "+1", "a/")


@pytest.mark.parametrize("piece", PIECES)
def test_long_runs_of_anything_are_read(piece: str) -> None:
    check_way_back(piece * (12_000 // len(piece)))
