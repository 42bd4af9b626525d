"""What the company sells and runs, and which subscription hangs on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from api.demo.draws import open_stream, pick
from api.demo.people import CITIES, make_people
from api.demo.records import (
    BillingRun,
    Company,
    Faulty,
    Installer,
    Invoice,
    Person,
    Plan,
    Subscription,
    Tower,
)

PLANS = (
    Plan("FIB300", "Fibra 300", "fibre", 9990),
    Plan("FIB500", "Fibra 500", "fibre", 11990),
    Plan("FIB900", "Fibra 900", "fibre", 15990),
    Plan("MOV20", "Móvel 20 GB", "mobile", 4990),
    Plan("MOV50", "Móvel 50 GB", "mobile", 6990),
    Plan("MOVMAX", "Móvel Ilimitado", "mobile", 9990),
    Plan("TVBASE", "TV Essencial", "TV", 3990),
    Plan("TVMAX", "TV Completa", "TV", 7990),
)
SHARES = {"fibre": (40, 40, 20), "mobile": (34, 38, 28), "TV": (60, 40)}  # of the plans above
# What customers hold, and shares: a line alone, a household, a family with a line for each.
HOLDINGS = {
    ("fibre",): 7,
    ("mobile",): 7,
    ("fibre", "TV"): 7,
    ("fibre", "mobile"): 14,
    ("mobile", "mobile"): 9,
    ("fibre", "mobile", "TV"): 14,
    ("fibre", "mobile", "mobile"): 13,
    ("mobile", "mobile", "mobile"): 4,
    ("fibre", "mobile", "mobile", "TV"): 10,
    ("fibre", "mobile", "mobile", "mobile"): 7,
    ("fibre", "mobile", "mobile", "mobile", "TV"): 8,
}
ROUTERS = {"Andes AX-3": 38, "Korda R-220": 38, "Lumo W6": 14, "Tekna One": 10}
FIRMWARES = {"25.11": 41, "26.02": 41, "26.05": 18}
MONTHS = (8, 9)
BATCHES = 18
LATE_FROM = 12  # days from order to installation at which customers lose patience
_TROUBLES = (0.2, 0.5, 0.8, 1.2, 2.3)
_DEPOTS = 2
_FAULTY_CITY, _FAULTY_REGION = "Curitiba", "Nordeste"
_FIRMS = (
    "Alfa", "Boreal", "Cume", "Delta", "Elo", "Farol", "Guará", "Horizonte", "Ibirá",
    "Jacarandá", "Laço", "Mirante", "Norte", "Orla", "Pampa", "Quartzo", "Rumo", "Serra",
)  # fmt: skip


def make_company(seed: int, customers: int) -> Company:
    """Draw the company's records; the causes are in them, the complaints are not yet."""
    people = make_people(open_stream(seed, "people"), customers)
    rng = open_stream(seed, "services")
    installers, towers = _make_installers(), _make_towers()
    runs = _make_runs(rng)
    faulty = Faulty(
        run=rng.choice([r.id for r in runs]),
        installer=rng.choice([i.id for i in installers if i.region == "Sudeste"]),
        tower=rng.choice([t.id for t in towers if t.city == _FAULTY_CITY]),
        router=rng.choice(list(ROUTERS)[:2]),
        firmware=rng.choice(list(FIRMWARES)[:2]),
        plan="MOV20",
        region=_FAULTY_REGION,
        days=LATE_FROM,
    )
    subscriptions = _make_subscriptions(rng, people, installers, towers, faulty)
    invoices = _make_invoices(open_stream(seed, "billing"), people, subscriptions, runs)
    return Company(people, subscriptions, invoices, PLANS, installers, towers, runs, faulty)


def _make_installers() -> tuple[Installer, ...]:
    regions = ["Sudeste"] * 5 + ["Sul"] * 4 + ["Nordeste"] * 4 + ["Centro-Oeste"] * 3 + ["Norte"] * 2
    return tuple(
        Installer(f"INS-{i + 1:02d}", f"{firm} Instalações", region, f"{region} {i % _DEPOTS + 1}")
        for i, (firm, region) in enumerate(zip(_FIRMS, regions, strict=True))
    )


