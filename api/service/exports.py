"""`/export`: a list, an aggregate or a trend, asked for as GraphQL asks for it, as a file of any length."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from algorithms.aggregation import Aggregate, Trend
from algorithms.exports import export_aggregate, export_rows, export_trend, write_csv, write_parquet
from api.auth import Role
from api.graphql.execution import Documents, InvalidOperationError, find_hash
from api.graphql.execution.executor import ROOT, Run
from api.graphql.request import Request as Asked
from api.graphql.types.lists import Listing
from api.service.door import Door, read_headers
from api.service.errors import answer_error
from api.service.exchange import Exchange, get_exchange
from api.service.links import Links
from api.service.metrics import Metrics
from api.service.negotiation import JSON
from api.service.operations import Context, GoneError
from api.service.parsing import read_extensions, read_json
from api.service.workers import Workers
from graph import Reader
from schema import RefusedError, UsageError

STAFF = (Role.ANALYST, Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
TEXTS = ("query", "operationName", "documentId", "format")


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: the field at the root of a query, and how it is written.

    columns: of a list, as `export_rows` has them; None: the key and all properties that are shown.
    bom: whether CSV begins with a byte order mark, for Excel.
    """

    query: str | None
    name: str | None
    variables: Mapping[str, Any]
    sha256: str | None
    format: str
    columns: tuple[str, ...] | None
    bom: bool


def read_wanted(given: object) -> Wanted:
    """Return what somebody wants; `UsageError` where it cannot be."""
    if not isinstance(given, Mapping):
        raise UsageError("an export is an object with query and format")
    for name in TEXTS:
        if not isinstance(given.get(name), str | None):
            raise UsageError(f"{name} has to be a text")
    for name in ("variables", "extensions"):
        if not isinstance(given.get(name), dict | None):
            raise UsageError(f"{name} has to be an object")
    format_ = given.get("format") or "csv"
    if format_ not in MEDIA_TYPES:
        raise UsageError(f"there is no format {format_!r}", hint="csv or parquet")
    columns = given.get("columns")
    if columns is not None and not (isinstance(columns, list) and all(isinstance(c, str) for c in columns)):
        raise UsageError("columns has to be a list of texts", hint='["key", "filed_at"]')
    sha256 = find_hash(read_extensions(given))
    if not given.get("query") and sha256 is None:
        raise UsageError("there is no query", hint="such as { complaints { nodes { key } } }")
    return Wanted(
        given.get("query") or None,
        given.get("operationName"),
        given.get("variables") or {},
        sha256,
        format_,
        None if columns is None else tuple(columns),
        bool(given.get("bom")),
    )


def read_parameters(request: Request) -> dict[str, Any]:
    """Return what the address of a GET asks for."""
    given: dict[str, Any] = dict(request.query_params)
    try:
        for name in ("variables", "extensions"):
            if given.get(name):
                given[name] = read_json(given[name])
    except orjson.JSONDecodeError as error:
        raise UsageError(f"the address has no JSON where it should: {error}") from None
    if "columns" in given:
        given["columns"] = [part.strip() for part in given["columns"].split(",") if part.strip()]
    given["bom"] = given.get("bom", "") not in ("", "0", "false")
    return given


