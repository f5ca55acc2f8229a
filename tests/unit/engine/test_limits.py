"""Requests are let through as often as was set, and as a service allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget import Connection, InputError
from playground_widget.engine import Limiter
from playground_widget.provider import Allowance, Limits
from playground_widget.provider._limits import limits_of


class Clock:
    """A time that goes on when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def ask_all(limiter: Limiter, clock: Clock, sizes: list[float]) -> list[float]:
    """Make requests as soon as each is let through; return when that was."""
    times = []
    for size in sizes:
        clock.now += limiter.wait(size)
        # Not more than the rounding of the figures.
        assert limiter.wait(size) < 1e-6
        clock.now += limiter.wait(size)
        await limiter.acquire(size)
        times.append(clock.now)
    return times


def in_any_minute(times: list[float], sizes: list[float]) -> float:
    spans = [
        sum(s for t, s in zip(times, sizes, strict=True) if start <= t < start + 59.999)
        for start in times
    ]
    return max(spans)


@given(st.lists(st.floats(1, 500), min_size=1, max_size=40), st.integers(1, 10))
async def test_no_minute_has_more_than_was_set(sizes: list[float], most: int) -> None:
    clock = Clock()
    limiter = Limiter(clock, requests_per_minute=most, tokens_per_minute=500)
    times = await ask_all(limiter, clock, sizes)
    assert in_any_minute(times, [1.0] * len(sizes)) <= most
    assert in_any_minute(times, sizes) <= 500.001


async def test_a_request_of_more_than_a_minute_s_tokens_goes_alone() -> None:
    clock = Clock()
    limiter = Limiter(clock, tokens_per_minute=100)
    assert await ask_all(limiter, clock, [50, 300, 50]) == [100, 160, 220]


async def test_what_was_not_used_of_an_estimate_is_free_again() -> None:
    clock = Clock()
    limiter = Limiter(clock, tokens_per_minute=100)
    permit = await limiter.acquire(100)
    assert limiter.wait(50) == 60
    permit.settle(40)
    assert limiter.wait(50) == 0
    permit.give_back()
    assert limiter.wait(100) == 0


async def test_a_minute_begins_when_a_request_is_sent() -> None:
    clock = Clock()
    limiter = Limiter(clock, requests_per_minute=1)
    permit = await limiter.acquire(1)
    clock.now += 30
    permit.sent()
    assert limiter.wait(1) == 60


async def test_what_a_service_says_is_left_is_used_and_then_what_grows() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    # 60 a minute: three were used, and in three seconds they are there again.
    limiter.learn(Limits(Allowance(5, 2, 3), None))
    assert await ask_all(limiter, clock, [1, 1, 1, 1]) == pytest.approx([100, 100, 101, 102])


async def test_a_limit_of_a_day_is_no_limit_of_a_minute() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.learn(Limits(Allowance(10_000, 9_999, 8.64), None))
    for _ in range(9_999):
        await limiter.acquire(1)
    assert limiter.wait(1) == pytest.approx(8.64)


async def test_who_goes_first_is_let_through_before_those_that_waited_longer() -> None:
    loop = asyncio.get_running_loop()
    clock = Clock()
    limiter = Limiter(clock, requests_per_minute=1)
    await limiter.acquire(1)
    order: list[str] = []

    async def ask(name: str, acquire: Callable[[float], Awaitable[object]]) -> None:
        await acquire(1)
        order.append(name)

    cells = [loop.create_task(ask("cell", limiter.acquire)) for _ in range(3)]
    await asyncio.sleep(0)
    first = loop.create_task(ask("first", limiter.acquire_first))
    await asyncio.sleep(0)
    assert limiter.wait_of_first(1) == 60
    clock.now += 60
    # That wakes whoever waits.
    limiter.learn(Limits(None, None))
    await first
    assert order == ["first"]
    clock.now += 60
    limiter.learn(Limits(None, None))
    await cells[0]
    assert order == ["first", "cell"]
    for cell in cells:
        cell.cancel()


