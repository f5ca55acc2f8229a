"""The Responses API, in one piece and streamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from openai import OpenAI

    from tests.unit.demo.conftest import Caller, Reply


def text_of(reply: Reply) -> str:
    text: str = reply.json["output"][-1]["content"][0]["text"]
    return text


def test_the_sdk_reads_a_response(client: OpenAI, call: Caller) -> None:
    response = client.responses.create(model="demo-fast", input="Hello", instructions="Be brief.")
    assert response.status == "completed"
    assert response.instructions == "Be brief."
    assert "to be brief" in response.output_text
    assert response.usage
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    plain = client.responses.create(model="demo-fast", input="Hello")
    assert plain.output_text == call.text("Hello")


def test_the_sdk_follows_the_events_to_the_same_response(client: OpenAI) -> None:
    with client.responses.stream(model="demo-fast", input="Hello") as stream:
        text = "".join(
            event.delta for event in stream if event.type == "response.output_text.delta"
        )
        final = stream.get_final_response()
    assert final.output_text == text
    assert final.status == "completed"


def test_the_events_come_in_order_and_are_numbered_from_zero(call: Caller) -> None:
    events = call.respond(stream=True).events
    assert [data["sequence_number"] for _, data in events] == list(range(len(events)))
    assert all(name == data["type"] for name, data in events)
    names = [name for name, _ in events]
    assert names[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert set(names[4:-4]) == {"response.output_text.delta"}
    assert names[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]


def test_what_is_done_repeats_what_was_streamed(call: Caller) -> None:
    events = call.respond(stream=True).events
    text = "".join(data["delta"] for name, data in events if name.endswith("text.delta"))
    done = dict(events)
    assert done["response.output_text.done"]["text"] == text
    assert done["response.content_part.done"]["part"]["text"] == text
    item = done["response.output_item.done"]["item"]
    assert item["content"][0]["text"] == text
    assert done["response.completed"]["response"]["output"] == [item]
    assert item["id"] == done["response.output_text.delta"]["item_id"]


def test_thinking_is_a_summary_before_the_message(call: Caller) -> None:
    events = call.respond("Hello", "demo-reasoning", stream=True).events
    names = [name for name, _ in events]
    order = [
        "response.output_item.added",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
        "response.output_item.done",
        "response.content_part.added",
        "response.output_text.delta",
    ]
    places = [names.index(name) for name in order]
    assert places == sorted(places)
    thought = "".join(
        data["delta"] for name, data in events if name == "response.reasoning_summary_text.delta"
    )
    whole = call.respond("Hello", "demo-reasoning").json
    assert whole["output"][0]["type"] == "reasoning"
    assert whole["output"][0]["summary"] == [{"type": "summary_text", "text": thought}]
    assert whole["usage"]["output_tokens_details"]["reasoning_tokens"] > 0
    quick = call.respond("Hello", "demo-reasoning", reasoning={"effort": "minimal"}).json
    assert [item["type"] for item in quick["output"]] == ["message"]


def test_a_limit_leaves_the_response_incomplete(call: Caller) -> None:
    reply = call.respond("Hello", max_output_tokens=16).json
    assert reply["status"] == "incomplete"
    assert reply["incomplete_details"] == {"reason": "max_output_tokens"}
    assert reply["output"][0]["status"] == "incomplete"
    assert reply["usage"]["output_tokens"] == 16
    name, data = call.respond("Hello", max_output_tokens=16, stream=True).events[-1]
    assert name == "response.incomplete"
    assert data["response"]["incomplete_details"] == {"reason": "max_output_tokens"}


def test_a_filter_leaves_the_response_incomplete(call: Caller) -> None:
    name, data = call.respond("Hello", "demo-filter", stream=True).events[-1]
    assert name == "response.incomplete"
    assert data["response"]["incomplete_details"] == {"reason": "content_filter"}


def test_a_refusal_is_a_part_of_its_own(call: Caller) -> None:
    events = call.respond("Hello", "demo-refusal", stream=True).events
    said = "".join(data["delta"] for name, data in events if name == "response.refusal.delta")
    assert dict(events)["response.refusal.done"]["refusal"] == said
    part = call.respond("Hello", "demo-refusal").json["output"][0]["content"][0]
    assert part == {"type": "refusal", "refusal": said}


def test_a_schema_in_text_format_is_followed(call: Caller) -> None:
    schema = {
        "type": "object",
        "properties": {"tags": {"type": "array", "items": {"type": "string"}, "minItems": 4}},
        "required": ["tags"],
    }
    wanted = {"format": {"type": "json_schema", "name": "tags", "schema": schema}}
    assert len(json.loads(text_of(call.respond("Tags", text=wanted)))["tags"]) >= 4


def test_input_items_are_the_messages_of_chat(call: Caller) -> None:
    messages = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi."},
        {"role": "user", "content": "Show me code"},
    ]
    parts: list[dict[str, Any]] = [
        {
            "type": "message",
            "role": message["role"],
            "content": [
                {
                    "type": "output_text" if message["role"] == "assistant" else "input_text",
                    "text": message["content"],
                }
            ],
        }
        for message in messages
    ]
    text = call.text(messages)
    assert text_of(call.respond(messages)) == text
    assert (
        text_of(call.respond([parts[0], {"type": "reasoning", "summary": []}, *parts[1:]])) == text
    )


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_the_same_limits_hold_in_both_apis(call: Caller, api: str) -> None:
    refused = call.chat(temperature=3) if api == "chat" else call.respond(temperature=3)
    assert refused.status == 400
    assert refused.error["param"] == "temperature"
    assert refused.error["code"] == "decimal_above_max_value"
