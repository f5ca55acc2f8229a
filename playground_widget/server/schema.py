"""The GraphQL schema; `python -m playground_widget.server.schema` renews `schema.graphql`.

The types are Strawberry's. They are executed by graphql-core, see `_execute.py`.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLSchema, print_schema

from playground_widget.server._comparison_mutations import ComparisonMutation
from playground_widget.server._connection_mutations import ConnectionMutation
from playground_widget.server._describe import describe, follow_draft
from playground_widget.server._message_mutations import MessageMutation
from playground_widget.server._query import Query
from playground_widget.server._refusals import REFUSALS
from playground_widget.server._subscription import RESULTS, Subscription
from playground_widget.server._thread_mutations import ThreadMutation
from playground_widget.server._tool_mutations import ToolMutation
from playground_widget.server._variable_mutations import VariableMutation

__all__ = ["SDL", "schema", "sdl"]

SDL = Path(__file__).with_name("schema.graphql")
"""The schema as text, for generators of clients."""


@strawberry.type
class Mutation(
    ThreadMutation,
    MessageMutation,
    ToolMutation,
    VariableMutation,
    ConnectionMutation,
    ComparisonMutation,
):
    """What can be done.

    What is refused changes nothing, and its payload says why as `error`. The clientMutationId of
    an input makes it safe to ask again after a loss: nothing is done twice.
    """


@cache
def schema() -> GraphQLSchema:
    """Return the schema with its resolvers and descriptions.

    Example:
        >>> from playground_widget.server.schema import schema
        >>> "createThread" in schema().mutation_type.fields
        True
    """
    made = strawberry.Schema(Query, Mutation, Subscription, types=REFUSALS)
    built: GraphQLSchema = made._schema  # noqa: SLF001 - Strawberry has no other way to it
    assert built.subscription_type is not None  # noqa: S101 - it was just given
    for name, make in RESULTS.items():
        # A stream gives batches that many share; this is done once for all of them.
        built.subscription_type.fields[name].resolve = partial(_result, make)
    describe(built)
    follow_draft(built)
    return built


def _result(make: Any, event: object, _info: object, **_arguments: object) -> Any:
    return make(event)


def sdl() -> str:
    """Return the schema as text.

    Example:
        >>> from playground_widget.server.schema import SDL, sdl
        >>> sdl() == SDL.read_text(encoding="utf-8")
        True
    """
    return f"{print_schema(schema())}\n"


if __name__ == "__main__":
    SDL.write_text(sdl(), encoding="utf-8")
