"""Servers on this machine that could be used, found by asking their usual ports."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget.provider._chunks import StreamUnreadableError
from playground_widget.provider._fold import load_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2

__all__ = ["SERVERS", "Offer", "Server", "local_servers"]

_TIMEOUT = 0.3  # seconds that each has to answer
_LARGEST = 1_000_000  # bytes of an answer; another program's page may have no end


class Server(NamedTuple):
    """A kind of server and its usual port."""

    name: str
    label: str
    port: int


SERVERS = (
    Server("ollama", "Ollama", 11434),
    Server("lmstudio", "LM Studio", 1234),
    Server("llamacpp", "llama.cpp", 8080),
    Server("vllm", "vLLM", 8000),
    Server("litellm", "LiteLLM", 4000),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A server that was found and is used only if somebody chooses it.

    Args:
        name: To name a connection by.
        label: For people.
        url: The base URL of a connection.
        models: How many models it has.
    """

    name: str
    label: str
    url: str
    models: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {name: getattr(self, name) for name in self.__slots__}


async def local_servers(servers: Sequence[Server] = SERVERS) -> list[Offer]:
    """Return the servers of this machine that list their models, in the order given.

    Args:
        servers: What to look for.
    """
    pool = await asyncio.to_thread(_pool)
    async with pool:
        found = await asyncio.gather(*(_ask(pool, server) for server in servers))
    return [offer for offer in found if offer is not None]


def _pool() -> httpx2.AsyncClient:
    import httpx2  # noqa: PLC0415 (a third of a second, so in a worker thread)

    # Proxies of the environment have no business with this machine, and reading the certificates
    # that nobody is asked for would take longer than all else. Without them no host is trusted.
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False, verify=nobody)


async def _ask(pool: httpx2.AsyncClient, server: Server) -> Offer | None:
    import httpx2  # noqa: PLC0415 (loaded by now)

    url = f"http://127.0.0.1:{server.port}/v1"
    body = b""
    try:
        async with asyncio.timeout(_TIMEOUT), pool.stream("GET", f"{url}/models") as response:
            if response.status_code != httpx2.codes.OK:
                return None
            async for block in response.aiter_bytes():
                body += block
                if len(body) > _LARGEST:
                    return None
        data = load_json(body)
    except (TimeoutError, httpx2.HTTPError, StreamUnreadableError):
        return None
    models = data.get("data") if isinstance(data, dict) else None
    if not isinstance(models, list):
        return None
    return Offer(name=server.name, label=server.label, url=url, models=len(models))
