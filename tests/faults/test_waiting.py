"""While an answer waits before it is asked for again: who sees that, who ends it, and clocks."""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from collections.abc import Callable
from typing import Any

import pytest

from playground_widget import Connection, Playground, Tool
from playground_widget.conversation import carry_out
from playground_widget.demo import DemoServer
from playground_widget.engine import Run
from playground_widget.model import Retry
from playground_widget.protocol import RetryNow, Stop
from playground_widget.store import Store
from tests.faults.conftest import Make
from tests.faults.holdings import until
from tests.faults.place import Place
from tests.faults.refusals import once, status

HOUR = 3600.0
LIMITED = "demo-rate-limited"
MINUTE = {"demo": {"rate": None, "first_token": 0, "retry_after": 60}}
SECOND = {"demo": {"rate": None, "first_token": 0, "retry_after": 1}}


def waiting(pg: Playground, run: Run) -> Retry:
    """Return what a playground knows of a run's wait, once it does."""

    def known() -> Retry | None:
        message = run.message
        known = pg.thread.messages.get(message.id) if message else None
        return known.retry if known else None

    until(known)
    retry = known()
    assert retry is not None
    return retry


def shown(pg: Playground, run: Run) -> float:
    """Return how many seconds of a run's wait a page that is loaded now would show."""
    assert run.message is not None
    messages = pg.widget.present()["thread"]["messages"]
    (wait,) = [m["retry"]["wait"] for m in messages if m["id"] == run.message.id]
    return float(wait)


def ask(pg: Playground, request: RetryNow | Stop) -> Any:
    """Do what a page asks."""
    return pg._engine.do(carry_out, pg._conversation, request)


def pair(make: Make) -> tuple[Playground, Playground, Run]:
    """Return two playgrounds on one thread, the first of them with an answer that waits."""
    one = make(MINUTE, LIMITED, messages="a")
    two = make(MINUTE, LIMITED, thread=one.thread.id)
    run = one.start("Hello")
    waiting(one, run)
    waiting(two, run)
    return one, two, run


def test_two_playgrounds_on_one_thread_count_a_wait_alike(make: Make) -> None:
    one, two, run = pair(make)
    mine, theirs = waiting(one, run), waiting(two, run)
    assert (theirs.attempt, theirs.attempts) == (mine.attempt, mine.attempts) == (2, 4)
    assert theirs.error == mine.error
    # The second one heard of it a moment later.
    assert 0 < mine.until <= theirs.until
    assert 0 < shown(one, run) <= shown(two, run) + 1 <= 61
    third = make(MINUTE, LIMITED, thread=one.thread.id)
    assert 0 < shown(third, run) <= 60


def test_a_send_from_the_second_playground_waits_for_nothing_and_both_answers_are_kept(
    make: Make, store: Store, server: DemoServer
) -> None:
    one, two, run = pair(make)
    two.model, two.params = "demo-echo", {}
    second = two.send("Second")
    assert (second.status, second.text) == ("complete", "Second")
    assert not run.done()
    # Its request has no empty answer in place of the one that waits.
    said = [(m["role"], m["content"]) for m in server.requests[-1].body["messages"]]
    assert said == [("user", "a"), ("user", "Hello"), ("user", "Second")]
    while not run.done():
        ask(one, RetryNow())
        time.sleep(0.05)
    first = run.result(0)
    assert first.status == "complete"
    assert first.text
    until(lambda: two.thread.messages == one.thread.messages)
    kept = store.load(one.thread.id).thread.messages
    assert {m.id: (m.parent, m.text) for m in kept.values()} == {
        m.id: (m.parent, m.text) for m in one.thread.messages.values()
    }
    assert [m.text for m in one.messages] == ["a", "Hello", first.text, "Second", "Second"]
    assert [m.id for m in two.messages] == [m.id for m in one.messages]


def by_python(pg: Playground, _: Run) -> bool:
    return pg.stop()


def by_page(pg: Playground, run: Run) -> bool:
    assert run.message is not None
    return bool(ask(pg, Stop(run.message.id))["stopped"])


