"""Threads, the list of them, and what runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget import model, store
from playground_widget.events import State
from playground_widget.server._messages import Message, message_of
from playground_widget.server._scalars import id_or_none, whole
from playground_widget.server._settings import Settings, settings_of

__all__ = [
    "PageInfo",
    "Prompt",
    "Run",
    "Server",
    "Snippet",
    "Thread",
    "ThreadConnection",
    "ThreadEdge",
    "ThreadFilter",
    "ThreadSummary",
    "present",
    "prompt_of",
    "summary_of",
    "thread_of",
]


@strawberry.type
class Prompt:
    """A version of a system prompt that answers were asked with.

    Attributes:
        text: Its words.
        created: Seconds since the epoch, when an answer first used it.
    """

    text: str
    created: float


@strawberry.type
class Thread:
    """A conversation: messages that form a tree, and what they are asked with.

    Attributes:
        id: Unique.
        revision: How many structural changes it has had; say it as expectedRevision.
        title: What it is called; empty until the first exchange gives a name.
        system: The system prompt that the next answer is asked with.
        prompts: The versions of it that answers have used, oldest first.
        model: The model that the next answer is asked of.
        params: The parameters of the next answer, such as temperature; what is not set is left
            to the service.
        created: Seconds since the epoch.
        head: The last message of the active path; null while there is none.
        messages: The whole tree, parents before their children.
        path: The active path, first message first.
        settings: What is shown beside it.
    """

    id: ID
    revision: int
    title: str
    system: str
    prompts: list[Prompt]
    model: str
    params: JSON
    created: float
    head: ID | None
    messages: list[Message]
    path: list[Message]
    settings: Settings


@strawberry.type
class Snippet:
    """A piece of a text in which something was found.

    Attributes:
        text: The words.
        hit: Whether they are what was searched for.
    """

    text: str
    hit: bool


@strawberry.type
class ThreadSummary:
    """A thread as a list shows it.

    Attributes:
        id: Of the thread.
        title: What it is called; empty until the first exchange gives a name.
        created: Seconds since the epoch.
        updated: The same, of the last change.
        pinned: Whether it stands first.
        message_count: How many messages it has, on all branches.
        branch_count: How many paths it has.
        running: Whether an answer is being written.
        snippet: Where a search found something in what was said.
    """

    id: ID
    title: str
    created: float
    updated: float
    pinned: bool
    message_count: int
    branch_count: int
    running: bool
    snippet: list[Snippet]


@strawberry.type
class PageInfo:
    """Where a page of a list stands.

    Attributes:
        has_next_page: Whether there is more after it.
        has_previous_page: Whether there is more before it.
        start_cursor: The cursor of the first edge.
        end_cursor: The cursor of the last edge; ask for what is after it.
    """

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class ThreadEdge:
    """A thread in a list.

    Attributes:
        cursor: Its place in the list.
        node: The thread.
    """

    cursor: str
    node: ThreadSummary


@strawberry.type
class ThreadConnection:
    """A page of the list of threads.

    Attributes:
        edges: The threads, in order.
        page_info: Where the page stands.
    """

    edges: list[ThreadEdge]
    page_info: PageInfo


@strawberry.input
class ThreadFilter:
    """Which threads to list; all that is given has to hold.

    Attributes:
        pinned: Whether it stands first.
        running: Whether an answer is being written.
        updated_after: Seconds since the epoch.
        updated_before: Seconds since the epoch.
    """

    pinned: bool | None = None
    running: bool | None = None
    updated_after: float | None = None
    updated_before: float | None = None


@strawberry.type
class Run:
    """The writing of an answer.

    Attributes:
        thread_id: The thread.
        message_id: The answer.
        running: Whether it is being written.
        here: Whether this server writes it, or wrote it since it started; else it is of a kernel
            or of another server.
        request: What the service was asked, where it is known.
    """

    thread_id: ID
    message_id: ID
    running: bool
    here: bool
    request: JSON | None


@strawberry.type
class Server:
    """This server.

    Attributes:
        id: Another one with each start.
        version: Of the package.
        subscriptions: How many are live.
    """

    id: ID
    version: str
    subscriptions: int


def prompt_of(prompt: model.Prompt) -> Prompt:
    """Return a version of a system prompt as the schema has it."""
    return Prompt(text=prompt.text, created=prompt.created)


def present(state: State) -> model.Thread:
    """Return a thread as it is at this moment, with the text of its growing answers."""
    grown = [
        replace(state.message(identity), tokens=live.tokens)
        for identity, live in state.live.items()
    ]
    return state.thread.with_messages(grown, state.thread.head)


def thread_of(revision: int, thread: model.Thread, settings: Mapping[str, Any]) -> Thread:
    """Return a thread as the schema has it."""
    messages = {message.id: message_of(message) for message in thread.messages.values()}
    return Thread(
        id=ID(thread.id),
        revision=revision,
        title=thread.title,
        system=thread.system,
        prompts=[prompt_of(prompt) for prompt in thread.prompts],
        model=thread.model,
        params=JSON(thread.params.to_dict()),
        created=thread.created,
        head=id_or_none(thread.head),
        messages=list(messages.values()),
        path=[messages[message.id] for message in model.path(thread)],
        settings=settings_of(settings),
    )


def summary_of(info: store.ThreadInfo) -> ThreadSummary:
    """Return a thread of the list as the schema has it."""
    return ThreadSummary(
        id=ID(info.id),
        title=info.title,
        created=info.created,
        updated=info.updated,
        pinned=info.pinned,
        message_count=whole(info.messages),
        branch_count=whole(info.branches),
        running=info.running,
        snippet=[Snippet(text=piece.text, hit=piece.hit) for piece in info.snippet],
    )
