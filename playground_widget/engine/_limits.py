"""How often a service is asked: one limiter for all that asks it in large numbers.

What was set for a connection holds for any minute. What the service tells is a bucket that fills
again, as its own. A service that refused is not asked again before the time that it named.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playground_widget.provider import Allowance, Limits

__all__ = ["Limiter", "Permit"]

MINUTE = 60.0

_Entry = list[float]


class _Gauge(Protocol):
    """Says when an amount may be used."""

    def wait(self, now: float, amount: float) -> float:
        """Return the seconds until it may be."""
        ...

    def use(self, now: float, amount: float) -> _Entry:
        """Use it; the entry is how it is changed later: when it was, and how much."""
        ...

    def change(self, entry: _Entry, at: float, amount: float) -> None:
        """Have been used at another time, or another amount."""


class _Window:
    """At most so much in any minute; more than that alone is let through by itself."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._used: deque[_Entry] = deque()

    def wait(self, now: float, amount: float) -> float:
        while self._used and self._used[0][0] <= now - MINUTE:
            self._used.popleft()
        over = sum(used for _, used in self._used) + amount - self._most
        until = now
        for at, used in self._used:
            if over <= 0:
                break
            over -= used
            until = at + MINUTE
        return until - now

    def use(self, now: float, amount: float) -> _Entry:
        self._used.append([now, amount])
        return self._used[-1]

    def change(self, entry: _Entry, at: float, amount: float) -> None:
        entry[:] = [at, amount]


class _Bucket:
    """As much as a service says is left, which grows at the rate at which it lets it grow."""

    def __init__(self) -> None:
        self._most = self._left = self._rate = self._at = 0.0
        self._known = False

    def learn(self, said: Allowance, now: float) -> None:
        """Take what the service says; what it does not count yet is out of this already."""
        self._fill(now)
        self._left = min(self._left, said.left) if self._known else said.left
        used = said.most - said.left
        self._rate = used / said.reset if used > 0 and said.reset > 0 else said.most / MINUTE
        self._most, self._at, self._known = said.most, now, True

    def _fill(self, now: float) -> None:
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now

    def wait(self, now: float, amount: float) -> float:
        if not self._known or not self._rate:
            # Of figures so odd that it never fills again nothing is to be learned.
            return 0.0
        self._fill(now)
        return max(0.0, min(amount, self._most) - self._left) / self._rate

    def use(self, now: float, amount: float) -> _Entry:
        self._left -= amount
        return [now, amount]

    def change(self, entry: _Entry, at: float, amount: float) -> None:
        self._left += entry[1] - amount
        entry[:] = [at, amount]


class Permit:
    """That one request may be made."""

    def __init__(self, used: list[tuple[_Gauge, _Entry]], now: Callable[[], float]) -> None:
        """Made by `Limiter.acquire`: entries of requests come before those of tokens."""
        self._used = used
        self._now = now

    def sent(self) -> None:
        """Say that it is made only now."""
        for gauge, entry in self._used:
            gauge.change(entry, self._now(), entry[1])

    def settle(self, tokens: int) -> None:
        """Say how many tokens it came to."""
        for gauge, entry in self._used[len(self._used) // 2 :]:
            gauge.change(entry, entry[0], tokens)

    def give_back(self) -> None:
        """Say that it is not made."""
        for gauge, entry in self._used:
            gauge.change(entry, entry[0], 0)


class Limiter:
    """Lets requests through in the order in which they ask. Belongs to the loop's thread.

    Those that a person waits for go first, and wait only for what was set. What the service has
    said holds for many requests: it may count each model by itself, and of one it will say whether
    it takes it.

    Args:
        now: The clock.
        requests_per_minute: The most requests that were set.
        tokens_per_minute: The most tokens that were set.
    """

    def __init__(
        self,
        now: Callable[[], float],
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        """Begin with what was set; the rest the service tells."""
        self._now = now
        self._of_requests = _Bucket()
        self._of_tokens = _Bucket()
        none = float("inf")
        self._requests: tuple[_Gauge, ...] = (
            _Window(none if requests_per_minute is None else requests_per_minute),
            self._of_requests,
        )
        self._tokens: tuple[_Gauge, ...] = (
            _Window(none if tokens_per_minute is None else tokens_per_minute),
            self._of_tokens,
        )
        self._held_until = 0.0
        self._turn = asyncio.Lock()
        self._turn_of_first = asyncio.Lock()
        self._first = 0
        self._news = asyncio.Event()

    def learn(self, limits: Limits | None) -> None:
        """Take what an answer said of the service's limits."""
        if limits is None:
            return
        if limits.requests is not None:
            self._of_requests.learn(limits.requests, self._now())
        if limits.tokens is not None:
            self._of_tokens.learn(limits.tokens, self._now())
        self._news.set()

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long, since the service refused."""
        self._held_until = max(self._held_until, self._now() + seconds)
        self._news.set()

    @property
    def is_held(self) -> bool:
        """Whether nothing is let through, since the service refused."""
        return self._held_until > self._now()

    def wait(self, tokens: float) -> float:
        """Return the seconds until a request of about so many tokens may be made."""
        now = self._now()
        waits = [self._held_until - now]
        waits += [gauge.wait(now, 1) for gauge in self._requests]
        waits += [gauge.wait(now, tokens) for gauge in self._tokens]
        return max(0.0, *waits)

    def wait_of_first(self, tokens: float) -> float:
        """Return the seconds until a request that goes first may be made."""
        now = self._now()
        of_requests, of_tokens = self._requests[0], self._tokens[0]
        return max(0.0, of_requests.wait(now, 1), of_tokens.wait(now, tokens))

    async def acquire(self, tokens: float) -> Permit:
        """Wait until a request of about so many tokens may be made."""
        async with self._turn:
            while (wait := None if self._first else self.wait(tokens)) != 0:
                await self._news_within(wait)
            return self.take(tokens)

    async def acquire_first(self, tokens: float) -> Permit:
        """Wait until a request may be made that goes before those of `acquire`."""
        self._first += 1
        try:
            async with self._turn_of_first:
                while (wait := self.wait_of_first(tokens)) > 0:
                    await self._news_within(wait)
                return self.take(tokens)
        finally:
            self._first -= 1
            self._news.set()

    def take(self, tokens: float) -> Permit:
        """Make a request now, whatever the limits."""
        now = self._now()
        used = [(gauge, gauge.use(now, 1)) for gauge in self._requests]
        used += [(gauge, gauge.use(now, tokens)) for gauge in self._tokens]
        return Permit(used, self._now)

    async def _news_within(self, seconds: float | None) -> None:
        self._news.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
