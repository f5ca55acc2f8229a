"""What was let through and is not sent leaves its place to others."""

from __future__ import annotations

import asyncio

import pytest

from playground_widget.compare import Gate
from playground_widget.engine import Limiter, Passage
from tests.unit.engine.test_limits import Clock


async def test_a_gate_that_nothing_passed_gives_its_permit_back() -> None:
    limiter = Limiter(Clock(), requests_per_minute=1)
    gate = Gate(limiter, 10, limiter.take(10))
    assert limiter.wait(10) == 60
    gate.leave()
    assert limiter.wait(10) == 0
    passed = Gate(limiter, 10, limiter.take(10))
    await passed.open()
    passed.leave()
    assert limiter.wait(10) == 60


async def test_a_passage_that_is_stopped_as_its_wait_ends_gives_its_permit_back() -> None:
    clock, hurry = Clock(), asyncio.Event()
    limiter = Limiter(clock, requests_per_minute=1)
    limiter.take(10)
    clock.now += 30

    async def waits(wait: float | None) -> None:
        if wait is None:
            raise asyncio.CancelledError
        hurry.set()

    with pytest.raises(asyncio.CancelledError):
        await Passage(limiter, 10).open(hurry, waits)
    clock.now += 30
    assert limiter.wait_of_first(10) == 0
