"""What the graph tells, and what people change, is the same on Neo4j."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.auth import Role
from graph import open_store
from ingest import ingest, load_project
from tests.api.graphql.knowledge.office import Office, until
from tests.api.graphql.knowledge.test_changes import CORRECT, MERGE, SEND, complain_of, reread
from tests.api.graphql.knowledge.test_news import COMPLAINTS, begin, get_keys, send
from tests.api.graphql.knowledge.test_root_causes import ALL
from tests.graph.neo4j.graphs import Graphs
from tests.ingest.shop import make_shop


@pytest.fixture
def far(neo4j_graphs: Graphs, tmp_path: Path) -> Iterator[Office]:
    """Return an office whose store is on a server."""
    project = load_project(make_shop(tmp_path / "far"))
    url = neo4j_graphs.empty()
    store = open_store(url, project.vocabulary, create=True)
    ingest(project, store)
    made = Office(tmp_path / "far", store=store)
    yield made
    made.close()
    neo4j_graphs.release(url)


@pytest.mark.anyio
async def test_it_is_the_same_on_neo4j(far: Office, office: Office) -> None:
    def ask(asked: Office, role: Role) -> object:
        return {**asked.ask(ALL, role=role)["rootCauses"], "asOf": None}

    for role in (Role.ADMIN, Role.ANALYST):
        assert ask(far, role) == ask(office, role)
    told = far.ask(MERGE, {"into": "crm:C1", "others": ["crm:C2"]})["mergeCustomers"]
    about = complain_of(far, "delivery.late")
    far.ask(CORRECT, {**about, "cause": "billing.double_charge"})
    sent = far.ask(SEND, {"rows": [{"order_id": "N1", "account": "A1", "ordered_on": "2026-09-01"}]})
    assert sent["ingestEvents"]["written"] == 1
    reread(far)
    records = [record["key"] for record in told["records"]]
    reader = far.store.reader()
    assert set(reader.customers_of(records).values()) == {"crm:C1"}
    stated = reader.neighbours("Complaint", about["c"], types=["ATTRIBUTED_TO"])
    assert "billing.double_charge" in {n.node.key for n in stated}
    far.services.events._every = 0.05
    stream = far.follow(COMPLAINTS)
    first = await begin(far, stream)
    quick, _ = get_keys(far)
    send(far, ("n1", quick))
    await until(first.done)
    assert (await first)["data"]["newComplaint"]["complaint"]["key"] == "n1"
    await stream.aclose()  # type: ignore[attr-defined]
    await until(lambda: not far.services.events.watching)
    assert far.store.reader().check() == []
