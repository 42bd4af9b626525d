"""What the customers write: base complaints, those of the planted causes, and other messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from api.demo.causes import Plant
from api.demo.draws import draw_poisson, open_stream, pick
from api.demo.people import spell_email, spell_phone
from api.demo.records import Company, Person
from api.demo.truth import Label
from api.demo.wording import load_wordings

LAST_DAY = date(2026, 10, 31)
BASE_RATE = 0.52  # complaints a customer that hang on nothing the company keeps
OTHER_RATE = 0.5  # messages a customer that are no complaint
_TELLS_RIGHT = 0.85  # share of a planted cause's complaints that tell of it first
_SECOND_CAUSE = 0.08

# What base complaints tell of: the causes that are planted too, and many more.
BASE_CAUSES = {
    "billing.double_charge": 4,
    "repair.not_fixed": 5,
    "service.outage": 6,
    "service.slow": 7,
    "installation.delayed": 4,
    "service.data_cap": 3,
    "billing.wrong_amount": 9,
    "billing.unrequested_service": 6,
    "billing.price_increase": 6,
    "billing.hidden_fee": 5,
    "payment.not_recognised": 5,
    "payment.refund_not_received": 4,
    "contract.cancel_refused": 4,
    "sale.misleading": 5,
    "support.long_wait": 6,
    "support.rude": 4,
    "support.unreachable": 5,
    "support.no_resolution": 5,
    "app.failure": 5,
    "technician.no_show": 4,
    "service.no_coverage": 4,
}


@dataclass(frozen=True)
class Message:
    """A message of a customer to support, and what it truly is."""

    id: str
    at: datetime
    channel: str
    sender: str
    text: str
    label: Label


@dataclass(frozen=True)
class Note:
    """Who writes, on which day, and what it truly is; the words come later."""

    person: int
    day: date
    month: int  # the one spoken of
    label: Label


def draw_complaints(rng: Random, people: Sequence[Person], plants: Sequence[Plant]) -> list[Note]:
    """Draw who complains of what and when; every draw is apart from the wording."""
    notes = []
    for position, person in enumerate(people):
        first = person.since + timedelta(10)
        for _ in range(draw_poisson(rng, BASE_RATE * person.temper)):
            day = _draw_day(rng, first, LAST_DAY)
            notes.append(Note(position, day, _month_before(day), Label(True, _draw_base(rng))))
        for plant in plants:
            if position not in plant.means:
                continue
            mean = plant.means[position] * (0.5 + 0.5 * person.temper)
            for _ in range(draw_poisson(rng, mean)):
                right = rng.random() < _TELLS_RIGHT
                cause = plant.cause.told_as if right else _draw_base(rng)
                window = plant.windows[position]
                label = Label(True, cause, plant.cause.id)
                notes.append(Note(position, _draw_day(rng, *window), window[0].month, label))
    return notes


def write_messages(
    seed: int, company: Company, plants: Sequence[Plant], reach: Sequence[Sequence[str]]
) -> list[Message]:
    """Write all messages in the order of time.

    `reach`: for each customer the addresses that the systems know them by; a
    message comes from one of these, so that every writer is a known customer.
    """
    notes = draw_complaints(open_stream(seed, "complaints"), company.people, plants)
    rng = open_stream(seed, "others")
    for position, person in enumerate(company.people):
        for _ in range(draw_poisson(rng, OTHER_RATE)):
            day = _draw_day(rng, person.since, LAST_DAY)
            notes.append(Note(position, day, _month_before(day), Label(False)))
    rng = open_stream(seed, "texts")
    written = [_write(rng, note, company.people[note.person], reach[note.person]) for note in notes]
    written.sort(key=lambda m: (m.at, m.sender, m.text))
    return [
        Message(f"M{number:06d}", m.at, m.channel, m.sender, m.text, m.label)
        for number, m in enumerate(written, 1)
    ]


def _write(rng: Random, note: Note, person: Person, addresses: Sequence[str]) -> Message:
    language = person.language if rng.random() < 0.97 else rng.choice(("es", "pt", "en"))
    wordings = load_wordings(language)
    label = note.label
    if label.cause is None:
        text = wordings.write_other(rng, note.month)
    else:
        causes = [label.cause]
        if rng.random() < _SECOND_CAUSE and (second := _draw_base(rng)) != label.cause:
            causes.append(second)
        text = wordings.write_complaint(rng, causes, note.month)
    address = rng.choice(addresses)
    if "@" in address:
        channel, sender = rng.choice(("email", "app", "form")), spell_email(rng, address)
    else:
        channel, sender = rng.choice(("whatsapp", "sms")), spell_phone(rng, address)
    at = datetime.combine(note.day, time(7)) + timedelta(seconds=rng.randrange(15 * 3600))
    return Message("", at, channel, sender, text, label)


def _draw_base(rng: Random) -> str:
    return pick(rng, BASE_CAUSES)


def _draw_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(rng.randrange(max(1, (last - first).days + 1)))


def _month_before(day: date) -> int:
    return (day - timedelta(20)).month
