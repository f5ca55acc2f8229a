"""What messages may hold that come in, and what of them goes out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.conftest import Jupyter
from tests.unit.export.threads import png

CREATE = """mutation ($input: CreateThreadInput!) { createThread(input: $input) {
    error { __typename title } thread { id messages { content {
        ... on ImagePart { mediaType data width } ... on TablePart { columns rows } } } } } }"""


def created(jupyter: Jupyter, part: Any, **more: Any) -> Any:
    given = {"messages": [{"content": [part], **more}]}
    return jupyter.ask(CREATE, {"input": given})["createThread"]


@pytest.mark.parametrize("data", ["no picture", '"><b>', "AAAA", "\x00"])
def test_a_picture_that_is_none_is_refused(jupyter: Jupyter, data: str) -> None:
    made = created(jupyter, {"image": {"mediaType": "image/png", "data": data}})
    assert made["error"]["__typename"] == "InvalidInput"
    assert made["thread"] is None


def test_a_picture_has_the_kind_and_size_of_its_bytes(jupyter: Jupyter) -> None:
    made = created(jupyter, {"image": {"mediaType": "image/webp", "data": png(), "width": 9}})
    [image] = made["thread"]["messages"][0]["content"]
    assert (image["mediaType"], image["width"]) == ("image/png", 2)


@pytest.mark.parametrize("rows", ["ab", ["ab"], {"a": [1]}])
def test_rows_of_a_table_are_lists(jupyter: Jupyter, rows: Any) -> None:
    table = {"text": "a", "columns": ["a"], "rows": rows, "shape": [1, 1]}
    assert created(jupyter, {"table": table})["error"]["__typename"] == "InvalidInput"


def test_only_the_result_of_a_call_answers_one(jupyter: Jupyter) -> None:
    made = created(jupyter, {"text": "Hi"}, role="USER", toolCallId="c1")
    assert "TOOL" in made["error"]["title"]


def test_a_thread_of_a_file_can_be_read_whatever_its_numbers_are(jupyter: Jupyter) -> None:
    content = [{"type": "text", "text": "Hi"}]
    numbers = {"prompt": 2**40, "tokens": 2**40}
    message = {"id": "m", "role": "assistant", "content": content, **numbers}
    thread = {"id": "t", "messages": [message], "head": "m"}
    text = json.dumps({"format": "playground_widget.thread", "version": 1, "thread": thread})
    query = "mutation ($i: ImportThreadsInput!) { importThreads(input: $i) { threadIds } }"
    [made] = jupyter.ask(query, {"i": {"name": "a.json", "text": text}})["importThreads"][
        "threadIds"
    ]
    found = jupyter.ask(
        "query ($i: ID!) { thread(id: $i) { messages { text prompt } } }", {"i": made}
    )
    assert [message["text"] for message in found["thread"]["messages"]] == ["Hi"]
