"""Documents made ready once: parsed, measured, validated, and planned."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    is_introspection_type,
    is_object_type,
    parse,
    validate,
)

from api.graphql.execution.answer import InvalidOperationError, invalidate, refuse
from api.graphql.execution.limits import Limits
from api.graphql.execution.measures import Excess, find_excess, weigh_introspection
from api.graphql.execution.plan import Plan
from api.graphql.execution.words import say
from schema import LimitError, RefusedError, UsageError

# What is kept, in characters of documents; what is made of one takes some 200 bytes each, and a field of a
# plan as much as ten of them.
MOST_KEPT = 300_000
FIELD = 10
MOST_ERRORS = 9


class Documents:
    """The documents on a schema that were answered of late, and those that are trusted.

    schema: its fields are made with `make_field`. trusted: SHA-256 -> text (see `trusted.py`); they are held
    to the limits as every other. only_trusted: no other is answered.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        *,
        trusted: Mapping[str, str] | None = None,
        only_trusted: bool = False,
    ) -> None:
        check_rules(schema)
        self.schema = schema
        self.limits = limits or Limits()
        self.trusted = dict(trusted or {})
        self.only_trusted = only_trusted
        self.most_weight = 2 * weigh_introspection(schema)
        self.kept: OrderedDict[str, Document] = OrderedDict()
        self.lock = threading.Lock()

    def prepare(
        self,
        text: str | None = None,
        operation_name: str | None = None,
        *,
        sha256: str | None = None,
        language: str = "en",
    ) -> Plan:
        """Return the plan of an operation of a document, given by its text or, if trusted, by its hash.

        Raises InvalidOperationError, whose `errors` say what is wrong.
        """
        if text is None or sha256 is not None or self.only_trusted:
            text = self.find_text(text, sha256, language)
        document = self.find(text)
        if document is None:
            document = self.keep(text, self.read(text, language))
        if operation_name not in document.plans:
            operation = choose_operation(document.node, operation_name)
            document.plans[operation_name] = Plan(self.schema, document.node, operation, self.limits)
        return document.plans[operation_name]

    def find_text(self, text: str | None, sha256: str | None, language: str) -> str:
        """Return the text that is meant. Raises InvalidOperationError where it may not be answered."""
        if sha256 is None:
            if text is None:
                raise refuse(UsageError(say(language, "no_document")))
            sha256 = get_hash(text)
        elif text is not None and get_hash(text) != sha256:
            raise refuse(UsageError(say(language, "other_hash")))
        known = self.trusted.get(sha256, None if self.only_trusted else text)
        if known is not None:
            return known
        if self.only_trusted:
            raise refuse(RefusedError(say(language, "untrusted"), hint=say(language, "untrusted_hint")))
        # Clients of automatic persisted queries know this by its words, and send the text.
        raise InvalidOperationError(
            [GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})]
        )

    def find(self, text: str) -> Document | None:
        """Return a document that is kept, as the one that was asked for last."""
        with self.lock:
            document = self.kept.get(text)
            if document is not None:
                self.kept.move_to_end(text)
            return document

    def keep(self, text: str, node: DocumentNode) -> Document:
        """Keep a document, instead of those that were not asked for the longest; return it."""
        with self.lock:
            document = self.kept.get(text)
            if document is None:
                document = self.kept[text] = Document(node, len(text))
            size = sum(each.size for each in self.kept.values())
            while size > MOST_KEPT and len(self.kept) > 1:
                size -= self.kept.popitem(last=False)[1].size
            return document

    def read(self, text: str, language: str) -> DocumentNode:
        """Return a document, parsed, within the limits and valid. Raises InvalidOperationError."""
        if len(text) > self.limits.characters:
            raise self.exceed(Excess("characters", len(text), self.limits.characters), language)
        try:
            node = parse(text, max_tokens=self.limits.tokens)
            excess = find_excess(node, self.schema, self.limits, self.most_weight)
            if excess is not None:
                raise self.exceed(excess, language)
            errors = validate(
                self.schema, node, max_errors=MOST_ERRORS, hide_suggestions=not self.limits.introspection
            )
        except GraphQLError as error:
            errors = [error]
        except RecursionError:
            raise refuse(LimitError(say(language, "nested"))) from None
        if errors:
            raise invalidate(errors)
        return node

    def exceed(self, excess: Excess, language: str) -> InvalidOperationError:
        """Return the error of a limit that is broken."""
        name, found, limit = excess
        if name == "introspection":
            return refuse(RefusedError(say(language, name)))
        message = say(language, name, found=found, limit=limit)
        return refuse(LimitError(message, hint=say(language, "less")))


class Document:
    """A valid document, and the plans of those of its operations that were asked for."""

    def __init__(self, node: DocumentNode, characters: int) -> None:
        self.node = node
        self.characters = characters
        self.plans: dict[str | None, Plan] = {}

    @property
    def size(self) -> int:
        """How much it takes to keep, in characters."""
        return self.characters + FIELD * sum(plan.size for plan in list(self.plans.values()))


def check_rules(schema: GraphQLSchema) -> None:
    """Raise TypeError where a field does not say where its values come from."""
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not is_introspection_type(type_):
            for name, field in type_.fields.items():
                if "motivo" not in field.extensions:
                    raise TypeError(f"{type_.name}.{name} was not made with make_field")


def choose_operation(node: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Return the operation of a name, or the only one. Raises InvalidOperationError."""
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    if not name:
        if len(operations) == 1:
            return operations[0]
        raise invalidate([GraphQLError("Must provide operation name if query contains multiple operations.")])
    for operation in operations:
        if operation.name and operation.name.value == name:
            return operation
    raise invalidate([GraphQLError(f"Unknown operation named '{name}'.")])


def find_hash(extensions: Mapping[str, Any] | None) -> str | None:
    """Return the hash by which the extensions of a request name a document, or None.

    It is `persistedQuery.sha256Hash`, as clients of automatic persisted queries send it.
    """
    named = (extensions or {}).get("persistedQuery")
    sha256 = named.get("sha256Hash") if isinstance(named, Mapping) else None
    return sha256.lower() if isinstance(sha256, str) else None


def get_hash(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
