"""The causes planted in the relations: what each hits, when, how hard, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from api.demo.records import Company, Subscription
from api.demo.truth import Condition, Pattern, PlantedCause

RUN = "Subscription<-CHARGES-Invoice-IN_RUN->BillingRun"
ACCOUNT_RUN = "Subscription<-HOLDS-Customer-BILLED->Invoice-IN_RUN->BillingRun"
INSTALLER = "Subscription-INSTALLED_BY->Installer"
TOWER = "Subscription-SERVED_BY->Tower"
ROUTER = "Subscription-USES->Router"
FIRMWARE = "Subscription.firmware"
WAIT = "Subscription.days_to_install"
PLAN = "Subscription-OF->Product"
REGION = "Subscription<-HOLDS-Customer-IN->Region"


@dataclass(frozen=True)
class Plant:
    """A planted cause and its working.

    `means`: position of each subscription hit -> complaints that it is expected to add. `windows`:
    position -> first and last day of these complaints.
    """

    cause: PlantedCause
    means: Mapping[int, float]
    windows: Mapping[int, tuple[date, date]]


def _equal(path: str, value: str) -> Condition:
    return Condition(path, "=", value)


def _plant(
    id_: str,
    title: tuple[str, str, str],
    told_as: str,
    patterns: tuple[Pattern, ...],
    means: dict[int, float],
    windows: dict[int, tuple[date, date]],
) -> Plant:
    en, es, pt = title
    cause = PlantedCause(
        id=id_,
        title={"en": en, "es": es, "pt": pt},
        told_as=told_as,
        pattern=patterns[0],
        also=patterns[1:],
        hit=len(means),
        expected_complaints=round(sum(means.values()), 1),
    )
    return Plant(cause, means, windows)


def plant_causes(company: Company) -> tuple[Plant, ...]:
    """Return the planted causes of a company."""
    return (
        _plant_run(company),
        _plant_installer(company),
        _plant_tower(company),
        _plant_router(company),
        _plant_wait(company),
        _plant_plan(company),
    )


def _plant_run(company: Company) -> Plant:
    """The bank was given the batch twice; the company's own books show one payment."""
    run = company.faulty.run
    day = next(r.processed_on for r in company.runs if r.id == run)
    charged = {invoice.person for invoice in company.invoices if invoice.run == run}
    hit = [i for i, s in enumerate(company.subscriptions) if s.person in charged]
    return _plant(
        "double-run",
        (
            f"Billing run {run} was collected twice",
            f"La corrida de facturación {run} se cobró dos veces",
            f"O lote de faturamento {run} foi cobrado duas vezes",
        ),
        "billing.double_charge",
        ((_equal(RUN, run),), (_equal(ACCOUNT_RUN, run),)),
        dict.fromkeys(hit, 0.4),
        dict.fromkeys(hit, (day + timedelta(2), day + timedelta(28))),
    )


def _plant_installer(company: Company) -> Plant:
    installer = next(i for i in company.installers if i.id == company.faulty.installer)
    hit = {i: s for i, s in enumerate(company.subscriptions) if s.installer == installer.id}
    return _plant(
        "bad-installer",
        (
            f"The work of installer {installer.name} fails",
            f"El trabajo del instalador {installer.name} falla",
            f"O serviço do instalador {installer.name} falha",
        ),
        "repair.not_fixed",
        (
            (_equal(INSTALLER, installer.id),),
            (_equal(f"{INSTALLER}.name", installer.name),),
        ),
        dict.fromkeys(hit, 0.39),
        {i: _after_installation(s, 1, 50) for i, s in hit.items()},
    )


def _plant_tower(company: Company) -> Plant:
    tower = company.faulty.tower
    hit = [i for i, s in enumerate(company.subscriptions) if s.tower == tower]
    return _plant(
        "tower-outages",
        (
            f"Tower {tower} goes down again and again",
            f"La torre {tower} se cae una y otra vez",
            f"A torre {tower} cai repetidamente",
        ),
        "service.outage",
        ((_equal(TOWER, tower),),),
        dict.fromkeys(hit, 0.5),
        dict.fromkeys(hit, (date(2026, 8, 10), date(2026, 9, 12))),
    )


def _plant_router(company: Company) -> Plant:
    router, firmware = company.faulty.router, company.faulty.firmware
    hit = {i: s for i, s in enumerate(company.subscriptions) if s.router == router and s.firmware == firmware}
    both = _equal(ROUTER, router), _equal(FIRMWARE, firmware)
    return _plant(
        "router-firmware",
        (
            f"Router {router} is slow with firmware {firmware}",
            f"El router {router} es lento con el firmware {firmware}",
            f"O roteador {router} fica lento com o firmware {firmware}",
        ),
        "service.slow",
        (both,),
        dict.fromkeys(hit, 0.39),
        {i: _after_installation(s, 5, 110) for i, s in hit.items()},
    )


def _plant_wait(company: Company) -> Plant:
    """The longer the wait, the more complaints."""
    bound = company.faulty.days
    waits = {
        i: (s, s.days_to_install)
        for i, s in enumerate(company.subscriptions)
        if s.days_to_install is not None and s.days_to_install >= bound
    }
    return _plant(
        "late-installation",
        (
            f"Installation takes {bound} days or more",
            f"La instalación tarda {bound} días o más",
            f"A instalação demora {bound} dias ou mais",
        ),
        "installation.delayed",
        ((Condition(WAIT, ">=", bound, accept=(bound - 2, bound + 3)),),),
        {i: 0.31 + 0.014 * (days - bound) for i, (_, days) in waits.items()},
        {i: _after_installation(s, 0, 21) for i, (s, _) in waits.items()},
    )


def _plant_plan(company: Company) -> Plant:
    plan = next(p for p in company.plans if p.code == company.faulty.plan)
    region = company.faulty.region
    hit = [
        i
        for i, s in enumerate(company.subscriptions)
        if s.plan == plan.code and company.people[s.person].region == region
    ]
    return _plant(
        "plan-region",
        (
            f"Data of plan {plan.name} runs out too early in {region}",
            f"Los datos del plan {plan.name} se agotan antes de tiempo en {region}",
            f"Os dados do plano {plan.name} acabam antes da hora em {region}",
        ),
        "service.data_cap",
        _pairs(
            (_equal(PLAN, plan.code), _equal(f"{PLAN}.name", plan.name)),
            (_equal(REGION, region), _equal(f"{REGION}.name", region)),
        ),
        dict.fromkeys(hit, 0.5),
        dict.fromkeys(hit, (date(2026, 7, 1), date(2026, 10, 30))),
    )


def _pairs(first: Iterable[Condition], second: Iterable[Condition]) -> tuple[Pattern, ...]:
    second = tuple(second)
    return tuple((a, b) for a in first for b in second)


def _after_installation(s: Subscription, first: int, last: int) -> tuple[date, date]:
    done = s.installed_on or s.ordered_on
    return done + timedelta(first), done + timedelta(last)
