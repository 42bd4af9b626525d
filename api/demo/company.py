"""The whole generated company, from a seed to its files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from api.demo.causes import plant_causes
from api.demo.draws import open_stream
from api.demo.files import write_customers, write_inbox, write_json
from api.demo.messages import write_messages
from api.demo.services import make_company
from api.demo.truth import Truth
from schema.errors import UsageError

FEWEST = 200


def generate_company(directory: Path, seed: int = 1, customers: int = 5000) -> Truth:
    """Write the company's files into a directory, and return what was planted in them.

    Files: crm.csv, billing.sqlite, messages.jsonl, motivo.yaml, truth.json. The same seed and
    number of customers give the same rows and texts on any machine. Below some 2,000 customers the
    planted causes are too small to be found for sure. Raises `UsageError` below 200 customers.
    """
    if customers < FEWEST:
        raise UsageError(f"{customers} customers are too few", hint=f"at least {FEWEST}")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "truth.json").touch()  # marks the folder as the demo's, should the rest be cut off
    company = make_company(seed, customers)
    plants = plant_causes(company)
    reach = write_customers(
        directory / "crm.csv", directory / "billing.sqlite", company, open_stream(seed, "customers")
    )
    messages = write_messages(seed, company, plants, reach)
    write_inbox(directory / "messages.jsonl", messages, open_stream(seed, "inbox"))
    project = files("api.demo") / "motivo.yaml"
    (directory / "motivo.yaml").write_bytes(project.read_bytes())
    added = Counter(m.label.planted for m in messages)
    truth = Truth(
        seed=seed,
        customers=customers,
        subscriptions=len(company.subscriptions),
        messages=len(messages),
        complaints=sum(m.label.complaint for m in messages),
        planted=tuple(replace(p.cause, complaints=added[p.cause.id]) for p in plants),
        labels={m.id: m.label for m in messages},
    )
    write_json(directory / "truth.json", truth.to_dict())
    return truth
