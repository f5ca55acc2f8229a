"""The server's life: a thread with an event loop of its own, on a loopback port."""

from __future__ import annotations

import asyncio
import atexit
import os
import socket
import threading
import weakref
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from playground_widget.demo._app import Shared, application
from playground_widget.demo._records import Log, RequestRecord

__all__ = ["DemoServer", "shared"]

_HOST = "127.0.0.1"


class DemoServer:
    """An OpenAI-compatible server in a thread of this process.

    It works beside any other event loop, such as that of a Jupyter kernel, and in plain scripts.

    Args:
        api_key: The only key to accept; None accepts any, and none.
        keep: How many requests to remember.

    Example:
        >>> from openai import OpenAI
        >>> from playground_widget.demo import DemoServer
        >>> with DemoServer() as server:
        ...     with OpenAI(base_url=server.base_url, api_key="demo") as client:
        ...         client.models.retrieve("demo").id
        'demo'
    """

    def __init__(self, *, api_key: str | None = None, keep: int = 100) -> None:
        self._set_up(api_key, keep)
        _servers.add(self)

    def _set_up(self, api_key: str | None, keep: int | None) -> None:
        self._lock = threading.Lock()
        self._log = Log(keep)
        self._shared = Shared(self._log)
        self._shared.api_key = api_key
        self._running: _Running | None = None

    def start(self) -> Self:
        """Start if not running, and return self.

        In a child made by `os.fork` the server is not running, whatever it is in the parent.

        Raises:
            OSError: No loopback port can be had.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> server = DemoServer().start()
            >>> server.base_url.endswith("/v1")
            True
            >>> server.close()
        """
        with self._lock:
            if self._running is None or not self._running.thread.is_alive():
                self._running = _Running(self._shared)
        return self

    def close(self) -> None:
        """Hang up on all clients and stop; the records stay. Closing twice is harmless.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> server = DemoServer().start()
            >>> server.close()
            >>> server.port
            Traceback (most recent call last):
            RuntimeError: The demo server is not running. Call start() first.
        """
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The port; another one after each start.

        Raises:
            RuntimeError: The server is not running.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> with DemoServer() as server:
            ...     0 < server.port < 65536
            True
        """
        running = self._running
        if running is None:
            raise RuntimeError("The demo server is not running. Call start() first.")
        return running.port

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes as `base_url`, such as `http://127.0.0.1:40123/v1`.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> with DemoServer() as server:
            ...     pg = Playground(connection=server.base_url, model="demo-fast")
            ...     pg.send("Hello").status
            'complete'
        """
        return f"http://{_HOST}:{self.port}/v1"

    @property
    def api_key(self) -> str | None:
        """The only key to accept, or None for any; can be assigned while running.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> with DemoServer(api_key="right") as server:
            ...     pg = Playground(connection=Connection("demo server", server.base_url, "wrong"))
            ...     try:
            ...         pg.send("Hello")
            ...     except KeyRefusedError as error:
            ...         print(error.info.kind)
            key_refused
        """
        return self._shared.api_key

    @api_key.setter
    def api_key(self, key: str | None) -> None:
        self._shared.api_key = key

    @property
    def requests(self) -> deque[RequestRecord]:
        """The last requests, oldest first. Clearing it forgets them.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> with DemoServer() as server:
            ...     pg = Playground(connection=server.base_url, model="demo-fast")
            ...     answer = pg.send("Hello")
            ...     server.requests[-1].body["messages"]
            [{'role': 'user', 'content': 'Hello'}]
        """
        return self._log.requests

    def wait_for(
        self, wanted: Callable[[RequestRecord], bool], timeout: float = 5.0
    ) -> RequestRecord:
        """Return the newest request for which `wanted` is true, once there is one.

        Args:
            wanted: Called with each record, newest first, whenever one changes.
            timeout: The most seconds to wait.

        Raises:
            TimeoutError: There was none within `timeout` seconds.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> with DemoServer() as server:
            ...     pg = Playground(connection=server.base_url, model="demo-fast")
            ...     answer = pg.send("Hello")
            ...     server.wait_for(lambda request: request.state == "finished").status
            200
        """
        return self._log.wait_for(wanted, timeout)

    def wait_for_disconnect(self, timeout: float = 5.0) -> RequestRecord:
        """Return a request whose client hung up before the answer was complete.

        Each is returned once, the oldest first.

        Args:
            timeout: The most seconds to wait.

        Raises:
            TimeoutError: No client hung up within `timeout` seconds.

        Example:
            >>> from playground_widget.demo import DemoServer
            >>> with DemoServer() as server:
            ...     pg = Playground(connection=server.base_url, model="demo-slow")
            ...     for words in pg.stream("Hello"):
            ...         break
            ...     server.wait_for_disconnect().state
            'disconnected'
        """
        return self._log.wait_for_disconnect(timeout)

    def _after_fork(self) -> None:
        # The parent's thread does not exist here, and its locks may be held for ever. The
        # inherited listener is closed, or the port would outlive the parent's server.
        if self._running is not None:
            self._running.forget()
        self._set_up(self.api_key, self.requests.maxlen)


class _Running:
    """A started server: one thread, one loop, one port."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.sockets = bind_sockets(0, _HOST, family=socket.AF_INET)
        self.port: int = self.sockets[0].getsockname()[1]
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ended = asyncio.Event()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, name="playground-demo", daemon=True)
        self.thread.start()
        self.ready.wait()

    def run(self) -> None:
        try:
            asyncio.run(self.serve())
        finally:
            # If it could not start, nobody waits for it for ever.
            self.ready.set()

    async def serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        server = HTTPServer(application(self.shared))
        server.add_sockets(self.sockets)
        self.ready.set()
        await self.ended.wait()
        server.stop()
        self.shared.hang_up()
        await server.close_all_connections()

    def stop(self) -> None:
        if self.loop is not None and self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.ended.set)
            self.thread.join()

    def forget(self) -> None:
        for one in self.sockets:
            one.close()


_servers: weakref.WeakSet[DemoServer] = weakref.WeakSet()
_lock = threading.Lock()
_the_one: DemoServer | None = None


def shared() -> DemoServer:
    """Return the server that everything in this process shares, started.

    It is made at the first call, closed when the interpreter exits, and made again in a child of
    `os.fork`.

    Raises:
        OSError: No loopback port can be had.

    Example:
        >>> from playground_widget.demo import shared
        >>> shared() is shared()
        True
    """
    global _the_one  # noqa: PLW0603 one per process is what this function is for
    with _lock:
        if _the_one is None:
            _the_one = DemoServer(keep=20)
            atexit.register(_the_one.close)
        return _the_one.start()


def _after_fork() -> None:
    global _lock, _the_one  # noqa: PLW0603
    _lock = threading.Lock()
    if _the_one is not None:
        atexit.unregister(_the_one.close)
    _the_one = None
    for server in list(_servers):
        server._after_fork()  # noqa: SLF001 the same module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
