"""What subscribers are told: the hub's batches as the schema has them."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget import events, model
from playground_widget.engine import Committed
from playground_widget.server import _batches
from playground_widget.server._batches import Batch, Deleted, Item, Snapshot
from playground_widget.server._enums import TextKind
from playground_widget.server._messages import (
    Consent,
    Message,
    Retry,
    consent_of,
    message_of,
    retry_of,
)
from playground_widget.server._parts import Part, part_of
from playground_widget.server._scalars import id_or_none, whole
from playground_widget.server._settings import Settings, settings_of
from playground_widget.server._threads import Prompt, Thread, prompt_of, thread_of

__all__ = [
    "AnswerFinished",
    "AnswerRetrying",
    "AnswerStarted",
    "BranchSelected",
    "CallAsking",
    "MessagesAdded",
    "RunEvent",
    "RunEventBatch",
    "SettingsChanged",
    "TextAdded",
    "TextOffset",
    "ThreadChanged",
    "ThreadChanges",
    "ThreadDeleted",
    "ThreadEvent",
    "ThreadEventBatch",
    "ThreadSnapshot",
    "ThreadsChanged",
    "run_batch_of",
    "thread_batch_of",
]


@strawberry.input
class TextOffset:
    """How much of a growing answer's part one has.

    Attributes:
        message_id: The answer.
        part: The index of the part in its content.
        offset: How much of its text one has, in Unicode code points.
    """

    message_id: ID
    part: int
    offset: int


@strawberry.type
class ThreadSnapshot:
    """Everything, as it is at this moment; what was known before is to be forgotten.

    Attributes:
        revision: Of the thread.
        thread: The thread, with the text of its growing answers.
        settings: What is shown beside it.
    """

    revision: int
    thread: Thread
    settings: Settings


@strawberry.type
class MessagesAdded:
    """Messages came, and the head moved: an add, an edit or a delete.

    Attributes:
        revision: Of the thread, after it.
        messages: Those that came.
        head: The last message of the active path.
    """

    revision: int
    messages: list[Message]
    head: ID | None


@strawberry.type
class AnswerStarted:
    """A run began.

    Attributes:
        revision: Of the thread, after it.
        message: The answer, which may already hold the text that it continues.
        head: The last message of the active path.
    """

    revision: int
    message: Message
    head: ID | None


@strawberry.type
class AnswerRetrying:
    """A run waits before it asks again.

    Attributes:
        revision: Of the thread, after it.
        message_id: The answer.
        retry: How long, and why; null when it is asking now.
    """

    revision: int
    message_id: ID
    retry: Retry | None


@strawberry.type
class CallAsking:
    """The call of a tool waits to be allowed, or waits no more.

    Attributes:
        revision: Of the thread, after it.
        message_id: The message that will have its result.
        consent: How long it waits; null when it waits no more.
    """

    revision: int
    message_id: ID
    consent: Consent | None


@strawberry.type
class AnswerFinished:
    """A run ended, well or not.

    Attributes:
        revision: Of the thread, after it.
        message: What is kept of it.
        lengths: How long the text of each part is, in Unicode code points, so that a lost end
            shows.
        content: Its parts, where they did not all grow as text, such as a table that a tool
            returned; else null.
    """

    revision: int
    message: Message
    lengths: list[int]
    content: list[Part] | None


@strawberry.type
class BranchSelected:
    """Another path became the active one.

    Attributes:
        revision: Of the thread, after it.
        head: Its last message.
    """

    revision: int
    head: ID | None


@strawberry.type
class ThreadChanges:
    """Fields of a thread that changed; null means unchanged.

    Attributes:
        title: What it is called.
        system: The system prompt.
        prompts: The versions of the system prompt that answers have used.
        model: The model that the next answer is asked of.
        params: The parameters of the next answer, all of them.
    """

    title: str | None = None
    system: str | None = None
    prompts: list[Prompt] | None = None
    model: str | None = None
    params: JSON | None = None


@strawberry.type
class ThreadChanged:
    """Fields of a thread changed.

    Attributes:
        revision: Of the thread, after it.
        changes: Those that did.
    """

    revision: int
    changes: ThreadChanges


@strawberry.type
class TextAdded:
    """Text was added to an answer. Below what one has it is to be dropped, beyond that a gap.

    Attributes:
        message_id: The answer.
        part: The index of the part in its content; one past the last opens a new part.
        offset: Where the text begins in the part, in Unicode code points.
        text: The text.
        kind: The type of the part.
        tokens: How many tokens the answer has so far, about.
        call_id: Of a tool call, when this opens one.
        call_name: Of the function, when this opens a tool call.
    """

    message_id: ID
    part: int
    offset: int
    text: str
    kind: TextKind
    tokens: int
    call_id: str | None
    call_name: str | None


@strawberry.type
class SettingsChanged:
    """Something beside the thread changed.

    Attributes:
        settings: All that is shown beside it.
    """

    settings: Settings


@strawberry.type
class ThreadDeleted:
    """The thread was deleted; nothing follows.

    Attributes:
        thread_id: The thread.
    """

    thread_id: ID


ThreadEvent = Annotated[
    ThreadSnapshot
    | MessagesAdded
    | AnswerStarted
    | AnswerRetrying
    | CallAsking
    | AnswerFinished
    | BranchSelected
    | ThreadChanged
    | TextAdded
    | SettingsChanged
    | ThreadDeleted,
    strawberry.union("ThreadEvent", description="What happened to a thread."),
]
RunEvent = Annotated[
    TextAdded | AnswerRetrying | AnswerFinished,
    strawberry.union("RunEvent", description="What happened to an answer."),
]


@strawberry.type
class ThreadEventBatch:
    """What happened to a thread since the batch before, in order.

    Attributes:
        revision: Of the thread, after it: say it to go on from here after a loss.
        events: What happened.
    """

    revision: int
    events: list[ThreadEvent]


@strawberry.type
class RunEventBatch:
    """What happened to an answer since the batch before, in order.

    Attributes:
        events: What happened.
    """

    events: list[RunEvent]


@strawberry.type
class ThreadsChanged:
    """Something in the list of threads changed.

    Attributes:
        changes: Counts up.
    """

    changes: int


def thread_batch_of(batch: Batch) -> ThreadEventBatch:
    """Return a batch of a thread's events as the schema has it."""
    return ThreadEventBatch(revision=batch.revision, events=[_event_of(i) for i in batch.items])


