"""`Playground`: the Python door to a conversation, and what a notebook shows."""

from __future__ import annotations

import contextvars
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from typing import Any, Literal, TypeVar, overload

from playground_widget._callbacks import Subscription, Topic
from playground_widget.content import messages_of, parts_of
from playground_widget.conversation import Conversation, Placed, new_id, resolve
from playground_widget.engine import SETTLING, Run, engine
from playground_widget.errors import InputError, NotFoundError, PlaygroundError
from playground_widget.model import Message, Params, Role, Thread, path, siblings
from playground_widget.provider import Connection
from playground_widget.request import chat_messages
from playground_widget.text import clean_text
from playground_widget.widget import PlaygroundWidget

__all__ = ["Playground"]

T = TypeVar("T")

MessageRef = Message | str | int
"""How a message is named: itself, its id, or its index on the active path."""


class Playground:
    """A conversation with a language model, shown in the notebook and driven from Python.

    Everything works without a front-end too. Calls are safe from any thread.

    Args:
        system: The system prompt.
        model: The model to ask; by default the connection's usual one.
        connection: `"demo"`, `"openai"`, the address of a compatible server, a `Connection`, or
            your own `openai.OpenAI` or `openai.AsyncOpenAI` client. By default OpenAI when
            `OPENAI_API_KEY` or `OPENAI_BASE_URL` is set, else the demo model, which answers
            offline.
        title: What the conversation is called.
        messages: Messages to begin with, in any form that `add` takes.
        **params: `temperature`, `top_p`, `max_tokens` and the other fields of `Params`.

    Raises:
        TypeError: There is no such argument.
        InputError: An argument's value cannot be meant.
        SetupError: The connection cannot work as it is.

    Example:
        >>> pg = Playground("You are brief.", connection="demo", temperature=0)
        >>> pg.add("Hello").role
        'user'
    """

    def __init__(
        self,
        system: str = "",
        *,
        model: str | None = None,
        connection: object = None,
        title: str = "",
        messages: object = None,
        **params: Any,
    ) -> None:
        """Open a new conversation; nothing is sent."""
        known = {f.name for f in fields(Params)}
        if unknown := sorted(set(params) - known):
            raise TypeError(f"Playground() got an unexpected keyword argument {unknown[0]!r}")
        thread = Thread(
            id=new_id(),
            title=_text("title", title),
            system=_text("system", system),
            model=_text("model", model or ""),
            params=Params().changed(params),
            created=time.time(),
        )
        self._engine = engine()
        chosen = resolve(connection)
        self._conversation = self._engine.call(Conversation, self._engine, thread, chosen)
        self._widget: PlaygroundWidget | None = None
        if messages is not None:
            self._do(self._conversation.add, messages_of(messages))

    # -- what is there

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of the active path, a growing answer with its text so far."""
        return path(self._conversation.state.present())

    def __getitem__(self, index: int) -> Message:
        """Return `pg.messages[index]`."""
        return self.messages[index]

    def __len__(self) -> int:
        """Return how many messages the active path has."""
        return len(self.messages)

    def __bool__(self) -> bool:
        """A playground is true, also an empty one."""
        return True

    @property
    def thread(self) -> Thread:
        """The whole thread: every message of every branch, and what it is asked with."""
        return self._conversation.state.present()

    def to_openai(self) -> list[dict[str, Any]]:
        """Return the active path as plain dicts, as the Chat Completions API takes them.

        Example:
            >>> pg = Playground("Be brief.", connection="demo", messages="Hello")
            >>> pg.to_openai()[0]
            {'role': 'system', 'content': 'Be brief.'}
        """
        return chat_messages(self.system, self.messages)

    # -- what it is asked with

    @property
    def system(self) -> str:
        """The system prompt. Assign to change it; the views follow."""
        return self._conversation.state.thread.system

    @system.setter
    def system(self, value: str) -> None:
        self._change(system=_text("system", value))

    @property
    def model(self) -> str:
        """The model that the next answer is asked of. Assign to change it."""
        return self._conversation.state.thread.model

    @model.setter
    def model(self, value: str) -> None:
        self._change(model=_text("model", value))

    @property
    def title(self) -> str:
        """What the conversation is called. Assign to change it."""
        return self._conversation.state.thread.title

    @title.setter
    def title(self, value: str) -> None:
        self._change(title=_text("title", value))

    @property
    def params(self) -> Params:
        """The parameters of the next answer.

        Assigning a dict changes just what it names, and `None` in it unsets; assigning a
        `Params` replaces them all.
        """
        return self._conversation.state.thread.params

    @params.setter
    def params(self, value: Mapping[str, Any] | Params) -> None:
        if not isinstance(value, Mapping | Params):
            raise InputError(f"params is set from a dict or a Params, not {type(value).__name__}")
        self._change(params=value)

    @property
    def connection(self) -> Connection:
        """Where answers come from. Assign anything that `Playground(connection=...)` takes."""
        return self._conversation.connections.current

    @connection.setter
    def connection(self, value: object) -> None:
        self._do(self._conversation.connect, resolve(value))

    # -- asking

    @overload
    def add(
        self,
        content: str,
        role: Role = ...,
        *,
        before: MessageRef | None = ...,
        after: MessageRef | None = ...,
    ) -> Message: ...
    @overload
    def add(
        self,
        content: object,
        role: Role = ...,
        *,
        before: MessageRef | None = ...,
        after: MessageRef | None = ...,
    ) -> Message | tuple[Message, ...]: ...
    def add(
        self,
        content: object,
        role: Role = "user",
        *,
        before: MessageRef | None = None,
        after: MessageRef | None = None,
    ) -> Message | tuple[Message, ...]:
        """Add a message, or several, and send nothing.

        Args:
            content: A str; a path to an image; bytes, a PIL image, a matplotlib figure, a
                DataFrame; a `Message` or an OpenAI message dict; a list of Messages or role
                dicts for several messages; any other list for the parts of one.
            role: Who says it, where the content does not tell.
            before: Put it before this message: a Message, an id or an index.
            after: Put it after this message.

        Returns:
            The message, or all of them as a tuple when several were given.

        Raises:
            InputError: The content cannot be a message.
            NotFoundError: There is no message `before` or `after`.
        """
        placed = self._do(
            self._conversation.add,
            messages_of(content, role),
            None if before is None else self._id(before),
            None if after is None else self._id(after),
        )
        return placed.messages[0] if len(placed.messages) == 1 else placed.messages

    def send(self, content: object = None, role: Role = "user") -> Message:
        """Add a message, ask the model, and wait for the answer, which streams into the views.

        Interrupting it (`KeyboardInterrupt`, the notebook's stop button) ends the answer and
        keeps its text.

        Args:
            content: As in `add`; `None` asks about the conversation as it is.
            role: Who says it.

        Returns:
            The assistant's message.

        Raises:
            RunError: The answer failed; `error.message` holds what came of it.
            WouldBlockError: Called from a callback; use `start` there.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> pg.send("Hello").status
            'complete'
        """
        self._engine.refuse_to_block()
        return _wait(self.start(content, role))

    async def asend(self, content: object = None, role: Role = "user") -> Message:
        """Do as `send` does, without blocking the event loop; cancelling it ends the answer."""
        return await self.start(content, role)

    def stream(self, content: object = None, role: Role = "user") -> Run:
        """Start an answer and return it as an iterator over its words.

        It starts at the call. Leaving the loop before its end cancels the answer. Works with
        `for` and with `async for`.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> "".join(pg.stream("Hello")) == pg.messages[-1].text
            True
        """
        return self._start(content, role, Run(self._engine, cancel_when_left=True))

    def start(self, content: object = None, role: Role = "user") -> Run:
        """Start an answer and return at once; it goes on by itself.

        While another answer is being written it waits for its turn, and its message is added
        then.
        """
        return self._start(content, role, Run(self._engine))

    def stop(self) -> bool:
        """End the answer that is being written, and drop those that wait for their turn.

        The text so far is kept, with the status `cancelled`.

        Returns:
            Whether there was anything to end.
        """
        return self._do(self._conversation.stop)

    @overload
    def regenerate(
        self,
        message: MessageRef | None = ...,
        *,
        wait: Literal[True] = ...,
        model: str | None = ...,
        **params: Any,
    ) -> Message: ...
    @overload
    def regenerate(
        self,
        message: MessageRef | None = ...,
        *,
        wait: Literal[False],
        model: str | None = ...,
        **params: Any,
    ) -> Run: ...
    def regenerate(
        self,
        message: MessageRef | None = None,
        *,
        wait: bool = True,
        model: str | None = None,
        **params: Any,
    ) -> Message | Run:
        """Write an answer again, as another version beside it.

        Args:
            message: The answer, or the message to answer; by default the last one.
            wait: Wait and return the new answer; else return its `Run`.
            model: Ask this model, this once.
            **params: Parameters for this once, as in `Params`.

        Raises:
            TypeError: There is no such parameter.
        """
        known = {f.name for f in fields(Params)}
        if unknown := sorted(set(params) - known):
            raise TypeError(f"regenerate() got an unexpected keyword argument {unknown[0]!r}")
        changed = self.params.changed(params) if params else None
        run = self._run(wait)
        self._do(self._conversation.regenerate, self._last(message), run, model, changed)
        return _wait(run) if wait else run

    @overload
    def continue_(
        self, message: MessageRef | None = ..., *, wait: Literal[True] = ...
    ) -> Message: ...
    @overload
    def continue_(self, message: MessageRef | None = ..., *, wait: Literal[False]) -> Run: ...
    def continue_(self, message: MessageRef | None = None, *, wait: bool = True) -> Message | Run:
        """Go on from a partial answer, in a new version that begins with its text.

        Args:
            message: The answer; by default the last message.
            wait: Wait and return the new answer; else return its `Run`.
        """
        run = self._run(wait)
        self._do(self._conversation.continue_, self._last(message), run)
        return _wait(run) if wait else run

    # -- changing

    @overload
    def edit(
        self,
        message: MessageRef,
        content: object = ...,
        role: Role | None = ...,
        *,
        rerun: bool = ...,
        wait: Literal[True] = ...,
    ) -> Message: ...
    @overload
    def edit(
        self,
        message: MessageRef,
        content: object = ...,
        role: Role | None = ...,
        *,
        rerun: Literal[True],
        wait: Literal[False],
    ) -> Run: ...
    def edit(
        self,
        message: MessageRef,
        content: object = None,
        role: Role | None = None,
        *,
        rerun: bool = False,
        wait: bool = True,
    ) -> Message | Run:
        """Give a message a new version; the old one stays reachable.

        Args:
            message: A Message, an id or an index.
            content: The new content, as one message takes it; `None` keeps the old.
            role: The new role; `None` keeps the old.
            rerun: Have it answered again; the path then ends at the new answer. Without it
                the later messages follow the new version.
            wait: With `rerun`, wait for the answer; else return its `Run`.

        Returns:
            The new version; with `rerun` the new answer, or its `Run`.
        """
        parts = None if content is None else parts_of(content)
        identity = self._id(message)
        if not rerun:
            placed: Placed = self._do(self._conversation.edit, identity, parts, role)
            return placed.messages[0]
        run = self._run(wait)
        self._do(self._conversation.edit_and_run, identity, parts, role, run)
        return _wait(run) if wait else run

    def delete(self, message: MessageRef) -> None:
        """Leave a message out of the path; `undo` brings it back."""
        self._do(self._conversation.delete, [self._id(message)])

    def undo(self) -> str | None:
        """Take back the last change of the messages or the system prompt.

        Returns:
            What was taken back, such as `"delete"`, or `None` if there was nothing.
        """
        return self._do(self._conversation.undo)

    def branches(self, message: MessageRef) -> tuple[Message, ...]:
        """Return all versions of a message, itself among them, oldest first."""
        return siblings(self._conversation.state.present(), self._id(message))

    def select(self, message: MessageRef) -> None:
        """Make the branch of a message the active path."""
        self._do(self._conversation.select, self._id(message))

    # -- listening

    def on(self, topic: Topic, callback: Callable[[Any], object]) -> Callable[[], None]:
        """Call a function when something happens.

        Callbacks run one after the other on a thread of their own, and may call everything
        that does not wait for an answer.

        Args:
            topic: `"message"` gives each `Message` that was added or has ended; `"delta"` each
                `Delta` of text; `"run"` the answer as a `Message` when it starts and when it
                ends; `"thread"` the `Thread` after any change; `"settings"` a dict of what
                changed of `title`, `system`, `model`, `params`.
            callback: Called with that one argument.

        Returns:
            A function that ends the subscription.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> stop = pg.on("message", lambda message: None)
            >>> stop()
        """
        subscription = Subscription(self._conversation, topic, callback, contextvars.copy_context())
        self._engine.call(self._conversation.subscribe, subscription.hear)

        def unsubscribe() -> None:
            subscription.end()
            self._engine.call(self._conversation.unsubscribe, subscription.hear)

        return unsubscribe

    # -- showing

    @property
    def widget(self) -> PlaygroundWidget:
        """The anywidget, for layouts such as `HBox`; all its views stay in step."""
        if self._widget is None:
            self._widget = PlaygroundWidget(self._conversation)
        return self._widget

    def _ipython_display_(self) -> None:
        from IPython.display import display  # noqa: PLC0415 - only a notebook has it

        display(self.widget)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the text form; showing the widget is what `_ipython_display_` does."""
        return {"text/plain": repr(self)}

    def _display_(self) -> PlaygroundWidget:
        """Show the widget in marimo."""
        return self.widget

    def __repr__(self) -> str:
        """Show the model, where it is asked, and how long the conversation is."""
        return repr(self._conversation)

    def close(self) -> None:
        """End what is running and close the views; the messages can still be read."""
        self._engine.call(self._conversation.close)
        if self._widget is not None:
            self._widget.close()
            self._widget = None

    # -- inside

    def _do(self, function: Callable[..., T], *args: object) -> T:
        return self._engine.call(function, *args)

    def _change(self, **changes: object) -> None:
        self._do(self._conversation.change, changes)

    def _run(self, wait: bool) -> Run:
        if wait:
            self._engine.refuse_to_block()
        return Run(self._engine)

    def _start(self, content: object, role: Role, run: Run) -> Run:
        drafts = [] if content is None else messages_of(content, role)
        self._do(self._conversation.send, drafts, run)
        return run

    def _last(self, message: MessageRef | None) -> str:
        if message is not None:
            return self._id(message)
        head = self._conversation.state.thread.head
        if head is None:
            raise NotFoundError("There is no message yet.")
        return head

    def _id(self, message: MessageRef) -> str:
        """Return the id of a message that is named by itself, its id or its index."""
        thread = self._conversation.state.thread
        if isinstance(message, int) and not isinstance(message, bool):
            line = path(thread)
            if not -len(line) <= message < len(line):
                raise NotFoundError(f"there is no message {message}: the path has {len(line)}")
            return line[message].id
        identity = message.id if isinstance(message, Message) else message
        if not isinstance(identity, str):
            raise InputError(
                f"a message is named by itself, its id or its index, not {type(message).__name__}"
            )
        if identity not in thread.messages:
            raise NotFoundError(f"there is no message {identity!r} in this conversation")
        return identity


def _wait(run: Run) -> Message:
    """Wait for an answer; an interrupt ends it and keeps its text."""
    try:
        return run.result()
    except KeyboardInterrupt:
        run.cancel()
        with suppress(PlaygroundError, TimeoutError):
            run.result(timeout=SETTLING)
        raise


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name} is text, not {type(value).__name__}")
    return clean_text(value)