@pytest.mark.parametrize("stop", [by_python, by_page])
def test_a_stop_from_the_second_playground_ends_the_wait_of_the_first(
    make: Make, server: DemoServer, stop: Callable[[Playground, Run], bool]
) -> None:
    one, two, run = pair(make)
    asked = len(server.requests)
    assert stop(two, run)
    answer = run.result(30)
    assert (answer.status, answer.retry) == ("cancelled", None)
    until(lambda: two.thread.messages == one.thread.messages)
    assert not stop(two, run)
    assert len(server.requests) == asked
    one.model = "demo-echo"
    assert one.send("And then?").text == "And then?"


def test_try_now_from_the_second_playground_ends_the_wait_of_the_first(make: Make) -> None:
    _, two, run = pair(make)
    attempt = 2
    while not run.done():
        retry = waiting(two, run)
        assert retry.attempt == attempt
        assert ask(two, RetryNow()) == {"hurried": True}
        attempt += 1
        until(lambda: run.done() or waiting_for(two, run) == attempt)  # noqa: B023
    assert run.result(0).status == "complete"
    assert attempt == 4
    until(lambda: ask(two, RetryNow()) == {"hurried": False})


def waiting_for(pg: Playground, run: Run) -> int | None:
    """Return which attempt a playground knows a run to wait for."""
    message = run.message and pg.thread.messages.get(run.message.id)
    return message.retry.attempt if message and message.retry else None


def pay(amount: float) -> str:
    """Pay an amount."""
    return f"paid {amount}"


def test_a_call_that_asks_first_counts_alike_in_both_playgrounds(make: Make) -> None:
    tools = [Tool(pay, confirm=True)]
    one = make(model="demo-tools", messages="a", tools=tools)
    two = make(model="demo-tools", thread=one.thread.id)
    # As if a page had shown it, so that it can ask.
    one._engine.call(one._conversation.viewers.add, "page")
    run = one.start("pay 3")
    until(lambda: two.messages[-1].consent)
    for pg in (one, two, make(model="demo-tools", thread=one.thread.id)):
        call = pg.widget.present()["thread"]["messages"][-1]
        assert 0 < call["consent"]["wait"] <= 600
    two.allow(two.messages[-1])
    assert run.result(30).status == "complete"
    assert [m.text for m in one.messages if m.role == "tool"] == ["paid 3.0"]


@pytest.mark.parametrize("jump", [-8 * HOUR, 8 * HOUR])
def test_a_clock_that_jumps_during_a_wait_changes_neither_its_length_nor_what_is_shown(
    make: Make, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    one, two, run = pair(make)
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + jump)
    third = make(MINUTE, LIMITED, thread=one.thread.id)
    for pg in (one, two, third):
        assert 0 < shown(pg, run) <= 60
    assert one.stop()
    one.params = {"extra": SECOND}
    again = one.start("Again")
    retry = waiting(one, again)
    assert retry.wait == 1
    monkeypatch.setattr(time, "time", clock)
    assert again.result(30).status == "complete"


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        # Over when it is said: as if it were not, and so after half a second.
        ({"retry_after": -8 * HOUR}, 0.45, 0.55),
        ({"retry_after": 0.0}, 0.45, 0.55),
        # By the clock of the service, which this machine's is not compared with.
        ({"date": 8 * HOUR, "retry_after": 8 * HOUR + 20}, 20, 20),
        ({"date": -8 * HOUR, "retry_after": 20 - 8 * HOUR}, 20, 20),
    ],
)
def test_a_date_to_come_back_at_is_never_waited_for_longer_than_the_service_means(
    make: Make, here: Place, headers: dict[str, float], least: float, most: float
) -> None:
    now = dt.datetime.now(dt.UTC)
    dates = {
        name: email.utils.format_datetime(now + dt.timedelta(seconds=after), usegmt=True)
        for name, after in headers.items()
    }
    here.plain.do(once(status(429, "Slow down", **dates)))
    pg = make(connection=Connection("proxy", here.plain.url(), label="OpenAI"), model="demo-echo")
    run = pg.start("Hello")
    assert least <= waiting(pg, run).wait <= most
    ask(pg, RetryNow())
    assert run.result(30).text == "Hello"
