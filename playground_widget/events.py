"""What happens to a thread, and the one function that applies it.

Structural events change the tree; each gets the thread's next revision when it is committed.
A growing answer is not an event a token: `Live` holds it beside the frozen tree until it is
frozen into a message, so that folding a delta costs the same however long the answer is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

from playground_widget.model import (
    Consent,
    Message,
    Params,
    Part,
    Prompt,
    Reasoning,
    Refusal,
    Retry,
    Text,
    Thread,
    ToolCall,
    text_of,
)

__all__ = [
    "Added",
    "Asking",
    "Changed",
    "Delta",
    "DeltaKind",
    "Event",
    "Finished",
    "Folded",
    "Live",
    "Retrying",
    "Selected",
    "Started",
    "State",
    "apply",
    "changed",
    "changes_from_dict",
    "changes_to_dict",
    "grew_as_text",
    "missing_text",
]


@dataclass(frozen=True, slots=True)
class Added:
    """Messages came, and the head moved: an add, an insert, an edit or a delete."""

    messages: tuple[Message, ...]
    head: str | None


@dataclass(frozen=True, slots=True)
class Started:
    """A run began; its message is streaming and may already hold the text it continues."""

    message: Message
    head: str


@dataclass(frozen=True, slots=True)
class Retrying:
    """A run waits before it asks again, or (with `None`) is asking now."""

    message: str
    retry: Retry | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The call of a tool waits to be allowed, or (with `None`) waits no more."""

    message: str
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class Finished:
    """A run ended, well or not; the message is what is kept of it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Selected:
    """Another path became the active one."""

    head: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Fields of the thread changed: `title`, `system`, `prompts`, `model` or `params`."""

    changes: Mapping[str, Any]


Event = Added | Started | Retrying | Asking | Finished | Selected | Changed


def apply(thread: Thread, event: Event) -> Thread:  # noqa: PLR0911 - one for each kind
    """Return the thread after an event.

    Example:
        >>> apply(Thread(id="t"), Changed({"title": "Penguins"})).title
        'Penguins'
    """
    match event:
        case Added(messages, head):
            return thread.with_messages(messages, head)
        case Started(message, head):
            return thread.with_messages([message], head)
        case Retrying(message, retry):
            waiting = replace(thread.messages[message], retry=retry)
            return thread.with_messages([waiting], thread.head)
        case Asking(message, consent):
            asking = replace(thread.messages[message], consent=consent)
            return thread.with_messages([asking], thread.head)
        case Finished(message):
            return thread.with_messages([message], thread.head)
        case Selected(head):
            return replace(thread, head=head)
        case Changed(changes):
            return replace(thread, **changes)


