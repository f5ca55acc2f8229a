"""What can be done about connections."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from playground_widget.protocol import Connect, Models
from playground_widget.server._inputs import (
    AddConnectionInput,
    RefreshModelsInput,
    RemoveConnectionInput,
    UseConnectionInput,
)
from playground_widget.server._payloads import (
    AddConnectionPayload,
    RefreshModelsPayload,
    RemoveConnectionPayload,
    UseConnectionPayload,
)
from playground_widget.server._perform import ask, checked, perform
from playground_widget.server._service import Service
from playground_widget.server._settings import connection_of, model_of

__all__ = ["ConnectionMutation"]


@strawberry.type
class ConnectionMutation:
    """Changes of connections."""

    @strawberry.mutation
    async def add_connection(
        self,
        info: Info[Service, None],
        given: Annotated[AddConnectionInput, strawberry.argument(name="input")],
    ) -> AddConnectionPayload:
        """Add a connection for as long as the server runs.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> AddConnectionPayload:
            api = None if given.api is None else given.api.value
            made = await service.call(
                service.rooms.connections.add,
                checked(given.name),
                given.api_key,
                given.base_url,
                api,
            )
            return AddConnectionPayload(connection=connection_of(made))

        return await perform(service, given, AddConnectionPayload, work)

    @strawberry.mutation
    async def remove_connection(
        self,
        info: Info[Service, None],
        given: Annotated[RemoveConnectionInput, strawberry.argument(name="input")],
    ) -> RemoveConnectionPayload:
        """Forget a connection.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> RemoveConnectionPayload:
            await service.inside(service.rooms.connections.remove, checked(given.name))
            return RemoveConnectionPayload()

        return await perform(service, given, RemoveConnectionPayload, work)

    @strawberry.mutation
    async def use_connection(
        self,
        info: Info[Service, None],
        given: Annotated[UseConnectionInput, strawberry.argument(name="input")],
    ) -> UseConnectionPayload:
        """Use another connection from the next answer on.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> UseConnectionPayload:
            request = Connect(checked(given.name), given.api_key, given.base_url)
            outcome = await ask(service, given.thread_id, request)
            _, settings = await service.seen(given.thread_id)
            return UseConnectionPayload(
                revision=outcome.revision, connection=connection_of(settings["connection"])
            )

        return await perform(service, given, UseConnectionPayload, work)

    @strawberry.mutation
    async def refresh_models(
        self,
        info: Info[Service, None],
        given: Annotated[RefreshModelsInput, strawberry.argument(name="input")],
    ) -> RefreshModelsPayload:
        """Ask the service of a thread for its models again.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> RefreshModelsPayload:
            await ask(service, given.thread_id, Models())
            _, settings = await service.seen(given.thread_id)
            name = settings["connection"]["name"]
            models = await service.inside(service.rooms.connections.models, name)
            return RefreshModelsPayload(models=[model_of(each) for each in models])

        return await perform(service, given, RefreshModelsPayload, work)
