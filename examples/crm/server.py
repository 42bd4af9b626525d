"""A CRM that shows customers by Motivo's widget, in each of the ways that CRMs have: an example.

It is two sites in one process: at `localhost` the CRM, at `127.0.0.1` the app of the company that owns both.
"""

from __future__ import annotations

import hmac
import os
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlencode

import uvicorn
from signing import MINUTES, Signer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from api.auth import Pseudonyms, Secret, WidgetTokens

PAGES = Path(__file__).parent / "pages"
SHIFT = 8 * 60  # minutes for which a page that was opened may renew its token
COOKIE = "crm_agent"


class Sites:
    """The CRM and the app.

    motivo: address of the service. crm, app: addresses of the two sites. secret: MOTIVO_SECRET, which the
    server of the app has to know, and no page. key: what the CRM and the app sign with. minutes: of a token.
    """

    def __init__(self, motivo: str, crm: str, app: str, *, secret: str, key: str, minutes: int = 10) -> None:
        self.motivo, self.crm, self.app = motivo, crm, app
        self.signer, self.minutes = Signer(key), minutes
        self.installation = self.signer.sign("installation", "")
        kept = Secret(secret)
        self.tokens = WidgetTokens(kept, Pseudonyms(kept))

    def make_token(self, customer: str, audience: str) -> str:
        """Return a token: pages of this origin may show this customer, for some minutes."""
        return self.tokens.issue(customer, audience, minutes=self.minutes).token

    def show(self, name: str, *, frames: str = "'none'", scripts: str = "'none'", **values: str) -> Response:
        """Return a page with its policy. frames: what it has in frames. scripts: whose scripts it runs."""
        filled = Template((PAGES / name).read_text("utf-8")).substitute(
            {word: escape(value) for word, value in {"motivo": self.motivo, **values}.items()}
        )
        around = self.crm if name in ("app.html", "message-app.html") else "'none'"
        policy = (
            f"default-src 'none'; style-src 'self'; connect-src 'self'; script-src {scripts}; "
            f"frame-src {frames}; form-action {self.app}; base-uri 'none'; frame-ancestors {around}"
        )
        return HTMLResponse(filled, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})

    # The CRM

    async def open(self, request: Request) -> Response:
        """Let the agent in (a real CRM asks who it is), and list the ways."""
        response = self.show("index.html", customer=request.query_params.get("customer", "crm:C00001"))
        response.set_cookie(COOKIE, self.signer.sign("agent", "ana"), httponly=True, samesite="strict")
        return response

    async def show_tag(self, request: Request) -> Response:
        """The CRM's own page has the element in it, and no script but the service's."""
        if not self._is_agent(request):
            return RedirectResponse("/")
        customer = request.query_params["customer"]
        return self.show(
            "tag.html",
            frames=self.motivo,
            scripts=self.motivo,
            customer=customer,
            renewal=f"/tag/token?{urlencode({'customer': customer})}",
        )

    async def renew_tag(self, request: Request) -> Response:
        """A token for the agent who is signed in to the CRM."""
        if not self._is_agent(request):
            return PlainTextResponse("sign in first", 401)
        return PlainTextResponse(self.make_token(request.query_params["customer"], self.crm))

    async def show_frame(self, request: Request) -> Response:
        """EspoCRM's habit: the address of a frame has the customer in it, signed."""
        link = self.signer.make_pass("link", request.query_params["customer"], minutes=MINUTES)
        return self.show("frame.html", frames=self.app, src=f"{self.app}/app?{urlencode(link)}")

    async def show_message(self, request: Request) -> Response:
        """Chatwoot's habit: the page in the frame is told by a message who is talked with."""
        return self.show(
            "message.html",
            frames=self.app,
            scripts="'self'",
            src=f"{self.app}/app/message#{self.installation}",
            customer=request.query_params["customer"],
        )

    async def show_post(self, request: Request) -> Response:
        """The habit of Salesforce Canvas and Zendesk: a signed request is posted into a frame."""
        context = {"customer": request.query_params["customer"]}
        return self.show(
            "post.html",
            frames=self.app,
            scripts="'self'",
            action=f"{self.app}/app",
            signed=self.signer.make_request(context),
        )

    def _is_agent(self, request: Request) -> bool:
        return hmac.compare_digest(self.signer.sign("agent", "ana"), request.cookies.get(COOKIE, ""))

    # The app, in a frame of the CRM

    async def open_app(self, request: Request) -> Response:
        """Show the customer whom the CRM has named, by a signed link or a signed request."""
        if request.method == "POST":
            posted = parse_qs((await request.body()).decode("utf-8", "replace"))
            context = self.signer.read_request(posted.get("signed_request", [""])[0])
            customer = str(context["customer"]) if context else None
        else:
            customer = self.signer.read_pass("link", dict(request.query_params))
        if customer is None:
            return PlainTextResponse("the CRM did not say so, or too long ago", 403)
        renewal = self.signer.make_pass("renewal", customer, minutes=SHIFT)
        return self.show(
            "app.html",
            frames=self.motivo,
            scripts=self.motivo,
            customer=customer,
            token=self.make_token(customer, self.app),
            renewal=f"/app/token?{urlencode(renewal)}",
        )

    async def renew(self, request: Request) -> Response:
        """A token for a page that was opened before."""
        customer = self.signer.read_pass("renewal", dict(request.query_params))
        if customer is None:
            return PlainTextResponse("this page was open for too long", 403)
        return PlainTextResponse(self.make_token(customer, self.app))

    async def open_message_app(self, _request: Request) -> Response:
        """Show whoever the CRM will tell of."""
        return self.show(
            "message-app.html", frames=self.motivo, scripts=f"'self' {self.motivo}", crm=self.crm
        )

    async def give_token(self, request: Request) -> Response:
        """A token for whoever the CRM has told of, to who knows the key of the installation."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(self.installation.encode(), given.encode()):
            return PlainTextResponse("this is not an installation of ours", 403)
        return PlainTextResponse(self.make_token((await request.body()).decode(), self.app))

    def make(self) -> Starlette:
        """Return both sites as one application."""
        return Starlette(
            routes=[
                Route("/", self.open),
                Route("/tag", self.show_tag),
                Route("/tag/token", self.renew_tag),
                Route("/frame", self.show_frame),
                Route("/message", self.show_message),
                Route("/post", self.show_post),
                Route("/app", self.open_app, methods=["GET", "POST"]),
                Route("/app/token", self.renew),
                Route("/app/message", self.open_message_app),
                Route("/app/message/token", self.give_token, methods=["POST"]),
                Mount("/pages", StaticFiles(directory=PAGES)),
            ]
        )


def main() -> None:
    """Run both, as the environment says: MOTIVO_SECRET, CRM_KEY, MOTIVO_URL, PORT."""
    port = int(os.environ.get("PORT", "8080"))
    sites = Sites(
        os.environ.get("MOTIVO_URL", "http://127.0.0.1:8000"),
        f"http://localhost:{port}",
        f"http://127.0.0.1:{port}",
        secret=os.environ["MOTIVO_SECRET"],
        key=os.environ["CRM_KEY"],
    )
    print(f"the CRM is at {sites.crm}")  # noqa: T201 - it is a program for people
    uvicorn.run(sites.make(), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
