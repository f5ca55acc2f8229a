"""A thread, and the functions that read its tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from playground_widget.errors import NotFoundError
from playground_widget.model._flat import flat
from playground_widget.model._message import Message
from playground_widget.model._params import Params

__all__ = ["Prompt", "Thread", "children", "get_message", "leaf", "path", "replant", "siblings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A version of the system prompt that an answer was asked with.

    Args:
        text: The words.
        created: Seconds since the epoch, when an answer first used it.
    """

    text: str
    created: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return flat(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation: messages that form a tree, and what they are asked with.

    Args:
        id: Unique.
        messages: By id, in the order they came; a parent stands before its children.
        head: The last message of the active path, or `None` while it is empty.
        title: What it is called.
        system: The system prompt that the next answer is asked with.
        prompts: The versions of it that answers have used, oldest first; `Message.prompt`
            counts them from 1.
        model: The model that the next answer is asked of.
        params: The parameters of the next answer.
        created: Seconds since the epoch.

    Example:
        >>> pg = Playground("Be brief.", connection="demo", title="Penguins", messages="Hello")
        >>> thread = pg.thread
        >>> thread.title, thread.system, thread.messages[thread.head].text
        ('Penguins', 'Be brief.', 'Hello')
    """

    id: str
    messages: Mapping[str, Message] = field(default_factory=dict)
    head: str | None = None
    title: str = ""
    system: str = ""
    prompts: tuple[Prompt, ...] = ()
    model: str = ""
    params: Params = field(default_factory=Params)
    created: float = 0.0

    def with_messages(self, added: Iterable[Message], head: str | None) -> Thread:
        """Return the thread with messages added (or replaced, by id) and the head moved.

        Args:
            added: The messages; a parent stands before its children.
            head: The id of the last message of the active path.

        Example:
            >>> message = Message(id="a", parent=None, role="user", content=(Text("Hi"),))
            >>> Thread(id="t").with_messages([message], head="a").messages["a"].text
            'Hi'
        """
        return replace(self, messages={**self.messages, **{m.id: m for m in added}}, head=head)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, with the messages as a list.

        Example:
            >>> Thread(id="t", title="Penguins").to_dict()["title"]
            'Penguins'
        """
        data = flat(self)
        data["head"] = self.head
        data["prompts"] = [prompt.to_dict() for prompt in self.prompts]
        data["params"] = self.params.to_dict()
        data["messages"] = [message.to_dict() for message in self.messages.values()]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Thread:
        """Read what `to_dict` wrote; one from before there were prompt versions has none.

        Args:
            data: The JSON form.

        Raises:
            InputError: A message in it is none, or a parameter cannot be meant.
            KeyError: Something that a thread has is missing.

        Example:
            >>> thread = Thread(id="t", title="Penguins")
            >>> Thread.from_dict(thread.to_dict()) == thread
            True
        """
        messages = [Message.from_dict(message) for message in data["messages"]]
        rest = {name: data[name] for name in ("id", "head", "title", "system", "model", "created")}
        return cls(
            **rest,
            prompts=tuple(Prompt(**prompt) for prompt in data.get("prompts", ())),
            params=Params().changed(data["params"]),
            messages={message.id: message for message in messages},
        )


def path(thread: Thread, head: str | None = None) -> tuple[Message, ...]:
    """Return the messages from the first one to `head` (by default the thread's own head)."""
    found: list[Message] = []
    at = thread.head if head is None else head
    while at is not None:
        message = get_message(thread, at)
        found.append(message)
        at = message.parent
    return tuple(reversed(found))


def children(thread: Thread, parent: str | None) -> tuple[Message, ...]:
    """Return the messages that follow `parent`, oldest first; `None` means the first ones."""
    return tuple(m for m in thread.messages.values() if m.parent == parent)


def siblings(thread: Thread, message: str) -> tuple[Message, ...]:
    """Return all versions of a message, itself among them, oldest first."""
    return children(thread, get_message(thread, message).parent)


def leaf(thread: Thread, message: str) -> str:
    """Return the end of the newest path through `message`."""
    newest: dict[str | None, str] = {m.parent: m.id for m in thread.messages.values()}
    at = get_message(thread, message).id
    while at in newest:
        at = newest[at]
    return at


def replant(
    messages: Sequence[Message], parent: str | None, ids: Sequence[str]
) -> tuple[Message, ...]:
    """Return copies of consecutive messages on another parent, sharing their content."""
    made: list[Message] = []
    for message, new in zip(messages, ids, strict=True):
        made.append(replace(message, id=new, parent=parent, copy_of=message.copy_of or message.id))
        parent = new
    return tuple(made)


def get_message(thread: Thread, message: str) -> Message:
    """Return a message by its id.

    Raises:
        NotFoundError: There is none in this thread.
    """
    try:
        return thread.messages[message]
    except KeyError:
        raise NotFoundError(f"there is no message {message!r} in this thread") from None
