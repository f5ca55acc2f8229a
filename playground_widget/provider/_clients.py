"""The SDK's clients of a connection: one for each event loop that asks."""

from __future__ import annotations

import asyncio
import importlib
from collections import deque
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from playground_widget.provider import _prices
from playground_widget.provider._secret import Secret

if TYPE_CHECKING:
    import openai

__all__ = ["Clients", "sdk", "streams"]

_Pools = WeakKeyDictionary[asyncio.AbstractEventLoop, "openai.AsyncOpenAI"]

_MOST_KEYS = 4
"""How many keys that a function gave are remembered, so that none is shown: most give one at a time
for an hour."""


class Clients:
    """Makes clients when they are needed. Whatever holds the key in here is out of sight.

    Args:
        base_url: Where the service is.
        timeout: Seconds of silence after which it counts as gone.
        trust_env: Whether proxies of the environment are used.
        key: The key.
        headers: Sent with each request.
        given: A client of the caller's own to copy, or one of nothing.
    """

    __slots__ = (
        "_base_url",
        "_given",
        "_given_keys",
        "_headers",
        "_key",
        "_pools",
        "_timeout",
        "_trust_env",
    )

    def __init__(
        self,
        base_url: str,
        timeout: float,
        *,
        trust_env: bool,
        key: Secret,
        headers: Secret,
        given: Secret,
    ) -> None:
        self._base_url = base_url
        self._timeout = timeout
        self._trust_env = trust_env
        self._key, self._headers, self._given = key, headers, given
        self._pools = Secret(_Pools())
        self._given_keys = Secret(deque(maxlen=_MOST_KEYS))

    async def get(self) -> openai.AsyncOpenAI:
        """Return the client of the running loop.

        Raises:
            SetupError: The client that was given cannot be copied.
        """
        pools: _Pools = self._pools.reveal()
        loop = asyncio.get_running_loop()
        client = pools.get(loop)
        if client is None:
            # Another task may have made one meanwhile; a client without requests holds nothing.
            client = pools.setdefault(loop, await asyncio.to_thread(self._make))
        return client

    def given_keys(self) -> tuple[str, ...]:
        """Return the last keys that the caller's function gave."""
        return tuple(self._given_keys.reveal())

    async def close(self) -> None:
        """Close the network connections of the running loop; the next request makes new ones."""
        pools: _Pools = self._pools.reveal()
        if client := pools.pop(asyncio.get_running_loop(), None):
            await client.close()

    def auth(self) -> dict[str, Any]:
        """Return the headers of a request that take the SDK's own away where there is no key."""
        given = {name.lower() for name in self._headers.reveal()}
        if self._given.reveal() or self._key.reveal() is not None or "authorization" in given:
            return {}
        return {"Authorization": sdk().openai.Omit()}

    def _make(self) -> openai.AsyncOpenAI:
        _prices.load()
        given = self._given.reveal()
        client = (
            sdk().adopt(given, trust_env=self._trust_env)
            if given is not None
            else sdk().build(
                self._base_url,
                self._key,
                self._headers.reveal(),
                self._timeout,
                trust_env=self._trust_env,
                given=self._given_keys,
            )
        )
        # The SDK imports the last three when they are first used; better here than on the loop.
        streams()
        _ = client.models, client.responses, client.chat.completions
        return cast("openai.AsyncOpenAI", client)


def sdk() -> Any:
    """Return the module that imports the SDK: the first call takes about a second."""
    return importlib.import_module("playground_widget.provider._sdk")


def streams() -> Any:
    """Return the module that reads streams: the first call imports the HTTP client."""
    return importlib.import_module("playground_widget.provider._stream")
