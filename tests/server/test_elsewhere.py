"""A kernel's playground and a server on one database: each sees what the other does, live."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from playground_widget import Connection, NotFoundError
from playground_widget.conversation import Rooms
from playground_widget.demo import DemoServer
from playground_widget.engine import Committed, engine
from playground_widget.events import Asking, Delta, Finished, Retrying, State
from playground_widget.model import Message, Text
from playground_widget.protocol import (
    Add,
    Allow,
    Continue,
    Deny,
    Edit,
    RetryNow,
    Select,
    Send,
    Set,
    Stop,
)
from playground_widget.server._batches import Batch, Settings, Snapshot
from playground_widget.server._hub import Hub
from playground_widget.store import Store
from tests.server.kernel import Kernel


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "threads.sqlite"


@pytest.fixture
def kernel(database: Path, demo: DemoServer) -> Iterator[Kernel]:
    made = Kernel(database, demo.base_url)
    yield made
    if made.process.poll() is None:
        made.end()


class Server:
    def __init__(self, database: Path, demo: DemoServer) -> None:
        self.store = Store(database)
        self.rooms = Rooms(engine(), self.store, Connection("demo", base_url=demo.base_url))
        self.hub = Hub(self.rooms, engine())

    async def do(self, thread: str, request: Any, expected: int | None = None) -> Any:
        work = self.rooms.carry_out(thread, request, expected)
        return await asyncio.wrap_future(engine().spawn(work))

    async def close(self) -> None:
        await self.hub.close()
        await asyncio.wrap_future(engine().spawn(self.rooms.close()))
        self.store.close()


@pytest.fixture
async def here(database: Path, demo: DemoServer) -> AsyncIterator[Server]:
    server = Server(database, demo)
    yield server
    await server.close()


def end_in(batch: Batch) -> Message | None:
    """Return the answer whose end a batch tells, if it does."""
    for item in batch.items:
        if isinstance(item, Committed) and isinstance(item.event, Finished):
            return item.event.message
    return None


async def end_of(server: Server, thread: str, message: str) -> Message:
    """Wait for the end of an answer."""
    ended = None
    async for batch in server.hub.run_events(thread, message):
        ended = end_in(batch)
    assert ended is not None
    return ended


async def test_what_a_kernel_says_appears_while_it_is_said(here: Server, kernel: Kernel) -> None:
    await kernel.do("add", text="Begin")
    told: list[Any] = []
    async with asyncio.timeout(30), aclosing(here.hub.thread_events(kernel.thread)) as events:
        await anext(events)
        sent = await kernel.do("send", text="Hello", tokens=300, rate=300)
        async for batch in events:
            told += batch.items
            if end_in(batch):
                break
    whole = await kernel.do("wait")
    pieces = [item for item in told if isinstance(item, Delta)]
    assert "".join(piece.text for piece in pieces) == whole["text"]
    assert len(pieces) > 5
    revisions = [item.revision for item in told if isinstance(item, Committed)]
    assert revisions == list(range(revisions[0], revisions[0] + len(revisions)))
    # While it grows, it can be stopped from here.
    running = [item.settings["running"] for item in told if isinstance(item, Settings)]
    assert sent["message"] in running


async def test_a_stop_from_here_ends_a_run_in_the_kernel(here: Server, kernel: Kernel) -> None:
    await kernel.do("add", text="Begin")
    async with asyncio.timeout(30), aclosing(here.hub.thread_events(kernel.thread)) as events:
        await anext(events)
        sent = await kernel.do("send", text="Hello", tokens=100_000, rate=100)
        async for batch in events:
            if any(isinstance(item, Delta) for item in batch.items):
                break
        outcome = await here.do(kernel.thread, Stop(sent["message"]))
        assert outcome.result == {"stopped": True}
        ended = await kernel.do("wait")
    assert ended["status"] == "cancelled"
    assert ended["text"]


async def test_a_wait_in_the_kernel_is_seen_by_who_comes_later_and_ended_from_here(
    here: Server, kernel: Kernel
) -> None:
    await kernel.do("add", text="Begin")
    sent = await kernel.do("limited", text="Hello")
    async with asyncio.timeout(30), aclosing(here.hub.thread_events(kernel.thread)) as events:
        first = await anext(events)
        (snapshot,) = (item for item in first.items if isinstance(item, Snapshot))
        retry = snapshot.thread.messages[sent["message"]].retry
        assert retry is not None
        assert (retry.attempt, retry.error.kind) == (2, "rate_limited")
        assert 0 < retry.wait <= 60
        attempts = [2]
        outcome = await here.do(kernel.thread, RetryNow())
        assert outcome.result == {"hurried": True}
        async for batch in events:
            for item in batch.items:
                if isinstance(item, Committed) and isinstance(item.event, Retrying):
                    attempts += [item.event.retry.attempt] if item.event.retry else []
                    if item.event.retry:
                        await here.do(kernel.thread, RetryNow())
            if end_in(batch):
                break
    assert attempts == [2, 3]
    assert (await kernel.do("wait"))["status"] == "complete"


@pytest.mark.parametrize(
    ("answer", "result"), [(Allow, "paid"), (Deny, "Error: the user did not allow this call.")]
)
async def test_a_call_that_the_kernel_asks_about_is_answered_from_here(
    here: Server, kernel: Kernel, answer: type[Allow | Deny], result: str
) -> None:
    await kernel.do("add", text="Begin")
    async with asyncio.timeout(30), aclosing(here.hub.thread_events(kernel.thread)) as events:
        await anext(events)
        called = await kernel.do("call", text="pay 3")
        async for batch in events:
            if any(_asks(item, called["message"]) for item in batch.items):
                break
        await here.do(kernel.thread, answer(called["message"]))
        ended = await kernel.do("result")
    assert ended["status"] == "complete"
    assert ended["results"] == [result]
    with pytest.raises(NotFoundError, match="does not wait"):
        await here.do(kernel.thread, answer(called["message"]))


def _asks(item: object, message: str) -> bool:
    if not isinstance(item, Committed) or not isinstance(item.event, Asking):
        return False
    return item.event.message == message and item.event.consent is not None


async def test_what_is_done_here_is_heard_in_the_kernel(here: Server, kernel: Kernel) -> None:
    await kernel.do("add", text="Begin")
    steering = {"demo": {"tokens": 100_000, "rate": 200, "first_token": 0}}
    await here.do(kernel.thread, Set(params={"extra": steering}))
    outcome = await here.do(kernel.thread, Send((Text("From the page"),)))
    answer = outcome.result["message"]

    def text_heard() -> str:
        about = [each for each in kernel.heard if each.get("message") == answer]
        return "".join(each["text"] for each in about if each["heard"] == "delta")

    async with asyncio.timeout(60):
        while not text_heard():
            await kernel.do("peek")
        await here.do(kernel.thread, Stop(answer))
        said = await end_of(here, kernel.thread, answer)
        # Callbacks have a thread of their own there, and may come after the answer.
        while text_heard() != said.text:
            await kernel.do("peek")
    assert "From the page" in [h["text"] for h in kernel.heard if h["heard"] == "message"]


async def test_an_answer_whose_kernel_was_killed_is_interrupted_and_can_go_on(
    here: Server, kernel: Kernel
) -> None:
    await kernel.do("add", text="Begin")
    async with asyncio.timeout(60), aclosing(here.hub.thread_events(kernel.thread)) as events:
        await anext(events)
        sent = await kernel.do("send", text="Hello", tokens=100_000, rate=200)
        text = ""
        end = None
        async for batch in events:
            text += "".join(item.text for item in batch.items if isinstance(item, Delta))
            if len(text) > 100 and kernel.process.poll() is None:
                kernel.end(signal.SIGKILL)
            end = end_in(batch)
            if end is not None:
                break
        assert end is not None
        assert (end.id, end.status, end.text) == (sent["message"], "interrupted", text)
        steering = {"demo": {"tokens": 5, "rate": None, "first_token": 0}}
        await here.do(kernel.thread, Set(params={"extra": steering}))
        outcome = await here.do(kernel.thread, Continue(end.id))
        went_on = await end_of(here, kernel.thread, outcome.result["message"])
    assert went_on.text.startswith(text)


async def test_what_others_did_while_nobody_listened_is_there_when_it_is_asked_for(
    here: Server, kernel: Kernel
) -> None:
    async def room() -> State:
        opened = await asyncio.wrap_future(engine().spawn(here.rooms.room(kernel.thread)))
        return opened.state

    await kernel.do("add", text="Begin")
    before = await room()
    await kernel.do("add", text="Then")
    state = await room()
    assert [message.text for message in state.thread.messages.values()] == ["Begin", "Then"]
    assert state.revision > before.revision
    answer = (await kernel.do("send", text="Hello", tokens=100_000, rate=200))["message"]
    async with asyncio.timeout(30):
        lengths = set[int]()
        while len(lengths) < 3:
            lengths.add(len((await room()).message(answer).text))
    await here.do(kernel.thread, Stop(answer))
    ended = await kernel.do("wait")
    assert (await room()).message(answer).text == ended["text"]
    async with asyncio.timeout(30):
        # The kernel calls the thread by its first exchange, a moment after that.
        while not (await room()).thread.title:
            pass
    await here.do(kernel.thread, Set(title="Mine"), (await room()).revision)
    elsewhere = Store(here.store.place)
    await asyncio.wrap_future(elsewhere.delete(kernel.thread))
    with pytest.raises(NotFoundError):
        await room()
    await asyncio.wrap_future(elsewhere.restore(kernel.thread))
    assert (await room()).thread.title == "Mine"
    elsewhere.close()


async def test_who_comes_back_after_a_restart_sees_the_path_that_is_asked_about(
    database: Path, demo: DemoServer
) -> None:
    before, kernel = Server(database, demo), Server(database, demo)
    made = engine().call(before.rooms.create, before.rooms.blank(Set(title="T")))
    thread = made.state.thread.id
    first = (await before.do(thread, Add((Text("Blue"),), "user"))).result["messages"][0]
    async with asyncio.timeout(30), aclosing(before.hub.thread_events(thread)) as events:
        await anext(events)
        second = (await before.do(thread, Edit(first, (Text("Red"),)))).result["messages"][0]
        # Which path is open is each door's own; the last one used is kept.
        revision = (await kernel.do(thread, Select(first))).revision
        async for batch in events:
            if batch.revision == revision:
                break
    assert made.state.thread.head == second
    await before.close()
    after = Server(database, demo)
    async with asyncio.timeout(30), aclosing(after.hub.thread_events(thread, revision)) as events:
        (snapshot,) = (await anext(events)).items
        assert isinstance(snapshot, Snapshot)
        assert snapshot.thread.head == first
    await after.close()
    await kernel.close()


async def test_nobody_who_listens_means_nothing_that_watches(here: Server, kernel: Kernel) -> None:
    await kernel.do("add", text="Begin")
    async with aclosing(here.hub.thread_events(kernel.thread)) as events:
        await anext(events)
    # As it does a while after the last one has left.
    here.hub._topics[kernel.thread].close()
    room = await asyncio.wrap_future(engine().spawn(here.rooms.room(kernel.thread)))
    assert not room.has_listeners
    assert room.feed._unfollow is None


async def test_a_thread_that_another_process_makes_shows_in_the_list(
    here: Server, kernel: Kernel
) -> None:
    async with asyncio.timeout(10), aclosing(here.hub.threads_changed()) as changes:
        first = await anext(changes)
        await kernel.do("add", text="Begin")
        assert await anext(changes) > first
    page = await asyncio.wrap_future(engine().spawn(here.rooms.page()))
    assert [thread.id for thread in page.threads] == [kernel.thread]
    await here.do(kernel.thread, Add((Text("Seen"),), "user"))
