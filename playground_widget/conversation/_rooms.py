"""The threads that a server has open: a conversation each, which all of its clients share.

All methods belong to the engine's loop thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget.compare import Runner, running
from playground_widget.conversation._core import Conversation
from playground_widget.conversation._files import read_file
from playground_widget.conversation._ids import new_id
from playground_widget.conversation._list_news import ListNews
from playground_widget.conversation._requests import carry_out
from playground_widget.conversation._shared_connections import SharedConnections
from playground_widget.conversation._threads import put_threads
from playground_widget.engine import News, Uses, described, is_harmless, renewed
from playground_widget.errors import (
    ClosedError,
    ConflictError,
    InputError,
    NotFoundError,
)
from playground_widget.events import State
from playground_widget.model import Params, Thread
from playground_widget.protocol import (
    CompareRequest,
    Connect,
    DeleteThread,
    ListComparisons,
    Request,
    RestoreThread,
    Set,
)
from playground_widget.provider import Connection
from playground_widget.text import clean_text, clean_texts
from playground_widget.tools import Tool

if TYPE_CHECKING:
    from playground_widget.engine import Engine
    from playground_widget.store import Store, ThreadFilter, ThreadPage

__all__ = ["Outcome", "Rooms"]

KEPT = 600.0
"""Seconds for which a thread stays open though nobody looks at it and nothing runs in it."""

KEPT_UNSTORED = 24 * 3600.0
"""The same for a new thread: what is typed for it is still in a page."""

MOST = 500
"""How many threads stay open that nobody needs: more would be no use to anybody."""


class Outcome(NamedTuple):
    """What came of a request.

    Args:
        revision: The thread's, after it.
        result: What its sender is told: ids of what was made, and the like.
        state: The thread after it.
    """

    revision: int
    result: dict[str, Any]
    state: State


class _Room:
    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.used = time.monotonic()

    def is_needed(self, now: float) -> bool:
        """Return whether somebody looks at it, something runs in it, or it was used just now."""
        conversation = self.conversation
        if conversation.has_listeners or not conversation.queue.is_idle:
            return True
        if conversation.comparing.is_busy:
            return True
        return now - self.used < (KEPT if conversation.feed.is_stored else KEPT_UNSTORED)


class Rooms:
    """Opens threads when they are asked for, and closes them when nobody needs them.

    Args:
        engine: Whose loop it belongs to.
        store: Where threads last.
        connection: Where answers come from, unless a client chooses another one.
        tools: What models may call.
    """

    def __init__(
        self, engine: Engine, store: Store, connection: Connection, tools: tuple[Tool, ...] = ()
    ) -> None:
        """Begin with no thread open."""
        self.engine = engine
        self.store = store
        self._rooms: dict[str, _Room] = {}
        self._opening: dict[str, asyncio.Task[Conversation]] = {}
        self.connections: SharedConnections = SharedConnections(connection, self._conversations)
        self._tools = tools
        # MCP servers stay for as long as the rooms do, whichever are open.
        self._uses = Uses(self._hear_tools)
        self._uses.take(tools)
        self._list_listeners: list[Callable[[], None]] = []
        self._list_news = ListNews(engine, store, self._tell_of_list)
        self._closed = False
        # Where comparisons are that began from no thread, or from one that is gone.
        self._without_thread: Conversation | None = None

    def _hear_tools(self, news: News) -> None:
        """Hear that a server has other tools; rooms that are open hear of it themselves."""
        self.engine.post(self._renew_tools, news)

    def _renew_tools(self, news: News) -> None:
        self._tools = renewed(self._tools, news)

    # -- the rooms

    async def room(self, thread: str) -> Conversation:
        """Return the conversation of a thread, opened if need be.

        Raises:
            NotFoundError: There is no such thread.
        """
        self._check_open()
        known = self._rooms.get(thread)
        if known is not None:
            known.used = time.monotonic()
            await known.conversation.feed.look()
            if not known.conversation.feed.removed:
                return known.conversation
            # Deleted by another process. Where it was brought back since, what runs in it goes on;
            # where not, it runs to its end, and a later look finds it idle.
            await self.engine.wait(self.store.load, thread)
            if self._rooms.get(thread) is known:
                known.conversation.feed.is_back()
                await known.conversation.feed.catch_up()
                return known.conversation
        if thread not in self._opening:
            task = self.engine.loop.create_task(self._open(thread))
            self._opening[thread] = task
            task.add_done_callback(lambda _: self._opening.pop(thread))
        # Whoever stops waiting must not end it for the others.
        return await asyncio.shield(self._opening[thread])

    async def _open(self, thread: str) -> Conversation:
        stored = await self.engine.wait(self.store.load, thread)
        self._check_open()
        return self._enter(stored.thread, stored.revision)

    def _enter(self, thread: Thread, revision: int | None) -> Conversation:
        self._leave_unneeded()
        conversation = self._conversation(thread, revision)
        self._rooms[thread.id] = _Room(conversation)
        return conversation

    def _conversation(self, thread: Thread, revision: int | None) -> Conversation:
        opened, connection = (revision, thread), self.connections.of(thread)
        # Pages follow the list by itself.
        conversation = Conversation(self.engine, self.store, opened, connection, lists=False)
        conversation.toolbox.use(self._tools, Context())
        self.connections.offer_to(conversation)
        return conversation

    def _conversations(self) -> list[Conversation]:
        """Return all that are open."""
        found = [room.conversation for room in self._rooms.values()]
        return found if self._without_thread is None else [*found, self._without_thread]

    def _leave_unneeded(self) -> None:
        """Close the rooms that nobody needs any more."""
        now = time.monotonic()
        left = [name for name, room in self._rooms.items() if not room.is_needed(now)]
        idle = [
            name
            for name, room in sorted(self._rooms.items(), key=lambda item: item[1].used)
            if room.conversation.feed.is_stored
            and not room.conversation.has_listeners
            and room.conversation.queue.is_idle
            and not room.conversation.comparing.is_busy
        ]
        crowd = max(0, len(self._rooms) - len(left) - MOST)
        for name in {*left, *idle[:crowd]}:
            self._rooms.pop(name).conversation.close()

    # -- what clients ask

    async def carry_out(
        self, thread: str, request: Request, expected: int | None = None
    ) -> Outcome:
        """Do what a client asks of a thread.

        Args:
            thread: The id of the thread.
            request: Anything that a conversation can be asked.
            expected: The revision that the client has seen: refused when others have changed the
                thread since in a way that matters.

        Raises:
            PlaygroundError: It was refused; nothing was changed.
        """
        if isinstance(request, RestoreThread):
            await asyncio.wrap_future(self.store.restore(thread))
        room = await self.room(thread)
        if expected is not None:
            await self._check_current(room, expected)
        result: dict[str, Any] = {}
        if isinstance(request, DeleteThread):
            await self._delete(room)
        elif not isinstance(request, RestoreThread):
            result = await carry_out(room, request)
            if isinstance(request, Connect):
                self.connections.use(room.connections.current)
        return Outcome(room.state.revision, result, room.state)

    # -- comparisons

    async def comparison(self, comparison: str) -> tuple[Conversation, Runner]:
        """Return a comparison, and the conversation that it belongs to: that of its thread.

        Raises:
            NotFoundError: There is none.
            SetupError: A connection of it is not known here.
        """
        self._check_open()
        info = await self.engine.wait(self.store.comparisons.info, comparison)
        room = await self._room_of(info.thread)
        return room, await room.comparing.runner(comparison)

    async def carry_out_in(self, comparison: str, request: CompareRequest) -> dict[str, Any]:
        """Do what a client asks of a comparison, and return what it is told.

        Raises:
            PlaygroundError: It was refused; nothing was changed.
        """
        room, _ = await self.comparison(comparison)
        return await carry_out(room, request)

    async def list_comparisons(self, search: str | None) -> list[dict[str, Any]]:
        """Return the list of comparisons."""
        found = await carry_out(self._room_without_thread(), ListComparisons(search))
        listed: list[dict[str, Any]] = found["comparisons"]
        return listed

    async def _room_of(self, thread: str | None) -> Conversation:
        if thread is not None:
            with suppress(NotFoundError):
                return await self.room(thread)
        return self._room_without_thread()

    def _room_without_thread(self) -> Conversation:
        self._check_open()
        if self._without_thread is None:
            self._without_thread = self._conversation(self.blank(Set()), None)
        return self._without_thread

    async def _check_current(self, room: Conversation, expected: int) -> None:
        revision, thread, _ = room.state
        if expected == revision:
            return
        if expected > revision:
            raise ConflictError(
                f"This thread has revision {revision} here, less than the {expected} that was "
                "expected. Nothing was changed: read it again."
            )
        stored = room.feed.is_stored
        changes = await self.engine.wait(self.store.since, thread.id, expected) if stored else None
        if not is_harmless(changes):
            raise ConflictError(described(changes))

    async def _delete(self, room: Conversation) -> None:
        """Take a thread out of the list, with what runs in it stopped first."""
        session = room.session
        session.stop()
        await session.queue.idle()
        thread = session.state.thread.id
        if not session.feed.is_stored:
            raise InputError("This thread has no message yet: there is nothing to delete.")
        await asyncio.wrap_future(self.store.delete(thread))
        session.feed.announce_removed()
        session.feed.flush()
        self._rooms.pop(thread, None)
        room.close()

    # -- threads

    def create(self, thread: Thread) -> Conversation:
        """Open a new thread, which is stored with its first message.

        A thread without a model gets the usual one.
        """
        self._check_open()
        return self._enter(thread, None)

    def blank(self, changes: Set) -> Thread:
        """Return a new thread without messages."""
        return Thread(
            id=new_id(),
            created=time.time(),
            title=clean_text(changes.title or ""),
            system=clean_text(changes.system or ""),
            model=clean_text(changes.model or ""),
            params=Params().changed(clean_texts(changes.params or {})),
        )

    async def import_(self, name: str, text: str) -> tuple[str, ...]:
        """Store the threads of a file, and return their ids.

        Raises:
            InputError: There is none in it that can be read.
        """
        self._check_open()
        found = await self.engine.wait(read_file, name, text)
        return await put_threads(self.engine, self.store, found)

    async def page(
        self,
        search: str | None = None,
        after: str | None = None,
        limit: int = 50,
        filter_: ThreadFilter | None = None,
    ) -> ThreadPage:
        """Return a page of the list, as `Store.page` does."""
        return await self.engine.wait(self.store.page, search, after, limit, filter_)

    # -- the list of threads

    def listen_to_list(self, listener: Callable[[], None]) -> None:
        """Call a function when the list of threads is another, at most five times a second."""
        self._list_listeners.append(listener)
        self._list_news.follow()

    def leave_list(self, listener: Callable[[], None]) -> None:
        """End what `listen_to_list` began."""
        if listener in self._list_listeners:
            self._list_listeners.remove(listener)
        if not self._list_listeners:
            self._list_news.leave()

    def _tell_of_list(self) -> None:
        for listener in tuple(self._list_listeners):
            listener()

    # -- the end

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("The server is ending. Nothing was changed.")

    async def close(self) -> None:
        """End what runs, and wait until it is stored."""
        self._closed = True
        self._list_news.leave()
        open_now = self._conversations()
        self._rooms = {}
        comparisons = [runner for conversation in open_now for runner in running(conversation)]
        for conversation in open_now:
            conversation.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                for conversation in open_now:
                    await conversation.queue.idle()
                for runner in comparisons:
                    await runner.settled()
        self._uses.release()
        self.connections.close()
