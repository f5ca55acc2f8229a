"""Functions of users, called by models: plain ones in threads of their own, async ones on a loop.

They are kept away from the engine's loop, which has to go on whatever they do, and from the
executor of the engine, which a few slow ones would fill. All these threads are daemons: a function
that hangs keeps no interpreter alive.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

from playground_widget.errors import WouldBlockError

__all__ = ["Functions", "Returned", "refuse_inside"]

T = TypeVar("T")

_called_by: ContextVar[frozenset[int]] = ContextVar("playground_called_by", default=frozenset())
"""The queues of the conversations that wait for what the present code returns."""


class Returned(NamedTuple):
    """What came of a call. An error is held rather than raised: it may be any, such as SystemExit.

    Args:
        value: What the function returned.
        error: What it raised.
    """

    value: Any
    error: BaseException | None


def refuse_inside(queue: object) -> None:
    """Raise where a function that a conversation waits for would wait for that conversation.

    Raises:
        WouldBlockError: Because of that.
    """
    if id(queue) in _called_by.get():
        raise WouldBlockError(
            "This function was called by the conversation that it now waits for, which would wait "
            "for ever. Use another Playground here, or pg.start(...), which returns at once."
        )


class Functions:
    """Calls functions of users. `call` is awaited on the engine's loop; the rest is for any thread.

    The sessions of MCP servers live on the loop for async functions too.
    """

    def __init__(self) -> None:
        """Start nothing; the loop for async functions starts with the first of them."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def post(self, function: Callable[[], object]) -> None:
        """Run a short function on the loop for async functions soon, without waiting for it."""
        self._running().call_soon_threadsafe(function, context=contextvars.Context())

    def spawn(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop for async functions."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def inside(self) -> bool:
        """Return whether this is the thread of the loop for async functions."""
        return threading.current_thread() is self._thread

    async def call(
        self, function: Callable[[], Any], context: contextvars.Context, queue: object
    ) -> Returned:
        """Call a function and return what came of it.

        If whoever waits is cancelled, an async function is cancelled too; a plain one is left to
        finish.

        Args:
            function: Without arguments. A coroutine function is called on a loop.
            context: What it is called in; of which a copy is made, since two may run at a time.
            queue: Whose run waits for it.
        """
        context = context.copy()
        known = context.get(_called_by, frozenset())
        context.run(_called_by.set, known | {id(queue)})
        if inspect.iscoroutinefunction(function):
            return await self._on_loop(function, context)
        called = await _in_thread(lambda: context.run(function))
        if called.error is None and inspect.isawaitable(called.value):
            return await self._on_loop(lambda: called.value, context)
        if called.error is None and inspect.isasyncgen(called.value):
            return await self._on_loop(lambda: _whole(called.value), context)
        return called

    async def _on_loop(
        self, function: Callable[[], Awaitable[Any]], context: contextvars.Context
    ) -> Returned:
        loop = self._running()
        done: Future[Returned] = Future()

        async def work() -> None:
            try:
                done.set_result(Returned(await function(), None))
            except BaseException as error:  # noqa: BLE001 - told to the model, and to the page
                done.set_result(Returned(None, error))

        tasks: list[asyncio.Task[None]] = []
        loop.call_soon_threadsafe(lambda: tasks.append(loop.create_task(work(), context=context)))
        try:
            # Shielded, since a future that is cancelled could not be settled any more.
            return await asyncio.shield(asyncio.wrap_future(done))
        except asyncio.CancelledError:
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])
            raise

    def _running(self) -> asyncio.AbstractEventLoop:
        # Without the lock once there is one, since a finalizer may ask in the middle of anything.
        if self._loop is not None:
            return self._loop
        with self._starting:
            if self._loop is None:
                loop = asyncio.new_event_loop()

                def run() -> None:
                    asyncio.set_event_loop(loop)
                    loop.run_forever()

                self._thread = _start(run, "playground-async-functions")
                self._loop = loop
            return self._loop


async def _whole(items: AsyncGenerator[Any, None]) -> list[Any]:
    """Return a list of what an async function yields."""
    async with contextlib.aclosing(items):
        return [item async for item in items]


async def _in_thread(function: Callable[[], Any]) -> Returned:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Returned] = loop.create_future()

    def settle(returned: Returned) -> None:
        # Where nobody waits any more, it has been cancelled.
        if not done.done():
            done.set_result(returned)

    def work() -> None:
        try:
            returned = Returned(function(), None)
        except BaseException as error:  # noqa: BLE001 - told to the model, and to the page
            returned = Returned(None, error)
        loop.call_soon_threadsafe(settle, returned)

    _start(work, "playground-function")
    return await done


def _start(work: Callable[[], None], name: str) -> threading.Thread:
    target = contextvars.Context().run
    thread = threading.Thread(target=target, args=(work,), name=name, daemon=True)
    thread.start()
    return thread