def _make_towers() -> tuple[Tower, ...]:
    return tuple(
        Tower(f"T{area}-{n}", city, f"RNC-{area}-{(n + 1) // 2}")
        for city, (_, area, share) in CITIES.items()
        for n in range(1, 3 + share // 5)
    )


def _make_runs(rng: Random) -> tuple[BillingRun, ...]:
    return tuple(
        BillingRun(
            f"2026-{month:02d}-B{batch:02d}",
            f"2026-{month:02d}",
            date(2026, month, 2 + (batch + 1) // 2),  # two batches a night
            f"bill-{rng.randrange(1, 5)}",
        )
        for month in MONTHS
        for batch in range(1, BATCHES + 1)
    )


def _weigh(ids: Sequence[str], faulty: str, weight: float) -> list[float]:
    """The faulty one takes a fixed share, so that every seed plants causes of like size."""
    if faulty not in ids:
        return [1.0] * len(ids)
    return [weight if i == faulty else (1 - weight) / (len(ids) - 1) for i in ids]


def _make_subscriptions(
    rng: Random,
    people: Sequence[Person],
    installers: Sequence[Installer],
    towers: Sequence[Tower],
    faulty: Faulty,
) -> tuple[Subscription, ...]:
    by_region = {r: [i.id for i in installers if i.region == r] for r, _, _ in CITIES.values()}
    by_city = {c: [t.id for t in towers if t.city == c] for c in CITIES}
    codes = {t: [p.code for p in PLANS if p.technology == t] for t in SHARES}
    found: list[Subscription] = []

    def draw(ids: Sequence[str], special: str, weight: float) -> str:
        return rng.choices(ids, _weigh(ids, special, weight))[0]

    for position, person in enumerate(people):
        later = 0  # days after the customer came
        for technology in rng.choices(list(HOLDINGS), list(HOLDINGS.values()))[0]:
            new = Subscription(
                id=f"S{len(found) + 1:06d}",
                person=position,
                plan=rng.choices(codes[technology], SHARES[technology])[0],
                ordered_on=person.since + timedelta(later),
                trouble=rng.choice(_TROUBLES),
            )
            if technology == "fibre":
                new = replace(
                    new,
                    installed_on=new.ordered_on + timedelta(_draw_wait(rng)),
                    installer=draw(by_region[person.region], faulty.installer, 0.4),
                    router=pick(rng, ROUTERS),
                    firmware=pick(rng, FIRMWARES),
                )
            elif technology == "mobile":
                new = replace(new, tower=draw(by_city[person.city], faulty.tower, 0.52))
            found.append(new)
            later = rng.randrange(20)
    return tuple(found)


def _draw_wait(rng: Random) -> int:
    """Most are connected within nine days; some fall into a backlog, the fewer the longer."""
    late = LATE_FROM + min(rng.randrange(18), rng.randrange(18))
    return late if rng.random() < 0.14 else 2 + rng.randrange(8)


def _make_invoices(
    rng: Random,
    people: Sequence[Person],
    subscriptions: Sequence[Subscription],
    runs: Sequence[BillingRun],
) -> tuple[Invoice, ...]:
    prices = {plan.code: plan.price for plan in PLANS}
    fees = [0] * len(people)
    for subscription in subscriptions:
        fees[subscription.person] += prices[subscription.plan]
    found = []
    for month in MONTHS:
        batches = [run for run in runs if run.month == f"2026-{month:02d}"]
        for position, person in enumerate(people):
            run = rng.choice(batches)  # drawn anew every month, by the load of the machines
            due = date(2026, month + 1, person.due_day)
            usage = rng.choice((0, 0, 0, 0, 350, 790, 1290))
            paid = due + timedelta(rng.randrange(-6, 3)) if rng.random() < 0.94 else None
            found.append(
                Invoice(
                    f"F{month:02d}{position + 1:06d}",
                    position,
                    run.id,
                    run.processed_on,
                    due,
                    fees[position] + usage,
                    paid,
                )
            )
    return tuple(found)
