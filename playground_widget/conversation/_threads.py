"""The other threads: list, open, new, rename, duplicate, pin, delete and bring back.

All methods belong to the engine's loop thread. Reading the store happens on a thread that may
wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from playground_widget.conversation._ids import new_id
from playground_widget.conversation._session import Session
from playground_widget.errors import InputError
from playground_widget.model import Thread
from playground_widget.text import clean_text

if TYPE_CHECKING:
    from playground_widget.engine import Engine
    from playground_widget.store import Store, ThreadPage

__all__ = ["Threads", "put_threads"]

T = TypeVar("T")


class Shown(Protocol):
    """What `Threads` asks of the conversation that it belongs to."""

    session: Session

    def check_open(self) -> None:
        """Refuse what can't be done any more."""

    def open_session(self, thread: Thread, revision: int | None) -> Session:
        """Show another thread."""
        ...

    def show(self, session: Session) -> None:
        """Show a thread that is open already."""


class Threads:
    """The threads of a store, as one conversation deals with them.

    Args:
        engine: Whose loop it belongs to.
        store: Where the threads are.
        shown: The conversation.
    """

    def __init__(self, engine: Engine, store: Store, shown: Shown) -> None:
        """Begin with no thread but the open one."""
        self._engine = engine
        self._store = store
        self._shown = shown
        self._running: dict[str, Session] = {}
        # Counts what was asked to be open, since a slow one must not come after a later one.
        self._asked = 0

    # -- sessions that go on while another thread is shown

    def keep(self, session: Session) -> None:
        """Hold on to a session whose thread is no longer shown, while something runs in it."""
        if not session.queue.is_idle:
            self._running[session.state.thread.id] = session

    def forget_idle(self) -> None:
        """Let go of the sessions in which nothing runs any more."""
        for thread, session in tuple(self._running.items()):
            if session.queue.is_idle:
                del self._running[thread]

    def running(self) -> tuple[Session, ...]:
        """Return the sessions that are held."""
        return tuple(self._running.values())

    # -- the list

    async def page(self, search: str | None = None, after: str | None = None) -> ThreadPage:
        """Return a page of the list, as `Store.page` does."""
        return await self._wait(lambda: self._store.page(search, after))

    async def open(self, thread: str) -> None:
        """Open a thread by its id, unless another one is asked for before it is read.

        Raises:
            NotFoundError: There is none.
        """
        self._shown.check_open()
        self._asked += 1
        this = self._asked
        if thread == self._shown.session.state.thread.id:
            return
        if thread in self._running:
            session = self._running.pop(thread)
            self._shown.show(session)
            await session.feed.catch_up()
            return
        stored = await self._wait(lambda: self._store.load(thread))
        # It may have been closed meanwhile.
        self._shown.check_open()
        if this == self._asked:
            self._shown.open_session(stored.thread, stored.revision)

    def new(self, thread: Thread | None = None) -> str:
        """Open a new thread and return its id; it is stored with its first message.

        Args:
            thread: The thread; by default an empty one with the settings of the open one.
        """
        self._shown.check_open()
        self._asked += 1
        if thread is None:
            now = self._shown.session.state.thread
            thread = Thread(
                id=new_id(),
                system=now.system,
                model=now.model,
                params=now.params,
                created=time.time(),
            )
        self._shown.open_session(thread, None)
        return thread.id

    async def rename(self, thread: str, title: str) -> None:
        """Give a thread another title."""
        self._shown.check_open()
        session = self._open_as(thread)
        if session is not None:
            await session.change({"title": title})
        else:
            await self._do(self._store.rename(thread, clean_text(title)))

    async def pin(self, thread: str, pinned: bool) -> None:
        """Have a thread stand first in the list, or not."""
        self._shown.check_open()
        self._check_stored(thread)
        await self._do(self._store.pin(thread, pinned))

    async def duplicate(self, thread: str) -> str:
        """Store a copy of a thread with all its branches, and return the copy's id."""
        self._shown.check_open()
        self._check_stored(thread)
        session = self._open_as(thread)
        if session is not None:
            whole = session.state.present()
        else:
            whole = (await self._wait(lambda: self._store.load(thread))).thread
        title = f"{whole.title or 'Thread'} (copy)"
        copy = replace(_settled(whole), id=new_id(), title=title, created=time.time())
        await self._do(self._store.create(copy))
        return copy.id

    async def import_(self, threads: Iterable[Thread]) -> tuple[str, ...]:
        """Store threads that come from elsewhere, and return their ids.

        One whose id is taken gets another, so that nothing that is here is overwritten.
        """
        self._shown.check_open()
        return await put_threads(self._engine, self._store, threads)

    async def delete(self, thread: str) -> None:
        """Take a thread out of the list; undo brings it back.

        What runs in it is stopped first. When it is the open one, a new one is open afterwards.
        """
        self._shown.check_open()
        session = self._open_as(thread)
        if session is not None:
            session.stop()
            await session.queue.idle()
        stored = session is None or session.feed.is_stored
        if stored:
            await self._do(self._store.delete(thread))
        is_shown = session is not None and session is self._shown.session
        if is_shown:
            self.new()
        if stored:
            self._shown.session.undo_stack.remember_work(
                "delete thread", lambda: self._bring_back(thread, is_shown)
            )

    async def restore(self, thread: str) -> None:
        """Bring back a thread that was deleted.

        Raises:
            NotFoundError: It is gone for good.
        """
        self._shown.check_open()
        await self._do(self._store.restore(thread))

    # -- inside

    async def _bring_back(self, thread: str, open_: bool) -> None:
        await self.restore(thread)
        if open_:
            await self.open(thread)

    def _open_as(self, thread: str) -> Session | None:
        """Return the session of a thread that is open, shown or not."""
        shown = self._shown.session
        return shown if shown.state.thread.id == thread else self._running.get(thread)

    def _check_stored(self, thread: str) -> None:
        session = self._open_as(thread)
        if session is not None and not session.feed.is_stored:
            raise InputError("This thread has no message yet, and is stored with its first one.")

    async def _wait(self, read: Callable[[], T]) -> T:
        return await self._engine.wait(read)

    @staticmethod
    async def _do(future: Future[T]) -> T:
        return await asyncio.wrap_future(future)


def _settled(thread: Thread) -> Thread:
    """Return a thread in which nothing is being written."""
    ended = [
        replace(message, status="interrupted", retry=None, consent=None)
        for message in thread.messages.values()
        if message.status == "streaming"
    ]
    return thread.with_messages(ended, thread.head) if ended else thread


async def put_threads(engine: Engine, store: Store, threads: Iterable[Thread]) -> tuple[str, ...]:
    """Store threads that come from elsewhere, and return their ids, new ones where need be."""
    made: list[str] = []
    for thread in threads:
        kept = _settled(thread)
        if not kept.id or await engine.wait(store.is_taken, kept.id):
            kept = replace(kept, id=new_id())
        await asyncio.wrap_future(store.create(kept))
        made.append(kept.id)
    return tuple(made)
