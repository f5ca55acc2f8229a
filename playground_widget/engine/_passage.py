"""How the requests of an answer pass the limits that it shares with comparisons."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from playground_widget.engine._admission import Admission
from playground_widget.errors import ErrorInfo

if TYPE_CHECKING:
    from playground_widget.engine._limits import Permit
    from playground_widget.provider import Connection

__all__ = ["Passage"]

MOMENT = 1.0
"""Seconds that nobody need be told of."""


class Passage(Admission):
    """Lets the requests of one answer through, before those of comparisons.

    Belongs to the loop's thread.

    Args:
        limiter: Of the service.
        tokens: About how many tokens the request and its answer have.
    """

    async def open(
        self, hurry: asyncio.Event, waits: Callable[[float | None], Awaitable[None]]
    ) -> None:
        """Wait until the request may be sent; it is sent now.

        Args:
            hurry: Ends the wait at once.
            waits: Called with how long that will be where it is more than a moment, and with
                `None` when it is over.
        """
        wait = self._limiter.wait_of_first(self._tokens)
        if wait <= MOMENT:
            permit = await self._limiter.acquire_first(self._tokens)
        else:
            hurry.clear()
            await waits(wait)
            permit = await self._hurried(hurry)
            try:
                await waits(None)
            except BaseException:
                permit.give_back()
                raise
        self._pass(permit)

    async def _hurried(self, hurry: asyncio.Event) -> Permit:
        """Wait until it may be sent, or until somebody will not wait any more."""
        allowed = asyncio.ensure_future(self._limiter.acquire_first(self._tokens))
        hurried = asyncio.ensure_future(hurry.wait())
        try:
            await asyncio.wait({allowed, hurried}, return_when=asyncio.FIRST_COMPLETED)
            return allowed.result() if allowed.done() else self._limiter.take(self._tokens)
        except asyncio.CancelledError:
            if allowed.done() and not allowed.cancelled():
                allowed.result().give_back()
            raise
        finally:
            allowed.cancel()
            hurried.cancel()


def at_limit(connection: Connection) -> ErrorInfo:
    """Return why a request waits, in the words of a service that limits them."""
    return ErrorInfo(
        kind="rate_limited",
        title=f"{connection.label} was asked as often as was set for a minute",
        detail="Your message is kept, and goes before what comparisons ask.",
    )
