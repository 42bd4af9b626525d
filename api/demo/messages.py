"""What the customers write: base complaints, those of the planted causes, and other messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from api.demo.causes import Plant
from api.demo.draws import draw_poisson, open_stream, pick
from api.demo.people import spell_email, spell_phone
from api.demo.records import Company, Person
from api.demo.truth import Label
from api.demo.wording import load_wordings

LAST_DAY = date(2026, 10, 31)
BASE_RATE = 0.31  # complaints a subscription that hang on nothing the company keeps
OTHER_RATE = 0.19  # messages a subscription that are no complaint
TAGGED = 0.9  # share of messages to which support has given a topic
NAMED = 0.93  # share of messages that say which subscription they are about
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
    service: str | None
    topic: str | None
    text: str
    label: Label


@dataclass(frozen=True)
class Note:
    """About which subscription (its position), on which day, what it truly is; the words come later."""

    subscription: int
    day: date
    month: int  # the one spoken of
    label: Label


def draw_complaints(rng: Random, company: Company, plants: Sequence[Plant]) -> list[Note]:
    """Draw what is complained of and when; every draw is apart from the wording."""
    notes = []
    for position, subscription in enumerate(company.subscriptions):
        first = subscription.ordered_on + timedelta(10)
        readiness = company.people[subscription.person].temper * subscription.trouble
        for _ in range(draw_poisson(rng, BASE_RATE * readiness)):
            day = _draw_day(rng, first, LAST_DAY)
            notes.append(Note(position, day, _month_before(day), Label(True, _draw_base(rng))))
        for plant in plants:
            if position not in plant.means:
                continue
            mean = plant.means[position] * (0.7 + 0.3 * readiness)  # a failure rouses the patient too
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
    notes = draw_complaints(open_stream(seed, "complaints"), company, plants)
    rng = open_stream(seed, "others")
    for position, subscription in enumerate(company.subscriptions):
        for _ in range(draw_poisson(rng, OTHER_RATE)):
            day = _draw_day(rng, subscription.ordered_on, LAST_DAY)
            notes.append(Note(position, day, _month_before(day), Label(False)))
    rng = open_stream(seed, "texts")
    written = []
    for note in notes:
        subscription = company.subscriptions[note.subscription]
        person = subscription.person
        message = _write(rng, note, company.people[person], reach[person])
        written.append(replace(message, service=subscription.id))
    written.sort(key=lambda m: (m.at, m.sender, m.text))
    tags, names = open_stream(seed, "topics"), open_stream(seed, "named")
    return [
        replace(
            m,
            id=f"M{number:06d}",
            topic=_tag(tags, m.label),
            service=m.service if names.random() < NAMED else None,
        )
        for number, m in enumerate(written, 1)
    ]


def _tag(rng: Random, label: Label) -> str | None:
    """Return the topic that support has given to a message; a few are never looked at."""
    if rng.random() >= TAGGED:
        return None
    return "complaint" if label.complaint else rng.choice(("question", "request", "thanks"))


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
    return Message("", at, channel, sender, None, None, text, label)


def _draw_base(rng: Random) -> str:
    return pick(rng, BASE_CAUSES)


def _draw_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(rng.randrange(max(1, (last - first).days + 1)))


def _month_before(day: date) -> int:
    return (day - timedelta(20)).month
