"""The service under load: many connections, some malformed, slow or dropped.

    python benchmarks/service_load.py [--connections 200] [--seconds 10] [--store URL] [--json]
                                      (--seconds 120: two minutes)

Starts `motivo serve` as a process of its own over a demo company (or the store that --store names) and sends
it, at the same time, good requests, and on a twentieth of the connections malformed ones, ones whose answers
are taken slowly, and ones that are dropped half-way. Prints latencies and errors of the good requests, and
the memory of the service at the beginning, half-way and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.serving import Serving, list_customers, make_demo, serving

QUERIES = (
    "{ me { role } }",
    "{ complaints(first: 20) { nodes { key filedAt filedFromCustomer { nodes { key caption } } } } }",
    "{ causes(first: 50) { nodes { key caption } } }",
    '{ suggest(text: "ro", first: 5) { __typename } }',
    "query View($key: String!) { customer(key: $key) { key caption filedComplaint { nodes { key } } } }",
)
POST = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
MALFORMED = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /graphql\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    POST + b'Content-Length: 5\r\n\r\n{"a":',
    POST + b"Content-Length: 4\r\n\r\n[[[[",
    POST + b'Content-Length: 21\r\n\r\n{"query": "{ nope }"}',
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n",
)


@dataclass
class Tally:
    """What became of the requests."""

    latencies: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)


def make_request(serving: Serving, customers: list[str], rng: random.Random, size: int = 0) -> bytes:
    query = rng.choice(QUERIES)
    if size:
        query = f"{{ complaints(first: {size}) {{ nodes {{ key caption provenance {{ source run }} }} }} }}"
    variables = {"key": rng.choice(customers)} if "$key" in query else {}
    body = json.dumps({"query": query, "variables": variables}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{serving.port}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {serving.key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def read_response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = re.search(rb"content-length: (\d+)", head)
    return status, await reader.readexactly(int(length[1]) if length else 0)


async def ask_well(serving: Serving, customers: list[str], end: float, seed: int, tally: Tally) -> None:
    """Ask on one connection, one request after the other."""
    rng = random.Random(seed)
    writer: Any = None
    while time.perf_counter() < end:
        if writer is None or rng.random() < 0.02:
            if writer is not None:
                writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        began = time.perf_counter()
        tally.sent["good"] += 1
        try:
            writer.write(make_request(serving, customers, rng))
            async with asyncio.timeout(60):
                status, body = await read_response(reader)
        except (OSError, EOFError, TimeoutError) as error:
            tally.errors[type(error).__name__] += 1
            writer = None
            continue
        tally.latencies.append(time.perf_counter() - began)
        if status != 200 or b'"errors"' in body:
            tally.errors[f"status {status}: {body[:80]!r}"] += 1
        await asyncio.sleep(rng.uniform(0.2, 0.6))


async def ask_badly(serving: Serving, customers: list[str], end: float, seed: int, tally: Tally) -> None:
    """Send what is malformed, drop connections half-way, and take answers slowly, in turn."""
    rng = random.Random(seed)
    while time.perf_counter() < end:
        kind = rng.choice(("malformed", "malformed", "dropped", "slow"))
        tally.sent[kind] += 1
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
            if kind == "malformed":
                writer.write(rng.choice(MALFORMED))
                async with asyncio.timeout(5):
                    await reader.read(4096)
            elif kind == "dropped":
                request = make_request(serving, customers, rng, 100)
                writer.write(request[: rng.randrange(20, len(request) + 1)])
                await asyncio.sleep(rng.uniform(0, 0.05))
                writer.transport.abort()
            else:
                writer.write(make_request(serving, customers, rng, 100))
                for _ in range(20):
                    if not await reader.read(512):
                        break
                    await asyncio.sleep(0.2)
            writer.close()
        except (OSError, TimeoutError):
            pass
        await asyncio.sleep(rng.uniform(0.05, 0.2))


async def watch_memory(serving: Serving, seconds: float, tally: Tally) -> None:
    warm = min(5.0, seconds / 5)
    await asyncio.sleep(warm)
    tally.memory.append(serving.measure_memory())
    for _ in range(2):
        await asyncio.sleep((seconds - warm) / 2 - 0.2)
        tally.memory.append(serving.measure_memory())


async def load(serving: Serving, customers: list[str], connections: int, seconds: float) -> Tally:
    tally = Tally()
    end = time.perf_counter() + seconds
    bad = max(1, connections // 20)
    await asyncio.gather(
        watch_memory(serving, seconds, tally),
        *(ask_well(serving, customers, end, seed, tally) for seed in range(connections - bad)),
        *(ask_badly(serving, customers, end, seed, tally) for seed in range(bad)),
    )
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--store", default="")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = arguments.store or make_demo(Path(folder))
        with serving(store, Path(folder)) as service:
            customers = list_customers(store, 500)
            tally = asyncio.run(load(service, customers, arguments.connections, arguments.seconds))
    latencies = sorted(tally.latencies)
    found = {
        "connections": arguments.connections,
        "seconds": arguments.seconds,
        "sent": dict(tally.sent),
        "errors": dict(tally.errors),
        "requests_per_second": round(len(latencies) / arguments.seconds, 1),
        "ms": {
            name: round(1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))], 1)
            for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1))
        },
        "mean_ms": round(1000 * statistics.fmean(latencies), 1),
        "memory_mb": dict(zip(("warm", "middle", "end"), tally.memory, strict=True)),
    }
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
