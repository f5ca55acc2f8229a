"""What a service says of its limits is told, and many streams are read without losing a word."""

from __future__ import annotations

import asyncio

import pytest

from playground_widget.provider import Allowance, Connection, Limits, Opened
from tests.contract.servers import WIRES, Answer, Scripted, Wire, ask, read, sse, text_of


@pytest.fixture(params=WIRES, ids=lambda wire: wire.api)
def wire(request: pytest.FixtureRequest) -> Wire:
    found: Wire = request.param
    return found


async def test_rate_limits_are_told_with_the_first_chunk(wire: Wire) -> None:
    headers = {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": "120ms",
        "x-ratelimit-limit-tokens": "30000",
        "x-ratelimit-remaining-tokens": "29000",
        "x-ratelimit-reset-tokens": "2s",
    }
    chunks = await ask(wire, Answer([sse(*wire.text("Hello"), *wire.end())], headers=headers))
    limits = Limits(Allowance(500, 499, 0.12), Allowance(30_000, 29_000, 2))
    assert chunks[0] == Opened(None, limits)


async def test_many_streams_at_once_each_come_whole(wire: Wire) -> None:
    words = [f"word {n} " for n in range(200)]
    pieces = [sse(*wire.text(word)) for word in words]
    async with Scripted(Answer([*pieces, sse(*wire.end())])) as server:
        connections = [Connection("test", server.url, api=wire.api) for _ in range(40)]
        found = await asyncio.gather(*map(read, connections))
    assert [text_of(chunks) for chunks in found] == ["".join(words)] * 40
