"""The OpenAI SDK: clients of our own, and copies of those that people have.

Importing this file imports the SDK, which takes about a second: only `Connection` does it,
in a worker thread.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx2
import openai

from playground_widget.errors import SetupError
from playground_widget.provider._chunks import RedirectedError
from playground_widget.provider._secret import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from playground_widget.provider._secret import Key

__all__ = ["Adopted", "adopt", "build", "describe"]

_CONNECT = 10.0
_OWN_POOLS = {"SyncHttpxClientWrapper", "AsyncHttpxClientWrapper"}
_NO_AZURE_KEY = "<missing API key>"


def build(
    base_url: str,
    key: Secret,
    headers: Mapping[str, str],
    timeout: float,
    *,
    trust_env: bool,
    given: Secret,
) -> openai.AsyncOpenAI:
    """Return a client for the running loop, without retries.

    Args:
        base_url: Where the service is.
        key: Holds the key, a function that gives it, or `None` when there is none.
        headers: Sent with each request.
        timeout: Seconds of silence after which the service counts as gone.
        trust_env: Whether proxies named in the environment are used.
        given: Holds where keys are noted that a function gives.
    """
    pool = _pool(_timeout(timeout), trust_env=trust_env)
    return openai.AsyncOpenAI(
        base_url=base_url,
        api_key=_as_sdk_has_it(key.reveal(), given),
        default_headers=headers,
        timeout=_timeout(timeout),
        max_retries=0,
        http_client=pool,
    )


def _as_sdk_has_it(key: Key | None, given: Secret) -> Any:
    if key is None:
        return "none"  # the SDK insists on one; requests leave it out
    return key if isinstance(key, str) else _noted(_async_key(key), given)


def _noted(ask: Callable[[], Awaitable[str]], given: Secret) -> Callable[[], Awaitable[str]]:
    """Return a function that gives the same key, and notes it among those not to be shown."""

    async def noted() -> str:
        key = await ask()
        if key not in given.reveal():
            given.reveal().append(key)
        return key

    return noted


def _timeout(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=min(seconds, _CONNECT))


def _pool(timeout: Any, *, trust_env: bool) -> httpx2.AsyncClient:
    return openai.DefaultAsyncHttpxClient(
        timeout=timeout,
        trust_env=trust_env,
        # Proxies have no business with this machine, but SSL_CERT_FILE speaks for it too.
        verify=_certificates(),
        event_hooks={"response": [_stay]},
    )


def _certificates() -> ssl.SSLContext:
    """Return what is trusted, read once: reading it takes longer than all else about a client."""
    named = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    written: list[int] = []
    for path in filter(None, named):
        with suppress(OSError):
            written.append(Path(path).stat().st_mtime_ns)
    return _read_certificates(named, tuple(written))


@lru_cache(maxsize=1)
def _read_certificates(
    named: tuple[str | None, str | None],  # noqa: ARG001 - read again where these are others
    written: tuple[int, ...],  # noqa: ARG001
) -> ssl.SSLContext:
    return httpx2.create_ssl_context()


async def _stay(response: httpx2.Response) -> None:
    """Refuse to be sent to another host.

    The client would take the `Authorization` header away, and send along the conversation and
    whatever other header has a key in it (Azure's `api-key`, those of `headers=`).
    """
    if not response.has_redirect_location:
        return
    here = response.request.url
    try:
        there = here.join(response.headers["location"])
    except httpx2.InvalidURL:
        return  # the client says so itself
    if there.origin == here.origin:
        return
    same = (there.host, there.port) == (here.host, here.port) == (here.host, None)
    if not (same and (here.scheme, there.scheme) == ("http", "https")):
        port = "" if there.port is None else f":{there.port}"
        raise RedirectedError(f"{there.scheme}://{there.host}{port}")


def _async_key(key: Callable[[], Any]) -> Callable[[], Awaitable[str]]:
    """Return a function that asks for a key without holding up the loop."""

    def call() -> Any:
        try:
            return key()
        except (SystemExit, KeyboardInterrupt, StopIteration) as error:
            # The first two would end the loop, and the third cannot be told of by a future.
            raise _no_key(error) from None

    async def ask() -> str:
        found = call() if inspect.iscoroutinefunction(key) else await asyncio.to_thread(call)
        try:
            return str(await found if inspect.isawaitable(found) else found)
        except (SystemExit, KeyboardInterrupt) as error:
            raise _no_key(error) from None

    return ask


def _no_key(error: BaseException) -> SetupError:
    return SetupError(
        f"The function that gives the key raised {type(error).__name__}. Nothing was sent."
    )


# ------------------------------------------------------------------ clients of others


class Adopted(NamedTuple):
    """What is known of somebody's client.

    Args:
        base_url: Where its service is.
        key: Holds its key, or `None` if that is not a fixed one.
        is_azure: Whether it is one of the SDK's Azure clients.
    """

    base_url: str
    key: Secret
    is_azure: bool


def describe(client: object) -> Adopted:
    """Return what is known of somebody's client.

    Raises:
        SetupError: It cannot be copied; the text says why.
    """
    if not isinstance(client, openai.OpenAI | openai.AsyncOpenAI):
        kind = f"{type(client).__module__}.{type(client).__name__}"
        raise SetupError(f"client is an openai.OpenAI or openai.AsyncOpenAI, not {kind}.")
    # The SDK has no public way to ask for what follows; its own `copy` reads the same names.
    pool = type(client._client)  # noqa: SLF001
    if pool.__name__ not in _OWN_POOLS:
        raise SetupError(
            f"This client sends through an http_client of its own ({pool.__module__}."
            f"{pool.__name__}). A pool of connections is bound to its event loop, and its proxy, "
            "certificates and transport cannot be read back to make another. Pass "
            "Connection(name, base_url, api_key, headers=...) instead; proxies and certificates "
            "are taken from HTTPS_PROXY and SSL_CERT_FILE."
        )
    if isinstance(client, openai.OpenAI):
        _check_sync(client)
    key = client.api_key
    return Adopted(
        base_url=str(client.base_url).rstrip("/"),
        key=Secret(key if key and key != _NO_AZURE_KEY else None),
        is_azure=isinstance(client, openai.AzureOpenAI | openai.AsyncAzureOpenAI),
    )


def _check_sync(client: openai.OpenAI) -> None:
    if type(client) not in {openai.OpenAI, openai.AzureOpenAI}:
        kind = type(client).__name__
        raise SetupError(
            f"{kind} is a class of its own, and what it adds cannot be carried over to the "
            "asynchronous client that is needed here. Pass an openai.AsyncOpenAI of that kind."
        )
    if client.workload_identity is not None or client._provider is not None:  # noqa: SLF001
        raise SetupError(
            "This client signs in by other means than a key, which cannot be carried over from "
            "a synchronous client. Pass an openai.AsyncOpenAI with the same arguments."
        )


def adopt(client: openai.OpenAI | openai.AsyncOpenAI, *, trust_env: bool) -> openai.AsyncOpenAI:
    """Return a copy of somebody's client for the running loop, without retries.

    It has the same address, credentials, headers, query, timeouts, organization and project,
    and a pool of connections of its own.
    """
    pool = _pool(client.timeout, trust_env=trust_env)
    if isinstance(client, openai.AsyncOpenAI):
        return client.copy(http_client=pool, max_retries=0)
    common: dict[str, Any] = {
        "organization": client.organization,
        "project": client.project,
        "timeout": client.timeout,
        "max_retries": 0,
        "default_headers": client._custom_headers,  # noqa: SLF001
        "default_query": client._custom_query,  # noqa: SLF001
        "http_client": pool,
    }
    asked = client._api_key_provider  # noqa: SLF001
    key: Any = _async_key(asked) if asked is not None else client.api_key
    if isinstance(client, openai.AzureOpenAI):
        return _azure(client, None if key == _NO_AZURE_KEY else key, common)
    return openai.AsyncOpenAI(
        api_key=key, admin_api_key=client.admin_api_key, base_url=client.base_url, **common
    )


def _azure(client: openai.AzureOpenAI, key: Any, common: dict[str, Any]) -> openai.AsyncOpenAI:
    token = client._azure_ad_token_provider  # noqa: SLF001
    endpoint = client._azure_endpoint  # noqa: SLF001
    where: dict[str, Any] = (
        {"base_url": str(client.base_url)}
        if endpoint is None
        else {
            "azure_endpoint": str(endpoint),
            "azure_deployment": client._azure_deployment,  # noqa: SLF001
        }
    )
    return openai.AsyncAzureOpenAI(
        api_key=key,
        api_version=client._api_version,  # noqa: SLF001
        azure_ad_token=client._azure_ad_token,  # noqa: SLF001
        azure_ad_token_provider=None if token is None else _async_key(token),
        **where,
        **common,
    )
