"""The connections of a server: those that all of its threads can choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from playground_widget.conversation._connections import Connections
from playground_widget.conversation._core import Conversation
from playground_widget.conversation._resolve import resolve
from playground_widget.errors import NotFoundError, PlaygroundError
from playground_widget.model import Thread
from playground_widget.provider import Connection

if TYPE_CHECKING:
    from playground_widget.request import Api

__all__ = ["SharedConnections"]


class SharedConnections:
    """What threads can be asked through. Belongs to the engine's loop thread.

    Args:
        usual: Where answers come from, unless a client chooses another one.
        conversations: Returns those that are open.
    """

    def __init__(
        self, usual: Connection, conversations: Callable[[], Sequence[Conversation]]
    ) -> None:
        """Begin with the usual one alone."""
        self._usual = usual
        self._known = Connections(usual, lambda: None)
        self._conversations = conversations

    def of(self, thread: Thread) -> Connection:
        """Return the connection that answered last in a thread, if there is it, or the usual."""
        for message in reversed(tuple(thread.messages.values())):
            if message.connection:
                for connection in (self._usual, *self._known.known()):
                    if connection.label == message.connection:
                        return connection
                break
        return self._usual

    def offer_to(self, conversation: Conversation) -> None:
        """Have one that was opened just now choose from all of them."""
        for connection in self._known.known():
            if connection.name != conversation.connections.current.name:
                conversation.connections.offer(connection)

    def to_list(self) -> list[dict[str, Any]]:
        """Return what is shown of them."""
        return [self._known.shown(connection) for connection in self._known.known()]

    async def models(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the models that a connection has, by default those of the usual one.

        Raises:
            PlaygroundError: There is no such connection, or it does not tell.
        """
        connection = self._usual if name is None else self._known.choose(name, None, None)
        return [model.to_dict() for model in await connection.models()]

    def add(
        self, name: str, api_key: str | None, base_url: str | None, api: Api | None = None
    ) -> dict[str, Any]:
        """Add a connection that all threads can choose; the key stays in memory.

        Raises:
            SetupError: It cannot work as it is; nothing was changed.
        """
        if api_key is None and base_url is None:
            made = resolve(name)
        else:
            source = "this session" if api_key else None
            made = Connection(name, base_url, api_key, api or "chat", key_source=source)
        self._share(made)
        return self._known.shown(made)

    async def remove(self, name: str) -> None:
        """Forget a connection and its key; threads that use it go back to the demo model.

        Raises:
            NotFoundError: There is none of this name.
        """
        if name not in {connection.name for connection in self._known.known()}:
            raise NotFoundError(f"there is no connection {name[:60]!r}")
        demo = resolve("demo")
        if self._usual.name == name:
            self._usual = demo
        self._known.forget(name, demo)
        for conversation in self._conversations():
            if conversation.connections.current.name == name:
                # Its model is of no use there. Where that can't be written, the key goes anyway.
                with suppress(PlaygroundError):
                    await conversation.connect(demo)
            conversation.connections.forget(name, demo)

    def use(self, connection: Connection) -> None:
        """Use one that was chosen in a thread for those that are opened next."""
        self._usual = connection
        self._share(connection)

    def _share(self, connection: Connection) -> None:
        """Offer a connection to every thread."""
        if connection in self._known.known():
            return
        if self._usual.name == connection.name:
            self._usual = connection
        self._known.offer(connection)
        for conversation in self._conversations():
            if connection not in conversation.connections.known():
                conversation.connections.offer(connection)

    def close(self) -> None:
        """Close the network connections that no conversation holds."""
        self._known.close()
