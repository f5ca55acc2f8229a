"""When the demo model calls tools, with which arguments, and what it says of results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from openai import OpenAI

    from tests.unit.demo.conftest import Caller


def tool(name: str, description: str = "", **properties: Any) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


WEATHER = tool(
    "get_weather",
    "Tell the weather of a place.",
    city={"type": "string"},
    unit={"enum": ["celsius", "fahrenheit"]},
    days={"type": "integer", "minimum": 1, "maximum": 14},
)
DESCRIBE = tool("describe", "Statistics of a data frame, by group.", frame={"type": "string"})
TOOLS = [WEATHER, DESCRIBE]


def calls(call: Caller, message: Any, model: str = "demo-fast", **body: Any) -> list[Any]:
    choice = call.chat(message, model, tools=TOOLS, **body).json["choices"][0]
    found: list[Any] = choice["message"].get("tool_calls", [])
    assert choice["finish_reason"] == ("tool_calls" if found else "stop")
    assert (choice["message"]["content"] is None) == bool(found)
    return [(one["function"]["name"], json.loads(one["function"]["arguments"])) for one in found]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("How is the weather in Aarhus?", "get_weather"),
        ("call get_weather", "get_weather"),
        ("Please describe `penguins`", "describe"),
        ("I need statistics for each group of the frame", "describe"),
        ("Hello", None),
        ("What can you do?", None),
    ],
)
def test_a_tool_is_called_when_the_message_speaks_of_it(
    call: Caller, message: str, name: str | None
) -> None:
    assert [found for found, _ in calls(call, message)] == ([name] if name else [])


def test_the_arguments_fit_the_schema_and_come_from_the_message(call: Caller) -> None:
    message = 'What is the weather in "Aarhus" for 5 days, in fahrenheit?'
    [(_, arguments)] = calls(call, message)
    jsonschema.validate(arguments, WEATHER["function"]["parameters"])
    assert arguments == {"city": "Aarhus", "unit": "fahrenheit", "days": 5}


def test_a_number_out_of_range_is_not_taken_from_the_message(call: Caller) -> None:
    [(_, arguments)] = calls(call, "The weather in Aarhus for 99 days")
    assert 1 <= arguments["days"] <= 14


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"to": {"type": "array", "contains": {"type": "integer"}}}},
        {"patternProperties": {"^x": {"type": "integer"}}, "if": {}, "then": {}},
        {"nullable": True, "properties": {"to": {"type": "integer", "unheard": ["of"]}}},
    ],
)
def test_words_of_a_schema_that_it_does_not_know_are_passed_over(call: Caller, schema: Any) -> None:
    function = {"name": "send", "parameters": {"type": "object", **schema}}
    reply = call.chat("Send it", "demo-tools", tools=[{"type": "function", "function": function}])
    [made] = reply.json["choices"][0]["message"]["tool_calls"]
    assert isinstance(json.loads(made["function"]["arguments"]), dict)


def test_names_of_properties_are_among_those_that_may_be(call: Caller) -> None:
    color = {"enum": ["red", "blue"]}
    counts = {"type": "object", "propertyNames": color, "additionalProperties": {"type": "integer"}}
    reply = call.chat("Send it", "demo-tools", tools=[tool("send", counts=counts)])
    [made] = reply.json["choices"][0]["message"]["tool_calls"]
    assert set(json.loads(made["function"]["arguments"])["counts"]) == {"red", "blue"}


def test_a_schema_that_nothing_fits_is_refused(call: Caller) -> None:
    wrong = tool("send", to={"type": "integer", "minimum": 5, "maximum": 1})
    assert call.chat("Send it", "demo-tools", tools=[wrong]).status == 400


def test_tool_choice_is_obeyed(call: Caller) -> None:
    assert calls(call, "How is the weather?", tool_choice="none") == []
    assert len(calls(call, "Hello", tool_choice="required")) == 1
    named = {"type": "function", "function": {"name": "describe"}}
    assert [name for name, _ in calls(call, "How is the weather?", tool_choice=named)] == [
        "describe"
    ]


def test_demo_tools_always_calls_one(call: Caller) -> None:
    assert len(calls(call, "Hello", "demo-tools")) == 1
    assert call.text("Hello", "demo-tools")


def test_tools_named_together_are_called_together_unless_that_is_off(call: Caller) -> None:
    message = "Use get_weather and describe"
    assert {name for name, _ in calls(call, message)} == {"get_weather", "describe"}
    assert len(calls(call, message, parallel_tool_calls=False)) == 1


def test_a_streamed_call_has_the_arguments_in_pieces(call: Caller) -> None:
    message = "How is the weather in Aarhus?"
    events = [data for _, data in call.chat(message, tools=TOOLS, stream=True).events[:-1]]
    assert events[0]["choices"][0]["delta"]["content"] is None
    assert events[-1]["choices"][0]["finish_reason"] == "tool_calls"
    deltas = [event["choices"][0]["delta"]["tool_calls"][0] for event in events[1:-1]]
    assert deltas[0]["function"] == {"name": "get_weather", "arguments": ""}
    assert deltas[0]["id"].startswith("call_")
    assert {delta["index"] for delta in deltas} == {0}
    assert len(deltas) > 3
    arguments = "".join(delta["function"]["arguments"] for delta in deltas)
    assert [("get_weather", json.loads(arguments))] == calls(call, message)


def test_the_sdk_gathers_two_streamed_calls(client: OpenAI) -> None:
    with client.chat.completions.stream(
        model="demo-fast",
        messages=[{"role": "user", "content": "Use get_weather and describe"}],
        tools=TOOLS,  # type: ignore[arg-type]
    ) as stream:
        stream.until_done()
        message = stream.get_final_completion().choices[0].message
    made = [one.function for one in message.tool_calls or []]
    assert [function.name for function in made] == ["get_weather", "describe"]
    assert all(json.loads(function.arguments) for function in made)


def test_the_responses_api_streams_the_same_call(call: Caller) -> None:
    message = "How is the weather in Aarhus?"
    flat = [{"type": "function", **one["function"]} for one in TOOLS]
    events = call.respond(message, tools=flat, stream=True).events
    arguments = "".join(
        data["delta"] for name, data in events if name == "response.function_call_arguments.delta"
    )
    done = dict(events)["response.function_call_arguments.done"]
    assert done["arguments"] == arguments
    item = dict(events)["response.completed"]["response"]["output"][0]
    assert item["type"] == "function_call"
    assert item["arguments"] == arguments
    assert [(item["name"], json.loads(arguments))] == calls(call, message)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("21 degrees", "`get_weather` returned `21 degrees`."),
        ('{"temperature": 21, "sky": "clear"}', "an object with 2 keys (`temperature`, `sky`)"),
        ("[1, 2, 3]", "a list of 3 items"),
        ("", "`get_weather` returned nothing."),
        ("a ``` b\n" * 3, "````\n"),
    ],
)
def test_a_result_is_answered_in_words(call: Caller, result: str, said: str) -> None:
    asked = {"role": "user", "content": "How is the weather in Aarhus?"}
    message = call.chat(asked["content"], tools=TOOLS).json["choices"][0]["message"]
    made = {"role": "assistant", "content": None, "tool_calls": message["tool_calls"]}
    answer = {
        "role": "tool",
        "tool_call_id": message["tool_calls"][0]["id"],
        "content": result,
    }
    text = call.text([asked, made, answer], tools=TOOLS, tool_choice="required")
    assert said in text
    assert "small program" in text


def test_a_result_in_the_responses_api_is_answered_in_words(call: Caller) -> None:
    items = [
        {"role": "user", "content": "How is the weather?"},
        {"type": "function_call", "call_id": "c1", "name": "get_weather", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "rain"},
    ]
    reply = call.respond(items).json
    assert "`get_weather` returned `rain`." in reply["output"][0]["content"][0]["text"]


def test_the_ids_of_calls_are_the_same_for_the_same_conversation_only(call: Caller) -> None:
    def identity(message: str) -> str:
        reply = call.chat(message, tools=TOOLS).json["choices"][0]["message"]
        found: str = reply["tool_calls"][0]["id"]
        return found

    assert identity("weather in Aarhus") == identity("weather in Aarhus")
    assert identity("weather in Aarhus") != identity("weather in Odense")
