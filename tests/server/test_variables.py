"""The variables of a thread over GraphQL: set, asked about, filled in, refused where unset."""

from __future__ import annotations

import time
from typing import Any

import pytest

from playground_widget.template import digest_of
from tests.server.conftest import Jupyter

VARIABLE = "{ name source kind text length tokens digest error }"


@pytest.fixture
def thread(jupyter: Jupyter) -> str:
    query = (
        "mutation ($input: CreateThreadInput!) { createThread(input: $input) { thread { id } } }"
    )
    params = {"extra": {"demo": {"tokens": 5, "rate": None, "first_token": 0}}}
    given = {"title": "T", "system": "{{system}}", "model": "demo-fast", "params": params}
    return str(jupyter.ask(query, {"input": given})["createThread"]["thread"]["id"])


def put(jupyter: Jupyter, thread: str, name: str, value: str | None) -> Any:
    query = f"""
      mutation ($input: SetVariableInput!) {{ setVariable(input: $input) {{
        variable {VARIABLE} error {{ kind title }}
      }} }}
    """
    given = {"threadId": thread, "name": name, "value": value}
    return jupyter.ask(query, {"input": given})["setVariable"]


def send(jupyter: Jupyter, thread: str, words: str) -> Any:
    query = """
      mutation ($input: SendInput!) { send(input: $input) {
        answer { id }
        error { __typename kind title ... on UnsetVariables { names } }
      } }
    """
    return jupyter.ask(query, {"input": {"threadId": thread, "content": [{"text": words}]}})["send"]


def read(jupyter: Jupyter, thread: str) -> Any:
    query = f"""
      query ($id: ID!) {{ thread(id: $id) {{
        settings {{ running variables {VARIABLE} }}
        path {{ text variables {{ name digest }} }}
      }} }}
    """
    deadline = time.monotonic() + 30
    while (found := jupyter.ask(query, {"id": thread})["thread"])["settings"]["running"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def test_what_is_set_is_filled_in_and_an_answer_tells_its_digest(
    jupyter: Jupyter, thread: str
) -> None:
    made = put(jupyter, thread, "system", "Be brief.")
    assert made["error"] is None
    assert made["variable"] == {
        "name": "system",
        "source": "PLAYGROUND",
        "kind": "str",
        "text": "Be brief.",
        "length": 9,
        "tokens": 3,
        "digest": digest_of("Be brief."),
        "error": None,
    }
    assert send(jupyter, thread, "Hello")["error"] is None
    question, answer = read(jupyter, thread)["path"]
    assert question["variables"] is None
    assert answer["variables"] == [{"name": "system", "digest": digest_of("Be brief.")}]


def test_what_is_unset_is_refused_with_its_names_and_nothing_is_added(
    jupyter: Jupyter, thread: str
) -> None:
    put(jupyter, thread, "system", "a")
    put(jupyter, thread, "system", None)
    error = send(jupyter, thread, "{{b}}")["error"]
    assert (error["__typename"], error["kind"]) == ("UnsetVariables", "unset_variables")
    assert error["names"] == ["system", "b"]
    assert read(jupyter, thread)["path"] == []


def test_names_can_be_asked_about_before_a_message_has_them(jupyter: Jupyter, thread: str) -> None:
    put(jupyter, thread, "a", "x" * 300)
    query = f"""
      query ($id: ID!, $names: [String!]!) {{ variables(threadId: $id, names: $names) {VARIABLE} }}
    """
    found = jupyter.ask(query, {"id": thread, "names": ["a", "get_ipython", "b"]})["variables"]
    shown = [(each["name"], each["source"], each["length"], each["text"]) for each in found]
    # The server's own process is nobody's notebook.
    assert shown == [
        ("a", "PLAYGROUND", 300, "x" * 200),
        ("get_ipython", None, 0, ""),
        ("b", None, 0, ""),
    ]


def test_what_cannot_be_a_name_is_refused(jupyter: Jupyter, thread: str) -> None:
    assert "cannot be the name" in put(jupyter, thread, "a b", "x")["error"]["title"]
