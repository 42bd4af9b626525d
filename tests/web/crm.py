"""The example's CRM beside a service, as sites of their own, and the customers that are shown in it."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from tests.web.serving import ROOT, SECRET, Service, serving

sys.path.insert(0, str(ROOT / "examples" / "crm"))
from server import Sites  # type: ignore[import-not-found]

KEY = "what the CRM and the app of the tests sign with"
LIVED = 55  # seconds that a token of a minute has lived already where it is to end soon


@dataclass
class Widgets:
    """A service, and a CRM that has its pages in frames.

    often: the customer who complains most; hit: one who is exposed to the root cause on which an action is
    open; quiet: one who has never complained.
    """

    service: Service
    sites: Sites
    often: str
    hit: str
    quiet: str
    # Pages of tests by their name, which the CRM's origin has at /embedded/NAME.
    pages: dict[str, str] = field(default_factory=dict)

    def make_token(self, customer: str, audience: str = "", *, lived: float = 0) -> str:
        """Return a token of ten minutes, or one of a minute that has lived already."""
        now = time.time() - lived
        with mock.patch("api.auth.tokens.time.time", return_value=now):
            made = self.sites.tokens.issue(customer, audience or self.sites.crm, minutes=1 if lived else 10)
        return str(made.token)


def listen() -> socket.socket:
    """Return a socket at a free port of this machine."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


@contextmanager
def open_widgets(store: str, folder: Path) -> Iterator[Widgets]:
    """Serve a store, and the CRM of the example beside it, until the block ends."""
    ours = listen()
    port = ours.getsockname()[1]
    crm, app = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
    with serving(store, folder, dev=False, roles=("admin",), MOTIVO_FRAMES=f"{crm},{app}") as service:
        sites = Sites(service.url, crm, app, secret=SECRET, key=KEY)
        pages: dict[str, str] = {}

        async def show(request: Request) -> Response:
            return HTMLResponse(pages[request.path_params["name"]])

        app_ = Starlette(routes=[Route("/embedded/{name}", show), Mount("/", sites.make())])
        server = uvicorn.Server(uvicorn.Config(app_, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ours]}, daemon=True)
        thread.start()
        try:
            yield Widgets(service, sites, *find_customers(service), pages)
        finally:
            server.should_exit = True
            thread.join(10)


def find_customers(service: Service) -> tuple[str, str, str]:
    """Return customers worth showing, with an action on a root cause that hits one of them."""

    def ask(query: str, **variables: object) -> Any:
        return service.ask(query, variables, role="admin")

    found = ask("{ rootCauses(first: 1) { nodes { id exposedCustomers(first: 1) { nodes { key } } } } }")
    cause = found["rootCauses"]["nodes"][0]
    ask(
        'mutation($id: ID!) { recordAction(rootCause: $id, startsOn: "2026-09-01", '
        'what: "Charged twice: paid back") { action { id } } }',
        id=cause["id"],
    )
    filed = ask("{ complaints(first: 500) { nodes { filedFromCustomer(first: 1) { nodes { key } } } } }")
    keys = [
        key
        for one in filed["complaints"]["nodes"]
        for key in [n["key"] for n in one["filedFromCustomer"]["nodes"]]
    ]
    often = max(sorted(set(keys)), key=keys.count)
    calm = ask(
        "{ customers(first: 200) { nodes { key filedComplaint(first: 1) { nodes { key } } } } }",
    )["customers"]["nodes"]
    quiet = next(one["key"] for one in calm if not one["filedComplaint"]["nodes"])
    view = "query($names: [String!]!) { customerViews(keys: $names) { rootCausesPending } }"
    service.ask(view, {"names": [often]}, role="admin")  # they are looked for from now on
    return often, cause["exposedCustomers"]["nodes"][0]["key"], quiet
