"""What the generated company knows: its customers, what they hold and what they were billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Person:
    """A customer. `account` is the id by which billing knows the same person.

    `temper` is how readily this one complains: 1 on average over all customers.
    """

    id: str
    account: str
    name: str
    email: str
    phone: str
    cpf: str
    region: str
    city: str
    segment: str
    since: date
    birth_date: date
    language: str
    sales_channel: str
    payment_method: str
    due_day: int
    temper: float


@dataclass(frozen=True)
class Subscription:
    """A line or service that a customer holds; what is of fibre alone or of mobile alone is else empty.

    `trouble` is how often anything at all is wrong with it: 1 on average over all subscriptions.
    """

    id: str
    person: int
    plan: str
    ordered_on: date
    trouble: float
    installed_on: date | None = None
    installer: str = ""
    router: str = ""
    firmware: str = ""
    tower: str = ""

    @property
    def days_to_install(self) -> int | None:
        """Days from the order to the installation; None where nothing is installed."""
        return None if self.installed_on is None else (self.installed_on - self.ordered_on).days


@dataclass(frozen=True)
class Invoice:
    """A bill of one month for all that a customer holds; `amount` in cents."""

    id: str
    person: int
    run: str
    issued_on: date
    due_on: date
    amount: int
    paid_on: date | None


@dataclass(frozen=True)
class Plan:
    """A plan on sale; `price` in cents a month."""

    code: str
    name: str
    technology: str
    price: int


@dataclass(frozen=True)
class Installer:
    """A contractor who installs fibre in one region, and the depot that it works from."""

    id: str
    name: str
    region: str
    depot: str


@dataclass(frozen=True)
class Tower:
    """A mobile tower, and the controller that it hangs on with others."""

    id: str
    city: str
    controller: str


@dataclass(frozen=True)
class BillingRun:
    """One batch of invoices made in one go."""

    id: str
    month: str
    processed_on: date
    server: str


@dataclass(frozen=True)
class Company:
    """All of it. `person` in a record is a position in `people`."""

    people: tuple[Person, ...]
    subscriptions: tuple[Subscription, ...]
    invoices: tuple[Invoice, ...]
    plans: tuple[Plan, ...]
    installers: tuple[Installer, ...]
    towers: tuple[Tower, ...]
    runs: tuple[BillingRun, ...]
    faulty: Faulty


@dataclass(frozen=True)
class Faulty:
    """The values that the planted causes hang on."""

    run: str
    installer: str
    tower: str
    router: str
    firmware: str
    plan: str
    region: str
    days: int
