"""Who shows the list of threads is told that it changed, the more rarely the more they are."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import pytest

from playground_widget.conversation import _list_news
from playground_widget.conversation._list_news import EACH, PAUSE, ListNews


class Clock:
    """A loop of which only the timers are looked at."""

    def __init__(self) -> None:
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> Any:
        self.timers.append((seconds, call))
        return SimpleNamespace(cancel=lambda: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], ListNews]:
    monkeypatch.setattr(_list_news, "_following", WeakSet())
    loop: Any = SimpleNamespace(loop=clock, post=lambda call: call())
    store: Any = SimpleNamespace(follow_list=lambda _: lambda: None)
    return lambda tell: ListNews(loop, store, tell)


def test_changes_within_a_pause_are_told_together(
    clock: Clock, make: Callable[[Callable[[], None]], ListNews]
) -> None:
    told: list[str] = []
    news = make(lambda: told.append("changed"))
    news.note()
    assert clock.timers == []  # nobody wants to hear of it
    news.follow()
    news.note()
    news.note()
    ((seconds, due),) = clock.timers
    assert seconds == PAUSE
    due()
    assert told == ["changed"]
    news.leave()


def test_many_who_follow_hear_of_it_as_often_together_as_few(
    clock: Clock, make: Callable[[Callable[[], None]], ListNews]
) -> None:
    all_of_them = [make(lambda: None) for _ in range(200)]
    for news in all_of_them:
        news.follow()
    all_of_them[0].note()
    assert clock.timers[-1][0] == pytest.approx(200 * EACH)
    for news in all_of_them[1:]:
        news.leave()
    all_of_them[0]._due()
    all_of_them[0].note()
    assert clock.timers[-1][0] == PAUSE
    all_of_them[0].leave()
