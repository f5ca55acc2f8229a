"""The open thread of a playground: what can be done with it, from whichever door.

All methods belong to the engine's loop thread, except reading `state`. Every change goes
through the feed, so that Python, every view and every callback see the same events in the same
order.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from playground_widget import edits
from playground_widget.content import Draft
from playground_widget.conversation._advice import advised
from playground_widget.conversation._connections import Connections
from playground_widget.conversation._undo import UndoStack
from playground_widget.engine import Answering, Batch, Engine, Feed, Queue, Run
from playground_widget.errors import ClosedError, ErrorInfo, InputError, NotFoundError, RunError
from playground_widget.events import Added, Changed, Selected, State, changed
from playground_widget.model import (
    Message,
    Params,
    Part,
    Role,
    Thread,
    children,
    leaf,
    path,
)
from playground_widget.provider import Connection, window
from playground_widget.text import clean_texts

__all__ = ["Conversation", "Placed", "Update", "new_id"]

LONGEST_CLAIMS = 1000


class Update(NamedTuple):
    """What a listener of a conversation is told.

    Args:
        batch: Structural events and deltas, in order.
        settings: What changed beside the thread, whole, or `None` if nothing did.
    """

    batch: Batch
    settings: dict[str, Any] | None


class Placed(NamedTuple):
    """What an add, an insert, an edit or a delete came to.

    Args:
        undo: The token that takes it back.
        messages: The messages that were made, without copies of later ones.
    """

    undo: str
    messages: tuple[Message, ...] = ()


def new_id() -> str:
    """Return an id for a thread or a message."""
    return secrets.token_hex(6)


class Conversation:
    """One thread, the connection it is asked through, and the queue of its runs."""

    def __init__(self, engine: Engine, thread: Thread, connection: Connection) -> None:
        """Open a thread; nothing is sent. A thread without a model gets the usual one."""
        self.engine = engine
        self.feed = Feed(engine, thread)
        self.queue = Queue(engine, self._settings_changed)
        self.connections = Connections(connection, self._settings_changed)
        self.closed = False
        self._undo = UndoStack()
        self._claimed: dict[str, None] = {}
        self._listeners: dict[Callable[[Update], None], Callable[[Batch], None]] = {}
        if not thread.model:
            usual = replace(thread, model=self.connections.usual_model())
            self.feed = Feed(engine, usual)
        self._stale: set[Callable[[Update], None]] = set()

    # -- reading

    @property
    def state(self) -> State:
        """The thread as it is at this moment; from any thread."""
        return self.feed.state

    def __repr__(self) -> str:
        """Return what a playground is called where only text is shown."""
        thread = self.state.thread
        count = len(path(thread))
        messages = "1 message" if count == 1 else f"{count} messages"
        return f"<Playground {thread.model!r} at {self.connections.current.label}, {messages}>"

    def settings(self) -> dict[str, Any]:
        """Return what a page shows beside the thread."""
        running = self.queue.answering
        return {
            **self.connections.to_dict(),
            "running": running.message if running else None,
            "queued": self.queue.queued,
            "usage": self._usage(),
            "undo": self._undo.label,
        }

    def _usage(self) -> dict[str, Any]:
        """Return what the thread has used; copies on other paths cost nothing again."""
        thread = self.state.thread
        used = [m.usage for m in thread.messages.values() if m.usage and not m.copy_of]
        costs = [usage.cost for usage in used if usage.cost is not None]
        last = next((m.usage for m in reversed(path(thread)) if m.usage), None)
        known = {info.id: info.context for info in self.connections.models}
        return {
            "context": last.input_tokens + last.output_tokens if last else None,
            "window": known.get(thread.model) or window(thread.model),
            "cost": sum(costs) if costs else None,
            "input_tokens": sum(usage.input_tokens for usage in used),
            "output_tokens": sum(usage.output_tokens for usage in used),
        }

    # -- listening

    def subscribe(self, listener: Callable[[Update], None]) -> State:
        """Add a listener, called on the loop's thread; return where its updates go on from."""

        def hear(batch: Batch) -> None:
            stale = listener in self._stale
            self._stale.discard(listener)
            listener(Update(batch, self.settings() if stale else None))

        self._listeners[listener] = hear
        return self.feed.subscribe(hear)

    def unsubscribe(self, listener: Callable[[Update], None]) -> None:
        """Remove a listener; one that is not there is no error."""
        hear = self._listeners.pop(listener, None)
        if hear is not None:
            self.feed.unsubscribe(hear)
        self._stale.discard(listener)

    def _settings_changed(self) -> None:
        usual = self.connections.usual_model()
        if usual and not self.state.thread.model and not self.closed:
            # A server was chosen before it had said which models it has.
            self.feed.commit(Changed({"model": usual}))
        self._stale.update(self._listeners)
        self.feed.nudge()

    # -- changing the thread

    def add(
        self, drafts: Sequence[Draft], before: str | None = None, after: str | None = None
    ) -> Placed:
        """Add messages and ask nothing.

        A system message that begins an empty thread becomes its system prompt, since that is
        what it is to the model.
        """
        self._open()
        thread = self.state.thread
        if not thread.messages and drafts and drafts[0].role == "system":
            words = self._message(drafts[0]).text
            token = self.change({"system": words})
            drafts = drafts[1:]
            if not drafts:
                return Placed(token)
        made = [self._message(draft) for draft in drafts]
        event = edits.inserted(thread, made, new_id, before=before, after=after)
        undo = self._commit(event, "message" if len(made) == 1 else "messages")
        return Placed(undo, event.messages[: len(made)])

    def edit(
        self, message: str, content: tuple[Part, ...] | None = None, role: Role | None = None
    ) -> Placed:
        """Give a message a new version, followed by copies of the later ones."""
        self._open()
        event = edits.edited(
            self.state.thread, message, new_id, now=time.time(), content=content, role=role
        )
        return Placed(self._commit(event, "edit"), event.messages[:1])

    def delete(self, messages: Collection[str]) -> Placed:
        """Leave messages out of the path."""
        self._open()
        event = edits.deleted(self.state.thread, messages, new_id)
        return Placed(self._commit(event, "delete" if len(messages) == 1 else "deletes"))

    def select(self, message: str) -> None:
        """Make the newest path through a message the active one."""
        self._open()
        head = leaf(self.state.thread, message)
        if head != self.state.thread.head:
            self.feed.commit(Selected(head))
            self._settings_changed()

    def change(self, changes: Mapping[str, Any]) -> str:
        """Change `title`, `system`, `model` or `params`; return an undo token."""
        self._open()
        before = self.state.thread.system
        event = changed(self.state.thread, **clean_texts(changes))
        if event is None:
            return ""
        self.feed.commit(event)
        self._settings_changed()
        if "system" in event.changes:
            return self._undo.remember("system prompt", lambda t: changed(t, system=before))
        return ""

    def connect(self, connection: Connection) -> None:
        """Use another connection from the next run on.

        Its usual model is chosen when the present one cannot be meant: no service has the
        demo's models, and the demo has no others.
        """
        self._open()
        before = self.connections.current
        self.connections.use(connection)
        if before.demo != connection.demo or before.openai != connection.openai:
            self.change({"model": self.connections.usual_model()})

    def claim(self, action: str) -> bool:
        """Return whether this is the first to claim an action that any open page could do."""
        first = action not in self._claimed
        self._claimed[action] = None
        while len(self._claimed) > LONGEST_CLAIMS:
            del self._claimed[next(iter(self._claimed))]
        return first

    def undo(self, token: str | None = None) -> str | None:
        """Take back the last change and return what it was, or `None` if there is none.

        Raises:
            InputError: With a token, when something else was changed since.
        """
        self._open()
        taken = self._undo.take(token)
        if taken is None:
            return None
        label, back = taken
        event = back(self.state.thread)
        if event is not None:
            self.feed.commit(event)
        self._settings_changed()
        return label

    # -- runs

    def send(self, drafts: Sequence[Draft], run: Run) -> None:
        """Add messages when the run's turn comes, and ask the model."""

        def begin() -> Answering:
            if drafts:
                self.add(drafts)
            # One undo takes back the question and its answer: they came as one.
            return self._answer(run, self.state.thread.head, remember=not drafts)

        self._submit(run, begin)

    def edit_and_run(
        self, message: str, content: tuple[Part, ...] | None, role: Role | None, run: Run
    ) -> None:
        """Give a message a new version and have it answered."""

        def begin() -> Answering:
            event = edits.edited(
                self.state.thread,
                message,
                new_id,
                now=time.time(),
                content=content,
                role=role,
                rerun=True,
            )
            self._commit(event, "edit")
            return self._answer(run, event.head, remember=False)

        self._submit(run, begin)

    def delete_and_run(self, messages: Collection[str], run: Run) -> None:
        """Leave messages out of the path and ask again, in place of a failed last answer."""

        def begin() -> Answering:
            self.delete(messages)
            return self._answer(run, self._asked(self.state.thread.head), remember=False)

        self._submit(run, begin)

    def regenerate(
        self, message: str, run: Run, model: str | None = None, params: Params | None = None
    ) -> None:
        """Write the answer after a user message, or an answer itself, again."""

        def begin() -> Answering:
            thread = self.state.thread
            old = self._get(message)
            parent = old.parent if old.role == "assistant" else old.id
            if parent is not None:
                parent = self._asked(parent)
            return self._answer(run, parent, model=model or thread.model, params=params)

        self._submit(run, begin)

    def continue_(self, message: str, run: Run) -> None:
        """Go on from a partial answer, in a new version that begins with its text."""

        def begin() -> Answering:
            old = self._get(message)
            if old.role != "assistant" or old.status == "streaming" or not old.text:
                raise InputError(
                    "Only an answer that has some text and has ended can be continued."
                )
            return self._answer(run, old.parent, continued=old)

        self._submit(run, begin)

    def stop(self, message: str | None = None) -> bool:
        """End what is running and what waits; return whether there was anything.

        With a message, only if that is the answer being written: a late Stop must not end the
        answer after it.
        """
        running = self.queue.answering
        if message is not None and (running is None or running.message != message):
            return False
        self.queue.stop()
        return running is not None

    def close(self) -> None:
        """End what is running; nothing can be changed afterwards."""
        self.queue.stop()
        self.closed = True
        self.queue.when_idle(self.connections.close)

    # -- inside

    def _submit(self, run: Run, begin: Callable[[], Answering]) -> None:
        self._open()
        self.queue.submit(run, begin)

    def _answer(
        self,
        run: Run,
        parent: str | None,
        *,
        model: str | None = None,
        params: Params | None = None,
        continued: Message | None = None,
        remember: bool = True,
    ) -> Answering:
        """Return what will write the answer after `parent`; the parent is fixed from here on."""
        thread, connection = self.state.thread, self.connections.current
        if parent is None and not thread.system:
            raise InputError("There is nothing to answer yet: add a message first.")
        if parent is not None and self._get(parent).status == "streaming":
            raise InputError("The answer before this one is still being written.")
        message = Message(
            id=new_id(),
            parent=parent,
            role="assistant",
            content=continued.content if continued else (),
            status="streaming",
            created=time.time(),
            model=model or thread.model or None,
            connection=connection.label,
            params=params or thread.params,
            continued=continued.id if continued else None,
        )
        version = sum(m.role == "assistant" for m in children(thread, parent))
        if remember:
            self._undo.remember_head("answer", thread.head)
        messages = path(thread, parent) if parent is not None else ()
        if continued:
            messages = (*messages, continued)

        async def ask() -> dict[str, Any]:
            chosen = message.model or await self.connections.default_model()
            if not self.state.thread.model:
                self.change({"model": chosen})
            body = connection.request(
                thread.system,
                messages,
                chosen,
                params or thread.params,
                continue_=continued is not None,
            )
            return _varied(body, version) if connection.demo and continued is None else body

        def advise(info: ErrorInfo) -> ErrorInfo:
            model = message.model or self.state.thread.model
            return advised(info, thread.system, messages, model, self.connections.models)

        def ended(message: Message) -> None:
            self.connections.give_back(connection)
            failed = RunError.of(message.error) if message.error else None
            if failed is not None or message.status == "complete":
                self.connections.learn(connection, failed)

        self.connections.borrow(connection)
        return Answering(
            self.feed, run, message, ask=ask, connection=connection, advise=advise, ended=ended
        )

    def _asked(self, message: str | None) -> str | None:
        """Return the message to answer: before failed answers without text at a path's end."""
        while message is not None:
            candidate = self._get(message)
            if candidate.role != "assistant" or candidate.status != "failed" or candidate.text:
                return message
            message = candidate.parent
        return None

    def _commit(self, event: Added, label: str) -> str:
        before = self.state.thread.head
        self.feed.commit(event)
        self._settings_changed()
        return self._undo.remember_head(label, before)

    def _message(self, draft: Draft) -> Message:
        return Message(
            id=new_id(),
            parent=None,
            role=draft.role,
            content=draft.content,
            created=time.time(),
            tool_call_id=draft.tool_call_id,
        )

    def _get(self, message: str) -> Message:
        try:
            return self.state.thread.messages[message]
        except KeyError:
            raise NotFoundError(f"there is no message {message!r} in this thread") from None

    def _open(self) -> None:
        if self.closed:
            raise ClosedError("This playground was closed. Its messages can still be read.")


def _varied(body: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a request that asks the demo model for its words of another version.

    It answers the same request in the same way each time, where other models vary.
    """
    return {**body, "demo": {"variant": version, **body.get("demo", {})}}
