"""What can be done about the functions that a model calls."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from playground_widget.protocol import Allow, Deny, SetTool
from playground_widget.server._inputs import AllowCallInput, DenyCallInput, SetToolInput
from playground_widget.server._payloads import AllowCallPayload, DenyCallPayload, SetToolPayload
from playground_widget.server._perform import ask, checked, perform
from playground_widget.server._service import Service
from playground_widget.server._settings import tools_of

__all__ = ["ToolMutation"]


@strawberry.type
class ToolMutation:
    """Mutations of calls and tools."""

    @strawberry.mutation
    async def allow_call(
        self,
        info: Info[Service, None],
        given: Annotated[AllowCallInput, strawberry.argument(name="input")],
    ) -> AllowCallPayload:
        """Let a call be made that asks first, also where another process makes it.

        Args:
            given: Which, and whether others after it need to ask.
        """
        service = info.context

        async def work() -> AllowCallPayload:
            request = Allow(checked(given.message_id), given.always)
            await ask(service, given.thread_id, request)
            return AllowCallPayload()

        return await perform(service, given, AllowCallPayload, work)

    @strawberry.mutation
    async def deny_call(
        self,
        info: Info[Service, None],
        given: Annotated[DenyCallInput, strawberry.argument(name="input")],
    ) -> DenyCallPayload:
        """Refuse a call that asks first; the model is told.

        Args:
            given: Which.
        """
        service = info.context

        async def work() -> DenyCallPayload:
            await ask(service, given.thread_id, Deny(checked(given.message_id)))
            return DenyCallPayload()

        return await perform(service, given, DenyCallPayload, work)

    @strawberry.mutation
    async def set_tool(
        self,
        info: Info[Service, None],
        given: Annotated[SetToolInput, strawberry.argument(name="input")],
    ) -> SetToolPayload:
        """Offer a tool to the model, or not.

        Args:
            given: Which, and whether.
        """
        service = info.context

        async def work() -> SetToolPayload:
            request = SetTool(checked(given.name), given.enabled)
            outcome = await ask(service, given.thread_id, request)
            return SetToolPayload(tools=tools_of(outcome.result))

        return await perform(service, given, SetToolPayload, work)
