"""Who the customers are: names, addresses, numbers, and how a system spells them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from random import Random
from unicodedata import normalize

import yaml

from api.demo.draws import pick
from api.demo.records import Person

# city: region, area code, share of the customers
CITIES = {
    "São Paulo": ("Sudeste", "11", 16),
    "Rio de Janeiro": ("Sudeste", "21", 8),
    "Campinas": ("Sudeste", "19", 7),
    "Belo Horizonte": ("Sudeste", "31", 5),
    "Curitiba": ("Sul", "41", 14),
    "Porto Alegre": ("Sul", "51", 6),
    "Florianópolis": ("Sul", "48", 4),
    "Recife": ("Nordeste", "81", 8),
    "Salvador": ("Nordeste", "71", 8),
    "Fortaleza": ("Nordeste", "85", 6),
    "Brasília": ("Centro-Oeste", "61", 6),
    "Goiânia": ("Centro-Oeste", "62", 4),
    "Manaus": ("Norte", "92", 5),
    "Belém": ("Norte", "91", 3),
}
OPENED = date(2026, 1, 5)  # the company's first day
_LANGUAGES = {"pt": 52, "es": 32, "en": 16}
_SEGMENTS = {"residential": 78, "business": 13, "senior": 9}
_SALES = {"store": 35, "web": 30, "telesales": 20, "partner": 15}
_PAYMENTS = {"credit card": 35, "direct debit": 30, "boleto": 20, "pix": 15}
_TEMPERS = (0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1.1, 1.4, 1.7, 2.3)
_DOMAINS = ("correio.example", "mail.example", "postal.example", "inbox.example")


def make_people(rng: Random, count: int) -> tuple[Person, ...]:
    """Draw the customers; no two share an e-mail address, phone or CPF."""
    names = yaml.safe_load((files("api.demo") / "names.yaml").read_text("utf-8"))
    cities = {city: share for city, (_, _, share) in CITIES.items()}
    phones: set[str] = set()
    cpfs: set[str] = set()
    people = []
    for number in range(1, count + 1):
        first, last = rng.choice(names["first"]), rng.sample(names["last"], 2)
        city = pick(rng, cities)
        region, area, _ = CITIES[city]
        people.append(
            Person(
                id=f"C{number:05d}",
                account=f"A-{700000 + number * 7}",
                name=f"{first} {last[0]} {last[1]}",
                email=_make_email(rng, first, last[0], number),
                phone=_draw_new(phones, partial(_make_phone, rng, area)),
                cpf=_draw_new(cpfs, partial(_make_cpf, rng)),
                region=region,
                city=city,
                segment=pick(rng, _SEGMENTS),
                since=OPENED + timedelta(rng.randrange(160)),
                birth_date=date(1946, 1, 1) + timedelta(rng.randrange(61 * 365)),
                language=pick(rng, _LANGUAGES),
                sales_channel=pick(rng, _SALES),
                payment_method=pick(rng, _PAYMENTS),
                due_day=rng.choice((5, 10, 15, 20, 25)),
                temper=rng.choice(_TEMPERS),
            )
        )
    return tuple(people)


def _draw_new(taken: set[str], draw: Callable[[], str]) -> str:
    while (value := draw()) in taken:
        pass
    taken.add(value)
    return value


def _make_email(rng: Random, first: str, last: str, number: int) -> str:
    plain = normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode().lower()
    return f"{plain}{number}@{rng.choice(_DOMAINS)}"


def _make_phone(rng: Random, area: str) -> str:
    return f"+55{area}9{rng.randrange(60_000_000, 99_999_999)}"


def _make_cpf(rng: Random) -> str:
    digits = [int(d) for d in f"{rng.randrange(10_000_000, 999_999_999):09d}"]
    for _ in range(2):
        weighed = sum(d * (len(digits) + 1 - i) for i, d in enumerate(digits))
        digits.append(weighed * 10 % 11 % 10)
    return "".join(map(str, digits))


def spell_phone(rng: Random, phone: str) -> str:
    """Write an E.164 number of Brazil as people and forms do."""
    area, head, tail = phone[3:5], phone[5:10], phone[10:]
    forms: Sequence[str] = (
        phone,
        f"+55 {area} {head}-{tail}",
        f"+55 ({area}) {head}-{tail}",
        f"({area}) {head}-{tail}",
        f"{area} {head} {tail}",
        f"0{area} {head}-{tail}",
    )
    return rng.choice(forms)


def spell_email(rng: Random, email: str) -> str:
    """Write an address as people do, now and then with capitals."""
    return email.title() if rng.random() < 0.08 else email


def spell_cpf(cpf: str) -> str:
    """Write a CPF with its marks: 123.456.789-09."""
    return f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"
