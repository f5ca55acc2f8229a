"""Looking whether a whole answer fits the format it was asked for in."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import replace

from playground_widget.model import Message, wants_json
from playground_widget.schemas import misfit
from playground_widget.text import described_error

__all__ = ["checked"]

LONGEST_REASON = 500
"""Characters that are told of what an error of a check says."""

LONGEST_CHECK = 10.0
"""Seconds that a check may take: a class's validators are code of the user."""


async def checked(message: Message) -> Message:
    """Return an answer with why it does not fit what was asked for, if that is so.

    On a thread of its own, which does not keep Python from ending.
    """
    if not wants_json(message.params.response_format if message.params else None):
        return message
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str | None] = loop.create_future()

    def settle(reason: str | None) -> None:
        if not found.done():
            found.set_result(reason)

    def look() -> None:
        try:
            reason = misfit(message)
        except BaseException as error:  # noqa: BLE001 - the answer is kept whatever its check meets
            reason = f"the check of the answer failed: {described_error(error, LONGEST_REASON)}"
        with suppress(RuntimeError):  # Python is ending
            loop.call_soon_threadsafe(settle, reason)

    threading.Thread(target=look, name="playground-check", daemon=True).start()
    try:
        async with asyncio.timeout(LONGEST_CHECK):
            reason = await found
    except TimeoutError:
        reason = f"the check of the answer took longer than {LONGEST_CHECK:g} s"
    return message if reason is None else replace(message, invalid=reason)
