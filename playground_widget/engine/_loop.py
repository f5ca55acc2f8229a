"""One background event loop for the process, and one thread for the callbacks of users.

The loop runs streams and owns the state of every conversation; it runs no code of users. The
dispatcher thread runs their callbacks, in order. Both are daemons and are made anew after a
fork, since a child has none of its parent's threads.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from playground_widget.engine._functions import Functions, refuse_inside
from playground_widget.engine._inbox import Inbox
from playground_widget.engine._limits import Limiter
from playground_widget.engine._servers import Servers
from playground_widget.engine._wire import Wires
from playground_widget.errors import ClosedError, PlaygroundError, WouldBlockError

if TYPE_CHECKING:
    from playground_widget.engine._run import Run
    from playground_widget.provider import Connection

__all__ = ["Engine", "engine"]

T = TypeVar("T")

_log = logging.getLogger("playground_widget")


class Engine:
    """The loop thread and the dispatcher thread of this process."""

    def __init__(self) -> None:
        """Start both threads; `engine()` is how one gets the one they share."""
        self.loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
        self._inbox = Inbox(self.loop)
        self.functions: Functions = Functions()
        self.servers: Servers = Servers(self.functions, self.dispatch)
        self.wires: Wires = Wires()
        self._process = os.getpid()
        self._limiters: dict[object, Limiter] = {}
        # The loop itself keeps no strong reference to what it runs.
        self._background: set[asyncio.Task[object]] = set()
        self._callbacks: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        # The thread that first sends belongs to one cell; what it prints must not.
        self._threads = [
            threading.Thread(target=contextvars.Context().run, args=(work,), name=name, daemon=True)
            for work, name in (
                (self._run_loop, "playground-engine"),
                (self._run_callbacks, "playground-callbacks"),
            )
        ]
        for thread in self._threads:
            thread.start()

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _run_callbacks(self) -> None:
        while True:
            callback = self._callbacks.get()
            try:
                callback()
            except BaseException:  # noqa: BLE001 - code of users, logged with its traceback
                _log.exception("A callback of a playground raised; the playground goes on")
            # While the next one is waited for, this one would hold its playground.
            del callback

    def dispatch(self, callback: Callable[[], object]) -> None:
        """Run a callback of a user after those before it, on the dispatcher thread."""
        self._callbacks.put(callback)

    def inside(self) -> bool:
        """Return whether this is the loop's own thread."""
        return threading.current_thread() is self._threads[0]

    def refuse_to_block(self, queue: object = None) -> None:
        """Raise where waiting for an answer would wait for itself.

        Args:
            queue: Of the conversation that is waited for.

        Raises:
            WouldBlockError: This is the loop's or the dispatcher's thread, or that of a function
                for which the conversation waits.
        """
        refuse_inside(queue)
        if threading.current_thread() in self._threads:
            raise WouldBlockError(
                "This call waits for an answer, and its thread is needed to bring it: a callback "
                "cannot wait. Use pg.start(...), which returns at once."
            )

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Run a short function on the loop's thread and return what it returns.

        From the loop's own thread it is called at once. The function must not wait: this is
        how any thread reads and changes the state that the loop owns.
        """
        if self.inside():
            return function(*args)
        self._check()
        done: Future[T] = Future()

        def work() -> None:
            try:
                done.set_result(function(*args))
            except BaseException as error:  # noqa: BLE001 - belongs to the caller's thread
                done.set_exception(error)

        self._inbox.part()
        self.loop.call_soon_threadsafe(work)
        return done.result()

    def _check(self) -> None:
        """Refuse what would wait for a thread that is no more."""
        if sys.is_finalizing():
            raise ClosedError("Python is ending, and its background threads have ended before it.")
        if os.getpid() != self._process:
            raise ClosedError(
                "This playground belongs to the process that this one was forked from. Make "
                "another here; Playground(thread=...) goes on with a stored conversation."
            )

    async def wait(self, function: Callable[..., T], *args: Any) -> T:
        """Call what may wait on another thread, and return what it returns.

        Raises:
            ClosedError: Python is ending, and has no more threads for this.
            RuntimeError: The function raised what would end the loop, or hang whoever waits.
        """

        def held() -> T:
            try:
                return function(*args)
            except (SystemExit, KeyboardInterrupt, StopIteration) as error:
                # Such as the code of a user's object, of which an export shows the value.
                raise RuntimeError(f"it raised {type(error).__name__}") from error

        try:
            waiting = self.loop.run_in_executor(None, held)
        except RuntimeError as error:
            raise ClosedError(f"Python is ending: {error}.") from None
        return await waiting

    def post(self, function: Callable[..., object], *args: Any) -> None:
        """Run a short function on the loop's thread soon, without waiting for it."""
        self._inbox.put(function, *args)

    def background(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something on the loop that nobody waits for; called on the loop's thread.

        What it was refused is no matter there: the state says what came of it.
        """
        task = self.loop.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._settled)

    def _settled(self, task: asyncio.Task[object]) -> None:
        self._background.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, PlaygroundError):
            _log.error("Something the playground did by itself failed", exc_info=error)

    def do(self, work: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> T:
        """Do something on the loop that is short but writes, and return what it returns.

        Raises:
            WouldBlockError: This is the loop's thread.
        """
        if self.inside():
            raise WouldBlockError("The engine's own thread cannot wait for itself.")
        self._check()
        return self.spawn(work(*args)).result()

    def launch(self, run: Run, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        """Have a run begin without waiting for that; what it is refused, the run raises."""
        self._check()

        def begun(future: Future[None]) -> None:
            if not future.cancelled() and (error := future.exception()):
                run._finish(None, error)  # noqa: SLF001 - the engine's side of a run

        self.spawn(work(*args)).add_done_callback(begun)

    def limiter(self, connection: Connection) -> Limiter:
        """Return what all share that ask a service with one key; called on the loop's thread."""
        most = (connection.requests_per_minute, connection.tokens_per_minute)
        key = (connection.base_url, connection.key_tail, *most)
        if key not in self._limiters:
            self._limiters[key] = Limiter(self.loop.time, *most)
        return self._limiters[key]

    def spawn(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop from any thread."""
        self._inbox.part()
        return asyncio.run_coroutine_threadsafe(work, self.loop)


_engine: Engine | None = None
_lock = threading.Lock()


def engine() -> Engine:
    """Return the engine of this process, started at the first call."""
    global _engine  # noqa: PLW0603 - one per process is what it is
    with _lock:
        if _engine is None:
            _engine = Engine()
        return _engine


def _forget() -> None:
    global _engine, _lock
    _engine, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
