"""Both adapters tell how probable tokens were, however a server writes it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo import DemoServer
from playground_widget.model import Message, Params, Text, TokenLogprob
from playground_widget.provider import Connection, Logprobs
from playground_widget.provider._logprobs import LEAST, read_logprobs
from tests.contract.servers import WIRES, Answer, Wire, ask, plain, read, sse, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playground_widget.provider import Chunk


@pytest.fixture(params=WIRES, ids=lambda wire: wire.api)
def wire(request: pytest.FixtureRequest) -> Wire:
    found: Wire = request.param
    return found


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer() as server:
        yield server


def entry(token: str, logprob: object, *top: tuple[str, float], **more: Any) -> dict[str, Any]:
    others = [{"token": other, "logprob": its, "bytes": None} for other, its in top]
    return {"token": token, "logprob": logprob, "top_logprobs": others, **more}


def tokens(chunks: list[Chunk]) -> list[TokenLogprob]:
    return [token for c in chunks if isinstance(c, Logprobs) for token in c.tokens]


HEL, LO = ("Hel", -0.25, (("Hel", -0.25), ("Hal", -2.0))), ("lo", 0.0, ())


async def test_tokens_come_in_their_order_with_their_alternatives(wire: Wire) -> None:
    events = [
        *wire.scored("Hel", entry("Hel", -0.25, ("Hel", -0.25), ("Hal", -2.0), bytes=[72])),
        *wire.scored("lo", entry("lo", 0.0)),
    ]
    chunks = await ask(wire, Answer([sse(*events, *wire.end())]))
    assert tokens(chunks) == [TokenLogprob(*HEL), TokenLogprob(*LO)]
    assert text_of(chunks) == "Hello"


async def test_an_answer_in_one_piece_has_them_too(wire: Wire) -> None:
    data = plain(wire.plain("Hello", entry("Hel", -0.25, *HEL[2]), entry("lo", 0)))
    chunks = await ask(wire, Answer([data], headers={"content-type": "application/json"}))
    assert tokens(chunks) == [TokenLogprob(*HEL), TokenLogprob(*LO)]


@pytest.mark.parametrize("given_as", [None, [], {}, "no", 7, [None, 3, {"token": "a"}]])
async def test_what_is_no_probability_is_passed_over(wire: Wire, given_as: object) -> None:
    events = wire.scored("Hello")
    if wire.api == "chat":
        events[0]["choices"][0]["logprobs"] = given_as and {"content": given_as}
    else:
        events[0]["logprobs"] = given_as
    chunks = await ask(wire, Answer([sse(*events, *wire.end())]))
    assert tokens(chunks) == []
    assert text_of(chunks) == "Hello"


async def test_what_finished_parts_repeat_is_not_counted_again() -> None:
    wire = WIRES[1]
    scores = [entry("Hi", -0.5)]
    part = {"type": "output_text", "text": "Hi", "logprobs": scores}
    item = {"type": "message", "content": [part]}
    place = {"output_index": 0, "content_index": 0}
    done = {"type": "response.output_text.done", "text": "Hi", "logprobs": scores, **place}
    end = {
        "type": "response.completed",
        "response": {"model": "m-1", "status": "completed", "output": [item]},
    }
    finished: list[dict[str, Any]] = [
        done,
        {"type": "response.output_item.done", "item": item, **place},
        end,
    ]
    for events in ([*wire.scored("Hi", *scores), *finished], finished, finished[1:], finished[2:]):
        chunks = await ask(wire, Answer([sse(*events)]))
        assert tokens(chunks) == [TokenLogprob("Hi", -0.5)], events


async def test_what_json_has_no_number_for_is_the_least_there_is(wire: Wire) -> None:
    events = sse(*wire.scored("a", entry("a", -1.0)), *wire.end())
    odd = events.replace(b"-1.0", b"-Infinity")
    assert tokens(await ask(wire, Answer([odd]))) == [TokenLogprob("a", LEAST)]
    odd = events.replace(b"-1.0", b"NaN")
    assert tokens(await ask(wire, Answer([odd]))) == []


async def test_the_demo_tells_the_same_of_each_token_by_both_apis(
    wire: Wire, demo: DemoServer
) -> None:
    asked = Message(id="u", parent=None, role="user", content=(Text("Hello"),))
    connection = Connection("demo", demo.base_url, api=wire.api)
    fast = {"demo": {"rate": None, "first_token": 0}}
    body = connection.request("", [asked], "demo", Params(logprobs=3, extra=fast))
    chunks = await read(connection, body)
    found = tokens(chunks)
    assert "".join(token.token for token in found) == text_of(chunks)
    for token in found:
        assert len(token.top) == 3
        assert list(token.top) == sorted(token.top, key=lambda pair: -pair[1])
        assert sum(math.exp(logprob) for _, logprob in token.top) <= 1.0001
    assert any(token.top[0][0] != token.token for token in found)
    whole = await read(connection, {**body, "stream": False, "stream_options": None})
    assert tokens(whole) == found
    other = Connection("demo", demo.base_url, api="responses" if wire.api == "chat" else "chat")
    again = other.request("", [asked], "demo", Params(logprobs=3, extra=fast))
    assert tokens(await read(other, again)) == found
    # Nothing is told that was not asked for.
    silent = connection.request("", [asked], "demo", Params(extra=fast))
    assert tokens(await read(connection, silent)) == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["token", "logprob", "top_logprobs", "x"]), inner)
    ),
)


@given(values)
def test_anything_gives_tokens_that_json_can_hold_or_none(value: object) -> None:
    for token in read_logprobs(value):
        json.dumps(token.to_dict(), allow_nan=False).encode()
        assert LEAST <= token.logprob <= 0
