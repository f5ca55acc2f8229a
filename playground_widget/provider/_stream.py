"""One answer, read from the network.

The SDK sends the request (its authentication, its errors); the bytes of the answer are read
here, since the SDK's own loop over `create(stream=True)` builds a validated object for each
event and so costs ten times as much as all the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, cast

from playground_widget.provider._chat import ChatReducer
from playground_widget.provider._chunks import Chunk, Opened
from playground_widget.provider._fold import Folder
from playground_widget.provider._responses import ResponsesReducer
from playground_widget.provider._sdk import TRANSPORT_ERRORS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping
    from contextlib import AbstractAsyncContextManager

    import openai

__all__ = ["chat", "responses"]

_DRAIN = 0.25
"""Seconds to wait, after the last word, for a server to end its response: a connection whose
response was read to its end serves the next request too."""


def chat(
    client: openai.AsyncOpenAI, body: Mapping[str, Any], headers: Mapping[str, Any]
) -> AsyncGenerator[list[Chunk], None]:
    """Ask by Chat Completions; the arguments and results are those of `responses`."""
    # The SDK merges `extra_body` over its own arguments, so the body goes out as it is.
    asked = client.chat.completions.with_streaming_response.create(
        model=body["model"], messages=[], extra_body=body, extra_headers=headers
    )
    return _read(asked, Folder(ChatReducer()))


def responses(
    client: openai.AsyncOpenAI, body: Mapping[str, Any], headers: Mapping[str, Any]
) -> AsyncGenerator[list[Chunk], None]:
    """Ask by the Responses API.

    Args:
        client: Of the running loop, without retries of its own.
        body: The request's JSON.
        headers: Headers of this request; the SDK's `Omit` takes one away.

    Yields:
        The chunks of one network read, never none.

    Raises:
        openai.OpenAIError: The service refused, or was not reached.
        StreamCutError, StreamRefusedError, StreamUnreadableError: See `_chunks`.
        httpx2.TransportError: The connection ended before the answer did.
    """
    asked = client.responses.with_streaming_response.create(
        model=body["model"], extra_body=body, extra_headers=headers
    )
    return _read(asked, Folder(ResponsesReducer()))


async def _read(
    asked: AbstractAsyncContextManager[Any], folder: Folder
) -> AsyncGenerator[list[Chunk], None]:
    # Leaving this block, by whichever way, closes the response and with it the connection
    # if anything is left to read.
    async with asked as response:
        yield [Opened(response.headers.get("x-request-id") or response.headers.get("request-id"))]
        blocks = cast("AsyncIterator[bytes]", response.iter_bytes())
        try:
            async for block in blocks:
                if chunks := folder.feed(block):
                    yield chunks
                if folder.error is not None:
                    raise folder.error
                if folder.done:
                    break
        except TRANSPORT_ERRORS:
            # Some servers hang up instead of ending the response; what is whole is whole.
            if not folder.whole:
                raise
        if chunks := folder.end():
            yield chunks
        if folder.error is not None:
            raise folder.error
        with contextlib.suppress(TimeoutError, *TRANSPORT_ERRORS):
            async with asyncio.timeout(_DRAIN):
                async for _ in blocks:
                    pass
