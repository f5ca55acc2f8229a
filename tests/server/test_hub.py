"""Subscriptions to threads, without a network: the hub and the rooms on a real engine."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from playground_widget import ClosedError, ConflictError, Connection, NotFoundError
from playground_widget.conversation import Rooms
from playground_widget.demo import DemoServer
from playground_widget.engine import Committed, Engine, engine
from playground_widget.events import Delta, Finished
from playground_widget.model import Text
from playground_widget.protocol import (
    Add,
    Compare,
    Connect,
    DeleteThread,
    Export,
    Regenerate,
    RestoreThread,
    Send,
    Set,
    Stop,
)
from playground_widget.server import _topic
from playground_widget.server._batches import Batch, Deleted, Settings, Snapshot
from playground_widget.server._hub import Hub
from playground_widget.store import Store
from playground_widget.store._follow import ListFollower

Opened = Callable[..., Any]


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


class Place:
    """The rooms of a server, its hub, and a thread in one of them."""

    def __init__(self, rooms: Rooms, hub: Hub, thread: str) -> None:
        self.rooms, self.hub, self.thread = rooms, hub, thread

    async def do(self, request: Any, expected: int | None = None, thread: str = "") -> Any:
        work = self.rooms.carry_out(thread or self.thread, request, expected)
        return await asyncio.wrap_future(engine().spawn(work))

    async def send(self, text: str = "Hello") -> str:
        return str((await self.do(Send((Text(text),)))).result["message"])


def pace(tokens: int, rate: float | None = None) -> dict[str, Any]:
    return {"extra": {"demo": {"tokens": tokens, "rate": rate, "first_token": 0}}}


@pytest.fixture
async def place(server: DemoServer) -> AsyncIterator[Place]:
    store = Store(":memory:")
    running: Engine = engine()
    connection = Connection("demo", base_url=server.base_url)
    rooms = Rooms(running, store, connection)
    hub = Hub(rooms, running)
    blank = rooms.blank(Set(title="T", model="demo-fast", params=pace(20)))
    made = running.call(rooms.create, blank)
    yield Place(rooms, hub, made.state.thread.id)
    await hub.close()
    await asyncio.wrap_future(running.spawn(rooms.close()))
    store.close()


async def everything(events: AsyncGenerator[Batch]) -> Snapshot:
    """Return the snapshot that comes first."""
    (first,) = (await anext(events)).items
    assert isinstance(first, Snapshot)
    return first


async def until_end(events: AsyncGenerator[Batch]) -> list[Any]:
    """Return what is told up to the end of an answer."""
    told: list[Any] = []
    async with asyncio.timeout(20):
        async for batch in events:
            told += batch.items
            if any(isinstance(i, Committed) and isinstance(i.event, Finished) for i in batch.items):
                return told
    return told


async def next_change(events: AsyncGenerator[Batch]) -> Batch:
    """Return the next batch that tells a change of the thread."""
    async with asyncio.timeout(20):
        return await anext(
            batch
            async for batch in events
            if any(isinstance(item, Committed) for item in batch.items)
        )


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(20):
        for _ in itertools.count():
            if is_so():
                return
            await asyncio.sleep(0.001)


def words(told: list[Any]) -> str:
    return "".join(item.text for item in told if isinstance(item, Delta))


async def test_a_subscriber_gets_everything_first_and_then_what_happens(place: Place) -> None:
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        first = await anext(events)
        assert isinstance(first.items[0], Snapshot)
        assert first.items[0].thread.id == place.thread
        await place.send()
        told = await until_end(events)
    state = (await place.do(Set(title="U"))).state
    answer = state.thread.messages[state.thread.head]
    assert words(told) == answer.text
    assert answer.status == "complete"


async def test_who_follows_a_thread_does_not_follow_the_list(place: Place) -> None:
    other = engine().call(place.rooms.create, place.rooms.blank(Set(title="O"))).state.thread.id
    both = [place.hub.thread_events(thread) for thread in (place.thread, other)]
    async with aclosing(both[0]), aclosing(both[1]), aclosing(place.hub.threads_changed()) as lists:
        for events in (*both, lists):
            await anext(events)

        def following() -> int:
            followers = place.rooms.store._watcher._followers
            return sum(isinstance(each, ListFollower) for each in followers)

        # The last to come is the list's own.
        await until(lambda: following() > 0)
        assert following() == 1


async def test_subscribers_in_step_get_the_same_object(place: Place) -> None:
    one, two = (place.hub.thread_events(place.thread) for _ in range(2))
    async with aclosing(one), aclosing(two):
        await anext(one)
        await anext(two)
        await place.do(Set(title="Another"))
        # What was on its way to the first is in the snapshot of the second already.
        assert await next_change(one) is await next_change(two)


async def test_who_comes_back_gets_what_is_missing(place: Place) -> None:
    await place.do(Set(params=pace(200, 400)))
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        snapshot = await everything(events)
        identity = await place.send()
        text, revision = "", snapshot.revision
        async for batch in events:
            revision = batch.revision
            text += words(list(batch.items))
            if text:
                break
    async with aclosing(
        place.hub.thread_events(place.thread, revision, {(identity, 0): len(text)})
    ) as events:
        told = await until_end(events)
    assert not any(isinstance(item, Snapshot) for item in told)
    assert isinstance(told[-1] if isinstance(told[-1], Settings) else told[0], Delta | Settings)
    state = (await place.do(Set(title="U"))).state
    assert text + words(told) == state.message(identity).text


async def test_who_was_away_for_too_long_gets_everything(place: Place) -> None:
    async with aclosing(place.hub.thread_events(place.thread, 10_000)) as events:
        assert isinstance((await anext(events)).items[0], Snapshot)


async def test_a_slow_subscriber_gets_one_batch_for_many(place: Place) -> None:
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        await anext(events)
        for n in range(30):
            await place.do(Set(title=f"Title {n}"))
        await asyncio.sleep(0.1)
        batch = await anext(events)
    titles = [item for item in batch.items if isinstance(item, Committed)]
    assert len(titles) == 30
    assert sum(isinstance(item, Settings) for item in batch.items) == 1


async def test_a_subscriber_who_does_not_read_gets_a_snapshot_and_no_backlog(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_topic, "MOST_WAITING", 3)
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        await anext(events)
        for n in range(30):
            await place.do(Set(title=f"Title {n}"))
            await asyncio.sleep(0.04)
        (subscriber,) = place.hub._topics[place.thread]._subscribers
        assert len(subscriber._waiting) <= 3
        batch = await anext(events)
        while not isinstance(batch.items[0], Snapshot):
            batch = await anext(events)
    assert batch.items[0].thread.title == "Title 29"


async def test_leaving_at_any_moment_leaves_nothing(place: Place) -> None:
    for _ in range(50):
        events = place.hub.thread_events(place.thread)
        await anext(events)
        await events.aclose()
        waiting = place.hub.thread_events(place.thread)
        task = asyncio.create_task(anext(waiting))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await waiting.aclose()
    assert place.hub.live == 0
    assert not place.hub._topics[place.thread]._subscribers


async def test_the_end_of_the_hub_ends_every_subscription(place: Place) -> None:
    kinds = (
        place.hub.thread_events(place.thread),
        place.hub.threads_changed(),
    )
    for events in kinds:
        await anext(events)
    await place.hub.close()
    for events in kinds:
        async with asyncio.timeout(5):
            with pytest.raises(StopAsyncIteration):
                await anext(events)
    assert place.hub.live == 0


async def test_a_thread_that_is_not_there_is_an_error_each_time(place: Place) -> None:
    for _ in range(2):
        with pytest.raises(NotFoundError):
            await anext(place.hub.thread_events("nowhere"))
    assert place.hub.live == 0


async def test_the_end_of_a_thread_is_told_and_it_can_come_back(place: Place) -> None:
    await place.do(Add((Text("Kept"),), "user"))
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        await anext(events)
        await place.do(DeleteThread(place.thread))
        async with asyncio.timeout(5):
            told = [item async for batch in events for item in batch.items]
    assert told[-1] == Deleted(place.thread)
    with pytest.raises(NotFoundError):
        await anext(place.hub.thread_events(place.thread))
    await place.do(RestoreThread(place.thread))
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        snapshot = await everything(events)
    assert [message.text for message in snapshot.thread.messages.values()] == ["Kept"]


async def test_the_end_of_a_thread_reaches_who_is_behind(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_topic, "MOST_WAITING", 1)
    await place.do(Add((Text("Kept"),), "user"))
    async with aclosing(place.hub.thread_events(place.thread)) as events:
        await anext(events)
        (subscriber,) = place.hub._topics[place.thread]._subscribers
        async with asyncio.timeout(20):
            while not subscriber._behind:
                await place.do(Set(title=f"Title {asyncio.get_running_loop().time()}"))
            await place.do(DeleteThread(place.thread))
            await until(lambda: place.thread not in place.hub._topics)
            told = [item async for batch in events for item in batch.items]
    assert isinstance(told[0], Snapshot)
    assert told[-1] == Deleted(place.thread)


async def test_who_leaves_before_a_thread_is_open_leaves_nobody_who_listens(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_topic, "LINGER", 0)
    events = place.hub.thread_events(place.thread)
    waiting = asyncio.create_task(anext(events))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await until(lambda: not place.hub._topics)
    room = place.rooms._rooms[place.thread].conversation
    await until(lambda: not room.has_listeners)


async def test_who_leaves_before_a_comparison_is_read_leaves_nobody_who_listens(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Compare(variants=({"name": "Plain"},), rows=({"question": "Hello"},))
    comparison = (await place.do(asked)).result["comparison"]
    _, runner = await asyncio.wrap_future(engine().spawn(place.rooms.comparison(comparison)))
    before = len(runner.telling._listeners)
    # The second one belongs to the engine's loop.
    began, left = asyncio.Event(), asyncio.Event()
    loop, ready, was_read = asyncio.get_running_loop(), runner.ready, threading.Event()

    async def slow() -> list[dict[str, Any]]:
        loop.call_soon_threadsafe(began.set)
        await left.wait()
        was_read.set()
        return await ready()

    monkeypatch.setattr(runner, "ready", slow)
    waiting = asyncio.create_task(anext(place.hub.comparison_events(comparison)))
    await began.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert not place.hub._comparisons
    # What it has left to do there is done.
    engine().call(left.set)
    await until(was_read.is_set)
    await asyncio.wrap_future(engine().spawn(ready()))
    assert len(runner.telling._listeners) == before


async def test_a_subscription_that_begins_while_the_hub_ends_is_refused(place: Place) -> None:
    beginning = asyncio.create_task(anext(place.hub.thread_events(place.thread)))
    await asyncio.sleep(0)
    await place.hub.close()
    async with asyncio.timeout(20):
        with pytest.raises(ClosedError):
            await beginning


async def test_a_thread_that_was_deleted_can_be_imported_and_brought_back(place: Place) -> None:
    await place.do(Add((Text("Kept"),), "user"))
    file = (await place.do(Export("json"))).result
    await place.do(DeleteThread(place.thread))
    imported = place.rooms.import_(file["name"], file["text"])
    (made,) = await asyncio.wrap_future(engine().spawn(imported))
    assert made != place.thread
    await place.do(RestoreThread(place.thread))
    for thread in (made, place.thread):
        messages = (await place.do(Stop(), thread=thread)).state.thread.messages
        assert [message.text for message in messages.values()] == ["Kept"]


async def test_a_thread_whose_connection_is_removed_is_answered_by_the_demo_model(
    place: Place, server: DemoServer
) -> None:
    rooms = place.rooms
    engine().call(rooms.connections.add, "mine", None, server.base_url)
    await place.do(Connect("mine"))
    await place.do(Set(model="only-there"))
    await asyncio.wrap_future(engine().spawn(rooms.connections.remove("mine")))
    identity = await place.send()
    await until_end(place.hub.run_events(place.thread, identity))
    answer = (await place.do(Stop())).state.thread.messages[identity]
    assert answer.status == "complete"
    assert "mine" not in [each["name"] for each in rooms.connections.to_list()]


async def test_one_run_is_its_text_and_its_end(place: Place) -> None:
    identity = await place.send()
    async with asyncio.timeout(20):
        told = [
            item
            async for batch in place.hub.run_events(place.thread, identity)
            for item in batch.items
        ]
    end = told[-1]
    assert isinstance(end, Committed)
    assert isinstance(end.event, Finished)
    assert words(told) == end.event.message.text
    assert place.hub.live == 0


async def test_the_list_of_threads_is_told_when_it_changes(place: Place) -> None:
    async with aclosing(place.hub.threads_changed()) as changes:
        first = await anext(changes)
        await place.do(Add((Text("Now it is stored"),), "user"))
        async with asyncio.timeout(5):
            assert await anext(changes) > first


async def test_a_stale_edit_is_refused_and_a_harmless_change_is_no_matter(place: Place) -> None:
    seen = (await place.do(Add((Text("One"),), "user"))).revision
    await place.do(Add((Text("Two"),), "user"))
    with pytest.raises(ConflictError, match="1 message was added"):
        await place.do(Add((Text("Three"),), "user"), seen)
    with pytest.raises(ConflictError):
        await place.do(Add((Text("Three"),), "user"), 10_000)
    current = (await place.do(Stop())).revision
    added = await place.do(Add((Text("Three"),), "user"), current)
    assert len(added.state.thread.messages) == 3


async def test_an_answer_that_ended_since_is_no_conflict(place: Place) -> None:
    identity = await place.send()
    seen = (await place.do(Stop("nobody"))).revision
    await until_end(place.hub.run_events(place.thread, identity))
    outcome = await place.do(Regenerate(identity), seen)
    assert outcome.result["message"] != identity


async def test_a_run_goes_on_where_its_thread_was_deleted_elsewhere_and_brought_back(
    place: Place,
) -> None:
    await place.do(Set(params=pace(100_000, 100)))
    identity = await place.send()
    async with asyncio.timeout(20), aclosing(place.hub.thread_events(place.thread)) as events:
        await anext(events)
        await asyncio.wrap_future(place.rooms.store.delete(place.thread))
        told = [item async for batch in events for item in batch.items]
    assert told[-1] == Deleted(place.thread)
    with pytest.raises(NotFoundError):
        await place.do(Stop())
    await asyncio.wrap_future(place.rooms.store.restore(place.thread))
    state = (await place.do(Set(title="Here again"))).state
    assert state.message(identity).status == "streaming"
    assert (await place.do(Stop(identity))).result == {"stopped": True}
    told = await until_end(place.hub.run_events(place.thread, identity))
    (end,) = (item for item in told if isinstance(item, Committed))
    assert isinstance(end.event, Finished)
    assert end.event.message.status == "cancelled"
