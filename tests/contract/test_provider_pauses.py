"""A stream that is read in pairs with pauses between loses nothing, and ends when it is to."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from playground_widget.provider import _stream
from playground_widget.provider._chat import ChatReducer
from playground_widget.provider._fold import Folder
from tests.contract.servers import WIRES, last, sse, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from playground_widget.provider import Chunk

WIRE = WIRES[0]
HOUR = 3600.0


class Response:
    """An answer whose blocks each come in a read of their own.

    Args:
        blocks: What comes, one after the other.
        error: What the next read raises; without it the response ends.

    Attributes:
        was_read: Set once it was read to its end.
    """

    status_code = 200
    url = "http://127.0.0.1/v1"

    def __init__(self, *blocks: bytes, error: Exception | None = None) -> None:
        self.headers: dict[str, str] = {}
        self.was_read = False
        self._blocks = blocks
        self._error = error

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        for block in self._blocks:
            for _ in range(3):
                await asyncio.sleep(0)
            yield block
        if self._error is not None:
            raise self._error
        self.was_read = True


def stream(response: Response) -> AsyncGenerator[list[Chunk], None]:
    @asynccontextmanager
    async def asked() -> AsyncIterator[Any]:
        yield response

    return _stream._read(asked(), Folder(ChatReducer()), None, None)


def texts(*words: str) -> list[bytes]:
    return [sse(*WIRE.text(word)) for word in words]


def readers() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if "_Arrived" in repr(task)]


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> float:
    """Have each pair of reads followed by a pause that nobody waits for."""
    monkeypatch.setattr(_stream, "_AT_ONCE", 0)
    monkeypatch.setattr(_stream, "_PAUSE", HOUR)
    return HOUR


@pytest.mark.usefixtures("pause")
async def test_a_response_whose_answer_ends_in_the_pause_is_read_to_its_end() -> None:
    response = Response(*texts("Hello"), sse(*WIRE.end()))
    chunks = [chunk async for some in stream(response) for chunk in some]
    assert (text_of(chunks), last(chunks).finish_reason) == ("Hello", "stop")
    # Its connection serves the next request.
    assert response.was_read
    assert not readers()


@pytest.mark.usefixtures("pause")
async def test_a_stream_is_cancelled_in_the_pause() -> None:
    heard = asyncio.Event()
    found: list[Chunk] = []

    async def go() -> None:
        async with aclosing(stream(Response(*texts("Hello", " there", " again")))) as chunks:
            async for some in chunks:
                found.extend(some)
                if "there" in text_of(found):
                    heard.set()

    task = asyncio.create_task(go())
    await heard.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert text_of(found) == "Hello there"
    assert not readers()


@pytest.mark.usefixtures("pause")
async def test_a_stream_is_left_in_the_pause() -> None:
    found: list[Chunk] = []
    async with aclosing(stream(Response(*texts("Hello", " there", " again")))) as chunks:
        async for some in chunks:
            found += some
            if "there" in text_of(found):
                break
    assert not readers()


@pytest.mark.parametrize(
    "error", [httpx2.ReadError("gone"), httpx2.DecodingError("odd"), RuntimeError("a mistake")]
)
async def test_what_a_read_raises_after_the_pause_comes_after_the_words_before_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_stream, "_AT_ONCE", 0)
    found: list[Chunk] = []

    async def go() -> None:
        async for some in stream(Response(*texts("Hello", " there"), error=error)):
            found.extend(some)

    with pytest.raises(type(error)) as caught:
        await go()
    assert caught.value is error
    assert text_of(found) == "Hello there"
    assert not readers()
