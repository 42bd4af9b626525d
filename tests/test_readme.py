"""The ten lines of the README do what it says."""

from __future__ import annotations

import csv
import random
import re
from datetime import date, timedelta
from pathlib import Path

from algorithms import find_causes
from graph import open_store
from ingest import ingest, load_project

README = Path(__file__).parents[1] / "README.md"


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_project_file_of_the_readme_finds_the_late_orders(tmp_path: Path) -> None:
    match = re.search(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert match is not None
    assert len(match[1].splitlines()) == 15, "the README says fifteen"
    (tmp_path / "motivo.yaml").write_text(match[1], "utf-8")
    rng = random.Random(1)
    orders, claims = [], []
    for number in range(1500):
        promised = date(2026, 1, 1) + timedelta(rng.randrange(200))
        late = rng.choice([-3, -2, -1, -1, 0, 0, 0, 1, 5, 6])
        order = {"id": number, "carrier": rng.choice("ABC"), "promised": promised}
        orders.append(order | {"delivered": promised + timedelta(late)})
        if rng.random() < (0.6 if late >= 5 else 0.05):
            text = rng.choice(["Llegó tarde, nadie avisó.", "El pedido se retrasó una semana."])
            claims.append(
                {"id": f"c{number}", "order_id": number, "date": promised + timedelta(9), "message": text}
            )
    write(tmp_path / "orders.csv", orders)
    write(tmp_path / "claims.csv", claims)
    store = open_store(f"sqlite:///{tmp_path / 'motivo.db'}")
    report = ingest(load_project(tmp_path / "motivo.yaml"), store)
    found = find_causes(store.reader())
    store.close()
    assert report.complaints == found.complaints == len(claims)
    assert [(p.path, p.op) for p in found.root_causes[0].pattern] == [("Order.days_late", ">=")]
    assert 1 < found.root_causes[0].pattern[0].value <= 5
