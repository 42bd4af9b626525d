"""Plain statistics of a generated company, apart from the engine that has to find the causes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from api.demo.causes import Plant, plant_causes
from api.demo.draws import open_stream
from api.demo.messages import draw_complaints
from api.demo.records import Company
from api.demo.services import make_company


@dataclass(frozen=True)
class Exposure:
    """Complaints of each subscription, and for each (attribute, value) those that have it."""

    company: Company
    plants: tuple[Plant, ...]
    complaints: np.ndarray
    literals: dict[tuple[str, str], np.ndarray]

    @property
    def price(self) -> float:
        """What it costs, in nats, to name one of all attributes and values."""
        return math.log(len(self.literals))

    def hit(self, plants: Iterable[Plant]) -> np.ndarray:
        mask = np.zeros(len(self.complaints), bool)
        for plant in plants:
            mask[list(plant.means)] = True
        return mask

    def dispersion(self, units: np.ndarray) -> float:
        y = self.complaints[units]
        return float(max(1.0, y.var() / y.mean()))

    def excess(self, members: np.ndarray, units: np.ndarray, dispersion: float) -> float:
        """Log likelihood ratio of a raised Poisson rate, over the dispersion."""
        inside = self.complaints[members & units].sum()
        exposed, everyone = (members & units).sum(), units.sum()
        outside, rest = self.complaints[units].sum() - inside, everyone - exposed
        if not exposed or not rest or inside / exposed <= outside / rest:
            return 0.0
        rate = (inside + outside) / everyone
        ratio = inside * math.log(inside / exposed / rate)
        ratio += outside * math.log(outside / rest / rate) if outside else 0.0
        return ratio / dispersion


def measure(seed: int, customers: int = 5000) -> Exposure:
    company = make_company(seed, customers)
    plants = plant_causes(company)
    notes = draw_complaints(open_stream(seed, "complaints"), company, plants)
    positions = [note.subscription for note in notes]
    complaints = np.bincount(positions, minlength=len(company.subscriptions))
    return Exposure(company, plants, complaints, _literals(company))


def _literals(company: Company) -> dict[tuple[str, str], np.ndarray]:
    found: dict[tuple[str, str], np.ndarray] = {}
    count = len(company.subscriptions)
    held: dict[int, list[int]] = defaultdict(list)

    def note(attribute: str, value: object, positions: list[int]) -> None:
        if value not in (None, ""):
            found.setdefault((attribute, str(value)), np.zeros(count, bool))[positions] = True

    installers = {i.id: i for i in company.installers}
    towers = {t.id: t for t in company.towers}
    for position, s in enumerate(company.subscriptions):
        held[s.person].append(position)
        for name in ("plan", "installer", "router", "firmware", "tower"):
            note(name, getattr(s, name), [position])
        note("depot", s.installer and installers[s.installer].depot, [position])
        note("controller", s.tower and towers[s.tower].controller, [position])
        note("ordered_on", s.ordered_on.isocalendar().week, [position])
        for days in range(3, 30):
            if s.days_to_install is not None and s.days_to_install >= days:
                note("days_to_install", days, [position])
    for i, person in enumerate(company.people):
        for name in ("region", "city", "segment", "language", "sales_channel", "payment_method"):
            note(name, getattr(person, name), held[i])
        note("due_day", person.due_day, held[i])
        note("since", person.since.month, held[i])
        note("held", len(held[i]), held[i])
    runs = {r.id: r for r in company.runs}
    for invoice in company.invoices:
        lines = held[invoice.person]
        note("run", invoice.run, lines)
        note("server", runs[invoice.run].server, lines)
        note("issued_on", invoice.issued_on, lines)
        note("unpaid", invoice.paid_on is None, lines)
        note("amount", invoice.amount // 2000, lines)
    return {literal: mask for literal, mask in found.items() if mask.sum() >= 20}
