"""What can be done to the variables of a thread."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from playground_widget.protocol import ListVariables, SetVariable
from playground_widget.server._inputs import SetVariableInput
from playground_widget.server._payloads import SetVariablePayload
from playground_widget.server._perform import ask, checked, perform
from playground_widget.server._service import Service
from playground_widget.server._variables import variable_of

__all__ = ["VariableMutation"]


@strawberry.type
class VariableMutation:
    """Changes of what messages have filled in."""

    @strawberry.mutation
    async def set_variable(
        self,
        info: Info[Service, None],
        given: Annotated[SetVariableInput, strawberry.argument(name="input")],
    ) -> SetVariablePayload:
        """Set a variable of a thread to a text, or unset it.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> SetVariablePayload:
            name = checked(given.name)
            await ask(service, given.thread_id, SetVariable(name, given.value))
            outcome = await ask(service, given.thread_id, ListVariables((name,)))
            return SetVariablePayload(variable=variable_of(outcome.result["variables"][0]))

        return await perform(service, given, SetVariablePayload, work)
