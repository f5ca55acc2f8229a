"""Mutations that are done once, however often they are asked for."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, NamedTuple

from strawberry import Some

from playground_widget.errors import InputError

__all__ = ["Memory"]

MOST = 1000
SECONDS = 3600.0


class _Known(NamedTuple):
    digest: bytes
    payload: asyncio.Task[Any]
    since: float


class Memory:
    """The payloads of mutations by the id that their caller gave them.

    Inputs are not kept, only a keyed digest, since there may be a key to a service in them.

    Args:
        most: How many are remembered.
        seconds: For how long.
    """

    def __init__(self, most: int = MOST, seconds: float = SECONDS) -> None:
        """Remember nothing yet."""
        self._most = most
        self._seconds = seconds
        self._salt = secrets.token_bytes(32)
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    async def once(
        self,
        name: tuple[str, str],
        given: object,
        work: Callable[[], Awaitable[Any]],
        keep: Callable[[Any], bool],
    ) -> Any:
        """Return what the first call of this name returns or returned.

        The work goes on when its caller is gone. Work that raises is forgotten.

        Args:
            name: The mutation, and the id that the caller gave.
            given: Its input.
            work: Does it.
            keep: Whether a payload is remembered once it is there.

        Raises:
            InputError: The name was used with another input.
        """
        self._forget_old()
        digest = self._digest(given)
        known = self._known.get(name)
        if known is None:
            task = asyncio.ensure_future(work())
            known = self._known[name] = _Known(digest, task, time.monotonic())
            task.add_done_callback(lambda done: self._done(name, done, keep))
        elif not hmac.compare_digest(known.digest, digest):
            raise InputError(
                "This clientMutationId was used with another input before. Nothing was done."
            )
        return await asyncio.shield(known.payload)

    async def settle(self) -> None:
        """Wait for the work that goes on."""
        await asyncio.gather(
            *(known.payload for known in self._known.values()), return_exceptions=True
        )

    def _done(
        self, name: tuple[str, str], done: asyncio.Task[Any], keep: Callable[[Any], bool]
    ) -> None:
        failed = done.cancelled() or done.exception() is not None
        if failed or not keep(done.result()):
            self._known.pop(name, None)

    def _forget_old(self) -> None:
        """Make room for one more; what goes on is not forgotten, or it would be done twice."""
        oldest = time.monotonic() - self._seconds
        for name, known in tuple(self._known.items()):
            if len(self._known) < self._most and known.since >= oldest:
                return
            if known.payload.done():
                del self._known[name]

    def _digest(self, given: object) -> bytes:
        text = json.dumps(_plain(given), sort_keys=True)
        return hmac.digest(self._salt, text.encode(), "sha256")


def _plain(value: Any) -> Any:
    """Return an input as JSON."""
    if isinstance(value, Some):
        return _plain(value.value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
