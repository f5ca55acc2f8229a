"""Whatever a client sends: the server goes on, and so does every other client."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tornado.websocket import WebSocketClosedError

from playground_widget.server._frames import FrameError, message, read_frame
from tests.server.conftest import Jupyter

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
TYPES = st.sampled_from(
    ["connection_init", "connection_ack", "ping", "pong", "subscribe", "next", "error", "complete"]
)
QUERIES = st.sampled_from(
    [
        "{ __typename }",
        "subscription { threadsChanged { changes } }",
        'subscription { threadEvents(id: "none") { revision } }',
        "mutation { __typename }",
        "{ a: __typename a: __schema { types { name } } }",
        "query ($a: Int!) { __typename }",
        "fragment A on Query { ...A } { ...A }",
        "{" * 300,
        "",
    ]
)
FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "type": TYPES | JSON,
        "id": st.sampled_from(["1", "2", ""]) | JSON,
        "payload": st.fixed_dictionaries(
            {},
            optional={
                "query": QUERIES | JSON,
                "variables": JSON,
                "operationName": JSON,
                "extensions": JSON,
            },
        )
        | JSON,
    },
)
RAW = st.text(max_size=50) | st.binary(max_size=50)


def is_read_or_refused(data: str | bytes) -> bool:
    try:
        return bool(type(read_frame(data)))
    except FrameError as refused:
        return bool(str(refused))


@given(FRAMES | JSON)
def test_a_frame_is_read_or_refused(frame: Any) -> None:
    assert is_read_or_refused(json.dumps(frame))


@given(RAW)
def test_what_is_no_frame_is_refused(data: str | bytes) -> None:
    assert is_read_or_refused(data)


@given(st.text(min_size=1), JSON)
def test_what_is_sent_is_json_whatever_the_id(identity: str, payload: Any) -> None:
    data = message("next", identity, json.dumps(payload).encode())
    assert json.loads(data) == {"type": "next", "id": identity, "payload": payload}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=st.booleans(), frames=st.lists(FRAMES.map(json.dumps) | RAW, max_size=8))
def test_random_frames_disturb_nobody_else(
    jupyter: Jupyter, first: bool, frames: list[str | bytes]
) -> None:
    async def attack() -> None:
        other = await jupyter.connect()
        await other.subscribe("subscription { threadsChanged { changes } }", identity="other")
        assert await other.result("other")
        socket = await jupyter.connect(init=first)
        for frame in frames:
            if socket.connection.protocol is None or socket.connection.close_code is not None:
                break
            try:
                await socket.send_raw(frame)
            except Exception:  # noqa: BLE001 - the server has closed meanwhile
                break
        socket.connection.close(1000)
        await socket.closed()
        assert socket.connection.close_code != 4500
        await other.send({"type": "ping"})
        while (await other.receive())["type"] != "pong":
            pass
        await other.close()

    asyncio.run(attack())
    assert jupyter.process.poll() is None
    assert "Traceback" not in jupyter.said()


def test_nothing_of_them_stays(jupyter: Jupyter) -> None:
    while jupyter.ask("{ server { subscriptions } }")["server"]["subscriptions"]:
        time.sleep(0.02)


@pytest.mark.parametrize("size", [2**20 + 1, 2**23])
async def test_a_message_that_is_too_large_ends_one_connection_alone(
    jupyter: Jupyter, size: int
) -> None:
    other = await jupyter.connect()
    socket = await jupyter.connect()
    with suppress(WebSocketClosedError):
        await socket.send_raw("x" * size)
    code, _ = await socket.closed()
    assert code in {1009, None}
    await other.subscribe("{ __typename }")
    assert await other.result() == {"data": {"__typename": "Query"}}
    await other.close()
