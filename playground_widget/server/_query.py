"""What can be asked."""

from __future__ import annotations

from importlib.metadata import version

import strawberry
from strawberry import ID, Info
from strawberry.scalars import JSON

from playground_widget import store
from playground_widget.errors import InputError, NotFoundError
from playground_widget.protocol import ListVariables
from playground_widget.server._answer_query import AnswerQuery
from playground_widget.server._comparison_query import ComparisonQuery
from playground_widget.server._messages import Message, message_in
from playground_widget.server._service import Service
from playground_widget.server._settings import ConnectionState, Model, connection_of, model_of
from playground_widget.server._threads import (
    PageInfo,
    Run,
    Server,
    Thread,
    ThreadConnection,
    ThreadEdge,
    ThreadFilter,
    present,
    summary_of,
    thread_of,
)
from playground_widget.server._variables import Variable, variable_of

__all__ = ["Query"]

MOST = 200
"""The most that one page of a list holds."""


def _first(first: int | None) -> int:
    if first is None or not 1 <= first <= MOST:
        raise InputError(f"first is a number from 1 to {MOST}.")
    return first


def _filter(given: ThreadFilter | None) -> store.ThreadFilter | None:
    if given is None:
        return None
    return store.ThreadFilter(
        pinned=given.pinned,
        running=given.running,
        updated_after=given.updated_after,
        updated_before=given.updated_before,
    )


@strawberry.type
class Query(AnswerQuery, ComparisonQuery):
    """What can be asked."""

    @strawberry.field
    async def threads(
        self,
        info: Info[Service, None],
        first: int | None = 50,
        after: str | None = None,
        search: str | None = None,
        filter: ThreadFilter | None = None,  # noqa: A002 - the schema's word
    ) -> ThreadConnection:
        """The list of threads: pinned ones first, then by their last change, newest first.

        Args:
            first: How many, at most 200.
            after: The endCursor of the page before.
            search: Words that begin words of what was said, or a piece of a title.
            filter: Which threads.
        """
        service = info.context
        page = await service.inside(
            service.rooms.page, search, after, _first(first), _filter(filter)
        )
        edges = [
            ThreadEdge(cursor=store.cursor_of(each), node=summary_of(each)) for each in page.threads
        ]
        return ThreadConnection(
            edges=edges,
            page_info=PageInfo(
                has_next_page=page.after is not None,
                has_previous_page=after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )

    @strawberry.field
    async def thread(self, info: Info[Service, None], id: ID) -> Thread | None:  # noqa: A002
        """A thread as it is at this moment; null if there is none.

        Args:
            id: Of the thread.
        """
        try:
            state, settings = await info.context.seen(id)
        except NotFoundError:
            return None
        return thread_of(state.revision, present(state), settings)

    @strawberry.field
    async def message(
        self,
        info: Info[Service, None],
        thread_id: ID,
        id: ID,  # noqa: A002 - the schema's word
    ) -> Message | None:
        """A message as it is at this moment; null if there is none.

        Args:
            thread_id: The thread.
            id: The message.
        """
        try:
            state, _ = await info.context.seen(thread_id)
        except NotFoundError:
            return None
        return message_in(state, id) if id in state.thread.messages else None

    @strawberry.field
    async def variables(
        self, info: Info[Service, None], thread_id: ID, names: list[str]
    ) -> list[Variable]:
        """What variables stand for at this moment, whether or not a message names them.

        Args:
            thread_id: The thread.
            names: At most 100.
        """
        service = info.context
        request = ListVariables(tuple(names))
        outcome = await service.inside(service.rooms.carry_out, thread_id, request)
        return [variable_of(each) for each in outcome.result["variables"]]

    @strawberry.field
    async def connections(self, info: Info[Service, None]) -> list[ConnectionState]:
        """The connections that can be used."""
        service = info.context
        return [
            connection_of(each) for each in await service.call(service.rooms.connections.to_list)
        ]

    @strawberry.field
    async def models(self, info: Info[Service, None], connection: str | None = None) -> list[Model]:
        """The models of a connection, asked of its service.

        Args:
            connection: Its name; by default the one that new threads use.
        """
        service = info.context
        found = await service.inside(service.rooms.connections.models, connection)
        return [model_of(each) for each in found]

    @strawberry.field
    async def runs(
        self,
        info: Info[Service, None],
        thread_id: ID | None = None,
        running: bool | None = None,
        first: int | None = 50,
    ) -> list[Run]:
        """The writing of answers, the newest first.

        Args:
            thread_id: Those of one thread.
            running: Those that are being written, or those that are not.
            first: How many, at most 200.
        """
        service = info.context
        found = await service.read(service.store.runs, thread_id, running, _first(first))
        return [
            Run(
                thread_id=ID(run.thread),
                message_id=ID(run.message),
                running=run.running,
                here=run.ours,
                request=JSON(run.request) if run.request else None,
            )
            for run in found
        ]

    @strawberry.field
    def server(self, info: Info[Service, None]) -> Server:
        """This server."""
        service = info.context
        return Server(
            id=ID(service.id),
            version=version("playground_widget"),
            subscriptions=service.hub.live,
        )
