"""How every door reads, checks and executes an operation. One path, whatever the transport."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from weakref import WeakKeyDictionary

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    FieldNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    create_source_event_stream,
    execute_root_selection_set,
    execute_subscription_event,
    get_operation_ast,
    parse,
    validate,
    visit,
)

from playground_widget.server._asked import Asked
from playground_widget.server._batches import Batch, Snapshot
from playground_widget.server._comparison_topic import ComparisonBatch, Whole
from playground_widget.server._documents import Documents
from playground_widget.server._executor import EventExecutor
from playground_widget.server._faults import RefusedError
from playground_widget.server._json import encode
from playground_widget.server._masking import before_execution, formatted, secrets_in
from playground_widget.server._rules import rules_for
from playground_widget.server._service import Service
from playground_widget.server.schema import schema

__all__ = ["Operation", "Operations"]

MOST_ERRORS = 20
LARGE = 40
"""Messages or cells of a snapshot from which on it is made on another thread."""


class Operation:
    """An operation that is valid.

    Attributes:
        kind: `query`, `mutation` or `subscription`.
    """

    def __init__(
        self, asked: Asked, definition: OperationDefinitionNode, built: Executor[Any]
    ) -> None:
        """Keep what executes it."""
        self.kind = definition.operation.value
        self.executor = built
        self.hidden = secrets_in(asked.query, asked.variables)
        self.key = _key(asked, definition, built)


def _key(asked: Asked, definition: OperationDefinitionNode, built: Executor[Any]) -> bytes:
    """Return what the result of an event depends on, beside the event.

    Those are the document, the operation, and the variables used in the selection. The
    variables of the field itself say where a stream begins, and make no difference after that.
    """
    used = _Variables()
    nodes: list[Node] = [*built.fragment_definitions.values()]
    for selection in definition.selection_set.selections:
        if isinstance(selection, FieldNode):
            nodes += selection.directives or ()
            nodes += [selection.selection_set] if selection.selection_set else []
        else:
            nodes.append(selection)
    for node in nodes:
        visit(node, used)
    values = {name: (asked.variables or {}).get(name) for name in sorted(used.names)}
    digest = hashlib.sha256(encode([asked.query, asked.name, values]))
    return digest.digest()


class _Variables(Visitor):
    """Collects the names of variables."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_rest: object) -> None:
        self.names.add(node.name.value)


class Operations:
    """Reads and executes operations for all doors of a server.

    Attributes:
        service: Whose threads they are about.
    """

    def __init__(self, service: Service) -> None:
        """Take the rules from the limits of the service."""
        self.service = service
        self._schema = schema()
        self._rules = rules_for(service.limits)
        self._documents = Documents()
        self._results: WeakKeyDictionary[
            Batch | ComparisonBatch, dict[bytes, asyncio.Task[bytes] | bytes]
        ]
        self._results = WeakKeyDictionary()

    def read(self, asked: Asked) -> Operation:
        """Return an operation that can be executed.

        Raises:
            RefusedError: It cannot; `errors` says why.
        """
        hidden = secrets_in(asked.query, asked.variables)
        document = self._documents.get(asked.query)
        if document is None:
            document = self._valid(asked.query, hidden)
            self._documents.keep(asked.query, document)
        definition = get_operation_ast(document, asked.name)
        if definition is None:
            raise RefusedError(
                [{"message": "Which operation is meant? Name one by operationName."}]
            )
        is_stream = definition.operation is OperationType.SUBSCRIPTION
        built = (EventExecutor if is_stream else Executor).build(
            self._schema,
            document,
            context_value=self.service,
            raw_variable_values=dict(asked.variables or {}),
            operation_name=asked.name,
            max_coercion_errors=MOST_ERRORS,
            hide_suggestions=not self.service.limits.introspection,
        )
        if isinstance(built, list):
            raise RefusedError(before_execution(built, hidden))
        return Operation(asked, definition, built)

    def _valid(self, query: str, hidden: frozenset[str]) -> DocumentNode:
        """Return a document that can be executed.

        Raises:
            RefusedError: It cannot.
        """
        try:
            document = parse(query, max_tokens=self.service.limits.tokens)
        except GraphQLError as error:
            raise RefusedError(before_execution([error], hidden)) from None
        except RecursionError:
            raise RefusedError([{"message": "The document is nested too deeply."}]) from None
        closed = not self.service.limits.introspection
        errors = validate(self._schema, document, self._rules, MOST_ERRORS, hide_suggestions=closed)
        if errors:
            raise RefusedError(before_execution(errors, hidden))
        return document

    async def execute(self, operation: Operation) -> bytes:
        """Execute a query or a mutation, and return its result as JSON."""
        result = execute_root_selection_set(operation.executor)
        if inspect.isawaitable(result):
            result = await result
        return _encoded(result, operation)

    async def stream(self, operation: Operation) -> AsyncGenerator[bytes]:
        """Execute a subscription: one result as JSON for each of its events.

        Raises:
            RefusedError: It cannot begin or go on; nothing more comes.
        """
        source = create_source_event_stream(operation.executor)
        if inspect.isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            raise RefusedError(formatted(source.errors or (), operation.hidden))
        assert isinstance(source, AsyncGenerator)  # noqa: S101 - what the schema's streams are
        async with aclosing(source):
            try:
                async for event in source:
                    yield await self._result(operation, event)
            except Exception as error:  # noqa: BLE001 - told, masked where nobody meant it
                located = GraphQLError(str(error), original_error=error)
                raise RefusedError(formatted([located], operation.hidden)) from None

    async def _result(self, operation: Operation, event: object) -> bytes:
        """Return the result of an event, executed once for all who are in step."""
        if not isinstance(event, Batch | ComparisonBatch):
            return self._event(operation, event)
        known = self._results.setdefault(event, {})
        result = known.get(operation.key)
        if result is None:
            if _is_large(event):
                # Others go on meanwhile.
                result = asyncio.create_task(asyncio.to_thread(self._event, operation, event))
            else:
                result = self._event(operation, event)
            known[operation.key] = result
        return result if isinstance(result, bytes) else await asyncio.shield(result)

    def _event(self, operation: Operation, event: object) -> bytes:
        built = operation.executor.build_per_event_executor(event)
        result = execute_subscription_event(built)
        assert isinstance(result, ExecutionResult)  # noqa: S101 - nothing of an event waits
        return _encoded(result, operation)


def _is_large(batch: Batch | ComparisonBatch) -> bool:
    if isinstance(batch, ComparisonBatch):
        first = batch.items[0]
        return isinstance(first, Whole) and len(first.view["cells"]) > LARGE
    return any(
        isinstance(item, Snapshot) and len(item.thread.messages) > LARGE for item in batch.items
    )


def _encoded(result: ExecutionResult, operation: Operation) -> bytes:
    made: dict[str, Any] = {"data": result.data}
    if result.errors:
        made["errors"] = formatted(result.errors, operation.hidden)
    return encode(made)
