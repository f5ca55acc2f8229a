"""Both adapters tell the same answers alike, whatever the server does."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from playground_widget.demo import DemoServer
from playground_widget.errors import RunError
from playground_widget.model import Message, Params, Text, Usage
from playground_widget.provider import (
    Connection,
    Counted,
    Delta,
    Ended,
    Opened,
    ToolDelta,
    can_retry,
)
from tests.contract.servers import (
    BODY,
    WIRES,
    Answer,
    Scripted,
    Wire,
    ask,
    failure,
    last,
    read,
    sse,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture(params=WIRES, ids=lambda wire: wire.api)
def wire(request: pytest.FixtureRequest) -> Wire:
    found: Wire = request.param
    return found


# ------------------------------------------------------------------------ good answers


async def test_an_answer_comes_opened_first_ended_last_with_its_usage(wire: Wire) -> None:
    data = sse(*wire.text("Hel"), *wire.text("lo"), *wire.end())
    chunks = await ask(wire, Answer([data], headers={"x-request-id": "req_1"}))
    assert chunks == [
        Opened("req_1"),
        Delta("text", "Hello", 2),
        Counted(Usage(input_tokens=9, output_tokens=5, cached_tokens=4, reasoning_tokens=2)),
        Ended("stop", "m-1"),
    ]


async def test_reasoning_text_and_refusal_are_told_apart_in_their_order(wire: Wire) -> None:
    events = [*wire.reasoning("Hm"), *wire.reasoning("."), *wire.text("a"), *wire.refusal("No")]
    chunks = await ask(wire, Answer([sse(*events, *wire.end())]))
    assert [c for c in chunks if isinstance(c, Delta)] == [
        Delta("reasoning", "Hm.", 2),
        Delta("text", "a", 1),
        Delta("refusal", "No", 1),
    ]


async def test_tool_calls_are_counted_from_zero_and_keep_their_ids(wire: Wire) -> None:
    events = [*wire.tool(0, "c1", "add", '{"a"', ":1}"), *wire.tool(1, "c2", "now", "{}")]
    chunks = await ask(wire, Answer([sse(*events, *wire.end("tool_calls"))]))
    calls = [c for c in chunks if isinstance(c, ToolDelta)]
    assert {(c.index, c.id, c.name) for c in calls} == {(0, "c1", "add"), (1, "c2", "now")}
    written = {i: "".join(c.arguments for c in calls if c.index == i) for i in (0, 1)}
    assert written == {0: '{"a":1}', 1: "{}"}
    assert last(chunks).finish_reason == "tool_calls"


async def test_an_answer_that_ran_into_its_limit_says_length(wire: Wire) -> None:
    chunks = await ask(wire, Answer([sse(*wire.text("a"), *wire.end("length"))]))
    assert last(chunks).finish_reason == "length"


async def test_a_server_that_does_not_stream_is_read_too(wire: Wire) -> None:
    data = sse(wire.plain("Hello")).removeprefix(b"data: ")
    chunks = await ask(wire, Answer([data], headers={"content-type": "application/json"}))
    assert (text_of(chunks), last(chunks)) == ("Hello", Ended("stop", "m-1"))


async def test_a_stream_under_the_wrong_content_type_is_read_too(wire: Wire) -> None:
    answer = Answer([sse(*wire.text("a"), *wire.end())], headers={"content-type": "text/plain"})
    assert text_of(await ask(wire, answer)) == "a"


async def test_a_server_that_hangs_up_after_the_last_word_has_answered(wire: Wire) -> None:
    chunks = await ask(wire, Answer([sse(*wire.text("a"), *wire.end())], end="cut"))
    assert last(chunks).finish_reason == "stop"


async def test_a_finish_without_the_closing_line_is_complete(wire: Wire) -> None:
    events = [event for event in (*wire.text("a"), *wire.end()) if event != "[DONE]"]
    assert text_of(await ask(wire, Answer([sse(*events)]))) == "a"


async def test_a_server_that_never_ends_the_response_is_left_after_the_last_word(
    wire: Wire,
) -> None:
    data = sse(*wire.text("a"), *wire.end(), "[DONE]")
    async with Scripted(Answer([data], end="hang")) as server:
        chunks = await read(Connection("test", server.url, api=wire.api))
        await server.gone.wait()
    assert last(chunks).finish_reason == "stop"


async def test_the_next_request_uses_the_same_network_connection(wire: Wire) -> None:
    data = sse(*wire.text("a"), *wire.end(), "[DONE]")
    async with Scripted(Answer([data], end="late")) as server:
        connection = Connection("test", server.url, api=wire.api)
        for _ in range(3):
            async for _chunks in connection.stream(BODY):
                pass
        await connection.aclose()
        assert (len(server.asked), server.connections) == (3, 1)


async def test_what_is_sent_is_the_body_and_nothing_else(wire: Wire) -> None:
    async with Scripted(Answer([sse(*wire.text("a"), *wire.end())])) as server:
        connection = Connection("test", server.url, "k" * 20, wire.api, headers={"x-mine": "1"})
        path = [Message(id="1", parent=None, role="user", content=(Text("hi"),))]
        params = Params(temperature=0.5, extra={"top_k": 5})
        body = connection.request("Be brief.", path, "gpt-x", params)
        await read(connection, body)
        (asked,) = server.asked
    assert asked.body == body
    assert asked.path == {"chat": "/v1/chat/completions", "responses": "/v1/responses"}[wire.api]
    assert asked.headers["authorization"] == "Bearer " + "k" * 20
    assert asked.headers["x-mine"] == "1"


async def test_without_a_key_no_authorization_is_sent(wire: Wire) -> None:
    async with Scripted(Answer([sse(*wire.text("a"), *wire.end())])) as server:
        await read(Connection("test", server.url, api=wire.api))
        assert "authorization" not in server.asked[0].headers


async def test_a_server_that_knows_no_stream_options_is_asked_again_without() -> None:
    refused = sse({"error": {"message": "Unknown field: stream_options"}}).removeprefix(b"data: ")
    good = sse(*WIRES[0].text("a"), *WIRES[0].end())
    async with Scripted(Answer([refused], 400), Answer([good])) as server:
        connection = Connection("test", server.url)
        body = {**BODY, "stream_options": {"include_usage": True}}
        for _ in range(2):
            async for _chunks in connection.stream(body):
                pass
        await connection.aclose()
        sent = ["stream_options" in asked.body for asked in server.asked]
    assert sent == [True, False, False]


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert text_of(await ask(wire, Answer([sse(*wire.text("a"), *wire.end())]))) == "a"


# ------------------------------------------------------------------------- bad answers


async def test_a_connection_cut_after_text_is_dropped_and_not_retried(wire: Wire) -> None:
    told = await failure(wire, Answer([sse(*wire.text("a"), *wire.text("b"))], end="cut"))
    assert told.__notes__ == ["ab"]
    assert (told.kind, told.info.title) == ("dropped", "The connection dropped after 2 tokens")
    assert told.info.detail == "The text above is kept."
    assert told.info.actions == ("continue", "regenerate")
    assert not can_retry(told.info)


async def test_a_stream_that_ends_in_the_middle_is_dropped(wire: Wire) -> None:
    told = await failure(wire, Answer([sse(*wire.text("a")), b'data: {"type'], end="clean"))
    assert (told.kind, told.__notes__) == ("dropped", ["a"])


async def test_a_connection_cut_before_any_text_may_be_tried_again(wire: Wire) -> None:
    told = await failure(wire, Answer([], end="cut"))
    assert told.info.title == "The connection dropped before the answer began"
    assert (told.kind, told.info.detail) == ("dropped", "Your message is kept.")
    assert can_retry(told.info)


@pytest.mark.parametrize(
    "data", [b"", b": hello\n\n", b"<html>hi</html>", b"data: hello\n\n", b"data: [1]\n\n", b"{"]
)
async def test_what_is_no_answer_is_said_to_be_none(wire: Wire, data: bytes) -> None:
    told = await failure(wire, Answer([data]))
    assert told.kind == "protocol"
    assert not can_retry(told.info)


async def test_an_event_that_is_not_json_keeps_what_came_before(wire: Wire) -> None:
    told = await failure(wire, Answer([sse(*wire.text("a"), '{"cut', *wire.text("b"))]))
    assert (told.kind, told.__notes__) == ("protocol", ["a"])


async def test_an_error_inside_the_stream_keeps_what_came_before(wire: Wire) -> None:
    error = wire.error({"message": "out of memory", "code": "server_error"})
    told = await failure(wire, Answer([sse(*wire.text("a"), error)]))
    assert (told.kind, told.__notes__) == ("server", ["a"])
    assert "out of memory" in told.info.detail
    assert told.info.actions == ("continue", "regenerate")


async def test_a_plain_error_under_status_200_is_an_error(wire: Wire) -> None:
    data = sse({"error": {"message": "no GPU", "code": "500"}}).removeprefix(b"data: ")
    told = await failure(wire, Answer([data]))
    assert (told.kind, told.info.facts["status"]) == ("server", 500)


async def test_silence_is_a_timeout(wire: Wire) -> None:
    told = await failure(wire, Answer([sse(*wire.text("a"))], end="hang"), timeout=0.2)
    assert (told.kind, told.__notes__) == ("timeout", ["a"])
    assert told.info.title.endswith("went silent after 1 token")
    assert not can_retry(told.info)


async def test_a_closed_port_is_not_reached(wire: Wire, unused_tcp_port: int) -> None:
    with pytest.raises(RunError) as caught:
        await read(Connection("test", f"http://127.0.0.1:{unused_tcp_port}/v1", api=wire.api))
    told = caught.value
    assert told.info.title == f"127.0.0.1:{unused_tcp_port} cannot be reached"
    assert "Is the server running" in told.info.detail
    assert can_retry(told.info)


# --------------------------------------------------------------------------- stopping


async def test_leaving_the_stream_closes_the_connection(wire: Wire) -> None:
    async with Scripted(Answer([sse(*wire.text("a"))], end="hang")) as server:
        connection = Connection("test", server.url, api=wire.api)
        async with aclosing(connection.stream(BODY)) as stream:
            async for chunks in stream:
                if text_of(chunks):
                    break
        await server.gone.wait()
        await connection.aclose()


async def test_cancelling_the_task_closes_the_connection(wire: Wire) -> None:
    async with Scripted(Answer([sse(*wire.text("a"))], end="hang")) as server:
        connection = Connection("test", server.url, api=wire.api)
        begun = asyncio.Event()

        async def go() -> None:
            async with aclosing(connection.stream(BODY)) as stream:
                async for chunks in stream:
                    if text_of(chunks):
                        begun.set()

        task = asyncio.create_task(go())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await server.gone.wait()
        await connection.aclose()


async def test_cancelling_before_the_answer_closes_the_connection(wire: Wire) -> None:
    async with Scripted(Answer([], end="hang")) as server:
        connection = Connection("test", server.url, api=wire.api)
        stream = connection.stream(BODY)
        assert await anext(stream) == [Opened(None)]
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await server.gone.wait()
        await connection.aclose()
    assert not [task for task in asyncio.all_tasks() if "_Arrived" in repr(task)]


def test_one_connection_serves_several_loops(demo: DemoServer) -> None:
    connection = Connection("test", demo.base_url)
    body = {"model": "demo-echo", "messages": [{"role": "user", "content": "again"}]}
    for _ in range(2):
        assert text_of(asyncio.run(read(connection, {**body, "stream": True}))) == "again"
    gc.collect()


# ------------------------------------------------------------------------- demo server


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer() as server:
        yield server


@pytest.fixture
async def demo_connection(demo: DemoServer, wire: Wire) -> AsyncIterator[Connection]:
    connection = Connection("demo", demo.base_url, api=wire.api)
    yield connection
    await connection.aclose()


def body_of(connection: Connection, text: str, model: str, **params: Any) -> dict[str, Any]:
    path = [Message(id="1", parent=None, role="user", content=(Text(text),))]
    return connection.request("", path, model, Params(**params))


async def test_the_demo_model_repeats_any_text(demo_connection: Connection) -> None:
    said = "Straße 👩‍👩‍👧 e\u0301 \U0001f600 \r\n\t\u2028 end"
    chunks = await read(demo_connection, body_of(demo_connection, said, "demo-echo"))
    assert text_of(chunks) == said


async def test_a_long_answer_is_whole_and_every_token_is_counted(
    demo_connection: Connection,
) -> None:
    body = body_of(demo_connection, "Go on.", "demo-long", max_tokens=2000)
    chunks = await read(demo_connection, body)
    deltas = [c for c in chunks if isinstance(c, Delta)]
    usage = [c.usage for c in chunks if isinstance(c, Counted)][-1]
    assert sum(c.count for c in deltas) == usage.output_tokens == 2000
    assert len(deltas) < 1000  # joined, not one a token
    assert last(chunks).finish_reason == "length"


async def test_a_long_answer_is_read_as_often_as_it_is_told(demo_connection: Connection) -> None:
    steering = {"tokens": 200, "rate": 400, "first_token": 0}
    body = body_of(demo_connection, "Go on.", "demo-long", extra={"demo": steering})
    began = time.monotonic()
    reads = [chunks async for chunks in demo_connection.stream(body)]
    assert sum(c.count for each in reads for c in each if isinstance(c, Delta)) == 200
    # The first ones come at once, and so may what ends the answer.
    assert len(reads) <= 12 + 2 * (time.monotonic() - began) / 0.033


async def test_the_demo_model_thinks_before_it_answers(demo_connection: Connection) -> None:
    body = body_of(demo_connection, "Why?", "demo-reasoning", max_tokens=150)
    kinds = [c.kind for c in await read(demo_connection, body) if isinstance(c, Delta)]
    assert kinds[0] == "reasoning"
    assert kinds == sorted(kinds)  # reasoning, then text


@pytest.mark.parametrize(
    ("model", "kind", "retry"),
    [
        ("demo-rate-limited-always", "rate_limited", True),
        ("demo-no-quota", "quota", False),
        ("demo-bad-key", "key_refused", False),
        ("demo-overloaded", "server", True),
        ("demo-context", "context_too_long", False),
        ("demo-no-such-model", "model_not_found", False),
        ("demo-cut", "dropped", False),
        ("demo-stream-error", "server", False),
        ("demo-malformed", "protocol", False),
    ],
)
async def test_each_failure_of_the_demo_model_is_what_it_says(
    demo_connection: Connection, model: str, kind: str, *, retry: bool
) -> None:
    with pytest.raises(RunError) as caught:
        await read(demo_connection, body_of(demo_connection, "word " * 900, model))
    assert caught.value.kind == caught.value.info.kind == kind
    assert can_retry(caught.value.info) is retry


async def test_the_demo_server_sees_who_leaves(
    demo: DemoServer, demo_connection: Connection
) -> None:
    body = body_of(demo_connection, "Hello", "demo-stall")
    async with aclosing(demo_connection.stream(body)) as stream:
        async for chunks in stream:
            if text_of(chunks):
                break
    record = await asyncio.to_thread(demo.wait_for_disconnect)
    assert record.path.endswith(("completions", "responses"))