@dataclass(frozen=True)
class Exports:
    """What exports are made with. open_: (reader, exchange) -> what a resolver knows of the request."""

    documents: Documents
    door: Door
    links: Links
    workers: Workers
    metrics: Metrics
    open_: Callable[[Reader, Exchange], Asked]
    audit: Callable[[Asked, Exchange], None]

    async def answer(self, request: Request) -> Response:
        """Answer a request: the file, or with `"link": true` an address that gives it for a short while."""
        exchange = get_exchange(request.scope)
        token = request.query_params.get("token")
        if request.method == "GET" and token:
            caller, linked, exchange.language = self.links.read(token)
            given: object = linked
            await self.door.admit_known(exchange, caller)
        else:
            await self.door.admit(exchange, read_headers(request))
            given = read_parameters(request) if request.method == "GET" else await read_body(request)
        if exchange.caller.role not in STAFF:
            raise RefusedError("exports are not for this role")
        wanted = read_wanted(given)
        if request.method == "POST" and isinstance(given, dict) and given.get("link"):
            made, ends = self.links.make(exchange, {n: v for n, v in given.items() if n != "link"})
            return JSONResponse(
                {"url": f"/export?token={made}", "expiresAt": ends.isoformat()},
                headers={"Cache-Control": "no-store"},
            )
        try:
            return await self._stream(request, exchange, wanted)
        except InvalidOperationError as error:
            first = error.errors[0]
            return answer_error(400, first.message, str((first.extensions or {}).get("code", "usage")))

    async def _stream(self, request: Request, exchange: Exchange, wanted: Wanted) -> Response:
        names: list[str] = []
        parts = self.workers.stream(lambda reader: self._write(reader, exchange, wanted, names))
        context = Context(exchange, request)
        beginning = asyncio.ensure_future(anext(parts, None))
        gone = context.watch()
        outcome = "failed"
        try:
            await asyncio.wait([beginning, *([gone] if gone else [])], return_when=asyncio.FIRST_COMPLETED)
            if not beginning.done():
                raise GoneError
            first = beginning.result()
            outcome = "ok"
        finally:
            context.close()
            self.metrics.exports.labels(wanted.format, outcome).inc()
            if not beginning.done():
                beginning.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await beginning
                await parts.aclose()

        async def body() -> AsyncIterator[bytes]:
            try:
                yield first or b""
                async for part in parts:
                    yield part
            finally:
                await parts.aclose()

        name = f"{names[0] if names else 'export'}-{datetime.now(UTC):%Y-%m-%d}.{wanted.format}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
        return StreamingResponse(body(), headers=headers, media_type=MEDIA_TYPES[wanted.format])

    def _write(self, reader: Reader, exchange: Exchange, wanted: Wanted, names: list[str]) -> Iterator[bytes]:
        """Yield the parts of the file; what each shows is in the audit log before it goes out."""
        asked = self.open_(reader, exchange)
        asked.whole = True
        value, name = self._find(asked, exchange, wanted)
        names.append(re.sub(r"\W", "", name))
        if isinstance(value, Listing):
            batches = export_rows(
                asked.reader, value.kind, value.where, value.order, wanted.columns, exchange.language
            )
        elif isinstance(value, Aggregate):
            batches = export_aggregate(value, exchange.language)
        elif isinstance(value, Trend):
            batches = export_trend(value, exchange.language)
        else:
            raise UsageError(f"{name} is no list, aggregate or trend", hint="such as complaints, aggregate")
        parts = write_csv(batches, bom=wanted.bom) if wanted.format == "csv" else write_parquet(batches)
        for part in parts:
            self.audit(asked, exchange)
            if part:
                yield part

    def _find(self, asked: Asked, exchange: Exchange, wanted: Wanted) -> tuple[Any, str]:
        """Return what the one field at the root of the query stands for, and its name."""
        plan = self.documents.prepare(
            wanted.query, wanted.name, sha256=wanted.sha256, language=exchange.language
        )
        exchange.kind, exchange.operation = "export", plan.name or ""
        if plan.kind.value != "query":
            raise UsageError("only queries are exported")
        run = Run(plan, asked, wanted.variables, None)
        fields = run.variant.root.of(plan.root).fields
        if len(fields) != 1 or fields[0].open:
            raise UsageError("an export has one field at its root", hint="{ complaints { nodes { key } } }")
        field = fields[0]
        refusal = run.find_refusal(field)
        if refusal is not None:
            raise refusal
        if field.rule.sensitivity not in run.visible:  # which is null in an answer
            raise RefusedError(f"{field.coordinate} is not for you to see")
        arguments = run.get_arguments(field)
        if isinstance(arguments, Exception):
            raise arguments
        found = field.resolve([ROOT], arguments, asked)[0]
        if isinstance(found, Exception):
            raise found
        return found, field.name


async def read_body(request: Request) -> object:
    """Return the JSON of a body; `UsageError` where it is none."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise UsageError(f"the body has to be {JSON}")
    try:
        return read_json(await request.body())
    except orjson.JSONDecodeError as error:
        raise UsageError(f"the body is no JSON: {error}") from None