async def test_who_goes_first_waits_only_for_what_was_set() -> None:
    clock = Clock()
    limiter = Limiter(clock, requests_per_minute=10)
    limiter.learn(Limits(Allowance(60, 0, 60), None))
    limiter.hold(30)
    assert limiter.wait(1) == 30
    assert limiter.wait_of_first(1) == 0
    await limiter.acquire_first(1)
    for _ in range(9):
        await limiter.acquire_first(1)
    assert limiter.wait_of_first(1) == 60
    clock.now += 30
    # What went first is of the same minute.
    assert limiter.wait(1) == 30


async def test_requests_that_a_service_has_not_counted_yet_are_not_forgotten() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.learn(Limits(Allowance(10, 3, 7), None))
    await limiter.acquire(1)
    await limiter.acquire(1)
    # The answer to an earlier request.
    limiter.learn(Limits(Allowance(10, 3, 7), None))
    await limiter.acquire(1)
    assert limiter.wait(1) == pytest.approx(1)


async def test_tokens_count_as_requests_do() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.learn(Limits(None, Allowance(1000, 100, 90)))
    assert limiter.wait(100) == 0
    assert limiter.wait(200) == pytest.approx(10)


async def test_nothing_passes_while_a_service_asked_to_wait() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.hold(20)
    limiter.hold(5)
    assert (limiter.is_held, limiter.wait(1)) == (True, 20)
    clock.now += 20
    assert (limiter.is_held, limiter.wait(1)) == (False, 0)


async def test_who_waits_hears_at_once_of_more_room() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.learn(Limits(Allowance(10, 0, 1000), None))
    waiting = asyncio.create_task(limiter.acquire(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.now += 1000
    limiter.learn(Limits(Allowance(10, 10, 0), None))
    await waiting


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1),
        ("6m0s", 360),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("1d", 86400),
        ("7.66", 7.66),
    ],
)
def test_durations_are_read_as_services_write_them(text: str, seconds: float) -> None:
    headers = {
        "x-ratelimit-limit-tokens": "100",
        "x-ratelimit-remaining-tokens": "40",
        "x-ratelimit-reset-tokens": text,
    }
    found = limits_of(headers)
    assert found is not None
    assert found.requests is None
    assert found.tokens == pytest.approx((100, 40, seconds))


@given(
    st.dictionaries(
        st.sampled_from(["limit", "remaining", "reset"]).flatmap(
            lambda kind: st.sampled_from(["requests", "tokens"]).map(
                lambda what: f"x-ratelimit-{kind}-{what}"
            )
        ),
        st.one_of(st.text(), st.integers().map(str), st.floats().map(str)),
    )
)
async def test_whatever_the_headers_say_somebody_is_let_through_in_the_end(
    headers: dict[str, str],
) -> None:
    clock = Clock()
    limiter = Limiter(clock)
    limiter.learn(limits_of(headers))
    assert 0 <= limiter.wait(10) < float("inf")


@pytest.mark.parametrize(
    ("most", "reset"), [("100", f"{'9' * 400}s"), ("1e-300", "1e300"), ("5e-324", "0")]
)
def test_figures_beyond_all_reckoning_hold_up_nobody(most: str, reset: str) -> None:
    limiter = Limiter(Clock())
    kinds = ("limit", most), ("remaining", "0"), ("reset", reset)
    limiter.learn(limits_of({f"x-ratelimit-{kind}-requests": text for kind, text in kinds}))
    assert limiter.wait(10) == 0


@pytest.mark.parametrize("most", [0, -1, "60", True])
def test_a_rate_that_cannot_be_meant_is_refused(most: object) -> None:
    with pytest.raises(InputError, match="requests_per_minute is a number above 0"):
        Connection("local", "http://127.0.0.1:1/v1", requests_per_minute=most)  # type: ignore[arg-type]
