"""What a page asks of a conversation: each request validated once, then carried out or refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from playground_widget.content import Draft, taken
from playground_widget.conversation._compare_requests import carry_out_compare
from playground_widget.conversation._core import Conversation
from playground_widget.conversation._files import export_of, read_file
from playground_widget.conversation._session import Placed, Session
from playground_widget.conversation._wire import code_of, wire_of
from playground_widget.engine import Run
from playground_widget.errors import InputError
from playground_widget.model import Part, get_message
from playground_widget.protocol import (
    Add,
    Allow,
    Claim,
    Code,
    CompareRequest,
    Connect,
    Continue,
    Delete,
    DeleteThread,
    Deny,
    DuplicateThread,
    Edit,
    Export,
    Hello,
    ImportThreads,
    ListThreads,
    ListVariables,
    Logprobs,
    Models,
    NewThread,
    OpenThread,
    PinThread,
    Reask,
    Regenerate,
    RenameThread,
    Request,
    RestoreThread,
    RetryNow,
    RunHead,
    Select,
    Send,
    Set,
    SetTool,
    SetVariable,
    Stop,
    Undo,
    Wire,
)
from playground_widget.text import clean_text

__all__ = ["carry_out"]


async def carry_out(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line or two for each kind of request
    conversation: Conversation, request: Request
) -> dict[str, Any]:
    """Do what a request asks and return the result for its sender.

    On the engine's loop thread. `Snapshot` and `Asset` are not for the conversation: the door
    that received them answers by its own means.

    Raises:
        PlaygroundError: It was refused; nothing was changed.
    """
    if isinstance(request, CompareRequest):
        return await carry_out_compare(conversation, request)
    session, threads = conversation.session, conversation.threads
    match request:
        case Hello() | Models():
            conversation.connections.refresh()
        case Send(content, role):
            return await _begun(conversation, session.send, [Draft(role, _taken(content))])
        case Add(content, role, before, after):
            drafts = [Draft(role, _taken(content))]
            return _placed(await session.add(drafts, before, after))
        case RunHead():
            return await _begun(conversation, session.send, [])
        case Edit(message, content, role, rerun):
            parts = None if content is None else _taken(content)
            if not rerun:
                return _placed(await session.edit(message, parts, role))
            return await _begun(conversation, session.edit_and_run, message, parts, role)
        case Delete(messages, rerun):
            if not rerun:
                return _placed(await session.delete(messages))
            return await _begun(conversation, session.delete_and_run, messages)
        case Undo(token):
            return {"undone": await session.undo(token)}
        case Regenerate(message):
            return await _begun(conversation, session.regenerate, message)
        case Continue(message):
            return await _begun(conversation, session.continue_, message)
        case Reask(message):
            return await _begun(conversation, session.reask, message)
        case Select(message):
            await session.select(message)
        case Stop(message):
            return {"stopped": await session.stop_anywhere(message)}
        case RetryNow():
            return {"hurried": await session.hurry_anywhere()}
        case Set():
            return await _set(session, request)
        case Allow(message, always):
            await session.consent_anywhere(message, allowed=True, always=always)
        case Deny(message):
            await session.consent_anywhere(message, allowed=False)
        case SetTool(name, enabled):
            conversation.toolbox.switch(name, enabled=enabled)
            return {"tools": conversation.toolbox.to_list()}
        case Connect(name, api_key, base_url):
            await _connect(conversation, name, api_key, base_url)
        case Claim(action):
            return {"granted": conversation.claim(action)}
        case ListThreads(search, after):
            page = await threads.page(search, after)
            return {"threads": [each.to_dict() for each in page.threads], "after": page.after}
        case OpenThread(thread):
            await threads.open(thread)
        case NewThread():
            return {"thread": threads.new()}
        case RenameThread(thread, title):
            await threads.rename(thread, title)
        case PinThread(thread, pinned):
            await threads.pin(thread, pinned)
        case DuplicateThread(thread):
            return {"thread": await threads.duplicate(thread)}
        case DeleteThread(thread):
            await threads.delete(thread)
        case RestoreThread(thread):
            await threads.restore(thread)
        case ImportThreads(name, text):
            return await _import(conversation, name, text)
        case Export():
            return await _export(conversation, request)
        case Logprobs(message):
            scored = get_message(session.state.thread, message).logprobs or ()
            return {"tokens": [token.to_dict() for token in scored]}
        case Wire(message):
            return (await wire_of(conversation, message)).to_dict()
        case Code(language, message):
            wanted: Any = language
            return {"text": await code_of(conversation, wanted, message)}
        case ListVariables(names):
            return {"variables": await conversation.shown_variables.look(names)}
        case SetVariable(name, value):
            _set_variable(conversation, name, value)
        case _:
            raise InputError("this request is not for a conversation")
    return {}


async def _begun(
    conversation: Conversation, begin: Callable[..., Awaitable[None]], *args: object
) -> dict[str, Any]:
    """Begin a run, and return the id of its answer; of one that waits for its turn `None`."""
    run = Run(conversation.engine)
    await begin(*args, run)
    message = run.message
    return {"message": message.id if message else None}


def _placed(placed: Placed) -> dict[str, Any]:
    return {"undo": placed.undo, "messages": [message.id for message in placed.messages]}


def _taken(content: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(taken(part) for part in content)


async def _set(session: Session, request: Set) -> dict[str, Any]:
    changes = {
        name: value
        for name in ("title", "system", "model", "params")
        if (value := getattr(request, name)) is not None
    }
    if not changes:
        raise InputError("set needs something to change")
    return {"undo": await session.change(changes)}


def _set_variable(conversation: Conversation, name: str, value: str | None) -> None:
    conversation.check_open()
    if value is None:
        conversation.variables.pop(name, None)
    else:
        conversation.variables[name] = clean_text(value)


async def _connect(
    conversation: Conversation, name: str, api_key: str | None, base_url: str | None
) -> None:
    connections = conversation.connections
    await conversation.connect(connections.choose(name, api_key, base_url))
    connections.refresh()


async def _import(conversation: Conversation, name: str, text: str) -> dict[str, Any]:
    found = await conversation.engine.wait(read_file, name, text)
    made = await conversation.threads.import_(found)
    await conversation.threads.open(made[0])
    return {"threads": list(made)}


async def _export(conversation: Conversation, request: Export) -> dict[str, Any]:
    thread, connection = conversation.state.present(), conversation.connections.current
    variables = conversation.variables
    tools = conversation.toolbox.offered()
    return await conversation.engine.wait(export_of, thread, connection, variables, tools, request)
