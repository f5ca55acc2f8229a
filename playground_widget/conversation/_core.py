"""A conversation: the thread that is open, the connection it is asked through, who listens.

All methods belong to the engine's loop thread, except reading `state`. What is done to the open
thread is in `_session.py`, to the others in `_threads.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from playground_widget import compare
from playground_widget.conversation._comparing import Comparing
from playground_widget.conversation._connections import Connections
from playground_widget.conversation._ids import new_id
from playground_widget.conversation._list_news import ListNews
from playground_widget.conversation._session import Session
from playground_widget.conversation._threads import Threads
from playground_widget.conversation._toolbox import Toolbox
from playground_widget.conversation._variables import ShownVariables
from playground_widget.engine import Batch, Committed, Engine, Feed, Opened, Queue
from playground_widget.errors import ClosedError
from playground_widget.events import Finished, Started, State, changed
from playground_widget.model import Thread, path
from playground_widget.provider import Connection, window
from playground_widget.request import ignored
from playground_widget.store import AskKind, Store
from playground_widget.variables import Variables

__all__ = ["Conversation", "Update"]

LONGEST_CLAIMS = 1000


class Update(NamedTuple):
    """What a listener of a conversation is told.

    Args:
        batch: Structural events and deltas, in order.
        settings: What changed beside the thread, whole, or `None` if nothing did.
        compared: What happened in the comparison that is shown: its id, and that, in order.
    """

    batch: Batch
    settings: dict[str, Any] | None
    compared: tuple[tuple[str, tuple[compare.Update, ...]], ...] = ()


class Conversation:
    """What every door talks to.

    Args:
        engine: Whose loop it belongs to.
        store: Where threads last.
        opened: The thread, with its revision in the store or, when it is new, `None`.
        connection: Where answers come from.
        variables: What `{{name}}` stands for.
        record: Whether what a service sends is kept word for word.
        lists: Whether who listens is told that the list of threads is another.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        opened: tuple[int | None, Thread],
        connection: Connection,
        *,
        variables: Variables | None = None,
        record: bool = False,
        lists: bool = True,
    ) -> None:
        """Open a thread; nothing is sent. A thread without a model gets the usual one."""
        self.engine = engine
        self.store = store
        self.connections: Connections = Connections(connection, self._settings_changed)
        self.closed: bool = False
        # Views that have said hello: who sees what is asked, and can answer.
        self.viewers: set[object] = set()
        self.toolbox: Toolbox = Toolbox(
            lambda: bool(self.viewers), self._shown_changed, engine.post
        )
        # Told apart from other playgrounds by whoever looks for it in a saved notebook.
        self.anchor: str = new_id()
        self.variables: Variables = Variables() if variables is None else variables
        self._record = record
        self._lists = lists
        self._claimed: dict[str, None] = {}
        self._listeners: dict[Callable[[Update], None], Callable[[Batch], None]] = {}
        self._stale: set[Callable[[Update], None]] = set()
        self._compared: dict[Callable[[Update], None], list[compare.Update]] = {}
        self._seen = 0
        self._list_news = ListNews(engine, store, self._tell_of_list)
        revision, thread = opened
        if not thread.model:
            thread = replace(thread, model=self.connections.usual_model())
        self.session: Session = self._session(thread, revision)
        self.threads: Threads = Threads(engine, store, self)
        self.comparing: Comparing = Comparing(self, self._tell_compared, self._comparison_changed)
        self.shown_variables: ShownVariables = ShownVariables(
            engine, self.variables, lambda: self.state.thread, self._shown_changed
        )
        store.listen(self._stored)
        store.on_asked(self._asked)

    # -- reading

    @property
    def state(self) -> State:
        """The thread as it is at this moment; from any thread."""
        return self.session.state

    @property
    def feed(self) -> Feed:
        """The open thread's."""
        return self.session.feed

    @property
    def queue(self) -> Queue:
        """The open thread's."""
        return self.session.queue

    def __repr__(self) -> str:
        """Return what a playground is called where only text is shown."""
        count = len(path(self.state.thread))
        messages = "1 message" if count == 1 else f"{count} messages"
        return f"<Playground {self.place()}, {messages}>"

    def place(self) -> str:
        """Return the model, and where it is asked."""
        return f"{self.state.thread.model!r} at {self.connections.current.label}"

    def settings(self) -> dict[str, Any]:
        """Return what a page shows beside the thread."""
        return {
            **self.connections.to_dict(),
            "tools": self.toolbox.to_list(),
            "running": self.session.running(),
            "queued": self.queue.queued,
            "usage": self._usage(),
            "refused": self.connections.refused_params(self.state.thread.model),
            "ignored": list(ignored(self.connections.current.api, self.state.thread.params)),
            "variables": self.shown_variables.to_list(),
            "undo": self.session.undo_stack.label,
            "threads": self._seen,
            "storage": self._storage(),
            "transcript": self.anchor,
            "comparison": shown.id if (shown := self.comparing.shown) else None,
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
            stale = listener in self._stale or self._has_run_of_others(batch)
            self._stale.discard(listener)
            if any(isinstance(item, Committed | Opened) for item in batch):
                self.shown_variables.refresh()
            updates = self._compared.pop(listener, None)
            shown = self.comparing.shown
            compared = ((shown.id, tuple(updates)),) if updates and shown else ()
            listener(Update(batch, self.settings() if stale else None, compared))

        self._listeners[listener] = hear
        if self._lists:
            self._list_news.follow()
        self.shown_variables.listen()
        return self.feed.subscribe(hear)

    def unsubscribe(self, listener: Callable[[Update], None]) -> None:
        """Remove a listener; one that is not there is no error."""
        hear = self._listeners.pop(listener, None)
        if hear is not None:
            self.feed.unsubscribe(hear)
        self._stale.discard(listener)
        self._compared.pop(listener, None)
        if not self._listeners:
            self._list_news.leave()
            self.shown_variables.leave()

    @property
    def has_listeners(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def _has_run_of_others(self, batch: Batch) -> bool:
        """Return whether answers of other processes began or ended: they can be stopped here."""
        return any(
            isinstance(item, Committed)
            and isinstance(item.event, Started | Finished)
            and not self.feed.writes(item.event.message.id)
            for item in batch
        )

    def _settings_changed(self) -> None:
        usual = self.connections.usual_model()
        session = self.session
        if usual and not session.state.thread.model and not self.closed:
            # A server was chosen before it had said which models it has.
            self.engine.background(
                session.feed.commit(lambda t: changed(t, model=t.model or usual))
            )
        self.threads.forget_idle()
        self._shown_changed()

    def _shown_changed(self) -> None:
        """Have everybody who listens told what stands beside the thread."""
        self._stale.update(self._listeners)
        self.session.feed.nudge()

    def tell_settings(self, listener: Callable[[Update], None]) -> None:
        """Have a listener told what stands beside the thread; called on the loop's thread."""
        self._stale.add(listener)
        self.session.feed.nudge()

    def _tell_compared(self, comparison: str, updates: Sequence[compare.Update]) -> None:
        """Have everybody who listens told what happened in the comparison that is shown."""
        shown = self.comparing.shown
        if shown is None or shown.id != comparison:
            return
        for listener in self._listeners:
            self._compared.setdefault(listener, []).extend(updates)
        self.session.feed.nudge()

    def _comparison_changed(self) -> None:
        """Tell that another comparison is shown, and nothing more of the one before."""
        self._compared.clear()
        self._shown_changed()

    def _storage(self) -> dict[str, Any]:
        """Return where threads last, and what is wrong with that if anything is."""
        error = self.store.failure
        if error is None and self.store.set_aside:
            error = (
                "The file with the threads was damaged. It was set aside as "
                f"{self.store.set_aside}, and an empty one took its place."
            )
        kind = "file" if isinstance(self.store.place, Path) else "database"
        return {"kind": "memory" if self.store.in_memory else kind, "error": error}

    # -- the threads

    def open_session(self, thread: Thread, revision: int | None) -> Session:
        """Show another thread to everybody who listens; runs of the one before go on."""
        session = self._session(thread, revision)
        self.show(session)
        return session

    def show(self, session: Session) -> None:
        """Make a session the one that is open."""
        # As long as it is the open one: whoever hears of something looks it up there.
        self.feed.flush()
        before, self.session = self.session, session
        for hear in self._listeners.values():
            before.feed.unsubscribe(hear)
            session.feed.subscribe(hear)
        session.feed.announce()
        self.threads.keep(before)
        self._settings_changed()

    def _session(self, thread: Thread, revision: int | None) -> Session:
        feed = Feed(self.engine, thread, self.store, revision)
        return Session(
            self.engine,
            feed,
            self.connections,
            self.toolbox,
            self._settings_changed,
            variables=self.variables,
            record=self._record,
        )

    def _stored(self, thread: str, revision: int | None) -> None:
        """Hear, on the store's thread, that a thread was written by somebody in this process."""
        self.engine.post(self._follow, thread, revision)

    def _follow(self, thread: str, revision: int | None) -> None:
        if self.closed:
            return
        if thread == self.state.thread.id and revision is not None:
            self.engine.background(self.session.feed.catch_up(revision))
        self._list_news.note()

    def _tell_of_list(self) -> None:
        self._seen += 1
        self._shown_changed()

    # -- what other processes ask

    def _asked(self, thread: str, message: str, kind: AskKind) -> None:
        """Hear, on a thread of the store, what somebody elsewhere wants of a run of here."""
        self.engine.post(self._obey, thread, message, kind)

    def _obey(self, thread: str, message: str, kind: AskKind) -> None:
        for session in (self.session, *self.threads.running()):
            if session.state.thread.id != thread:
                continue
            if kind == "stop":
                session.stop(message)
            elif kind == "hurry":
                session.hurry(message)
            else:
                session.consent(message, allowed=kind != "deny", always=kind == "always")

    # -- the connection

    async def connect(self, connection: Connection) -> None:
        """Use another connection from the next run on.

        Its usual model is chosen when the present one cannot be meant: no service has the
        demo's models, and the demo has no others.
        """
        self.check_open()
        before = self.connections.current
        self.connections.use(connection)
        if before.demo != connection.demo or before.openai != connection.openai:
            await self.session.change({"model": self.connections.usual_model()})

    def claim(self, action: str) -> bool:
        """Return whether this is the first to claim an action that any open page could do."""
        first = action not in self._claimed
        self._claimed[action] = None
        while len(self._claimed) > LONGEST_CLAIMS:
            del self._claimed[next(iter(self._claimed))]
        return first

    def check_open(self) -> None:
        """Refuse what can't be done any more.

        Raises:
            ClosedError: The conversation was closed.
        """
        if self.closed:
            raise ClosedError("This playground was closed. Its messages can still be read.")

    def close(self) -> None:
        """End what is running; nothing can be changed afterwards."""
        self.closed = True
        compare.end_all(self)
        self.comparing.show(None)
        sessions = [self.session, *self.threads.running()]
        for session in sessions:
            session.stop()
            session.closed = True
        self.engine.background(self._close(sessions))

    async def _close(self, sessions: list[Session]) -> None:
        for session in sessions:
            await session.queue.idle()
        self.connections.close()
        self.toolbox.close()
        self.feed.flush()
        for listener in tuple(self._listeners):
            self.unsubscribe(listener)
