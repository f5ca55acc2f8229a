"""The extension of Jupyter Server, and the command `jupyter playground`."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from tornado.routing import Rule
from traitlets import Bool, Float, Int, List, Unicode, default

from playground_widget.errors import ClosedError, PlaygroundError
from playground_widget.server._http import GraphQLHandler
from playground_widget.server._limits import Limits
from playground_widget.server._page import PageHandler
from playground_widget.server._peer import Peer
from playground_widget.server._websocket import GraphQLWebSocket, WebSocketPath

if TYPE_CHECKING:
    from playground_widget.server._execute import Operations

__all__ = ["PlaygroundApp"]

STATIC = Path(__file__).parent.parent / "static"
LIMITS = Limits()
PATIENCE = 8.0
"""Seconds that the end of the server waits for what is being written."""


def _settle() -> None:
    """Load what the first answer needs, and have no collection of garbage look at it again.

    It all stays until the process ends; looking through it held up every stream for a third of a
    second now and then. Only where the process is our own.
    """
    import_module("playground_widget.provider._sdk")
    gc.collect()
    gc.freeze()


class PlaygroundApp(ExtensionApp):
    """The playground for language models, as a page and as an API."""

    name = "playground"
    description = "Opens the playground for language models in a browser."
    extension_url = "/playground"
    load_other_extensions = True
    opens_at_once = False
    """Whether somebody is about to look at the page: then the store is opened with the server."""

    store = Unicode(
        "",
        config=True,
        help="The file or the postgresql:// database with the threads, or ':memory:'; empty for "
        "the usual one.",
    )
    tools = List(
        Unicode(),
        config=True,
        help="Python functions and MCP servers that models may call in threads that are open here, "
        "each as 'package.module:name'. What is to ask first is a playground_widget.Tool there, a "
        "server a playground_widget.MCP.",
    )
    max_depth = Int(LIMITS.depth, config=True, help="How deep a document may be nested.")
    max_aliases = Int(LIMITS.aliases, config=True, help="How many aliases a document may have.")
    max_tokens = Int(LIMITS.tokens, config=True, help="How many tokens a document may have.")
    max_body = Int(LIMITS.body, config=True, help="Bytes of the body of an HTTP request.")
    max_message = Int(LIMITS.message, config=True, help="Bytes of a WebSocket message.")
    max_operations = Int(
        LIMITS.per_connection, config=True, help="Operations at a time on one WebSocket."
    )
    max_subscriptions = Int(
        LIMITS.per_client, config=True, help="Subscriptions at a time from one address."
    )
    init_timeout = Float(
        LIMITS.init, config=True, help="Seconds that a WebSocket has to say connection_init."
    )
    write_timeout = Float(
        LIMITS.patience, config=True, help="Seconds that a client may leave unread what it got."
    )
    introspection = Bool(
        LIMITS.introspection, config=True, help="Whether the schema can be asked for."
    )

    @default("static_paths")
    def _default_static_paths(self) -> list[str]:
        return [str(STATIC)]

    @classmethod
    def launch_instance(cls, argv: Any = None, **kwargs: Any) -> None:
        """Start a server with its page in a browser: what `jupyter playground` does."""
        cls.opens_at_once = True
        super().launch_instance(argv, **kwargs)  # type: ignore[no-untyped-call] # Jupyter's has no types

    def __init__(self, **kwargs: Any) -> None:
        """Open nothing yet: most servers start without a look at the playground."""
        super().__init__(**kwargs)
        self.peers: set[Peer] = set()
        self._opening: asyncio.Task[Operations] | None = None
        self._closed = False

    @property
    def limits(self) -> Limits:
        """How much one request or one client may ask."""
        return Limits(
            depth=self.max_depth,
            aliases=self.max_aliases,
            tokens=self.max_tokens,
            body=self.max_body,
            message=self.max_message,
            per_connection=self.max_operations,
            per_client=self.max_subscriptions,
            init=self.init_timeout,
            patience=self.write_timeout,
            introspection=self.introspection,
        )

    def initialize_handlers(self) -> None:
        """Add the page, and both doors at one address."""
        assert self.serverapp is not None  # noqa: S101 - Jupyter sets it before
        door = url_path_join(self.serverapp.base_url, "playground", "graphql")
        socket = Rule(WebSocketPath(f"{door}$"), GraphQLWebSocket, {"name": self.name})
        self.serverapp.web_app.add_handlers(  # type: ignore[no-untyped-call] # Jupyter's has no types
            ".*$", [socket]
        )
        self.handlers.extend(
            [
                (r"/playground/graphql", GraphQLHandler),
                (r"/playground(?:/|/thread/[^/]+)?", PageHandler),
            ]
        )

        if self.opens_at_once:
            self.serverapp.io_loop.add_callback(self._open_at_once)

    async def _open_at_once(self) -> None:
        # What is wrong is told to whoever asks for something.
        with suppress(PlaygroundError):
            await self.operations()
        await asyncio.to_thread(_settle)

    async def operations(self) -> Operations:
        """Return what executes operations; the first call opens the store.

        Raises:
            StoreError: It cannot be opened; the next call tries again.
            ClosedError: The server ends.
        """
        if self._closed:
            raise ClosedError("The server ends. Nothing was changed.")
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = asyncio.ensure_future(self._open())
        return await asyncio.shield(self._opening)

    async def _open(self) -> Operations:
        # Loading the schema and the store takes a second, which the server is spared meanwhile.
        module = await asyncio.to_thread(import_module, "playground_widget.server._opening")
        opened: Operations = await module.opened(self.store, self.limits, self.tools)
        return opened

    async def stop_extension(self) -> None:
        """End subscriptions and runs, and write what waits."""
        self._closed = True
        peers = tuple(self.peers)
        for peer in peers:
            peer.close(1001, "The server ends")
        if self._opening is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                operations = await self._opening
                await asyncio.gather(*(peer.settled() for peer in peers))
                await operations.service.close()
        except PlaygroundError:
            # It was never opened.
            return
        except TimeoutError:
            self.log.warning("The playground ends while something is still being written.")
