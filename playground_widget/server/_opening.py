"""What the first request to a server opens: the store, the rooms, the schema."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import import_module

from playground_widget.conversation import Rooms, resolve
from playground_widget.engine import Engine, Offer, engine
from playground_widget.errors import InputError, SetupError
from playground_widget.server._execute import Operations
from playground_widget.server._hub import Hub
from playground_widget.server._limits import Limits
from playground_widget.server._service import Service
from playground_widget.store import open_store

__all__ = ["opened"]


async def opened(place: str, limits: Limits, tools: Sequence[str] = ()) -> Operations:
    """Open the store and return what executes operations.

    Args:
        place: Of the store, or an empty text for the usual one.
        limits: How much may be asked.
        tools: What models may call, each as `module:name`: functions and MCP servers.

    Raises:
        StoreError: The store cannot be used.
        SetupError: The connection of the environment cannot work, or a tool cannot be found.
    """
    # Both may wait: for the disk, and for the demo model to listen.
    store = await asyncio.to_thread(open_store, place or None)
    connection = await asyncio.to_thread(resolve, None)
    shared = engine()
    with await asyncio.to_thread(_offer, shared, tools) as offer:
        rooms = Rooms(shared, store, connection, offer.tools)
    return Operations(Service(shared, store, rooms, Hub(rooms, shared), limits))


def _offer(shared: Engine, names: Sequence[str]) -> Offer:
    """Return tools by their names, each a `Tool`, a plain or async function, or an `MCP` server."""
    found: list[object] = []
    for name in names:
        module, _, attribute = name.partition(":")
        try:
            found.append(getattr(import_module(module), attribute))
        except (ImportError, AttributeError, ValueError) as error:
            raise SetupError(
                f"The tool {name!r} of c.PlaygroundApp.tools cannot be found: {error}. "
                "It is written as 'package.module:function'."
            ) from None
    try:
        return shared.servers.offer(found)
    except (InputError, SetupError) as error:
        raise SetupError(f"c.PlaygroundApp.tools cannot be used: {error}") from None
