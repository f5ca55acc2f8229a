"""Looking for servers of this machine, once for all who ask at about the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playground_widget.provider import local_servers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from playground_widget.provider import Offer

__all__ = ["LocalSearch"]

FRESH = 2.0
"""Seconds for which what was found counts: a menu that opens shows a server that began just now."""


class LocalSearch:
    """A search that many conversations share. Belongs to the thread of the loop it is used on.

    Args:
        look: Finds the servers.
    """

    def __init__(self, look: Callable[[], Awaitable[Sequence[Offer]]] = local_servers) -> None:
        """Begin with nothing found."""
        self._look = look
        self._last: asyncio.Task[tuple[Offer, ...]] | None = None
        self._until = 0.0

    async def offers(self) -> tuple[Offer, ...]:
        """Return the servers that there are now, or were up to two seconds ago.

        Whatever the search raises is raised to all who wait for it.
        """
        loop = asyncio.get_running_loop()
        last = self._last
        # After a fork the loop is another one, and what ran on the old one never ends.
        if (
            last is None
            or last.get_loop() is not loop
            or (last.done() and loop.time() > self._until)
        ):
            last = self._last = loop.create_task(self._search())
        # Whoever stops waiting must not end it for the others.
        return await asyncio.shield(last)

    async def _search(self) -> tuple[Offer, ...]:
        loop = asyncio.get_running_loop()
        self._until = 0.0
        found = tuple(await self._look())
        self._until = loop.time() + FRESH
        return found
