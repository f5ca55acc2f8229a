"""One answer, read from the network.

The SDK sends the request (its authentication, its errors); the bytes of the answer are read
here, since the SDK's own loop over `create(stream=True)` builds a validated object for each
event and so costs ten times as much as all the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import httpx2

from playground_widget.provider._chat import ChatReducer
from playground_widget.provider._chunks import Chunk, Opened
from playground_widget.provider._fold import Folder
from playground_widget.provider._limits import limits_of
from playground_widget.provider._responses import ResponsesReducer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping
    from contextlib import AbstractAsyncContextManager

    import openai

    from playground_widget.provider._trace import Trace

__all__ = ["Record", "chat", "responses", "tell"]

Record = Callable[[bytes], None]

_AT_ONCE = 8
"""How many reads of a stream come as soon as there is anything: short answers wait for nothing."""

_PAUSE = 0.033
"""Seconds between two pairs of reads from then on, as often as listeners are told of what came. A
read costs half a millisecond, however few tokens it brings; the others wait in the socket."""

_MUCH = 16_384
"""Bytes of a pair of reads after which the next one comes at once: so fast are no few tokens."""

_FEW = 4
"""How many streams share nothing."""

_PAIRS = 400
"""How many pairs of reads a second more streams than that share."""

_GRACE = 3.0
"""Seconds to wait for figures once it was said how an answer ended: some servers say neither
`[DONE]` nor anything else, and leave the connection open."""

_DRAIN = 0.25
"""Seconds to wait, after the last word, for a server to end its response: a connection whose
response was read to its end serves the next request too."""


def chat(
    client: openai.AsyncOpenAI,
    body: Mapping[str, Any],
    headers: Mapping[str, Any],
    record: Record | None = None,
    trace: Trace | None = None,
) -> AsyncGenerator[list[Chunk], None]:
    """Ask by Chat Completions; the arguments and results are those of `responses`."""
    # The SDK merges `extra_body` over its own arguments, so the body goes out as it is.
    asked = client.chat.completions.with_streaming_response.create(
        model=body["model"], messages=[], extra_body=body, extra_headers=headers
    )
    return _read(asked, Folder(ChatReducer()), record, trace)


def responses(
    client: openai.AsyncOpenAI,
    body: Mapping[str, Any],
    headers: Mapping[str, Any],
    record: Record | None = None,
    trace: Trace | None = None,
) -> AsyncGenerator[list[Chunk], None]:
    """Ask by the Responses API.

    Args:
        client: Of the running loop, without retries of its own.
        body: The request's JSON.
        headers: Headers of this request; the SDK's `Omit` takes one away.
        record: Called with the bytes of each network read, before they are understood.
        trace: Told how the answer begins, and of the same bytes.

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
    return _read(asked, Folder(ResponsesReducer()), record, trace)


def tell(trace: Trace, error: openai.APIStatusError) -> None:
    """Tell of an answer that was an error."""
    trace.answered(error.status_code, _request_id(error.response.headers), str(error.request.url))
    # It was read whole by the SDK, unless the connection ended before.
    with contextlib.suppress(httpx2.ResponseNotRead):
        trace.received(error.response.content)


def _request_id(headers: Mapping[str, str]) -> str | None:
    return headers.get("x-request-id") or headers.get("request-id")


async def _read(
    asked: AbstractAsyncContextManager[Any],
    folder: Folder,
    record: Record | None,
    trace: Trace | None,
) -> AsyncGenerator[list[Chunk], None]:
    # Leaving this block, by whichever way, closes the response and with it the connection
    # if anything is left to read.
    async with asked as response:
        identity = _request_id(response.headers)
        if trace is not None:
            trace.answered(response.status_code, identity, str(response.url))
        yield [Opened(identity, limits_of(response.headers))]
        arrived = _Arrived()
        _reading.add(arrived)
        reading = asyncio.create_task(arrived.read(response.iter_bytes()))
        try:
            while not folder.done and (
                block := await arrived.take(_GRACE if folder.over else None)
            ):
                if record is not None:
                    record(block)
                if trace is not None:
                    trace.received(block)
                if chunks := folder.feed(block):
                    yield chunks
                if folder.error is not None:
                    raise folder.error
            # Some servers hang up instead of ending the response; what is whole is whole.
            if arrived.error is not None and not folder.whole:
                raise arrived.error
            if chunks := folder.end():
                yield chunks
            if folder.error is not None:
                raise folder.error
            arrived.hurry()
            await asyncio.wait({reading}, timeout=_DRAIN)
        finally:
            _reading.discard(arrived)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


_reading: WeakSet[_Arrived] = WeakSet()


def _breath(reads: int, size: int) -> float:
    """Return the seconds that a stream waits after so many reads, of which the last brought bytes.

    It waits after pairs. The first read after a pause brings all that waited, which the HTTP client
    gives piece by piece; only the second one shows that there are no more of these.
    """
    own = _PAUSE if reads >= _AT_ONCE and size < _MUCH else 0.0
    return max(own, (len(_reading) - _FEW) / _PAIRS)


class _Arrived:
    """Bytes that have arrived, taken all at once.

    A server that sends each token as a chunk of HTTP makes an event of each in the HTTP
    client, however many come in one read of the network. A task of its own takes them up
    without a pause, so that whoever waits here wakes once a network read.
    """

    __slots__ = ("__weakref__", "_blocks", "_ended", "_hurried", "_news", "error")

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._news = asyncio.Event()
        self._hurried = asyncio.Event()
        self._ended = False
        self.error: Exception | None = None

    async def read(self, blocks: AsyncIterator[bytes]) -> None:
        """Read to the end, or to the error that is kept."""
        loop = asyncio.get_running_loop()
        reads = size = 0
        try:
            while True:
                # What is here already comes before the loop gets to do anything else.
                waited = loop.create_future()
                noting = loop.call_soon(waited.set_result, None)
                block = await anext(blocks, None)
                noting.cancel()
                if block is None:
                    break
                self._blocks.append(block)
                self._news.set()
                size += len(block)
                if waited.done():
                    reads += 1
                    if reads % 2 == 0:
                        breath, size = _breath(reads, size), 0
                        await self._pause(breath)
        except Exception as error:  # noqa: BLE001 - raised where the bytes are taken
            self.error = error
        finally:
            self._ended = True
            self._news.set()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurried.wait()

    def hurry(self) -> None:
        """Have what is left read without pauses: no more words are to come."""
        self._hurried.set()

    async def take(self, patience: float | None) -> bytes:
        """Wait for bytes and return them; none means that there are no more.

        Args:
            patience: The most seconds to wait, or `None` for as long as the connection may be
                silent.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not self._blocks and not self._ended:
                    self._news.clear()
                    await self._news.wait()
        found = b"".join(self._blocks)
        self._blocks.clear()
        return found
