"""What all doors of a server share, and the context of every resolver."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from playground_widget.server._faults import TooManySubscriptionsError
from playground_widget.server._limits import Limits
from playground_widget.server._memory import Memory

if TYPE_CHECKING:
    from playground_widget.conversation import Rooms
    from playground_widget.engine import Engine
    from playground_widget.events import State
    from playground_widget.server._hub import Hub
    from playground_widget.store import Store

__all__ = ["Service"]

T = TypeVar("T")


class Service:
    """Threads for everybody who asks this server. Belongs to the server's loop.

    Args:
        engine: Its loop is where the rooms live.
        store: Where threads last.
        rooms: The threads that are open.
        hub: Stands between them and subscribers.
        limits: How much may be asked.
    """

    def __init__(
        self, engine: Engine, store: Store, rooms: Rooms, hub: Hub, limits: Limits
    ) -> None:
        """Begin with no subscriber; another id each time tells a client of a new start."""
        self.id = secrets.token_hex(8)
        self.engine = engine
        self.store = store
        self.rooms = rooms
        self.hub = hub
        self.limits = limits
        self.memory = Memory()
        self._subscriptions: Counter[str] = Counter()
        self._working: set[asyncio.Task[Any]] = set()

    async def inside(self, work: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> T:
        """Do something on the engine's loop; it is done whole even if nobody waits any more."""
        return await asyncio.shield(asyncio.wrap_future(self.engine.spawn(work(*args))))

    async def seen(self, thread: str) -> tuple[State, dict[str, Any]]:
        """Return a thread as it is at this moment, and what stands beside it.

        Raises:
            NotFoundError: There is none.
        """

        async def look() -> tuple[State, dict[str, Any]]:
            room = await self.rooms.room(thread)
            return room.state, room.settings()

        return await self.inside(look)

    async def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call a short function on the engine's loop."""

        async def work() -> T:
            return function(*args)

        return await self.inside(work)

    async def whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on this loop that is done whole even if nobody waits any more."""
        task = asyncio.get_running_loop().create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await asyncio.shield(task)

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        """Read the store, on a thread that may wait."""
        return await asyncio.to_thread(function, *args)

    @contextmanager
    def subscribed(self, client: str) -> Iterator[None]:
        """Count a subscription of a client for as long as it lives.

        Raises:
            TooManySubscriptionsError: It has as many as it may have.
        """
        if self._subscriptions[client] >= self.limits.per_client:
            raise TooManySubscriptionsError
        self._subscriptions[client] += 1
        try:
            yield
        finally:
            self._subscriptions[client] -= 1
            if not self._subscriptions[client]:
                del self._subscriptions[client]

    async def close(self) -> None:
        """End all subscriptions and all runs; what they have said so far is kept."""
        await self.hub.close()
        working: list[Awaitable[Any]] = [*self._working]
        await asyncio.gather(self.memory.settle(), *working, return_exceptions=True)
        await self.inside(self.rooms.close)
