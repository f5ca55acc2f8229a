"""Chat Completions, in one piece and streamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from openai import OpenAI

    from tests.unit.demo.conftest import Caller, Reply

FULL_SPEED: dict[str, Any] = {"demo": {"rate": None, "first_token": 0}}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "birds": {"type": "integer", "minimum": 10}},
    "required": ["city", "birds"],
    "additionalProperties": False,
}


def joined(reply: Reply, field: str = "content") -> str:
    chunks = [data for _, data in reply.events if data != "[DONE]"]
    return "".join(
        choice["delta"].get(field) or "" for chunk in chunks for choice in chunk["choices"]
    )


def test_the_sdk_reads_an_answer(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model="demo-fast", messages=[{"role": "user", "content": "Hello"}]
    )
    assert answer.object == "chat.completion"
    assert answer.model == "demo-fast"
    assert answer.choices[0].finish_reason == "stop"
    assert "demo model" in (answer.choices[0].message.content or "")
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert (answer._request_id or "").startswith("req_")


def test_the_sdk_reads_a_stream_and_it_is_the_same_text(client: OpenAI, call: Caller) -> None:
    stream = client.chat.completions.create(
        model="demo-fast",
        messages=[{"role": "user", "content": "Hello"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == call.text("Hello")
    assert chunks[-1].choices == []
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == len(chunks) - 3
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_stream_has_the_form_of_the_api(call: Caller) -> None:
    reply = call.chat(stream=True)
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["x-request-id"].startswith("req_")
    assert reply.body.endswith(b"data: [DONE]\n\n")
    events = [data for _, data in reply.events]
    assert events[0]["object"] == "chat.completion.chunk"
    assert events[0]["choices"][0]["delta"] == {
        "role": "assistant",
        "content": "",
        "refusal": None,
    }
    assert all(len(event["choices"]) == 1 for event in events[:-1])
    assert [event["choices"][0]["finish_reason"] for event in events[:-1]] == [
        *[None] * (len(events) - 2),
        "stop",
    ]
    assert not any("usage" in event for event in events[:-1])


def test_usage_is_null_until_the_last_chunk_when_asked_for(call: Caller) -> None:
    reply = call.chat(stream=True, stream_options={"include_usage": True})
    events = [data for _, data in reply.events[:-1]]
    assert [event["usage"] for event in events[:-1]] == [None] * (len(events) - 1)
    assert events[-1]["choices"] == []
    assert events[-1]["usage"] == call.chat().json["usage"]


def test_thinking_comes_before_the_answer(call: Caller) -> None:
    reply = call.chat("Hello", "demo-reasoning", stream=True)
    deltas = [data["choices"][0]["delta"] for _, data in reply.events[1:-2]]
    kinds = ["reasoning_content" in delta for delta in deltas]
    assert kinds == sorted(kinds, reverse=True)
    assert {True, False} == set(kinds)
    whole = call.chat("Hello", "demo-reasoning").json
    assert whole["choices"][0]["message"]["reasoning_content"] == joined(reply, "reasoning_content")
    assert whole["choices"][0]["message"]["content"] == joined(reply)
    details = whole["usage"]["completion_tokens_details"]
    assert 0 < details["reasoning_tokens"] == sum(kinds)
    unthinking = call.chat("Hello", "demo-reasoning", reasoning_effort="none").json
    assert "reasoning_content" not in unthinking["choices"][0]["message"]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_limit_ends_the_answer_with_length(call: Caller, name: str) -> None:
    limit: dict[str, Any] = {name: 7}
    reply = call.chat("Hello", **limit)
    choice = reply.json["choices"][0]
    assert choice["finish_reason"] == "length"
    assert reply.json["usage"]["completion_tokens"] == 7
    assert call.text("Hello").startswith(choice["message"]["content"])


def test_a_limit_counts_the_thinking(call: Caller) -> None:
    reply = call.chat("Hello", "demo-reasoning", max_completion_tokens=5).json
    assert reply["choices"][0]["finish_reason"] == "length"
    assert reply["choices"][0]["message"]["content"] == ""
    assert reply["usage"]["completion_tokens_details"]["reasoning_tokens"] == 5


def test_an_answer_that_just_fits_its_limit_is_not_cut(call: Caller) -> None:
    tokens = call.chat("Hello").json["usage"]["completion_tokens"]
    assert call.chat("Hello", max_tokens=tokens).json["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("stop", ["**", ["never there", "**"]])
def test_a_stop_text_ends_the_answer_and_is_left_out(call: Caller, stop: Any) -> None:
    reply = call.chat("Hello", stop=stop).json
    text = reply["choices"][0]["message"]["content"]
    assert reply["choices"][0]["finish_reason"] == "stop"
    assert text == call.text("Hello").partition("**")[0]


def test_a_json_schema_is_followed(call: Caller) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA}}
    value = json.loads(call.text("Where are the birds?", response_format=wanted))
    assert set(value) == {"city", "birds"}
    assert value["birds"] >= 10


def test_a_json_object_is_json_and_needs_the_word(call: Caller) -> None:
    wanted = {"type": "json_object"}
    value = json.loads(call.text("As JSON, hello", response_format=wanted))
    assert value["language_model"] is False
    refused = call.chat("Hello", response_format=wanted)
    assert refused.status == 400
    assert "must contain the word 'json'" in refused.error["message"]


def test_demo_json_answers_in_json_without_being_asked(call: Caller) -> None:
    assert json.loads(call.text("Hello", "demo-json"))["question"] == "Hello"


def test_the_long_answer_is_as_long_as_it_is_asked_to_be(call: Caller) -> None:
    usual = call.chat("Go", "demo-long").json
    assert usual["usage"]["completion_tokens"] == 20_000
    assert usual["choices"][0]["finish_reason"] == "stop"
    limited = call.chat("Go", "demo-long", max_tokens=321).json
    assert limited["usage"]["completion_tokens"] == 321
    assert limited["choices"][0]["finish_reason"] == "length"
    text = limited["choices"][0]["message"]["content"]
    assert usual["choices"][0]["message"]["content"].startswith(text)


@pytest.mark.parametrize("tokens", [0, 1, 5, 3_000])
def test_an_answer_can_be_asked_to_have_so_many_tokens(call: Caller, tokens: int) -> None:
    reply = call.chat("Hello", stream=True, demo={"tokens": tokens})
    assert len(reply.events) == tokens + 3
    whole = call.chat("Hello", demo={"tokens": tokens}).json
    assert whole["usage"]["completion_tokens"] == tokens
    assert whole["choices"][0]["message"]["content"] == joined(reply)
    assert whole["choices"][0]["finish_reason"] == "stop"


def test_refusal_filter_and_empty_end_as_the_api_has_them(call: Caller) -> None:
    refused = call.chat("Hello", "demo-refusal").json["choices"][0]
    assert refused["message"]["content"] is None
    assert "can't help" in refused["message"]["refusal"]
    assert refused["finish_reason"] == "stop"
    streamed = call.chat("Hello", "demo-refusal", stream=True)
    assert joined(streamed, "refusal") == refused["message"]["refusal"]
    assert joined(streamed) == ""
    filtered = call.chat("Hello", "demo-filter").json["choices"][0]
    assert filtered["finish_reason"] == "content_filter"
    assert filtered["message"]["content"]
    empty = call.chat("Hello", "demo-empty").json["choices"][0]
    assert empty["message"]["content"] == ""
    assert empty["finish_reason"] == "stop"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.text(st.characters(), min_size=1))
def test_the_echo_repeats_any_text_exactly(call: Caller, message: str) -> None:
    assert joined(call.chat(message, "demo-echo", stream=True)) == message
    assert call.text(message, "demo-echo") == message


def test_the_echo_repeats_what_is_hard_to_send(call: Caller) -> None:
    message = (
        "\r\n\u2028\u2029\x85\x00<script>data: [DONE]\n\n\ud83d e\u0301 \U0001f468\u200d\U0001f469"
    )
    assert joined(call.chat(message, "demo-echo", stream=True)) == message


def test_the_input_tokens_grow_with_the_conversation(call: Caller) -> None:
    def used(messages: Any) -> int:
        count: int = call.chat(messages).json["usage"]["prompt_tokens"]
        return count

    one = [{"role": "user", "content": "Hello"}]
    more = [*one, {"role": "assistant", "content": "Hi"}, {"role": "user", "content": "And?"}]
    assert used(one) < used(more)
    pixel = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert used([{"role": "user", "content": [pixel]}]) > 85
