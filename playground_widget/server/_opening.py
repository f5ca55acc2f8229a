"""What the first request to a server opens: the store, the rooms, the schema."""

from __future__ import annotations

import asyncio

from playground_widget.conversation import Rooms, resolve
from playground_widget.engine import engine
from playground_widget.server._asked import Limits
from playground_widget.server._execute import Operations
from playground_widget.server._hub import Hub
from playground_widget.server._service import Service
from playground_widget.store import open_store

__all__ = ["opened"]


async def opened(place: str, limits: Limits) -> Operations:
    """Open the store and return what executes operations.

    Args:
        place: Of the store, or an empty text for the usual one.
        limits: How much may be asked.

    Raises:
        StoreError: The store cannot be used.
        SetupError: The connection of the environment cannot work.
    """
    # Both may wait: for the disk, and for the demo model to listen.
    store = await asyncio.to_thread(open_store, place or None)
    connection = await asyncio.to_thread(resolve, None)
    shared = engine()
    rooms = Rooms(shared, store, connection)
    return Operations(Service(shared, store, rooms, Hub(rooms, shared), limits))
