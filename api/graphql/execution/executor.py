"""Answering an operation: each field of a level for all objects of the level at once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, OperationType
from graphql.execution import VariableValues

from api.auth import Role
from api.graphql.execution.answer import (
    Answer,
    Fault,
    InvalidOperationError,
    log_fault,
    refuse,
    tell_error,
    tell_faults,
)
from api.graphql.execution.cost import Costs
from api.graphql.execution.fields import Arguments
from api.graphql.execution.plan import Plan
from api.graphql.execution.selections import MOST_FIELDS, PlannedField, Selection
from api.graphql.execution.shapes import FAILED, Column
from api.graphql.execution.trails import Field, Trail
from api.graphql.execution.words import say
from api.graphql.request import Request
from schema import (
    AuthenticationError,
    InputError,
    LimitError,
    OvertimeError,
    RefusedError,
    Sensitivity,
    UsageError,
)

ROOT: Mapping[str, Any] = {}


def execute(
    plan: Plan,
    request: Request,
    variables: Mapping[str, Any] | None = None,
    *,
    until: float | None = None,
) -> Answer:
    """Answer a query or a mutation.

    variables: as the client gave them. until: by `time.monotonic`, from then on no resolver is called.
    """
    if plan.kind is OperationType.SUBSCRIPTION:
        refused = refuse(UsageError(say(request.language, "subscription")))
        return Answer(None, refused.errors, refused=True)
    return execute_on(ROOT, plan, request, variables or {}, until)


def execute_on(
    root: Any, plan: Plan, request: Request, inputs: Mapping[str, Any], until: float | None
) -> Answer:
    """Answer an operation on its root: of a subscription, one event."""
    try:
        run = Run(plan, request, inputs, until)
        run.check_cost()
        data = run.answer_root(root)
    except InvalidOperationError as invalid:
        return Answer(None, invalid.errors, refused=True)
    except LimitError as error:
        return Answer(None, refuse(error).errors, refused=True)
    except Exception as error:
        log_fault(error, (), request)
        return Answer(None, [tell_error(error, request)])
    errors = tell_faults(run.faults, request) if run.faults else []
    extensions = {"masked": sorted(request.masked)} if request.masked else {}
    return Answer(data, [*errors, *run.told], extensions)


class Run:
    """One execution of a plan.

    faults: what went wrong, where. told: errors in the form of GraphQL, as graphql-core made them.
    """

    def __init__(self, plan: Plan, request: Request, inputs: Mapping[str, Any], until: float | None) -> None:
        self.plan = plan
        self.request = request
        self.inputs = inputs
        self.until = until
        self.variables: VariableValues = plan.coerce_variables(inputs)
        self.variant = plan.get_variant(self.variables)
        self.arguments: dict[PlannedField, Arguments | Exception] = {}
        self.visible = frozenset(level for level in Sensitivity if request.caller.may_see(level))
        self.faults: list[Fault] = []
        self.failures = 0
        self.told: list[GraphQLError] = []
        self.ended: OvertimeError | None = None

    def check_cost(self) -> None:
        """Raise LimitError where the operation costs more than it may."""
        language, limit = self.request.language, self.plan.limits.cost
        try:
            cost = Costs(self.get_arguments).get(self.variant.root, [self.plan.root])
        except LimitError:
            message = say(language, "planned", limit=MOST_FIELDS)
            raise LimitError(message, hint=say(language, "less")) from None
        if cost > limit:
            message = say(language, "cost", found=cost, limit=limit)
            raise LimitError(message, hint=say(language, "cost_hint"))

    def get_arguments(self, field: PlannedField) -> Arguments | Exception:
        """Return the arguments of a field, coerced once, or the error that they make."""
        if field.constant is not None:
            return field.constant
        if field not in self.arguments:
            try:
                self.arguments[field] = field.coerce_arguments(self.variables)
            except GraphQLError as error:
                self.arguments[field] = InputError(error.message)
        return self.arguments[field]

    def fail(self, trail: Trail, index: int, error: Exception) -> None:
        """Record an error at a place of a column."""
        self.failures += 1
        self.faults.append(Fault(trail, index, error))

    def answer_root(self, root: Any) -> dict[str, Any] | None:
        """Answer the fields of the operation, one after the other; None if one may not be null and is.

        Those after it are not begun then: of a mutation, nothing more is done.
        """
        data: dict[str, Any] = {}
        trail = Trail()
        for field in self.variant.root.of(self.plan.root).fields:
            value = self.answer_field(field, [root], trail)[0]
            if value is FAILED:
                return None
            data[field.key] = value
        return data

    def answer(self, selection: Selection, type_: GraphQLObjectType, objects: Column, trail: Trail) -> Column:
        """Answer what is selected of objects of one type."""
        if not objects:
            return []
        level = selection.of(type_)
        before = self.failures
        resolved = [self.resolve(field, objects) for field in level.fields]
        for field, values in zip(level.fields, resolved, strict=True):
            self.look_ahead(field, values)
        columns = [
            self.complete(field, values, trail) for field, values in zip(level.fields, resolved, strict=True)
        ]
        if not columns:
            return [{} for _ in objects]
        keys = level.keys
        rows: list[Any] = [dict(zip(keys, row)) for row in zip(*columns)]  # noqa: B905 (checked in `resolve`)
        if self.failures != before:
            for place in level.required:
                for index, value in enumerate(columns[place]):
                    if value is FAILED:
                        rows[index] = FAILED
        return rows

    def answer_field(self, field: PlannedField, objects: Column, trail: Trail) -> Column:
        """Answer a field of objects."""
        return self.complete(field, self.resolve(field, objects), trail)

    def look_ahead(self, field: PlannedField, values: Column) -> None:
        """Tell what will be asked of these values, if anything is to know that."""
        if field.below is not None and len(field.types) == 1:
            for tell in field.below.of(field.types[0]).ahead:
                tell(values, self.request)

    def complete(self, field: PlannedField, values: Column, trail: Trail) -> Column:
        """Return the answer that the values of a field make."""
        if field.introspection:
            return values
        before = self.failures
        column = field.shape.complete(values, Field(trail, field.step, field.nodes), self)
        if self.failures != before and not field.required:
            return [None if value is FAILED else value for value in column]
        return column

    def resolve(self, field: PlannedField, objects: Column) -> Column:
        """Return a value of the field for each object, which may be an error."""
        if field.introspection:
            return self.introspect(field)
        size = len(objects)
        if not field.open:
            refusal = self.find_refusal(field)
            if refusal is not None:
                return [refusal] * size
            if field.rule.sensitivity not in self.visible:
                self.request.masked.add(field.coordinate)
                return [None] * size
        try:
            arguments = self.get_arguments(field)
            if isinstance(arguments, Exception):
                raise arguments
            if field.rule.resolve is not None:
                self.check_time()
            values = field.resolve(objects, arguments, self.request)
            if len(values) != size:
                raise ValueError(f"{field.coordinate} has {len(values)} values for {size} objects")
        except OvertimeError as error:
            self.ended = error
            return [error] * size
        except Exception as error:
            return [error] * size
        return values

    def find_refusal(self, field: PlannedField) -> RefusedError | None:
        """Return why the caller may not ask for a field at all, or None."""
        caller, language = self.request.caller, self.request.language
        if caller.role is Role.ANYONE:
            return AuthenticationError(
                say(language, "sign_in", coordinate=field.coordinate), hint=say(language, "sign_in_hint")
            )
        roles = field.rule.roles
        if roles is not None and caller.role not in roles:
            return RefusedError(say(language, "role", coordinate=field.coordinate, role=caller.role.value))
        may_be_null = not field.required and field.rule.subscribe is None
        if field.rule.sensitivity not in self.visible and not may_be_null:
            return RefusedError(say(language, "masked", coordinate=field.coordinate, role=caller.role.value))
        return None

    def check_time(self) -> None:
        """Raise OvertimeError where the time is up, so that no resolver is called any more."""
        if self.ended is not None:
            raise self.ended
        if self.until is not None and time.monotonic() >= self.until:
            language = self.request.language
            raise OvertimeError(say(language, "overtime"), hint=say(language, "overtime_hint"))

    def introspect(self, field: PlannedField) -> Column:
        """Return what a field says of the schema."""
        result = self.plan.introspect(field, self.inputs)
        self.told += result.errors or []
        if result.data is None:
            return [FAILED if field.required else None]
        return [result.data[field.key]]
