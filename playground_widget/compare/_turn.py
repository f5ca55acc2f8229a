"""A cell as messages of a thread: the calls of tools on the way to its answer, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from playground_widget.compare._steps import Step
from playground_widget.compare._values import Cell
from playground_widget.errors import ErrorInfo
from playground_widget.model import Message, Part, Refusal, Status, Text, Timing, ToolCall

__all__ = ["messages_of"]

_ENDED: dict[str, Status] = {
    "complete": "complete",
    "failed": "failed",
    "cancelled": "cancelled",
}


def messages_of(cell: Cell, like: Message, new_id: Callable[[], str]) -> tuple[Message, ...]:
    """Return a cell that has ended as a thread keeps a turn: calls, results, and the answer last.

    Calls that nothing came of any more are part of the answer. Tokens, cost and time are known of
    all requests together, and so are the answer's.

    Args:
        cell: The cell.
        like: What each answer of the turn was asked with; the first one follows its parent.
        new_id: Makes the ids of messages.
    """
    made: list[Message] = []
    parent = like.parent
    rounds = [tuple(steps) for _, steps in groupby(cell.steps, lambda step: step.round)]
    left: tuple[Step, ...] = ()
    if rounds and all(step.result is None for step in rounds[-1]):
        left = rounds.pop()
    for steps in rounds:
        made.append(replace(like, id=new_id(), parent=parent, content=_calling(steps)))
        for step in steps:
            made.append(_result(step, made[-1].id, like.created, new_id()))
        parent = made[-1].id
    answer = replace(
        like,
        id=new_id(),
        parent=parent,
        content=(*_words(cell), *_calls(left)),
        status=_ENDED[cell.status],
        finish_reason=cell.finish_reason,
        usage=cell.usage,
        timing=cell.timing,
        error=cell.error,
        invalid=cell.invalid,
        request_id=cell.request_id,
    )
    return (*made, answer)


def _calling(steps: Sequence[Step]) -> tuple[Part, ...]:
    said = steps[0].said
    return (*((Text(said),) if said else ()), *_calls(steps))


def _calls(steps: Iterable[Step]) -> tuple[ToolCall, ...]:
    return tuple(ToolCall(id=step.id, name=step.name, arguments=step.arguments) for step in steps)


def _words(cell: Cell) -> tuple[Part, ...]:
    if not cell.output:
        return ()
    return (Refusal(cell.output) if cell.refused else Text(cell.output),)


def _result(step: Step, parent: str, created: float, identity: str) -> Message:
    """Return the message with what came of a call."""
    status: Status = "complete"
    error = None
    if step.result is None:
        status = "cancelled"
    elif step.error is not None:
        status = "failed"
        error = ErrorInfo(kind="tool_failed", title=step.error, detail="The model was told.")
    words = "The call was stopped before it had ended." if step.result is None else step.result
    return Message(
        id=identity,
        parent=parent,
        role="tool",
        content=(Text(words),),
        status=status,
        created=created,
        tool_call_id=step.id,
        error=error,
        timing=None if step.duration is None else Timing(duration=step.duration),
    )
