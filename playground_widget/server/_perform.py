"""How a mutation is carried out: once, to its end, with what was refused in its payload."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from playground_widget.conversation import Outcome
from playground_widget.errors import ConflictError, InputError, PlaygroundError
from playground_widget.protocol import LONGEST_ID, Request
from playground_widget.server._messages import Message, message_in
from playground_widget.server._payloads import ExportThreadPayload, Payload
from playground_widget.server._refusals import refusal_of
from playground_widget.server._service import Service

__all__ = ["answer_in", "ask", "checked", "perform"]

P = TypeVar("P", bound=Payload)

LARGE = 2**16
"""Characters of an exported file that are worth writing again instead of keeping them."""


class Given(Protocol):
    """What every input has."""

    client_mutation_id: str | None


async def perform(
    service: Service,
    given: Given,
    kind: type[P],
    work: Callable[[], Awaitable[P]],
) -> P:
    """Do what a mutation asks, and return its payload.

    Args:
        service: Whose threads are changed.
        given: The input.
        kind: The payload.
        work: Does it and makes the payload.
    """

    async def attempt() -> P:
        try:
            made = await work()
        except PlaygroundError as error:
            made = await _refused(service, given, kind, error)
        made.client_mutation_id = given.client_mutation_id
        return made

    identity = given.client_mutation_id
    if identity is None:
        return await service.whole(attempt())
    try:
        checked(identity)
        payload: P = await service.memory.once((kind.__name__, identity), given, attempt, _kept)
    except InputError as error:
        return kind(client_mutation_id=identity, error=refusal_of(error))
    return payload


async def _refused(service: Service, given: Given, kind: type[P], error: PlaygroundError) -> P:
    revision = None
    if isinstance(error, ConflictError) and (thread := getattr(given, "thread_id", None)):
        try:
            revision = (await service.seen(thread))[0].revision
        except PlaygroundError:
            revision = None
    return kind(error=refusal_of(error, revision))


def _kept(made: Payload) -> bool:
    return not (isinstance(made, ExportThreadPayload) and made.file and len(made.file.text) > LARGE)


def checked(identity: str) -> str:
    """Return an id that came in.

    Raises:
        InputError: It is none.
    """
    if not 0 < len(identity) <= LONGEST_ID:
        raise InputError(f"An id is text of 1 to {LONGEST_ID} characters. Nothing was changed.")
    return identity


async def ask(
    service: Service, thread: str, request: Request, expected: int | None = None
) -> Outcome:
    """Have a thread's room carry out a request.

    Raises:
        PlaygroundError: It was refused; nothing was changed.
    """
    return await service.inside(service.rooms.carry_out, checked(thread), request, expected)


def answer_in(outcome: Outcome) -> Message | None:
    """Return the answer that a request began; `None` while it waits for its turn."""
    identity = outcome.result.get("message")
    return message_in(outcome.state, identity) if identity else None
