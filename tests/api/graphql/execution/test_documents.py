"""Documents that are made ready once, and those that are trusted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationType,
    get_introspection_query,
)

from api.graphql.execution import Documents, InvalidOperationError, execute, find_hash, read_trusted
from api.graphql.execution import documents as module
from schema import InputError
from tests.api.graphql.execution.company import Company
from tests.api.graphql.execution.toys import make_request

COMPANY = Company()
HELLO = "query Hello { hello }"
SHA = hashlib.sha256(HELLO.encode()).hexdigest()


def refusal(documents: Documents, *args: Any, **given: Any) -> tuple[str, str]:
    with pytest.raises(InvalidOperationError) as caught:
        documents.prepare(*args, **given)
    (error,) = caught.value.errors
    assert error.extensions is not None
    return error.message, error.extensions["code"]


def test_a_document_is_made_ready_once(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents(COMPANY.schema)
    plan = documents.prepare("query A { hello } query B { missing }", "A")
    monkeypatch.setattr(module, "parse", None)
    monkeypatch.setattr(module, "validate", None)
    assert documents.prepare("query A { hello } query B { missing }", "A") is plan
    other = documents.prepare("query A { hello } query B { missing }", "B")
    assert (plan.name, other.name, other.kind) == ("A", "B", OperationType.QUERY)


def test_those_that_were_not_asked_for_the_longest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 90)
    documents = Documents(COMPANY.schema)
    texts = [f"query Number{n:02} {{ hello }}" for n in range(4)]
    plans = [documents.prepare(text) for text in texts[:3]]
    documents.prepare(texts[0])
    documents.prepare(texts[3])
    assert documents.prepare(texts[0]) is plans[0]
    assert documents.prepare(texts[1]) is not plans[1]
    assert sum(map(len, documents.kept)) <= 90
    assert documents.prepare(HELLO + "#" * 200).name == "Hello"


def test_what_is_planned_counts_as_what_is_kept() -> None:
    documents = Documents(COMPANY.schema)
    text = "query ($a: Boolean!) { nodes { key @skip(if: $a) cause { key } } }"
    plan = documents.prepare(text)
    (kept,) = documents.kept.values()
    assert kept.size == len(text)
    for value in (True, False):
        execute(plan, make_request(), {"a": value})
    assert plan.size > 10
    assert kept.size == len(text) + module.FIELD * plan.size


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("query A { hello } query B { hello }", None, "Must provide operation name"),
        (HELLO, "Other", "Unknown operation named 'Other'."),
        ("{ hello", None, "Syntax Error"),
        ("", None, "Syntax Error"),
        ("{ helo }", None, "Cannot query field 'helo'"),
        ("type A { a: Int }", None, "The 'A' definition is not executable."),
        ("mutation { nobody }", None, "Cannot query field 'nobody'"),
        ("fragment A on Query { hello }", None, "Fragment 'A' is never used."),
        ("\ud800", None, "Syntax Error"),
    ],
)
def test_what_is_not_valid(text: str, name: str | None, message: str) -> None:
    found, code = refusal(Documents(COMPANY.schema), text, name)
    assert found.startswith(message)
    assert code == "usage"


def test_a_message_does_not_repeat_all_that_was_sent() -> None:
    message, _ = refusal(Documents(COMPANY.schema), "{" + "a" * 50_000 + "}")
    assert len(message) < 1000


def test_a_document_that_is_trusted_is_known_by_its_hash() -> None:
    documents = Documents(COMPANY.schema, trusted={SHA: HELLO})
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": SHA.upper()}}
    plan = documents.prepare(sha256=find_hash(extensions))
    assert execute(plan, make_request()).data == {"hello": "world"}
    assert documents.prepare(HELLO) is plan
    assert documents.prepare(HELLO, sha256=SHA) is plan
    assert documents.prepare("{ hello }").name is None


def test_clients_register_nothing() -> None:
    documents = Documents(COMPANY.schema)
    assert refusal(documents, sha256=SHA) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
    documents.prepare(HELLO, sha256=SHA)
    assert refusal(documents, sha256=SHA) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")


def test_only_those_that_are_trusted() -> None:
    documents = Documents(COMPANY.schema, trusted={SHA: HELLO}, only_trusted=True)
    assert documents.prepare(HELLO) is documents.prepare(sha256=SHA)
    assert refusal(documents, "{ hello }")[1] == "refused"
    assert refusal(documents, sha256="0" * 64)[1] == "refused"
    assert refusal(documents, HELLO + " ", language="pt") == (
        "só se respondem documentos conhecidos aqui",
        "refused",
    )


def test_a_hash_names_the_document_beside_it() -> None:
    assert refusal(Documents(COMPANY.schema), "{ hello }", sha256=SHA)[1] == "usage"
    assert refusal(Documents(COMPANY.schema))[1] == "usage"


@pytest.mark.parametrize(
    "extensions", [None, {}, {"persistedQuery": 7}, {"persistedQuery": {"sha256Hash": 7}}]
)
def test_extensions_may_name_none(extensions: Any) -> None:
    assert find_hash(extensions) is None


def test_trusted_documents_are_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "hello.graphql").write_text(HELLO, "utf-8")
    other = "{ missing } # ñ"
    sha = hashlib.sha256(other.encode()).hexdigest()
    (tmp_path / "more.json").write_text(json.dumps({sha: other}), "utf-8")
    (tmp_path / "README.md").write_text("not one", "utf-8")
    assert read_trusted(tmp_path) == {SHA: HELLO, sha: other}
    assert read_trusted(tmp_path / "sub" / "hello.graphql") == {SHA: HELLO}


@pytest.mark.parametrize("text", ["", "[]", '{"0": 7}', '{"0": "{ hello }"}', "\ud800"])
def test_files_that_are_not_as_they_must_be(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trusted.json"
    path.write_text(text, "utf-8", "surrogatepass")
    with pytest.raises(InputError, match=r"trusted\.json"):
        read_trusted(path)
    with pytest.raises(InputError):
        read_trusted(tmp_path / "nowhere.json")


def test_a_schema_whose_fields_say_nothing() -> None:
    schema = GraphQLSchema(GraphQLObjectType("Query", {"a": GraphQLField(GraphQLString)}))
    with pytest.raises(TypeError, match=r"Query\.a"):
        Documents(schema)


def test_what_tools_ask_of_the_schema_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Documents(COMPANY.schema).prepare(get_introspection_query())
    first = execute(plan, make_request())
    monkeypatch.setattr("api.graphql.execution.plan.execute_sync", None)
    assert not first.errors
    assert execute(plan, make_request()).data == first.data