def run_batch_of(batch: Batch) -> RunEventBatch:
    """Return a batch of an answer's events as the schema has it."""
    made = [_event_of(item) for item in batch.items]
    kept = [e for e in made if isinstance(e, TextAdded | AnswerRetrying | AnswerFinished)]
    return RunEventBatch(events=kept)


def _event_of(item: Item) -> ThreadEvent:
    match item:
        case events.Delta():
            return _text_of(item)
        case Committed(revision, event):
            return _structural(revision, event)
        case Snapshot(revision, thread, settings):
            return ThreadSnapshot(
                revision=revision,
                thread=thread_of(revision, thread, settings),
                settings=settings_of(settings),
            )
        case _batches.Settings(settings):
            return SettingsChanged(settings=settings_of(settings))
        case Deleted(thread):
            return ThreadDeleted(thread_id=ID(thread))


def _structural(  # noqa: PLR0911 - one for each kind
    revision: int, event: events.Event
) -> ThreadEvent:
    match event:
        case events.Added(messages, head):
            made = [message_of(message) for message in messages]
            return MessagesAdded(revision=revision, messages=made, head=id_or_none(head))
        case events.Started(message, head):
            return AnswerStarted(
                revision=revision, message=message_of(message), head=id_or_none(head)
            )
        case events.Retrying(identity, retry):
            return AnswerRetrying(
                revision=revision,
                message_id=ID(identity),
                retry=retry_of(retry) if retry else None,
            )
        case events.Asking(identity, consent):
            return CallAsking(
                revision=revision,
                message_id=ID(identity),
                consent=consent_of(consent) if consent else None,
            )
        case events.Finished(message):
            return AnswerFinished(
                revision=revision,
                message=message_of(message),
                lengths=[whole(len(model.text_of(part))) for part in message.content],
                content=None
                if events.grew_as_text(message)
                else [part_of(part) for part in message.content],
            )
        case events.Selected(head):
            return BranchSelected(revision=revision, head=id_or_none(head))
        case events.Changed(changes):
            prompts, params = changes.get("prompts"), changes.get("params")
            return ThreadChanged(
                revision=revision,
                changes=ThreadChanges(
                    title=changes.get("title"),
                    system=changes.get("system"),
                    prompts=None if prompts is None else [prompt_of(p) for p in prompts],
                    model=changes.get("model"),
                    params=None if params is None else JSON(params.to_dict()),
                ),
            )


def _text_of(delta: events.Delta) -> TextAdded:
    call_id, call_name = delta.call or (None, None)
    return TextAdded(
        message_id=ID(delta.message),
        part=delta.part,
        offset=whole(delta.offset),
        text=delta.text,
        kind=TextKind(delta.kind),
        tokens=whole(delta.tokens),
        call_id=call_id,
        call_name=call_name,
    )
