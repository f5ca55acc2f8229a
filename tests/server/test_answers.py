"""What lies behind an answer, asked of a server."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.server.conftest import Jupyter

FAST = {"demo": {"rate": None, "first_token": 0}}


def made(jupyter: Jupyter, **changes: Any) -> tuple[str, str]:
    """Have a question answered, and return thread and answer once it has ended."""
    given = {
        "model": "demo-fast",
        "params": {"extra": FAST, **changes.pop("params", {})},
        **changes,
    }
    query = (
        "mutation ($input: CreateThreadInput!) { createThread(input: $input) { thread { id } } }"
    )
    thread = jupyter.ask(query, {"input": given})["createThread"]["thread"]["id"]
    query = (
        "mutation ($input: SendInput!) { send(input: $input) { answer { id } error { title } } }"
    )
    sent = jupyter.ask(query, {"input": {"threadId": thread, "content": [{"text": "Hello"}]}})
    answer = sent["send"]["answer"]["id"]
    deadline = time.monotonic() + 30
    while read(jupyter, thread)["settings"]["running"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return thread, answer


def read(jupyter: Jupyter, thread: str) -> Any:
    query = """query ($id: ID!) { thread(id: $id) {
        settings { running } path { id text status hasLogprobs error { kind facts } }
    } }"""
    return jupyter.ask(query, {"id": thread})["thread"]


def test_the_probabilities_of_an_answer_are_told_when_asked_for(jupyter: Jupyter) -> None:
    thread, answer = made(jupyter, params={"logprobs": 2})
    question, said = read(jupyter, thread)["path"]
    assert (question["hasLogprobs"], said["hasLogprobs"]) == (False, True)
    query = """query ($thread: ID!, $message: ID!) {
        logprobs(thread: $thread, message: $message) { token logprob top { token logprob } }
    }"""
    tokens = jupyter.ask(query, {"thread": thread, "message": answer})["logprobs"]
    assert "".join(each["token"] for each in tokens) == said["text"]
    assert {len(each["top"]) for each in tokens} == {2}
    assert jupyter.ask(query, {"thread": thread, "message": question["id"]})["logprobs"] == []


def test_the_request_of_an_answer_and_its_answer_word_for_word_can_be_read(
    jupyter: Jupyter,
) -> None:
    thread, answer = made(jupyter, system="Be brief.")
    query = """query ($thread: ID!, $message: ID!) { wire(thread: $thread, message: $message) {
        request { url method body } rebuilt attempts { at wait status requestId error }
        chunks { at text } omitted recorded
    } }"""
    wire = jupyter.ask(query, {"thread": thread, "message": answer})["wire"]
    assert wire["request"]["body"]["messages"][0] == {"role": "system", "content": "Be brief."}
    assert wire["request"]["url"].endswith("/v1/chat/completions")
    assert [each["status"] for each in wire["attempts"]] == [200]
    assert wire["chunks"][0]["text"].startswith("data: ")
    assert (wire["rebuilt"], wire["omitted"], wire["recorded"]) == (False, 0, True)


def test_the_request_is_given_as_a_program(jupyter: Jupyter) -> None:
    thread, answer = made(jupyter, params={"seed": 41})
    query = """query ($thread: ID!, $message: ID, $language: CodeLanguage!) {
        code(thread: $thread, message: $message, language: $language)
    }"""
    given = {"thread": thread, "message": answer, "language": "PYTHON"}
    program = jupyter.ask(query, given)["code"]
    assert "client.chat.completions.create(" in program
    assert "seed=41" in program
    now = jupyter.ask(query, {"thread": thread, "language": "CURL"})["code"]
    assert "curl -N http://127.0.0.1:" in now


def test_what_the_model_refuses_is_told_beside_the_thread(jupyter: Jupyter) -> None:
    thread, _ = made(jupyter, model="demo-picky", params={"temperature": 0.5})
    said = read(jupyter, thread)["path"][-1]["error"]
    assert (said["kind"], said["facts"]["param"]) == ("param_refused", "temperature")
    query = "query ($id: ID!) { thread(id: $id) { settings { refused ignored } } }"
    told = jupyter.ask(query, {"id": thread})["thread"]["settings"]
    assert told == {"refused": ["temperature"], "ignored": []}


@pytest.mark.parametrize("thread", ["nowhere", None])
def test_an_answer_that_is_not_there_is_an_error_in_words(
    jupyter: Jupyter, thread: str | None
) -> None:
    thread = thread or made(jupyter)[0]
    query = f'{{ logprobs(thread: "{thread}", message: "nothing") {{ token }} }}'
    with jupyter.client() as client:
        said = client.post(jupyter.graphql, json={"query": query}).json()
    assert said["errors"][0]["extensions"]["code"] == "NotFound"
