"""Spans, as a collector gets them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from api.settings import ServiceSettings
from tests.api.service.running import running
from tests.api.service.toy import PatientStore, make_parts

SECRET = "Ana Souza"


class Collector(HTTPServer):
    """Takes what is exported."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.bodies: list[bytes] = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_span_for_each_request_and_each_operation(toy_store: PatientStore, collector: Collector) -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    settings = ServiceSettings(otel=f"http://127.0.0.1:{collector.server_port}")
    asked = {
        "query": "query Greeting($n: String!) { hello(name: $n) boom }",
        "variables": {"n": SECRET},
    }
    headers = {
        "Authorization": "Bearer agent",
        "X-Request-ID": "traced-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    with running(toy_store, make_parts(), settings) as service, service.client(headers=headers) as client:
        assert client.post("/graphql", json=asked).status_code == 200
    spans = [
        span
        for body in collector.bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    request = next(span for span in spans if span.name == "POST /graphql")
    operation = next(span for span in spans if span.name == "graphql query")
    assert operation.parent_span_id == request.span_id
    assert request.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    said = {each.key: each.value.string_value or each.value.int_value for each in request.attributes}
    assert said["motivo.request"] == "traced-1"
    assert said["http.response.status_code"] == 200
    told = {each.key: each.value.string_value for each in operation.attributes}
    assert told["graphql.operation.name"] == "Greeting"
    assert told["motivo.role"] == "agent"
    assert all(SECRET.encode() not in body and b"Souza" not in body for body in collector.bodies)
