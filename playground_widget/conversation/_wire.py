"""The request of an answer: as it was sent, or rebuilt from what is stored; and as a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget.compare import target_of
from playground_widget.conversation._variables import present_values
from playground_widget.engine import Wire, WireAttempt, chunk_texts
from playground_widget.errors import InputError
from playground_widget.export import Options, address, code, request_for
from playground_widget.model import get_message

if TYPE_CHECKING:
    from playground_widget.conversation._core import Conversation
    from playground_widget.engine import Recording
    from playground_widget.export import Language
    from playground_widget.model import Message, Thread
    from playground_widget.provider import Connection

__all__ = ["code_of", "wire_of"]


class _Found(NamedTuple):
    """An answer whose request is looked for.

    Args:
        thread: As it is at this moment.
        answer: The answer, or the one that it shares its content with.
        recording: What is kept of it in memory.
        connection: Where it was asked, as far as that is known here.
    """

    thread: Thread
    answer: Message
    recording: Recording | None
    connection: Connection

    def body(self) -> Mapping[str, Any]:
        """Return the request, rebuilt."""
        target = target_of(self.connection)
        return request_for(self.thread, self.answer, Options(), target).body


async def wire_of(conversation: Conversation, message: str) -> Wire:
    """Return what was sent for an answer and what came back.

    On the engine's loop thread.

    Raises:
        NotFoundError: There is no such message.
        InputError: No model was asked for it.
    """
    found = _found(conversation, message)
    if found.recording is not None and found.recording.was_sent:
        read, has_body = found.recording.reader(), found.recording.body is not None
        return await conversation.engine.wait(lambda: read(None if has_body else found.body()))
    store = conversation.store

    def rebuild() -> Wire:
        return _rebuilt(found, store.recorded(found.thread.id, found.answer.id))

    return await conversation.engine.wait(rebuild)


async def code_of(conversation: Conversation, language: Language, message: str | None) -> str:
    """Return a program that makes the request of an answer, or (`None`) the one that comes next.

    On the engine's loop thread.

    Raises:
        NotFoundError: There is no such message.
        InputError: No model was asked for it.
    """
    if message is None:
        thread, connection = conversation.state.present(), conversation.connections.current
        variables, tools = conversation.variables, conversation.toolbox.offered()

        def write() -> str:
            target = target_of(connection, present_values(thread, variables), tools)
            return code(thread, None, language, target)

        return await conversation.engine.wait(write)
    found = _found(conversation, message)
    body = found.recording.body if found.recording else None
    target = target_of(found.connection)
    return await conversation.engine.wait(code, found.thread, found.answer, language, target, body)


def _found(conversation: Conversation, message: str) -> _Found:
    thread = conversation.state.present()
    answer = get_message(thread, message)
    while answer.copy_of is not None and answer.copy_of in thread.messages:
        answer = thread.messages[answer.copy_of]
    if answer.role != "assistant" or not (answer.model or answer.connection):
        raise InputError("No model was asked for this message, so there is no request to show.")
    recording = conversation.engine.wires.of(answer.id)
    if recording is not None:
        return _Found(thread, answer, recording, recording.connection)
    current = conversation.connections.current
    known = (current, *conversation.connections.known())
    asked = next((each for each in known if each.label == answer.connection), current)
    return _Found(thread, answer, None, asked)


def _rebuilt(found: _Found, recorded: list[tuple[float, bytes]]) -> Wire:
    """Return what is known of an answer of another process, or of a while ago."""
    answer, connection = found.answer, found.connection
    error = answer.error
    status = error.facts.get("status") if error else None
    attempt = WireAttempt(
        at=answer.created,
        status=status if isinstance(status, int) else None,
        request_id=answer.request_id,
        error=error.title if error else None,
    )
    blocks = [(max(0.0, at - answer.created), data) for at, data in recorded]
    return Wire(
        url=address(target_of(connection)),
        body=connection.mask_json(found.body()),
        rebuilt=True,
        # Where nothing is recorded though it was this process, nothing was sent.
        attempts=() if found.recording else (attempt,),
        chunks=tuple(chunk_texts(blocks, connection.mask)),
        recorded=bool(recorded),
    )
