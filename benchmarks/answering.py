"""What answering GraphQL costs, in one process: CPU from the text of an operation to the bytes of its answer.

    python benchmarks/answering.py [--rounds 200] [--node DIR]

Two operations over the same data in memory, in one run: `hello`, and 50 customers x 10 complaints x cause.
Beside ours: strawberry with DataLoader, parser and validation caches, and graphql-js with resolvers that read
memory (no loader, which only costs there). --node is a folder with node_modules/graphql; where there is none,
npm installs it there. Without it graphql-js is left out. Each has its documents parsed and validated before;
the answers are compared. What is there before is frozen for the garbage collector, as a service may do too.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson
import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from api.auth import Caller, Role
from api.graphql.execution import Arguments, Documents, FieldRule, execute, make_field
from api.graphql.request import Request
from schema import Sensitivity

CUSTOMERS, COMPLAINTS, CAUSES = 50, 10, 20
OPERATIONS = {
    "hello": "{ hello }",
    "customers": """query Customers($complaints: Int!) {
        customers { id name complaints(first: $complaints) { id text channel cause { id name } } }
    }""",
}
VARIABLES = {"complaints": COMPLAINTS}


@dataclass
class Cause:
    id: str
    name: str


@dataclass
class Complaint:
    id: str
    text: str
    channel: str
    cause_id: str


@dataclass
class Customer:
    id: str
    name: str


class Memory:
    """The data: keys to what belongs to them."""

    def __init__(self) -> None:
        self.customers = [Customer(f"c{n}", f"Customer {n}") for n in range(CUSTOMERS)]
        self.causes = {f"k{n}": Cause(f"k{n}", f"Cause {n}") for n in range(CAUSES)}
        self.complaints = {
            customer.id: [
                Complaint(f"{customer.id}-{n}", f"It happened {n} times", "email", f"k{n % CAUSES}")
                for n in range(COMPLAINTS)
            ]
            for customer in self.customers
        }


MEMORY = Memory()


def make_ours() -> Callable[[str], bytes]:
    """Return what answers with our execution."""

    def field(type_: Any, name: str, resolve: Any = None, args: Any = None) -> Any:
        return make_field(type_, FieldRule(name, resolve, sensitivity=Sensitivity.PUBLIC), args=args)

    def read_complaints(objects: Sequence[Any], arguments: Arguments, _request: Request) -> Sequence[Any]:
        return [MEMORY.complaints[customer.id][: arguments["first"]] for customer in objects]

    def read_causes(objects: Sequence[Any], _arguments: Arguments, _request: Request) -> Sequence[Any]:
        return [MEMORY.causes[complaint.cause_id] for complaint in objects]

    text, identity = GraphQLNonNull(GraphQLString), GraphQLNonNull(GraphQLID)
    cause = GraphQLObjectType("Cause", {"id": field(identity, "id"), "name": field(text, "name")})
    complaint = GraphQLObjectType(
        "Complaint",
        {
            "id": field(identity, "id"),
            "text": field(text, "text"),
            "channel": field(text, "channel"),
            "cause": field(GraphQLNonNull(cause), "cause", read_causes),
        },
    )
    listed = GraphQLNonNull(GraphQLList(GraphQLNonNull(complaint)))
    first = {"first": GraphQLArgument(GraphQLNonNull(GraphQLInt))}
    customer = GraphQLObjectType(
        "Customer",
        {
            "id": field(identity, "id"),
            "name": field(text, "name"),
            "complaints": field(listed, "complaints", read_complaints, first),
        },
    )
    customers = GraphQLNonNull(GraphQLList(GraphQLNonNull(customer)))
    query = GraphQLObjectType(
        "Query",
        {
            "hello": field(text, "hello", lambda _objects, _arguments, _request: ["world"]),
            "customers": field(
                customers, "customers", lambda _objects, _arguments, _request: [MEMORY.customers]
            ),
        },
    )
    documents = Documents(GraphQLSchema(query))

    def answer(operation: str) -> bytes:
        request = Request(Caller(Role.ANALYST), cast(Any, None), cast(Any, None))
        plan = documents.prepare(OPERATIONS[operation])
        variables = VARIABLES if operation == "customers" else None
        return orjson.dumps(execute(plan, request, variables).to_response())

    return answer


@strawberry.type(name="Cause")
class StrawberryCause:
    id: strawberry.ID
    name: str


@strawberry.type(name="Complaint")
class StrawberryComplaint:
    id: strawberry.ID
    text: str
    channel: str
    cause_id: strawberry.Private[str]

    @strawberry.field
    async def cause(self, info: strawberry.Info) -> StrawberryCause:
        return cast(StrawberryCause, await info.context["causes"].load(self.cause_id))


@strawberry.type(name="Customer")
class StrawberryCustomer:
    id: strawberry.ID
    name: str

    @strawberry.field
    async def complaints(self, info: strawberry.Info, first: int) -> list[StrawberryComplaint]:
        return cast(list[StrawberryComplaint], await info.context["complaints"].load((self.id, first)))


@strawberry.type(name="Query")
class StrawberryQuery:
    @strawberry.field
    def hello(self) -> str:
        return "world"

    @strawberry.field
    def customers(self) -> list[StrawberryCustomer]:
        return [StrawberryCustomer(id=strawberry.ID(each.id), name=each.name) for each in MEMORY.customers]


async def load_complaints(keys: list[tuple[str, int]]) -> Sequence[list[StrawberryComplaint]]:
    return [
        [
            StrawberryComplaint(
                id=strawberry.ID(each.id), text=each.text, channel=each.channel, cause_id=each.cause_id
            )
            for each in MEMORY.complaints[key][:first]
        ]
        for key, first in keys
    ]


async def load_causes(keys: list[str]) -> Sequence[StrawberryCause]:
    return [StrawberryCause(id=strawberry.ID(key), name=MEMORY.causes[key].name) for key in keys]


def make_strawberry(loop: asyncio.AbstractEventLoop) -> Callable[[str], bytes]:
    """Return what answers with strawberry."""
    caches = (ParserCache(), ValidationCache())
    extensions: list[Any] = [lambda: caches[0], lambda: caches[1]]
    schema = strawberry.Schema(StrawberryQuery, extensions=extensions)

    async def ask(operation: str) -> bytes:
        context = {"complaints": DataLoader(load_complaints), "causes": DataLoader(load_causes)}
        variables = VARIABLES if operation == "customers" else None
        result = await schema.execute(OPERATIONS[operation], variables, context)
        return orjson.dumps({"data": cast(Any, result).data})

    return lambda operation: loop.run_until_complete(ask(operation))


def measure(answer: Callable[[str], bytes], operation: str, rounds: int) -> list[float]:
    """Return the CPU milliseconds of each round."""
    for _ in range(max(rounds // 10, 1)):
        answer(operation)
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        answer(operation)
        times.append((time.process_time() - begun) * 1e3)
    return times


def measure_node(folder: Path | None, rounds: int) -> dict[str, Any]:
    """Return what graphql-js takes and answers, or why it is left out."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if folder is None or node is None:
        return {"left out": "no --node given" if node else "there is no node here"}
    if not (folder / "node_modules" / "graphql").exists():
        if npm is None:
            return {"left out": f"there is no graphql in {folder}, and no npm"}
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--prefix", folder, "graphql"], check=True)
    task = {
        "operations": OPERATIONS,
        "variables": VARIABLES,
        "rounds": rounds,
        "customers": [vars(each) for each in MEMORY.customers],
        "causes": {key: vars(each) for key, each in MEMORY.causes.items()},
        "complaints": {key: list(map(vars, each)) for key, each in MEMORY.complaints.items()},
    }
    script = shutil.copy(Path(__file__).with_suffix(".mjs"), folder)
    found = subprocess.run([node, script], input=json.dumps(task), capture_output=True, text=True, check=True)
    return cast(dict[str, Any], json.loads(found.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--node", type=Path, help="a folder for the npm package graphql")
    chosen = parser.parse_args()
    loop = asyncio.new_event_loop()
    beside = {"Motivo": make_ours(), "strawberry": make_strawberry(loop)}
    node = measure_node(chosen.node, chosen.rounds)
    gc.collect()
    gc.freeze()
    for operation in OPERATIONS:
        answers = [json.loads(answer(operation))["data"] for answer in beside.values()]
        if "answers" in node:
            answers.append(json.loads(node["answers"][operation])["data"])
        assert all(answer == answers[0] for answer in answers), operation
        times = {name: measure(answer, operation, chosen.rounds) for name, answer in beside.items()}
        if "times" in node:
            times["graphql-js"] = node["times"][operation]
        for name, measured in times.items():
            middle, late = statistics.median(measured), sorted(measured)[int(len(measured) * 0.99)]
            print(f"{operation:<12}{name:<12}{middle:>9.3f} ms (median){late:>10.3f} ms (99 %)")
    if "left out" in node:
        print(f"graphql-js is left out: {node['left out']}")
    loop.close()


if __name__ == "__main__":
    main()