def changes_to_dict(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of changed fields of a thread."""
    return {
        name: value.to_dict()
        if isinstance(value, Params)
        else [prompt.to_dict() for prompt in value]
        if name == "prompts"
        else value
        for name, value in changes.items()
    }


def changes_from_dict(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read what `changes_to_dict` wrote."""
    made: dict[str, Callable[[Any], Any]] = {
        "params": Params().changed,
        "prompts": lambda prompts: tuple(Prompt(**prompt) for prompt in prompts),
    }
    return {name: made[name](value) if name in made else value for name, value in data.items()}


# -------------------------------------------------------------------- the growing answer

DeltaKind = Literal["text", "reasoning", "refusal", "tool_call"]
Folded = Literal["appended", "sliced", "dropped", "gap"]


@dataclass(frozen=True, slots=True)
class Delta:
    """Text that was added to an answer.

    Args:
        message: The id of the answer.
        part: The index of the part in its content; one past the last opens a new part.
        offset: Where the text begins in the part, in Unicode code points.
        text: The text.
        kind: The type of the part.
        tokens: How many tokens the answer has so far, about.
        call: Id and name of a tool call, when this opens one.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> deltas = []
        >>> stop = pg.on("delta", deltas.append)
        >>> answer = pg.send("Hello")
        >>> deltas[0].message == answer.id, deltas[0].offset
        (True, 0)
    """

    message: str
    part: int
    offset: int
    text: str
    kind: DeltaKind = "text"
    tokens: int = 0
    call: tuple[str, str] | None = None


@dataclass(slots=True)
class _Growing:
    """One part of a growing answer: its pieces in order and their length together."""

    kind: str
    call: tuple[str, str] | None = None
    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def freeze(self) -> Part:
        text = "".join(tuple(self.pieces))
        if self.kind == "tool_call":
            identity, name = self.call or ("", "")
            return ToolCall(id=identity, name=name, arguments=text)
        return _WORDS[self.kind](text)


_WORDS: dict[str, type[Text | Reasoning | Refusal]] = {
    "text": Text,
    "reasoning": Reasoning,
    "refusal": Refusal,
}


class Live:
    """The growing answer beside the frozen tree.

    One thread appends (the engine's); any thread may read, and sees at least everything that
    was appended before it looked.

    Example:
        >>> live = Live()
        >>> live.append(Delta("m1", 0, 0, "Hel")), live.append(Delta("m1", 0, 2, "llo"))
        ('appended', 'sliced')
        >>> live.text(0)
        'Hello'
    """

    __slots__ = ("_parts", "tokens")

    def __init__(self, content: tuple[Part, ...] = ()) -> None:
        """Begin with what the answer already holds."""
        self.tokens: int = 0
        self._parts: list[_Growing] = []
        for part in content:
            text = text_of(part)
            call = (part.id, part.name) if isinstance(part, ToolCall) else None
            self._parts.append(_Growing(part.type, call, [text], len(text)))

    def append(self, delta: Delta) -> Folded:
        """Add a delta and say what became of it.

        Returns:
            `appended`; `sliced` when its beginning was known already; `dropped` when all of it
            was; `gap` when something before it is missing, in which case nothing changed.
        """
        parts = self._parts
        if delta.part == len(parts) and delta.offset == 0:
            parts.append(_Growing(delta.kind, delta.call))
        elif not 0 <= delta.part < len(parts):
            return "gap"
        part = parts[delta.part]
        known = part.length - delta.offset
        if known < 0:
            return "gap"
        self.tokens = max(self.tokens, delta.tokens)
        if not known:
            part.pieces.append(delta.text)
            part.length += len(delta.text)
            return "appended"
        if known >= len(delta.text):
            return "dropped"
        part.pieces.append(delta.text[known:])
        part.length += len(delta.text) - known
        return "sliced"

    def text(self, part: int) -> str:
        """Return the text of one part so far."""
        return "".join(tuple(self._parts[part].pieces))

    def last(self) -> tuple[int, str, int]:
        """Return index, kind and length of the last part; index -1 while there is none."""
        if not self._parts:
            return -1, "", 0
        part = self._parts[-1]
        return len(self._parts) - 1, part.kind, part.length

    @property
    def lengths(self) -> tuple[int, ...]:
        """How long each part is, in code points."""
        return tuple(part.length for part in tuple(self._parts))

    def freeze(self) -> tuple[Part, ...]:
        """Return the parts as they are now."""
        return tuple(part.freeze() for part in tuple(self._parts))


def grew_as_text(message: Message) -> bool:
    """Return whether a message's content came as text that grew, and holds nothing else.

    A table or a picture that a function returned comes whole, with the end of its call.
    """
    return all(part.type in get_args(DeltaKind) for part in message.content)


def missing_text(message: Message, lengths: Sequence[int]) -> Iterator[Delta]:
    """Return what has to be added to an answer of which one has its beginning.

    Args:
        message: The answer as it is.
        lengths: How much one has of each part, in code points.

    Example:
        >>> said = Message(id="a", parent=None, role="assistant", content=(Text("Hello"),))
        >>> [delta.text for delta in missing_text(said, [2])]
        ['llo']
    """
    if not grew_as_text(message):
        return
    for index, part in enumerate(message.content):
        text = text_of(part)
        known = lengths[index] if index < len(lengths) else 0
        if index >= len(lengths) or known < len(text):
            call = (part.id, part.name) if isinstance(part, ToolCall) and not known else None
            tokens = message.tokens or 0
            yield Delta(message.id, index, known, text[known:], part.type, tokens, call)  # type: ignore[arg-type]  # one of the Literal's own words


class State(NamedTuple):
    """Everything a listener can see of a thread, as one reference that is swapped whole.

    Args:
        revision: The number of structural events so far.
        thread: The frozen tree.
        live: The growing answers by message id; none of them is in `thread` yet.
    """

    revision: int
    thread: Thread
    live: Mapping[str, Live]

    def message(self, identity: str) -> Message:
        """Return a message as it is at this moment, a growing answer with its text so far."""
        message = self.thread.messages[identity]
        live = self.live.get(identity)
        return message if live is None else replace(message, content=live.freeze())

    def present(self) -> Thread:
        """Return the thread with the text of its growing answers filled in."""
        if not self.live:
            return self.thread
        grown = [self.message(identity) for identity in self.live]
        return self.thread.with_messages(grown, self.thread.head)


def changed(thread: Thread, **changes: Any) -> Changed | None:
    """Return the event for what really differs, or `None` when nothing does."""
    if isinstance(changes.get("params"), Mapping | Params):
        changes["params"] = thread.params.changed(changes["params"])
    real = {name: value for name, value in changes.items() if getattr(thread, name) != value}
    return Changed(real) if real else None
