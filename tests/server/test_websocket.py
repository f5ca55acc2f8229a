"""`graphql-transport-ws`, sentence by sentence.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.server.conftest import Jupyter, Socket

TYPENAME = {"query": "{ __typename }"}
CHANGES = "subscription { threadsChanged { changes } }"


async def test_an_operation_is_answered_and_completed(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.send({"type": "subscribe", "id": "a", "payload": TYPENAME})
    assert await socket.receive() == {
        "type": "next",
        "id": "a",
        "payload": {"data": {"__typename": "Query"}},
    }
    assert await socket.receive() == {"type": "complete", "id": "a"}
    await socket.close()


async def test_mutations_are_executed(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.subscribe('mutation { createThread(input: {title: "T"}) { thread { title } } }')
    assert (await socket.result())["data"] == {"createThread": {"thread": {"title": "T"}}}
    await socket.close()


async def test_the_subprotocol_is_the_one_of_the_standard(jupyter: Jupyter) -> None:
    socket = await jupyter.connect(subprotocols=["graphql-ws", "graphql-transport-ws"])
    assert socket.connection.selected_subprotocol == "graphql-transport-ws"
    await socket.close()


@pytest.mark.parametrize("protocols", [["graphql-ws"], []])
async def test_another_subprotocol_is_closed_with_4406(
    jupyter: Jupyter, protocols: list[str]
) -> None:
    socket = await jupyter.connect(subprotocols=protocols, init=False)
    assert await socket.closed() == (4406, "Subprotocol not acceptable")


async def test_an_operation_before_the_acknowledgement_is_closed_with_4401(
    jupyter: Jupyter,
) -> None:
    socket = await jupyter.connect(init=False)
    await socket.send({"type": "subscribe", "id": "1", "payload": TYPENAME})
    assert await socket.closed() == (4401, "Unauthorized")


async def test_a_second_initialisation_is_closed_with_4429(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.send({"type": "connection_init"})
    assert await socket.closed() == (4429, "Too many initialisation requests")


async def test_no_initialisation_in_time_is_closed_with_4408(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter("", "--PlaygroundApp.init_timeout=0.2")
    socket = await jupyter.connect(init=False)
    assert await socket.closed() == (4408, "Connection initialisation timeout")
    acknowledged = await jupyter.connect()
    waiting = await jupyter.connect(init=False)
    assert (await waiting.closed())[0] == 4408
    await acknowledged.subscribe("{ __typename }")
    assert await acknowledged.result() == {"data": {"__typename": "Query"}}
    await acknowledged.close()


async def test_an_id_in_use_is_closed_with_4409(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.subscribe(CHANGES, identity="same")
    assert await socket.result("same")
    await socket.subscribe("{ __typename }", identity="same")
    assert await socket.closed() == (4409, "Subscriber for same already exists")


async def test_a_long_id_in_use_is_closed_with_a_reason_that_fits(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    identity = "ä" * 1000
    await socket.subscribe(CHANGES, identity=identity)
    assert await socket.result(identity)
    await socket.subscribe(CHANGES, identity=identity)
    code, reason = await socket.closed()
    assert code == 4409
    assert reason
    assert len(reason.encode()) <= 123


async def test_an_id_can_be_used_again_after_it_completed(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    for _ in range(3):
        await socket.subscribe("{ __typename }")
        assert await socket.result() == {"data": {"__typename": "Query"}}
        assert await socket.result() is None
    for _ in range(3):
        await socket.subscribe(CHANGES)
        assert (await socket.result())["data"]["threadsChanged"]
        await socket.send({"type": "complete", "id": "1"})
    await socket.close()


async def test_nothing_follows_the_complete_of_a_client(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.subscribe("{ models { id } }", identity="unwanted")
    await socket.send({"type": "complete", "id": "unwanted"})
    await socket.subscribe("{ __typename }", identity="wanted")
    ids = [(await socket.receive())["id"] for _ in range(2)]
    assert ids == ["wanted", "wanted"]
    await socket.send({"type": "ping"})
    assert (await socket.receive())["type"] == "pong"
    await socket.close()


async def test_ids_that_are_unknown_are_ignored(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.send({"type": "complete", "id": "never"})
    await socket.send({"type": "ping"})
    assert await socket.receive() == {"type": "pong"}
    await socket.close()


async def test_a_ping_is_answered_at_any_time_with_its_payload(jupyter: Jupyter) -> None:
    socket = await jupyter.connect(init=False)
    await socket.send({"type": "ping"})
    assert await socket.receive() == {"type": "pong"}
    await socket.send({"type": "ping", "payload": {"a": [1, "ä"]}})
    assert await socket.receive() == {"type": "pong", "payload": {"a": [1, "ä"]}}
    await socket.send({"type": "pong", "payload": {}})
    await socket.send({"type": "connection_init", "payload": None})
    assert await socket.receive() == {"type": "connection_ack"}
    await socket.close()


async def of(socket: Socket, identity: str) -> Any:
    """The next message of an operation; the list of threads may change at any time."""
    while (message := await socket.receive())["id"] != identity:
        pass
    return message


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"query": "{"}, "Syntax Error"),
        ({"query": ""}, "Syntax Error"),
        ({"query": "{ nothing }"}, "nothing"),
        ({"query": "query ($a: Int!) { __typename @skip(if: $a) }"}, "Int!"),
        ({"query": "query A { a: __typename } query B { b: __typename }"}, "operationName"),
        ({"query": "{ __typename }", "operationName": "B"}, "operationName"),
        ({"query": "query ($id: ID!) { thread(id: $id) { id } }"}, "$id"),
        (
            {"query": "subscription { threadsChanged { changes } b: threadsChanged { changes } }"},
            "one",
        ),
        ({"query": 'subscription { threadEvents(id: "none") { revision } }'}, "none"),
    ],
)
async def test_an_operation_that_fails_fails_alone(
    jupyter: Jupyter, payload: dict[str, Any], said: str
) -> None:
    socket = await jupyter.connect()
    await socket.subscribe(CHANGES, identity="other")
    assert await socket.result("other")
    await socket.send({"type": "subscribe", "id": "bad", "payload": payload})
    message = await of(socket, "bad")
    assert message["type"] == "error"
    assert said in str(message["payload"])
    # The id is free, and nothing more came for it.
    await socket.subscribe("{ __typename }", identity="bad")
    assert (await of(socket, "bad"))["type"] == "next"
    await socket.close()


async def test_errors_of_fields_come_with_the_data(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.subscribe("{ threads(first: 0) { edges { cursor } } }")
    result = await socket.result()
    assert result["data"] is None
    assert result["errors"][0]["extensions"]["code"] == "InvalidInput"
    assert await socket.result() is None
    await socket.close()


MALFORMED: list[Any] = [
    [],
    [{"type": "ping"}],
    "text",
    1,
    None,
    {},
    {"type": None},
    {"type": 1},
    {"type": ["ping"]},
    {"type": "unknown"},
    {"type": "connection_ack"},
    {"type": "next", "id": "1", "payload": {}},
    {"type": "error", "id": "1", "payload": []},
    {"type": "ping", "payload": []},
    {"type": "pong", "payload": "text"},
    {"type": "connection_init", "payload": []},
    {"type": "subscribe"},
    {"type": "subscribe", "id": "1"},
    {"type": "subscribe", "payload": TYPENAME},
    {"type": "subscribe", "id": 1, "payload": TYPENAME},
    {"type": "subscribe", "id": "", "payload": TYPENAME},
    {"type": "subscribe", "id": ["1"], "payload": TYPENAME},
    {"type": "subscribe", "id": "1", "payload": None},
    {"type": "subscribe", "id": "1", "payload": []},
    {"type": "subscribe", "id": "1", "payload": {}},
    {"type": "subscribe", "id": "1", "payload": {"query": None}},
    {"type": "subscribe", "id": "1", "payload": {**TYPENAME, "variables": []}},
    {"type": "subscribe", "id": "1", "payload": {**TYPENAME, "operationName": 1}},
    {"type": "subscribe", "id": "1", "payload": {**TYPENAME, "extensions": "x"}},
    {"type": "complete"},
    {"type": "complete", "id": 1},
    {"type": "complete", "id": None},
]


@pytest.mark.parametrize("message", MALFORMED)
async def test_what_is_no_message_is_closed_with_4400(jupyter: Jupyter, message: Any) -> None:
    socket = await jupyter.connect()
    await socket.send(message)
    code, reason = await socket.closed()
    assert code == 4400
    assert reason


@pytest.mark.parametrize("data", ["", "{", "nonsense", '{"type": NaN}', "[" * 50_000, b"{}", b""])
async def test_what_is_no_json_is_closed_with_4400(jupyter: Jupyter, data: str | bytes) -> None:
    socket = await jupyter.connect()
    await socket.send_raw(data)
    assert (await socket.closed())[0] == 4400


async def test_nothing_is_done_after_the_end(jupyter: Jupyter) -> None:
    before = len(jupyter.ask("{ threads(first: 200) { edges { cursor } } }")["threads"]["edges"])
    socket = await jupyter.connect()
    said = 'messages: [{content: [{text: "Hi"}]}]'
    create = f"mutation {{ createThread(input: {{{said}}}) {{ thread {{ id }} }} }}"
    await socket.send({"type": "nonsense"})
    await socket.subscribe(create)
    assert (await socket.closed())[0] == 4400
    after = len(jupyter.ask("{ threads(first: 200) { edges { cursor } } }")["threads"]["edges"])
    assert after == before


async def test_a_message_that_is_too_large_is_closed_with_1009(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.send({"type": "ping", "payload": {"a": "x" * (2**20 - 100)}})
    assert (await socket.receive())["type"] == "pong"
    await socket.send({"type": "ping", "payload": {"a": "x" * 2**20}})
    assert (await socket.closed())[0] == 1009


async def test_more_operations_than_allowed_are_refused_alone(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter("", "--PlaygroundApp.max_operations=2")
    socket = await jupyter.connect()
    for identity in ("1", "2"):
        await socket.subscribe(CHANGES, identity=identity)
        assert await socket.result(identity)
    await socket.subscribe(CHANGES, identity="3")
    assert (await of(socket, "3"))["type"] == "error"
    await socket.send({"type": "complete", "id": "1"})
    await socket.subscribe(CHANGES, identity="3")
    assert (await of(socket, "3"))["type"] == "next"
    await socket.close()


async def test_a_request_that_is_no_websocket_is_none(jupyter: Jupyter) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await jupyter.connect(headers={})
    assert refused.value.code == 403
