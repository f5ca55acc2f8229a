"""Answers of a comparison as messages of a thread, and answers of a thread as variants."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from playground_widget.compare import Key, Runner, messages_of, question_of, values_in
from playground_widget.conversation._asked import path_to, version_of
from playground_widget.conversation._core import Conversation
from playground_widget.conversation._ids import new_id
from playground_widget.errors import ConflictError, InputError, NotFoundError
from playground_widget.events import Added, Event, changed
from playground_widget.model import Message, Prompt, Text, Thread, children, get_message
from playground_widget.request import names_used
from playground_widget.template import escaped

__all__ = ["promoted", "use_answer"]


async def use_answer(conversation: Conversation, runner: Runner, key: Key) -> str:
    """Make an answer of a comparison the next message of the open thread; return its id.

    It stands where it was asked: a version beside those that are there. What was asked of a row is
    added before it, unless it is there already, and so are the calls of tools that led to it. It
    keeps what it was asked with, as an answer of the thread does.

    Raises:
        ConflictError: The conversation that was asked about is not in this thread.
        InputError: There is no answer.
        NotFoundError: There is no such cell.
    """
    cell = runner.cells.get(key)
    if cell is None:
        raise NotFoundError(f"there is no cell of row {key.row} and sample {key.sample}")
    has_come = bool(cell.output.strip() or cell.steps)
    if cell.status not in {"complete", "cancelled", "failed"} or not has_come:
        raise InputError("There is no answer in this cell yet. Nothing was changed.")
    session = conversation.session
    system = runner.plan.candidates[key.variant].system
    now = time.time()

    def keep(thread: Thread) -> Event | None:
        if not system or version_of(thread, system) is not None:
            return None
        return changed(thread, prompts=(*thread.prompts, Prompt(text=system, created=now)))

    def build(thread: Thread) -> Event:
        parent, question = _place(thread, runner, key)
        path = (*path_to(thread, parent), question) if question else path_to(thread, parent)
        like = _asked_with(thread, runner, key, path)
        turn = messages_of(cell, replace(like, created=now), new_id)
        made = (question, *turn) if question else turn
        return Added(made, turn[-1].id)

    # Before anything is written.
    _place(session.state.thread, runner, key)
    await session.feed.commit(keep, insist=True)
    return await session.take(build, "answer")


def _asked_with(thread: Thread, runner: Runner, key: Key, path: Sequence[Message]) -> Message:
    """Return a message with all that a cell was asked with: the templates, and their values."""
    asked = runner.plan.candidates[key.variant]
    values = values_in(runner.plan, key.row)
    used = {name: values[name] for name in names_used(asked.system, path) if name in values}
    return Message(
        id="",
        parent=path[-1].id if path else None,
        role="assistant",
        content=(),
        model=runner.cells[key].model or asked.model,
        connection=asked.connection.label,
        params=asked.params,
        prompt=version_of(thread, asked.system) if asked.system else None,
        tools=tuple(tool.to_dict() for tool in asked.tools) or None,
        variables=used or None,
    )


def _place(thread: Thread, runner: Runner, key: Key) -> tuple[str | None, Message | None]:
    """Return the message that an answer follows, and the question to add before it, if any."""
    before, question = question_of(runner.plan, key)
    parent = before[-1].id if before else None
    if any(message.id not in thread.messages for message in before):
        raise ConflictError(
            "The conversation that this was asked about is not in this thread. Open the thread "
            "that the comparison began from. Nothing was changed."
        )
    if question is None:
        return parent, None
    # What a row says is no template, and must not become one.
    content = tuple(
        Text(escaped(part.text)) if isinstance(part, Text) else part for part in question.content
    )
    for message in children(thread, parent):
        if message.role == question.role and message.content == content:
            return message.id, None
    return parent, Message(
        id=new_id(),
        parent=parent,
        role=question.role,
        content=content,
        created=time.time(),
    )


def promoted(conversation: Conversation, message: str) -> dict[str, Any]:
    """Return what an answer was asked with, as a variant for a column.

    Raises:
        InputError: It is no answer of a model.
        NotFoundError: There is none.
    """
    thread = conversation.state.thread
    answer = get_message(thread, message)
    if answer.role != "assistant" or answer.model is None:
        raise InputError("Only an answer of a model can be made a variant.")
    connections = conversation.connections
    named = [each.name for each in connections.known() if each.label == answer.connection]
    is_known = answer.prompt is not None and 0 < answer.prompt <= len(thread.prompts)
    # One that is not known here could not be called.
    offered = {tool.name for tool in conversation.toolbox.tools}
    variant: dict[str, Any] = {
        "system": thread.prompts[answer.prompt - 1].text if is_known and answer.prompt else "",
        "model": answer.model,
        "params": answer.params.to_dict() if answer.params else {},
        "tools": [tool["name"] for tool in answer.tools or () if tool["name"] in offered],
    }
    if named:
        variant["connection"] = named[0]
    return {"variant": variant}
