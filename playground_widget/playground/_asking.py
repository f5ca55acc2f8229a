"""Adding messages and asking the model."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, overload

from playground_widget.content import messages_of
from playground_widget.engine import Run, refuse_inside
from playground_widget.model import Message, Role
from playground_widget.playground._base import Base, MessageRef, checked_params

__all__ = ["Asking"]


class Asking(Base):
    """The part of `Playground` that adds messages and asks for answers."""

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
                DataFrame; a `Message`; an OpenAI message, as a dict or as the SDK's own object,
                such as `completion.choices[0].message`; a list of messages for several; any
                other list for the parts of one.
            role: Who says it, where the content does not tell.
            before: Put it before this message: a Message, an id or an index.
            after: Put it after this message.

        Returns:
            The message, or all of them as a tuple when several were given.

        Raises:
            InputError: The content cannot be a message.
            NotFoundError: There is no message `before` or `after`.

        Example:
            >>> pg = Playground(connection="demo")
            >>> question = pg.add("Which penguin is heaviest?")
            >>> note = pg.add("The data is from 2019.", before=question)
            >>> [message.text for message in pg.messages]
            ['The data is from 2019.', 'Which penguin is heaviest?']
            >>> pg.add({"role": "assistant", "content": "The Gentoo."}).role
            'assistant'
        """
        placed = self._do(
            self._session.add,
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
        run = self._run(wait=True)
        drafts = [] if content is None else messages_of(content, role)
        answer: Message = self._begin(run, self._session.send, drafts, run, wait=True)
        return answer

    async def asend(self, content: object = None, role: Role = "user") -> Message:
        """Do as `send` does, without blocking the event loop; cancelling it ends the answer.

        In a notebook, `await pg.asend("Hello")` is enough.

        Args:
            content: As in `add`; `None` asks about the conversation as it is.
            role: Who says it.

        Returns:
            The assistant's message.

        Raises:
            RunError: The answer failed; `error.message` holds what came of it.
            WouldBlockError: Called from a tool or a callback that the answer itself waits for.

        Example:
            >>> import asyncio
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> asyncio.run(pg.asend("Hello")).role
            'assistant'
        """
        refuse_inside(self._session.queue)
        run = self._run(wait=False)
        drafts = [] if content is None else messages_of(content, role)
        self._engine.launch(run, self._session.send, drafts, run)
        return await run

    def stream(self, content: object = None, role: Role = "user") -> Run:
        """Start an answer and return it as an iterator over its words.

        It starts at the call. Leaving the loop before its end cancels the answer. Works with
        `for` and with `async for`.

        Args:
            content: As in `add`; `None` asks about the conversation as it is.
            role: Who says it.

        Returns:
            The run; each step of a loop over it gives the text that came since the last one.

        Raises:
            RunError: In the loop, after the last word: the answer failed.
            WouldBlockError: In the loop: called from a callback.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> "".join(pg.stream("Hello")) == pg.messages[-1].text
            True
        """
        return self._start(content, role, self._run(wait=False, cancel_when_left=True))

    def start(self, content: object = None, role: Role = "user") -> Run:
        """Start an answer and return at once; it goes on by itself.

        While another answer is being written it waits for its turn, and its message is added
        then.

        Args:
            content: As in `add`; `None` asks about the conversation as it is.
            role: Who says it.

        Returns:
            The run, to wait for, cancel, or iterate over.

        Raises:
            InputError: The content cannot be a message.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> runs = [pg.start("Hello"), pg.start("And again")]
            >>> [run.result().status for run in runs]
            ['complete', 'complete']
        """
        return self._start(content, role, self._run(wait=False))

    def stop(self) -> bool:
        """End the answer that is being written, and drop those that wait for their turn.

        The text so far is kept, with the status `cancelled`. An answer of this thread that another
        playground or the page writes is ended too, a moment later.

        Returns:
            Whether there was anything to end.

        Raises:
            StoreError: Another process writes it and could not be asked.

        Example:
            >>> pg = Playground(connection="demo", model="demo-slow")
            >>> run = pg.start("Hello")
            >>> pg.stop()
            True
            >>> run.result().status
            'cancelled'
        """
        return self._engine.do(self._session.stop_anywhere)

    def allow(self, message: MessageRef, *, always: bool = False) -> None:
        """Let a call be made that asks first.

        Args:
            message: The message of the call, whose `consent` is set while it waits.
            always: Let further calls of this tool in this thread be made without asking.

        Raises:
            NotFoundError: It does not wait for that, or not any more.

        Example:
            >>> pg = Playground(connection="demo")
            >>> def answer(message):
            ...     if message.consent:
            ...         pg.allow(message)
            >>> stop = pg.on("message", answer)
        """
        self._consent(message, allowed=True, always=always)

    def deny(self, message: MessageRef) -> None:
        """Refuse a call that asks first; the model is told.

        Args:
            message: The message of the call, whose `consent` is set while it waits.

        Raises:
            NotFoundError: It does not wait for that, or not any more.

        Example:
            >>> pg = Playground(connection="demo")
            >>> def answer(message):
            ...     if message.consent:
            ...         pg.deny(message)
            >>> stop = pg.on("message", answer)
        """
        self._consent(message, allowed=False)

    def _consent(self, message: MessageRef, *, allowed: bool, always: bool = False) -> None:
        consent = self._session.consent_anywhere
        self._engine.do(partial(consent, self._id(message), allowed=allowed, always=always))

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
            **params: Parameters for this once, as in `Params`; `response_format` may be a class.

        Returns:
            The new answer, or its `Run`.

        Raises:
            TypeError: There is no such parameter.
            NotFoundError: There is no such message.
            RunError: The answer failed; `error.message` holds what came of it.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> first = pg.send("Hello")
            >>> second = pg.regenerate(temperature=0.9)
            >>> pg.branches(second) == (first, second)
            True
        """
        changes = checked_params("regenerate", params)
        changed = self._session.state.thread.params.changed(changes) if changes else None
        run = self._run(wait=wait)
        made: Message | Run = self._begin(
            run, self._session.regenerate, self._last(message), run, model, changed, wait=wait
        )
        return made

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

        Returns:
            The new answer, or its `Run`.

        Raises:
            InputError: It is no answer that could be gone on from.
            RunError: The answer failed; `error.message` holds what came of it.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast", max_tokens=5)
            >>> cut = pg.send("Hello")
            >>> cut.finish_reason
            'length'
            >>> pg.params = {"max_tokens": None}
            >>> pg.continue_().text.startswith(cut.text)
            True
        """
        run = self._run(wait=wait)
        made: Message | Run = self._begin(
            run, self._session.continue_, self._last(message), run, wait=wait
        )
        return made

    @overload
    def reask(self, message: MessageRef | None = ..., *, wait: Literal[True] = ...) -> Message: ...
    @overload
    def reask(self, message: MessageRef | None = ..., *, wait: Literal[False]) -> Run: ...
    def reask(self, message: MessageRef | None = None, *, wait: bool = True) -> Message | Run:
        """Ask again in place of an answer that does not fit its format, and say why it doesn't.

        The model is sent the answer and, as a user's message after it, the reason
        (`Message.invalid`). What it writes is another version of the answer; neither the failed
        one nor the reason is on the path to it.

        Args:
            message: The answer; by default the last message.
            wait: Wait and return the new answer; else return its `Run`.

        Returns:
            The new answer, or its `Run`.

        Raises:
            InputError: The answer fits.
            RunError: The answer failed; `error.message` holds what came of it.

        Example:
            >>> from dataclasses import dataclass
            >>> @dataclass
            ... class Review:
            ...     stars: int
            >>> pg = Playground(connection="demo", model="demo-fast", response_format=Review)
            >>> answer = pg.regenerate(pg.add("Hello"), max_tokens=1)
            >>> answer.invalid.split(";")[0]
            'the answer was cut off at the most tokens it may have'
            >>> pg.reask(answer).reasked == answer.id
            True
        """
        run = self._run(wait=wait)
        made: Message | Run = self._begin(
            run, self._session.reask, self._last(message), run, wait=wait
        )
        return made

    def _start(self, content: object, role: Role, run: Run) -> Run:
        drafts = [] if content is None else messages_of(content, role)
        started: Run = self._begin(run, self._session.send, drafts, run, wait=False)
        return started
