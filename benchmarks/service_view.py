"""The view of a customer over HTTP, at a steady rate, while an ingest runs.

    python benchmarks/service_view.py [--rate 200] [--seconds 10] [--rows 20000] [--neo4j] [--json]

Starts `motivo serve` as a process of its own over a demo company, and asks it for views of customers, so many
a second whether or not it keeps up: a time is from when a request was due. It is asked first in quiet, when
the root causes that it looks for at its start are found, then while `motivo ingest` reads a shop of --rows
rows into the same store. With --neo4j the company is copied to a Neo4j server of its own. `cpu_ms` is what a
view costs the process of the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.service_load import read_response
from benchmarks.serving import MOTIVO, Serving, list_customers, make_demo, make_environment, serving
from benchmarks.shop import write_shop
from graph import copy_store, open_store

VIEW = """
query View($key: String!) {
  customerView(key: $key) {
    caption
    customer { key name email phone segment since }
    records { edges { node { key system email } rule probability } }
    subscriptions { nodes { status startedOn monthlyFee { amount currency } ofProduct { nodes { name } } } }
    invoices(first: 5) { totalCount nodes { number amount { amount } dueOn status } }
    payments(first: 5) { nodes { key paidAt amount { amount } } }
    contacts(first: 10) { nodes { at purpose subject } }
    complaints(first: 10) {
      nodes { filedAt text attributedToCause { edges { quote confidence node { key caption } } } }
    }
    timeline(first: 20) { edges { node { time kind caption } } }
  }
}
"""


class Pool:
    """Connections that are kept open, as many as are needed at a time."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, customer: str) -> bytes:
        reader, writer = (
            self.free.pop() if self.free else await asyncio.open_connection("127.0.0.1", self.serving.port)
        )
        body = json.dumps({"query": VIEW, "variables": {"key": customer}}).encode()
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{self.serving.port}\r\n"
            f"Content-Type: application/json\r\nAuthorization: Bearer {self.serving.key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        status, answer = await read_response(reader)
        self.free.append((reader, writer))
        if status != 200 or b'"errors"' in answer or b'"customerView":null' in answer:
            raise ValueError(f"status {status}: {answer[:120]!r}")
        return answer


async def ask_steadily(serving: Serving, customers: list[str], rate: float, seconds: float) -> dict[str, Any]:
    pool = Pool(serving)
    latencies: list[float] = []
    errors: Counter[str] = Counter()
    sizes: list[int] = []

    async def ask(number: int, due: float) -> None:
        try:
            async with asyncio.timeout(60):
                sizes.append(len(await pool.ask(customers[number % len(customers)])))
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            errors[str(error) or type(error).__name__] += 1
        latencies.append(time.perf_counter() - due)

    began = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(number, due)))
    await asyncio.gather(*tasks)
    took = time.perf_counter() - began
    latencies.sort()
    return {
        "answered_per_second": round(len(latencies) / took, 1),
        "kilobytes": round(sum(sizes) / max(1, len(sizes)) / 1000, 1),
        **{
            f"{name}_ms": round(1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))], 1)
            for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1))
        },
        "errors": dict(errors),
    }


def ask_and_weigh(serving: Serving, customers: list[str], rate: float, seconds: float) -> dict[str, Any]:
    before = serving.measure_cpu()
    found = asyncio.run(ask_steadily(serving, customers, rate, seconds))
    cpu = serving.measure_cpu() - before
    answered = rate * seconds - sum(found["errors"].values())
    return {**found, "cpu_ms": round(1000 * cpu / max(1, answered), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--neo4j", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        url = make_demo(folder)
        customers = list_customers(url, 1000)
        if arguments.neo4j:
            url = copy_to_server(url, opened)
        service = opened.enter_context(serving(url, folder))
        service.await_causes()
        asyncio.run(ask_steadily(service, customers, arguments.rate / 4, 2))  # warm
        found = {"quiet": ask_and_weigh(service, customers, arguments.rate, arguments.seconds)}
        shop = folder / "shop"
        shop.mkdir()
        project = write_shop(shop, arguments.rows)
        ingest = subprocess.Popen(
            [*MOTIVO, "ingest", str(project), "--store", url, "--json"],
            env=make_environment(MOTIVO_TEXT_CACHE=""),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(3)  # until it writes
        found["while_ingesting"] = ask_and_weigh(service, customers, arguments.rate, arguments.seconds)
        found["while_ingesting"]["ingest_went_on"] = ingest.poll() is None
        ingest.terminate()
        ingest.wait()
        found["memory_mb"] = {"end": service.measure_memory()}
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    for part, figures in found.items():
        print(part, *(f"  {label:20} {value}" for label, value in figures.items()), sep="\n")


def copy_to_server(url: str, opened: ExitStack) -> str:
    """Start a Neo4j server, copy a store to it; return the URL of the copy."""
    from tests.graph.neo4j.server import running_server

    server = opened.enter_context(running_server())
    target = f"{server}?graph=view"
    source, copy = open_store(url, create=False), open_store(target)
    copy_store(source, copy)
    source.close()
    copy.close()
    return target


if __name__ == "__main__":
    main()
