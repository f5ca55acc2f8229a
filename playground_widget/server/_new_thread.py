"""New threads from their input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground_widget.content import Draft, taken
from playground_widget.errors import InputError
from playground_widget.events import State
from playground_widget.protocol import Set
from playground_widget.server._enums import Role
from playground_widget.server._inputs import (
    CreateThreadInput,
    MessageInput,
)
from playground_widget.server._parts import parts_from
from playground_widget.server._payloads import (
    CreateThreadPayload,
)
from playground_widget.server._service import Service
from playground_widget.server._threads import present, thread_of
from playground_widget.text import clean_text

__all__ = ["create", "object_of"]


def object_of(name: str, value: object) -> Mapping[str, Any] | None:
    """Return a JSON value that has to be an object or missing.

    Raises:
        InputError: It is something else.
    """
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InputError(f"{name} is a JSON object. Nothing was changed.")
    return value


async def create(service: Service, given: CreateThreadInput) -> CreateThreadPayload:
    """Make a thread, and what it begins with."""
    params = object_of("params", given.params)
    thread = service.rooms.blank(Set(given.title, given.system, given.model, params))
    drafts = [_draft(message) for message in given.messages or ()]

    async def make() -> tuple[State, dict[str, Any]]:
        room = service.rooms.create(thread)
        if drafts:
            await room.session.add(drafts)
        return room.state, room.settings()

    state, settings = await service.inside(make)
    return CreateThreadPayload(thread=thread_of(state.revision, present(state), settings))


def _draft(given: MessageInput) -> Draft:
    content = tuple(taken(part) for part in parts_from(given.content))
    call = None if given.tool_call_id is None else clean_text(given.tool_call_id)
    if call is not None and given.role is not Role.TOOL:
        raise InputError("Only a message of role TOOL answers a call. Nothing was changed.")
    return Draft(given.role.value, content, call)
