"""Answers of a comparison as messages of a thread, and answers of a thread as variants."""

from __future__ import annotations

import time
from typing import Any

from playground_widget.compare import Cell, Key, Runner, question_of, system_of
from playground_widget.conversation._asked import get, version_of
from playground_widget.conversation._core import Conversation
from playground_widget.conversation._session import new_id
from playground_widget.errors import ConflictError, InputError, NotFoundError
from playground_widget.events import Added, Event, changed
from playground_widget.model import Message, Prompt, Text, Thread, children

__all__ = ["promoted", "use_answer"]


async def use_answer(conversation: Conversation, runner: Runner, key: Key) -> str:
    """Make an answer of a comparison the next message of the open thread; return its id.

    It stands where it was asked: a version beside those that are there. What was asked of a row is
    added before it, unless it is there already. It keeps what it was asked with.

    Raises:
        ConflictError: The conversation that was asked about is not in this thread.
        InputError: There is no answer.
        NotFoundError: There is no such cell.
    """
    cell = runner.cells.get(key)
    if cell is None:
        raise NotFoundError(f"there is no cell of row {key.row} and sample {key.sample}")
    if cell.status not in {"complete", "cancelled", "failed"} or not cell.output.strip():
        raise InputError("There is no answer in this cell yet. Nothing was changed.")
    session = conversation.session
    asked = runner.plan.candidates[key.variant]
    system = system_of(runner.plan, key)
    now = time.time()

    def keep(thread: Thread) -> Event | None:
        if not system or version_of(thread, system) is not None:
            return None
        return changed(thread, prompts=(*thread.prompts, Prompt(text=system, created=now)))

    def build(thread: Thread) -> Event:
        parent, question = _place(thread, runner, key)
        answer = Message(
            id=new_id(),
            parent=question.id if question else parent,
            role="assistant",
            content=(Text(cell.output),),
            status=_status(cell),
            created=now,
            model=cell.model or asked.model,
            connection=asked.connection.label,
            params=asked.params,
            prompt=version_of(thread, system) if system else None,
            finish_reason=cell.finish_reason,
            usage=cell.usage,
            timing=cell.timing,
            error=cell.error,
            request_id=cell.request_id,
        )
        made = (question, answer) if question else (answer,)
        return Added(made, answer.id)

    # Before anything is written.
    _place(session.state.thread, runner, key)
    await session.feed.commit(keep, insist=True)
    return await session.take(build, "answer")


def _status(cell: Cell) -> Any:
    return cell.status


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
    for message in children(thread, parent):
        if message.role == question.role and message.content == question.content:
            return message.id, None
    return parent, Message(
        id=new_id(),
        parent=parent,
        role=question.role,
        content=question.content,
        created=time.time(),
    )


def promoted(conversation: Conversation, message: str) -> dict[str, Any]:
    """Return what an answer was asked with, as a variant for a column.

    Raises:
        InputError: It is no answer of a model.
        NotFoundError: There is none.
    """
    thread = conversation.state.thread
    answer = get(thread, message)
    if answer.role != "assistant" or answer.model is None:
        raise InputError("Only an answer of a model can be made a variant.")
    connections = conversation.connections
    named = [each.name for each in connections.known() if each.label == answer.connection]
    is_known = answer.prompt is not None and 0 < answer.prompt <= len(thread.prompts)
    variant: dict[str, Any] = {
        "system": thread.prompts[answer.prompt - 1].text if is_known and answer.prompt else "",
        "model": answer.model,
        "params": answer.params.to_dict() if answer.params else {},
    }
    if named:
        variant["connection"] = named[0]
    return {"variant": variant}
