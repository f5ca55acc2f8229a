"""Subscriptions: each gets everything, all share the work, and each end is an end."""

from __future__ import annotations

import asyncio
import gc
import json
import socket as sockets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any
from unittest.mock import patch

import pytest
from graphql import Executor
from graphql.execution.collect_fields import CollectedFields

from playground_widget.conversation import Rooms
from playground_widget.demo import DemoServer
from playground_widget.engine import Committed, engine
from playground_widget.events import Finished
from playground_widget.model import Text
from playground_widget.protocol import Send, Set
from playground_widget.provider import Connection
from playground_widget.server import _execute
from playground_widget.server._asked import Asked
from playground_widget.server._execute import Operations
from playground_widget.server._executor import EventExecutor
from playground_widget.server._hub import Hub
from playground_widget.server._limits import Limits
from playground_widget.server._service import Service
from playground_widget.store import Store
from tests.server.conftest import BASE, Jupyter, Socket

EVENTS = """
  subscription ($id: ID!, $revision: Int, $offsets: [TextOffset!]) {
    threadEvents(id: $id, revision: $revision, offsets: $offsets) {
      revision
      events {
        __typename
        ... on ThreadSnapshot { revision thread { title messages { id text status } } }
        ... on MessagesAdded { messages { text } }
        ... on AnswerStarted { message { id } }
        ... on TextAdded { messageId part offset text }
        ... on AnswerFinished { lengths message { text status } }
        ... on ThreadChanged { changes { title system } }
      }
    }
  }
"""
CHANGES = "subscription { threadsChanged { changes } }"


def make(jupyter: Jupyter, **params: Any) -> str:
    """A thread whose answers come as the demo model is told."""
    query = "mutation ($i: CreateThreadInput!) { createThread(input: $i) { thread { id } } }"
    demo = {"tokens": 50, "rate": None, "first_token": 0, **params}
    given = {"model": "demo-fast", "params": {"extra": {"demo": demo}}}
    return str(jupyter.ask(query, {"i": given})["createThread"]["thread"]["id"])


def send(jupyter: Jupyter, thread: str) -> str:
    query = """
      mutation ($id: ID!) {
        send(input: {threadId: $id, content: [{text: "Hello"}]}) { answer { id } error { title } }
      }
    """
    payload = jupyter.ask(query, {"id": thread})["send"]
    assert payload["error"] is None
    return str(payload["answer"]["id"])


async def until_finished(socket: Socket, identity: str = "1") -> list[dict[str, Any]]:
    """The events of a subscription until an answer has ended."""
    happened: list[dict[str, Any]] = []
    while not happened or happened[-1]["__typename"] != "AnswerFinished":
        batch = (await socket.result(identity))["data"]["threadEvents"]
        for event in batch["events"]:
            happened.append(event)
            if event["__typename"] == "AnswerFinished":
                break
    return happened


def live(jupyter: Jupyter) -> int:
    count: int = jupyter.ask("{ server { subscriptions } }")["server"]["subscriptions"]
    return count


async def wait_for(jupyter: Jupyter, count: int) -> None:
    deadline = time.monotonic() + 30
    while (now := live(jupyter)) != count:
        assert time.monotonic() < deadline, now
        await asyncio.sleep(0.02)


async def test_a_subscriber_gets_the_thread_and_then_all_that_happens(jupyter: Jupyter) -> None:
    thread = make(jupyter)
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": thread})
    first = (await socket.result())["data"]["threadEvents"]
    assert [event["__typename"] for event in first["events"]] == ["ThreadSnapshot"]
    answer = send(jupyter, thread)
    happened = await until_finished(socket)
    started = next(e for e in happened if e["__typename"] == "AnswerStarted")
    assert started["message"]["id"] == answer
    text = "".join(event["text"] for event in happened if event["__typename"] == "TextAdded")
    assert happened[-1]["message"] == {"text": text, "status": "COMPLETE"}
    assert happened[-1]["lengths"] == [len(text)]
    await socket.close()


async def test_a_subscriber_that_comes_back_gets_what_is_missing(jupyter: Jupyter) -> None:
    thread = make(jupyter)
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": thread})
    await socket.result()
    send(jupyter, thread)
    await until_finished(socket)
    await socket.close()
    changed = (
        'mutation ($id: ID!) { updateThread(input: {threadId: $id, system: "S"}) { revision } }'
    )
    revision = jupyter.ask(changed, {"id": thread})["updateThread"]["revision"]
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": thread, "revision": revision - 1})
    batch = (await socket.result())["data"]["threadEvents"]
    assert batch["revision"] == revision
    kinds = [event["__typename"] for event in batch["events"]]
    assert "ThreadSnapshot" not in kinds
    assert {"changes": {"title": None, "system": "S"}, "__typename": "ThreadChanged"} in batch[
        "events"
    ]
    await socket.close()


