"""Conversations of others."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from playground_widget.errors import InputError
from playground_widget.export import from_json
from playground_widget.model import Image, Thread, path, siblings
from playground_widget.request import chat_messages, chat_request
from tests.unit.export.threads import penguins, png


def read(value: Any) -> tuple[Thread, ...]:
    numbers = itertools.count()
    return from_json(json.dumps(value), lambda: f"new{next(numbers)}")


def node(parent: str | None, role: str, *parts: Any, **more: Any) -> dict[str, Any]:
    content = more.pop("content", {"content_type": "text", "parts": list(parts)})
    author = {"role": role}
    return {
        "parent": parent,
        "children": [],
        "message": {"author": author, "content": content, **more},
    }


CHAT: dict[str, Any] = {
    "title": "Birds",
    "create_time": 1700000000.5,
    "current_node": "a2",
    "mapping": {
        # Children may stand before their parents.
        "a2": node("u1", "assistant", "Gentoo.", metadata={"model_slug": "gpt-4o"}),
        "root": {"parent": None, "message": None, "children": ["sys"]},
        "sys": node("root", "system", "", metadata={"is_visually_hidden_from_conversation": True}),
        "u1": node("sys", "user", "Which is heaviest?", create_time=1700000001),
        "a1": node("u1", "assistant", "Adelie.", metadata={"model_slug": "gpt-4"}),
    },
}


def test_a_chatgpt_conversation_keeps_its_branches_and_its_place() -> None:
    [thread] = read([CHAT])
    assert (thread.title, thread.created, thread.model) == ("Birds", 1700000000.5, "gpt-4o")
    assert [(m.role, m.text) for m in path(thread)] == [
        ("user", "Which is heaviest?"),
        ("assistant", "Gentoo."),
    ]
    assert {m.text for m in siblings(thread, thread.head or "")} == {"Adelie.", "Gentoo."}
    assert all(name.startswith("new") for name in thread.messages)


def test_conversations_of_a_file_are_threads_each() -> None:
    assert [t.title for t in read([CHAT, {**CHAT, "title": None}])] == ["Birds", ""]


def test_chatgpt_tools_become_calls_that_can_be_sent() -> None:
    code = {"content_type": "code", "text": "1 + 1"}
    out = {"content_type": "execution_output", "text": "2"}
    thoughts = {"content_type": "thoughts", "thoughts": [{"content": "Hm."}]}
    mapping = {
        "u": node(None, "user", {"content_type": "image_asset_pointer"}, "What is this?"),
        "th": node("u", "assistant", content=thoughts),
        "c": node("th", "assistant", content=code, recipient="python"),
        "t": node("c", "tool", content=out),
        "x": node("t", "tool", "nobody asked"),
        "a": node("x", "assistant", "Two."),
    }
    [thread] = read({"mapping": mapping})
    line = path(thread)
    assert [m.role for m in line] == [
        "user",
        "assistant",
        "assistant",
        "tool",
        "system",
        "assistant",
    ]
    assert line[0].text == "[image asset pointer]\n\nWhat is this?"
    assert line[1].reasoning == "Hm."
    assert line[3].tool_call_id == line[2].tool_calls[0].id
    assert json.loads(line[2].tool_calls[0].arguments) == {"input": "1 + 1"}


@pytest.mark.parametrize(
    ("recipient", "name"),
    [("web.run", "web_run"), ("dalle.text2im", "dalle_text2im"), ("ø", "_"), ("a" * 99, "a" * 64)],
)
def test_chatgpt_tools_have_names_that_services_take(recipient: str, name: str) -> None:
    mapping = {
        "u": node(None, "user", "Which birds?"),
        "c": node("u", "assistant", "birds", recipient=recipient),
        "t": node("c", "tool", "Gentoo"),
    }
    [thread] = read({"mapping": mapping})
    assert path(thread)[1].tool_calls[0].name == name


def test_messages_are_a_thread_that_sends_them() -> None:
    thread = penguins()
    sent = chat_messages(thread.system, path(thread))
    [found] = read(sent)
    assert found.system == thread.system
    assert chat_messages(found.system, path(found)) == sent


def test_the_body_of_a_request_is_a_thread_that_sends_it() -> None:
    thread = penguins()
    body = chat_request(thread.system, path(thread), "gpt-x", thread.params, openai=True)
    body |= {"logprobs": True, "top_logprobs": 2, "service_tier": "flex"}
    [found] = read(body)
    assert found.params.logprobs == 2
    assert chat_request(found.system, path(found), found.model, found.params, openai=True) == body


def test_an_empty_result_of_a_call_is_a_result() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    sent = [
        {"role": "user", "content": "Tidy up"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": ""},
        {"role": "assistant", "content": "Done."},
    ]
    [found] = read(sent)
    assert chat_messages("", path(found)) == sent


@pytest.mark.parametrize("blank", [" ", [], [{"type": "text", "text": "\n"}], [""]])
def test_messages_that_say_nothing_are_passed_over(blank: Any) -> None:
    [found] = read([{"role": "user", "content": blank}, {"role": "user", "content": "Hi"}])
    assert [said.text for said in path(found)] == ["Hi"]


def test_text_that_says_nothing_is_no_part_beside_a_picture() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    [found] = read([{"role": "user", "content": [{"type": "text", "text": ""}, picture]}])
    assert [part.type for part in path(found)[0].content] == ["image"]


def test_pictures_of_messages_are_read() -> None:
    url = f"data:image/png;base64,{png()}"
    content = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": url}}]
    [found] = read([{"role": "user", "content": content}])
    picture = path(found)[0].content[1]
    assert isinstance(picture, Image)
    assert picture.data == png()


def test_a_message_that_cannot_be_read_is_named() -> None:
    with pytest.raises(InputError, match="message 2 cannot be read: unknown role 'narrator'"):
        read([{"role": "user", "content": "x"}, {"role": "narrator", "content": "y"}])


def test_something_else_says_what_was_expected() -> None:
    with pytest.raises(InputError, match=r"conversations\.json of ChatGPT"):
        read({"hello": 1})
