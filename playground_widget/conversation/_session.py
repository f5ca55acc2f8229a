"""The open thread: everything that is done to it.

All methods belong to the engine's loop thread. Every change goes through the feed, so that
Python, every view, every callback and the store see the same events in the same order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from playground_widget import edits
from playground_widget.content import Draft
from playground_widget.conversation._asked import asked, asked_last, head_of, path_to
from playground_widget.conversation._asker import Asker
from playground_widget.conversation._connections import Connections
from playground_widget.conversation._ids import new_id
from playground_widget.conversation._titles import title_of
from playground_widget.conversation._toolbox import Toolbox
from playground_widget.conversation._undo import UndoStack
from playground_widget.engine import (
    Begin,
    Engine,
    Feed,
    Queue,
    Run,
    Turn,
)
from playground_widget.errors import (
    ClosedError,
    InputError,
    NotFoundError,
    PlaygroundError,
)
from playground_widget.events import Added, Event, Selected, State, changed
from playground_widget.model import (
    Message,
    Params,
    Part,
    Role,
    Thread,
    ToolCall,
    get_message,
    leaf,
    path,
)
from playground_widget.store import AskKind
from playground_widget.text import clean_texts
from playground_widget.variables import Variables

__all__ = ["Placed", "Session"]


class Placed(NamedTuple):
    """What an add, an insert, an edit or a delete came to.

    Args:
        undo: The token that takes it back.
        messages: The messages that were made, without copies of later ones.
    """

    undo: str
    messages: tuple[Message, ...] = ()


class Session:
    """One open thread: its feed, the queue of its runs, and what can be taken back.

    Args:
        engine: Whose loop it belongs to.
        feed: The thread.
        connections: Where answers come from.
        toolbox: What they may call.
        changed: Called when something beside the thread is another.
        variables: What `{{name}}` stands for.
        record: Whether what a service sends is kept word for word.
    """

    def __init__(
        self,
        engine: Engine,
        feed: Feed,
        connections: Connections,
        toolbox: Toolbox,
        changed: Callable[[], None],
        *,
        variables: Variables,
        record: bool = False,
    ) -> None:
        """Open a thread; nothing is sent."""
        self.engine = engine
        self.feed = feed
        self.queue: Queue = Queue(engine, changed)
        self.undo_stack: UndoStack = UndoStack()
        self.closed = False
        self._changed = changed
        self._asker = Asker(self, connections, toolbox, variables, changed, record=record)

    @property
    def state(self) -> State:
        """The thread as it is at this moment; from any thread."""
        return self.feed.state

    # -- changing the thread

    async def add(
        self, drafts: Sequence[Draft], before: str | None = None, after: str | None = None
    ) -> Placed:
        """Add messages and ask nothing.

        A system message that begins an empty thread becomes its system prompt, since that is
        what it is to the model.
        """
        self._check_open()
        if not self.state.thread.messages and drafts and drafts[0].role == "system":
            words = self._message(drafts[0]).text
            token = await self.change({"system": words})
            drafts = drafts[1:]
            if not drafts:
                return Placed(token)
        made = [self._message(draft) for draft in drafts]
        label = "message" if len(made) == 1 else "messages"
        event, undo = await self._commit(
            lambda t: edits.inserted(t, made, new_id, before=before, after=after), label
        )
        return Placed(undo, event.messages[: len(made)])

    async def edit(
        self, message: str, content: tuple[Part, ...] | None = None, role: Role | None = None
    ) -> Placed:
        """Give a message a new version, followed by copies of the later ones."""
        self._check_open()
        now = time.time()
        event, undo = await self._commit(
            lambda t: edits.edited(t, message, new_id, now=now, content=content, role=role), "edit"
        )
        return Placed(undo, event.messages[:1])

    async def delete(self, messages: Collection[str]) -> Placed:
        """Leave messages out of the path."""
        self._check_open()
        label = "delete" if len(messages) == 1 else "deletes"
        _, undo = await self._commit(lambda t: edits.deleted(t, messages, new_id), label)
        return Placed(undo)

    async def take(self, build: Callable[[Thread], Event], label: str) -> str:
        """Add messages that were made elsewhere, and return the head after them.

        Args:
            build: Makes the event from the thread as it is.
            label: What an undo says of it.
        """
        self._check_open()
        before = self.state.thread.head
        event = await self.feed.commit(build)
        assert isinstance(event, Added)  # noqa: S101 - what `build` returns
        self.undo_stack.remember_head(label, before)
        self._changed()
        await self.entitle()
        return str(event.head)

    async def select(self, message: str) -> None:
        """Make the newest path through a message the active one."""
        self._check_open()

        def build(thread: Thread) -> Event | None:
            head = leaf(thread, message)
            return Selected(head) if head != thread.head else None

        if await self.feed.commit(build):
            self._changed()

    async def change(self, changes: Mapping[str, Any]) -> str:
        """Change `title`, `system`, `model` or `params`; return an undo token."""
        self._check_open()
        before = self.state.thread.system
        clean = clean_texts(changes)
        event = await self.feed.commit(lambda t: changed(t, **clean))
        if event is None:
            return ""
        self._changed()
        if self.state.thread.system != before:
            return self.undo_stack.remember("system prompt", lambda t: changed(t, system=before))
        return ""

    async def undo(self, token: str | None = None) -> str | None:
        """Take back the last change and return what it was, or `None` if there is none.

        Raises:
            InputError: With a token, when something else was changed since.
        """
        self._check_open()
        taken = self.undo_stack.take(token)
        if taken is None:
            return None
        try:
            if taken.back is not None:
                await self.feed.commit(taken.back)
            if taken.work is not None:
                await taken.work()
        except PlaygroundError:
            self.undo_stack.put_back(taken)
            raise
        self._changed()
        return taken.label

    # -- runs

    async def send(self, drafts: Sequence[Draft], run: Run) -> None:
        """Add messages when the run's turn comes, and ask the model."""

        def sent(thread: Thread) -> Sequence[Message | Draft]:
            return (*path(thread), *drafts)

        async def begin() -> Turn:
            values = await self._asker.values(sent)
            if drafts:
                await self.add(drafts)
            elif (answer := self._asker.to_call()) is not None:
                return await self._asker.answer(run, head_of, values=values, calls=answer)
            # One undo takes back the question and its answer: they came as one.
            parent = asked_last if drafts else head_of
            return await self._asker.answer(
                run, parent, values=values, remember=not drafts, insist=bool(drafts)
            )

        await self._submit(run, begin, sent)

    async def edit_and_run(
        self, message: str, content: tuple[Part, ...] | None, role: Role | None, run: Run
    ) -> None:
        """Give a message a new version and have it answered."""

        def sent(thread: Thread) -> Sequence[Message | Draft]:
            old = get_message(thread, message)
            draft = Draft(role or old.role, old.content if content is None else content)
            return (*path_to(thread, old.parent), draft)

        async def begin() -> Turn:
            values = await self._asker.values(sent)
            now = time.time()
            event, _ = await self._commit(
                lambda t: edits.edited(
                    t, message, new_id, now=now, content=content, role=role, rerun=True
                ),
                "edit",
            )
            return await self._asker.answer(
                run, lambda _: event.head, values=values, remember=False, insist=True
            )

        await self._submit(run, begin, sent)

    async def delete_and_run(self, messages: Collection[str], run: Run) -> None:
        """Leave messages out of the path and ask again, in place of a failed last answer."""

        def sent(thread: Thread) -> Sequence[Message | Draft]:
            return [message for message in path(thread) if message.id not in messages]

        async def begin() -> Turn:
            values = await self._asker.values(sent)
            await self.delete(messages)
            return await self._asker.answer(
                run, lambda t: asked(t, t.head), values=values, remember=False, insist=True
            )

        await self._submit(run, begin, sent)

    async def regenerate(
        self, message: str, run: Run, model: str | None = None, params: Params | None = None
    ) -> None:
        """Write the answer after a user message, or an answer itself, again."""

        async def begin() -> Turn:
            thread = self.state.thread
            old = get_message(self.state.thread, message)
            parent = old.parent if old.role == "assistant" else old.id
            return await self._asker.answer(
                run, lambda t: asked(t, parent), model=model or thread.model, params=params
            )

        await self._submit(run, begin)

    async def continue_(self, message: str, run: Run) -> None:
        """Go on from a partial answer, in a new version that begins with its text."""

        async def begin() -> Turn:
            old = get_message(self.state.thread, message)
            if old.role != "assistant" or old.status == "streaming" or not old.text:
                raise InputError(
                    "Only an answer that has some text and has ended can be continued."
                )
            # Half of a call is nothing to go on from, and would be made as it is.
            words = tuple(part for part in old.content if not isinstance(part, ToolCall))
            old = replace(old, content=words)
            # What it goes on from was asked with these.
            known = old.variables or {}
            values = await self._asker.values(lambda t: path_to(t, old.parent), known)
            return await self._asker.answer(run, lambda _: old.parent, values=values, continued=old)

        await self._submit(run, begin)

    async def reask(self, message: str, run: Run) -> None:
        """Ask again in place of an answer that does not fit its format, and say why it doesn't.

        The new version is asked for with the failed one and the reason as its context, in the
        format of the failed one.
        """

        async def begin() -> Turn:
            thread = self.state.thread
            old = get_message(thread, message)
            if old.invalid is None:
                raise InputError(
                    "Only an answer that does not fit its format can be asked for with the reason."
                )
            wanted = old.params.response_format if old.params else None
            params = thread.params.changed({"response_format": wanted})
            return await self._asker.answer(run, lambda _: old.parent, params=params, reasked=old)

        await self._submit(run, begin)

    def stop(self, message: str | None = None) -> bool:
        """End what is running and what waits; return whether there was anything.

        With a message, only if that is the answer being written: a late Stop must not end the
        answer after it.
        """
        running = self.queue.turn
        if message is not None and (running is None or not running.covers(message)):
            return False
        return self.queue.stop()

    async def stop_anywhere(self, message: str | None = None) -> bool:
        """End what is running, also where another process writes it; return whether anything was.

        Another process is asked through the store, and ends its run a moment later.
        """
        if self.stop(message):
            return True
        live = self.state.live
        wanted = self.running() if message is None else message
        if wanted is None or wanted not in live or self.feed.writes(wanted):
            return False
        return await self.feed.ask(wanted, "stop")

    def hurry(self, message: str | None = None) -> bool:
        """End the wait before the next attempt; return whether something is being written.

        With a message, only if that is the answer that waits.
        """
        turn = self.queue.turn
        if message is not None and (turn is None or turn.message != message):
            return False
        return self.queue.hurry()

    async def hurry_anywhere(self) -> bool:
        """End the wait before the next attempt, also where another process waits.

        Another process is asked through the store, and asks again a moment later.
        """
        if self.hurry():
            return True
        wanted = self.running()
        waiting = self.state.thread.messages.get(wanted or "")
        if waiting is None or waiting.retry is None or self.feed.writes(waiting.id):
            return False
        return await self.feed.ask(waiting.id, "hurry")

    def running(self) -> str | None:
        """Return the answer that is being written: here, or elsewhere on the active path."""
        here = self.queue.turn
        if here is not None:
            return here.message
        _, thread, live = self.state
        if not live:
            return None
        return next((m.id for m in reversed(path(thread)) if m.id in live), None)

    def consent(self, message: str, *, allowed: bool, always: bool = False) -> bool:
        """Say whether a call of a tool may be made; return whether one of here waited for that."""
        turn = self.queue.turn
        return turn is not None and turn.consent(message, allowed=allowed, always=always)

    async def consent_anywhere(self, message: str, *, allowed: bool, always: bool = False) -> None:
        """Say whether a call of a tool may be made, also where another process makes it.

        Raises:
            NotFoundError: It does not wait for that, or not any more.
        """
        if self.consent(message, allowed=allowed, always=always):
            return
        waiting = self.state.thread.messages.get(message)
        elsewhere = message in self.state.live and not self.feed.writes(message)
        if waiting is not None and waiting.consent and elsewhere:
            kind: AskKind = "deny" if not allowed else "always" if always else "allow"
            if await self.feed.ask(message, kind):
                return
        raise NotFoundError("This call does not wait to be allowed, or not any more.")

    # -- inside

    async def _submit(
        self,
        run: Run,
        begin: Begin,
        sent: Callable[[Thread], Sequence[Message | Draft]] | None = None,
    ) -> None:
        self._check_open()
        if sent is not None and not self.queue.is_idle:
            # Refused now, while its sender still has the words, not when its turn comes.
            await self._asker.values(sent)
        await self.queue.submit(run, begin)

    async def entitle(self) -> None:
        """Give the thread a title from its first exchange, if it has none."""
        if self.state.thread.title:
            return
        with suppress(PlaygroundError):
            await self.feed.commit(
                lambda t: None if t.title else changed(t, title=title_of(path(t))), insist=True
            )

    async def _commit(self, build: Callable[[Thread], Added], label: str) -> tuple[Added, str]:
        before = self.state.thread.head
        event = await self.feed.commit(build)
        assert isinstance(event, Added)  # noqa: S101 - what `build` returns
        self._changed()
        await self.entitle()
        return event, self.undo_stack.remember_head(label, before)

    def _message(self, draft: Draft) -> Message:
        return Message(
            id=new_id(),
            parent=None,
            role=draft.role,
            content=draft.content,
            created=time.time(),
            tool_call_id=draft.tool_call_id,
        )

    def _check_open(self) -> None:
        if self.closed:
            raise ClosedError("This playground was closed. Its messages can still be read.")