async def test_the_list_tells_that_it_changed(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.subscribe(CHANGES)
    first = (await socket.result())["data"]["threadsChanged"]["changes"]
    send(jupyter, make(jupyter))
    second = (await socket.result())["data"]["threadsChanged"]["changes"]
    assert second > first
    await socket.close()


async def test_unsubscribing_and_leaving_and_falling_silent_end_a_subscription(
    jupyter: Jupyter,
) -> None:
    await wait_for(jupyter, 0)
    thread = make(jupyter)
    one, two = await jupyter.connect(), await jupyter.connect()
    for identity in ("a", "b"):
        await one.subscribe(EVENTS, {"id": thread}, identity)
        await one.result(identity)
    await two.subscribe(CHANGES)
    await two.result()
    assert live(jupyter) == 3
    await one.send({"type": "complete", "id": "a"})
    await wait_for(jupyter, 2)
    await one.close()
    await wait_for(jupyter, 1)
    # A client that is gone without a word: its stream is cut.
    stream = two.connection.protocol.stream  # type: ignore[union-attr] # it is open
    assert stream is not None
    stream.socket.shutdown(sockets.SHUT_RDWR)
    await two.closed()
    await wait_for(jupyter, 0)


async def test_a_protocol_error_ends_the_subscriptions_of_its_connection(
    jupyter: Jupyter,
) -> None:
    await wait_for(jupyter, 0)
    socket = await jupyter.connect()
    await socket.subscribe(CHANGES)
    await socket.result()
    await socket.send({"type": "nonsense"})
    assert (await socket.closed())[0] == 4400
    await wait_for(jupyter, 0)


async def test_the_end_of_the_server_ends_every_connection(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter()
    thread = make(jupyter, tokens=100_000, rate=50)
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": thread})
    await socket.result()
    send(jupyter, thread)
    began = time.monotonic()
    jupyter.process.terminate()
    assert (await socket.closed())[0] == 1001
    assert await asyncio.to_thread(jupyter.process.wait, 30) in {0, -15}
    # Long before Jupyter itself would give up on an extension.
    assert time.monotonic() - began < 25
    assert "Traceback" not in jupyter.said()
    # What was being written is kept.
    store = Store(jupyter.log.parent / "threads.sqlite")
    kept = store.load(thread).thread
    store.close()
    (answer,) = [message for message in kept.messages.values() if message.role == "assistant"]
    assert answer.status in {"cancelled", "interrupted"}


async def test_a_client_that_does_not_read_is_closed_and_no_other_waits(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter("", "--PlaygroundApp.write_timeout=0.5")
    thread = make(jupyter, tokens=60_000)
    reader = await jupyter.connect()
    await reader.subscribe(EVENTS, {"id": thread})
    await reader.result()
    deaf = deaf_client(jupyter)
    for identity in range(20):
        deaf.subscribe(thread, str(identity))
    await wait_for(jupyter, 21)
    for _ in range(3):
        send(jupyter, thread)
        happened = await until_finished(reader)
        assert happened[-1]["message"]["status"] == "COMPLETE"
    # The demo model writes more than a socket holds, twenty times.
    await wait_for(jupyter, 1)
    deaf.close()
    await reader.close()


class Deaf:
    """A client that speaks the protocol and never reads."""

    def __init__(self, jupyter: Jupyter) -> None:
        self.socket = sockets.socket()
        self.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", jupyter.port))
        self.socket.sendall(
            f"GET {BASE}playground/graphql HTTP/1.1\r\nHost: 127.0.0.1:{jupyter.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
            f"Authorization: token {jupyter.token}\r\n\r\n".encode()
        )
        assert self.socket.recv(4096).startswith(b"HTTP/1.1 101")
        self.send({"type": "connection_init"})

    def send(self, message: object) -> None:
        data = json.dumps(message).encode()
        # A text frame with a mask of zeros, which changes nothing.
        size = bytes([128 | 126]) + len(data).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + size + bytes(4) + data)

    def subscribe(self, thread: str, identity: str) -> None:
        payload = {"query": EVENTS, "variables": {"id": thread}}
        self.send({"type": "subscribe", "id": identity, "payload": payload})

    def close(self) -> None:
        self.socket.close()


def deaf_client(jupyter: Jupyter) -> Deaf:
    return Deaf(jupyter)


# -- without a network


class Place:
    """Operations on a thread of a store in memory."""

    def __init__(self, operations: Operations, rooms: Rooms, thread: str) -> None:
        self.operations, self.rooms, self.thread = operations, rooms, thread

    async def send(self) -> None:
        request = Send((Text("Hello"),))
        await asyncio.wrap_future(engine().spawn(self.rooms.carry_out(self.thread, request)))

    def stream(self, query: str = EVENTS, **variables: Any) -> Any:
        asked = Asked(query, {"id": self.thread, **variables})
        return self.operations.stream(self.operations.read(asked))


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
async def place(server: DemoServer) -> AsyncIterator[Place]:
    running, store = engine(), Store(":memory:")
    rooms = Rooms(running, store, Connection("demo", base_url=server.base_url))
    service = Service(running, store, rooms, Hub(rooms, running), Limits())
    params = {"extra": {"demo": {"tokens": 50, "rate": None, "first_token": 0}}}
    blank = rooms.blank(Set(title="T", model="demo-fast", params=params))
    made = running.call(rooms.create, blank)
    yield Place(Operations(service), rooms, made.state.thread.id)
    await service.close()
    assert service.hub.live == 0
    store.close()


async def read_to_the_end(stream: Any) -> list[bytes]:
    results: list[bytes] = []
    async with aclosing(stream):
        async for result in stream:
            results.append(result)
            if b"AnswerFinished" in result:
                break
    return results


async def test_subscribers_in_step_share_one_execution_and_one_text(place: Place) -> None:
    count = 0
    real = Operations._event

    def counted(operations: Operations, operation: Any, event: object) -> bytes:
        nonlocal count
        count += 1
        return real(operations, operation, event)

    with patch.object(Operations, "_event", counted):
        streams = [place.stream() for _ in range(50)]
        firsts = [await anext(stream) for stream in streams]
        assert len(set(firsts)) == 1
        reading = [asyncio.create_task(read_to_the_end(stream)) for stream in streams]
        await asyncio.sleep(0)
        count = 0
        await place.send()
        results = await asyncio.gather(*reading)
    # Who is not quite in step gets two batches as one, which is a text of its own.
    delivered = sum(len(result) for result in results)
    assert delivered >= 50
    assert count <= delivered / 5


async def test_events_leave_nothing_with_their_subscription(place: Place) -> None:
    async with aclosing(place.operations.service.hub.thread_events(place.thread)) as source:
        first = await anext(source)
        await place.send()
        batches = [first]
        async for batch in source:
            batches.append(batch)
            ends = [item.event for item in batch.items if isinstance(item, Committed)]
            if any(isinstance(event, Finished) for event in ends):
                break
    operation = place.operations.read(Asked(EVENTS, {"id": place.thread}))

    def results() -> list[bytes]:
        return [place.operations._event(operation, batch) for batch in batches]

    def kept() -> int:
        return sum(isinstance(each, CollectedFields) for each in gc.get_objects())

    made, before = results(), kept()
    for _ in range(20):
        assert results() == made
    assert kept() == before
    # Each type of event has its own fields, as without this.
    with patch.object(EventExecutor, "collect_subfields", Executor.collect_subfields):
        assert results() == made
        assert kept() > before


async def test_the_result_of_a_batch_is_made_once(place: Place) -> None:
    operations = place.operations
    asked = [Asked(EVENTS, {"id": place.thread, "revision": n}) for n in (1, 2)]
    one, two = (operations.read(each) for each in asked)
    async with aclosing(operations.service.hub.thread_events(place.thread)) as source:
        batch = await anext(source)
    result = await operations._result(one, batch)
    assert await operations._result(one, batch) is result
    # Where a subscriber began makes no difference.
    assert await operations._result(two, batch) is result
    other = operations.read(Asked(f"{EVENTS} # another", {"id": place.thread}))
    assert await operations._result(other, batch) is not result


async def test_another_selection_or_variable_gets_a_result_of_its_own(place: Place) -> None:
    query = """
      subscription ($id: ID!, $long: Boolean!) { threadEvents(id: $id) {
        revision events @include(if: $long) { __typename }
      } }
    """
    short, long = place.stream(query, long=False), place.stream(query, long=True)
    assert b"events" not in (await anext(short)).split(b"threadEvents")[1]
    assert b"__typename" in await anext(long)
    for stream in (short, long):
        await stream.aclose()


async def test_a_large_snapshot_is_made_while_others_go_on(place: Place) -> None:
    request = "mutation ($i: AddMessageInput!) { addMessage(input: $i) { error { title } } }"
    for n in range(_execute.LARGE + 1):
        given = {"threadId": place.thread, "content": [{"text": f"Message {n}"}]}
        operation = place.operations.read(Asked(request, {"i": given}))
        assert b"null" in await place.operations.execute(operation)
    stream = place.stream()
    snapshot = json.loads(await anext(stream))["data"]["threadEvents"]["events"][0]
    assert len(snapshot["thread"]["messages"]) == _execute.LARGE + 1
    await stream.aclose()
