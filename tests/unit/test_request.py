"""A path and its parameters become the exact body of either API."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.content import messages_of
from playground_widget.model import (
    Image,
    Message,
    Params,
    Part,
    Reasoning,
    Refusal,
    Role,
    Table,
    Text,
    ToolCall,
)
from playground_widget.request import (
    CONTINUE,
    chat_messages,
    chat_request,
    estimate_tokens,
    filled,
    ignored,
    names_used,
    responses_request,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_ids = itertools.count()
PICTURE = Image(media_type="image/png", data="iVBORw0KGgo=", name="chart.png")
CALL = ToolCall(id="c1", name="add", arguments='{"a":1}')


def say(role: Role, *parts: str | Part, answers: str | None = None) -> Message:
    content = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return Message(
        id=str(next(_ids)), parent=None, role=role, content=content, tool_call_id=answers
    )


def chat(messages: Sequence[Message], params: Params | None = None, **options: Any) -> Any:
    return chat_request("", messages, "m", params or Params(), **options)


def responses(messages: Sequence[Message], params: Params | None = None, **options: Any) -> Any:
    return responses_request("", messages, "m", params or Params(), **options)


# ---------------------------------------------------------------------------- the body


def test_the_bodies_of_a_plain_conversation_are_these() -> None:
    path = [say("user", "Hi."), say("assistant", "Hello."), say("user", "Why?")]
    assert chat_request("Be brief.", path, "gpt-x", Params(temperature=0)) == {
        "model": "gpt-x",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi."},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": "Why?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
    }
    assert responses_request("Be brief.", path, "gpt-x", Params(temperature=0)) == {
        "model": "gpt-x",
        "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": "Hi."},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": "Why?"},
        ],
        "store": False,
        "stream": True,
        "temperature": 0,
    }


def test_without_streaming_nothing_speaks_of_a_stream() -> None:
    assert "stream" not in str(chat([say("user", "a")], stream=False))
    assert "stream" not in str(responses([say("user", "a")], stream=False))


def test_system_and_developer_messages_in_the_middle_stay_where_they_are() -> None:
    path = [say("user", "a"), say("developer", "b"), say("system", "c"), say("user", "d")]
    roles = ["user", "developer", "system", "user"]
    assert [item["role"] for item in chat(path)["messages"]] == roles
    assert [item["role"] for item in responses(path)["input"]] == roles


def test_images_go_as_data_urls_beside_the_text() -> None:
    table = Table(text="a\n1", columns=("a",), rows=((1,),), shape=(1, 1))
    far = Image(url="https://example.org/a.png", detail="low")
    path = [say("user", "What is this?", PICTURE, table, far)]
    data = "data:image/png;base64,iVBORw0KGgo="
    assert chat(path)["messages"][0]["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": data}},
        {"type": "text", "text": "a\n1"},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "low"}},
    ]
    assert responses(path)["input"][0]["content"] == [
        {"type": "input_text", "text": "What is this?"},
        {"type": "input_image", "image_url": data, "detail": "auto"},
        {"type": "input_text", "text": "a\n1"},
        {"type": "input_image", "image_url": "https://example.org/a.png", "detail": "low"},
    ]


def test_text_and_tables_without_images_are_one_text() -> None:
    path = [say("user", "Sum:", Table(text="a\n1"))]
    assert chat(path)["messages"][0]["content"] == "Sum:\n\na\n1"
    assert responses(path)["input"][0]["content"] == "Sum:\n\na\n1"


def test_an_image_where_only_text_can_be_is_named() -> None:
    path = [say("user", "a"), say("assistant", "Here:", PICTURE)]
    assert chat(path)["messages"][1]["content"] == "Here:\n\n[image: chart.png]"


def test_reasoning_is_not_sent_back() -> None:
    path = [say("user", "a"), say("assistant", Reasoning("secret thought"), "b"), say("user", "c")]
    assert "secret thought" not in str(chat(path)) + str(responses(path))


def test_answers_without_content_are_left_out() -> None:
    path = [say("user", "a"), say("assistant", Reasoning("hm")), say("assistant"), say("user", "b")]
    assert [item["content"] for item in chat(path)["messages"]] == ["a", "b"]
    assert [item["content"] for item in responses(path)["input"]] == ["a", "b"]


def test_a_refusal_is_sent_as_what_the_model_said() -> None:
    path = [say("user", "a"), say("assistant", Refusal("No."))]
    refusal = [{"type": "refusal", "refusal": "No."}]
    assert chat(path)["messages"][1] == {"role": "assistant", "content": refusal}
    assert responses(path)["input"][1] == {"role": "assistant", "content": "No."}


def test_tool_calls_and_their_results_take_each_apis_shape() -> None:
    path = [
        say("user", "1+1?"),
        say("assistant", "Let me see.", CALL),
        say("tool", "2", answers="c1"),
    ]
    assert chat(path)["messages"][1:] == [
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "add", "arguments": '{"a":1}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "2"},
    ]
    assert responses(path)["input"][1:] == [
        {"role": "assistant", "content": "Let me see."},
        {"type": "function_call", "call_id": "c1", "name": "add", "arguments": '{"a":1}'},
        {"type": "function_call_output", "call_id": "c1", "output": "2"},
    ]


def test_a_tool_call_that_the_conversation_passes_over_is_left_out() -> None:
    path = [say("user", "1+1?"), say("assistant", CALL), say("user", "Never mind.")]
    assert [item["content"] for item in chat(path)["messages"]] == ["1+1?", "Never mind."]
    assert [item.get("content") for item in responses(path)["input"]] == ["1+1?", "Never mind."]


def test_a_tool_call_that_nothing_follows_is_kept() -> None:
    path = [say("user", "1+1?"), say("assistant", CALL)]
    last = chat_messages("", path)[-1]
    assert last["content"] is None
    assert last["tool_calls"][0]["id"] == "c1"


def test_to_continue_the_cut_off_answer_comes_last_and_then_the_request_to_go_on() -> None:
    path = [say("user", "Count."), say("assistant", "1, 2, ")]
    asked = {"role": "user", "content": CONTINUE}
    assert chat(path, continue_=True)["messages"][-2:] == [
        {"role": "assistant", "content": "1, 2, "},
        asked,
    ]
    assert responses(path, continue_=True)["input"][-1] == asked
    assert "Continue exactly where you stopped" in CONTINUE


# -------------------------------------------------------------------------- parameters

EVERYTHING = Params(
    temperature=0.5,
    top_p=0.9,
    max_tokens=10,
    stop=("END",),
    seed=7,
    frequency_penalty=0.1,
    presence_penalty=0.2,
    reasoning_effort="low",
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "n", "schema": {"type": "object"}, "strict": True},
    },
)


def test_chat_takes_every_parameter_by_its_own_name() -> None:
    body = chat([say("user", "a")], EVERYTHING)
    assert {name: body[name] for name in EVERYTHING.to_dict()} == EVERYTHING.to_dict()
    assert body["stop"] == ["END"]


def test_probabilities_are_asked_for_by_two_fields_in_either_api() -> None:
    body = chat([say("user", "a")], Params(logprobs=0))
    assert (body["logprobs"], body["top_logprobs"]) == (True, 0)
    other = responses([say("user", "a")], Params(logprobs=5))
    assert (other["include"], other["top_logprobs"]) == (["message.output_text.logprobs"], 5)
    assert "logprobs" not in other


def test_openai_itself_is_told_max_completion_tokens_and_others_max_tokens() -> None:
    mine = chat([say("user", "a")], EVERYTHING, openai=True)
    assert (mine["max_completion_tokens"], "max_tokens" in mine) == (10, False)
    other = chat([say("user", "a")], EVERYTHING)
    assert (other["max_tokens"], "max_completion_tokens" in other) == (10, False)


def test_responses_takes_parameters_in_its_own_shape() -> None:
    body = responses([say("user", "a")], EVERYTHING)
    del body["input"]
    assert body == {
        "model": "m",
        "store": False,
        "stream": True,
        "temperature": 0.5,
        "top_p": 0.9,
        "max_output_tokens": 10,
        "reasoning": {"effort": "low", "summary": "auto"},
        "text": {
            "format": {
                "type": "json_schema",
                "name": "n",
                "schema": {"type": "object"},
                "strict": True,
            }
        },
    }


def test_what_the_responses_api_has_no_field_for_is_named() -> None:
    names = ("stop", "seed", "frequency_penalty", "presence_penalty")
    assert ignored("responses", EVERYTHING) == names
    assert ignored("chat", EVERYTHING) == ()
    assert ignored("responses", Params(temperature=1)) == ()


def test_json_mode_needs_no_schema() -> None:
    body = responses([say("user", "a")], Params(response_format={"type": "json_object"}))
    assert body["text"] == {"format": {"type": "json_object"}}


@pytest.mark.parametrize("make", [chat, responses])
def test_extra_fields_come_last_and_win(make: Any) -> None:
    body = make([say("user", "a")], Params(temperature=1, extra={"temperature": 0, "top_k": 5}))
    assert (body["temperature"], body["top_k"]) == (0, 5)
    assert "extra" not in body


# ------------------------------------------------------------------------ whole threads

_texts = st.text(min_size=1).filter(str.strip)
_parts = st.one_of(
    _texts.map(Text),
    _texts.map(Reasoning),
    _texts.map(Refusal),
    st.just(PICTURE),
    _texts.map(lambda text: Table(text=text)),
    st.builds(ToolCall, id=st.sampled_from("abc"), name=st.just("f"), arguments=st.just("{}")),
)
_messages = st.builds(
    lambda role, content, answers: say(role, *content, answers=answers),
    st.sampled_from(["system", "developer", "user", "assistant", "tool"]),
    st.lists(_parts, max_size=3),
    st.sampled_from(["a", "b", None]),
)


@given(st.lists(_messages, max_size=6))
def test_any_path_makes_a_body_that_json_can_hold(path: list[Message]) -> None:
    for body in (chat(path), responses(path)):
        assert json.loads(json.dumps(body)) == body


@given(st.lists(_messages, max_size=6))
def test_every_tool_call_that_is_sent_is_answered_or_in_the_last_message(
    path: list[Message],
) -> None:
    sent = chat(path)["messages"]
    answered = {item.get("tool_call_id") for item in sent}
    open_calls = {call["id"] for item in sent for call in item.get("tool_calls", [])} - answered
    last = {call.id for call in path[-1].tool_calls} if path else set()
    assert open_calls <= last


def test_what_is_sent_can_be_added_again() -> None:
    path = [
        say("user", "1+1?", "Quick."),
        say("assistant", "Hm.", CALL),
        say("tool", "2", answers="c1"),
    ]
    drafts = messages_of(chat_messages("Be brief.", path))
    assert [draft.role for draft in drafts] == ["system", "user", "assistant", "tool"]
    again = [say(d.role, *d.content, answers=d.tool_call_id) for d in drafts[1:]]
    assert chat_messages("Be brief.", again) == chat_messages("Be brief.", path)


# -------------------------------------------------------------------------- estimates


def test_an_estimate_is_near_what_tokenizers_count_for_prose() -> None:
    # 9 and 10 tokens in OpenAI's o200k_base.
    assert 6 <= estimate_tokens("The quick brown fox jumps over the lazy dog") <= 13
    assert estimate_tokens("") == 0


@given(st.text(), st.text())
def test_a_longer_text_is_never_estimated_shorter(text: str, more: str) -> None:
    assert estimate_tokens(text + more) >= estimate_tokens(text)


def test_only_words_of_people_and_instructions_are_templates() -> None:
    roles: tuple[Role, ...] = ("system", "developer", "user", "assistant", "tool")
    messages = [
        Message(id=role, parent=None, role=role, content=(Text(f"{{{{{role}}}}}"),))
        for role in roles
    ]
    assert names_used("{{first}} {{user}}", messages) == ("first", "user", "system", "developer")
    values = dict.fromkeys((*roles, "first"), "filled")
    system, sent = filled("{{first}}", messages, values)
    assert system == "filled"
    assert [m.text for m in sent] == ["filled", "filled", "filled", "{{assistant}}", "{{tool}}"]


def test_pictures_and_tables_are_sent_as_they_are() -> None:
    table = Table(text="{{a}}", columns=("a",), rows=(("x",),), shape=(1, 1))
    message = Message(id="m", parent=None, role="user", content=(table,))
    assert names_used("", [message]) == ()
    assert filled("", [message], {"a": "b"})[1] == (message,)
