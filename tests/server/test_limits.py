"""What one request may ask, and what is told of an error that nobody meant to raise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_introspection_query

from tests.server.conftest import Jupyter

INSIDE = "a path of the inside, /home/somebody"
BROKEN = f"""
from playground_widget.conversation._shared_connections import SharedConnections

async def models(self, name=None):
    raise RuntimeError({INSIDE!r})

SharedConnections.models = models
"""


def refused(jupyter: Jupyter, query: str) -> str:
    with jupyter.client(accept="application/graphql-response+json") as client:
        answer = client.post(jupyter.graphql, json={"query": query})
    assert answer.status_code == 400
    assert "data" not in answer.json()
    return str(answer.json()["errors"][0]["message"])


def nested(depth: int) -> str:
    inner = "{ name }"
    for _ in range(depth - 5):
        inner = f"{{ ofType {inner} }}"
    return f"{{ __schema {{ types {{ fields {{ type {inner} }} }} }} }}"


def test_the_whole_introspection_query_is_within_the_limits(jupyter: Jupyter) -> None:
    assert jupyter.ask(get_introspection_query(input_value_deprecation=True))["__schema"]["types"]


def test_a_document_that_is_nested_too_deeply_is_refused(jupyter: Jupyter) -> None:
    assert jupyter.ask(nested(20))
    assert "20 fields deep" in refused(jupyter, nested(21))


def test_fragments_do_not_hide_depth(jupyter: Jupyter) -> None:
    fragments = [f"fragment F{n} on __Type {{ ofType {{ ...F{n + 1} }} }}" for n in range(20)]
    query = "{ __schema { types { ...F0 } } } fragment F20 on __Type { name }"
    assert "fields deep" in refused(jupyter, " ".join((query, *fragments)))


def test_fragments_in_fragments_take_no_time(jupyter: Jupyter) -> None:
    doubled = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60)]
    query = " ".join(("{ ...F0 }", *doubled, "fragment F60 on Query { __typename }"))
    assert jupyter.ask(query) == {"__typename": "Query"}


def test_a_fragment_within_itself_is_refused(jupyter: Jupyter) -> None:
    assert "itself" in refused(jupyter, "{ ...A } fragment A on Query { ...A }")


def test_more_aliases_than_allowed_are_refused(jupyter: Jupyter) -> None:
    def aliased(count: int) -> str:
        return "{" + " ".join(f"a{n}: __typename" for n in range(count)) + "}"

    assert len(jupyter.ask(aliased(50))) == 50
    assert "50 aliases" in refused(jupyter, aliased(51))


def test_more_tokens_than_allowed_are_refused(jupyter: Jupyter) -> None:
    assert "token" in refused(jupyter, "{" + "__typename " * 5001 + "}")


def test_a_document_of_brackets_alone_is_refused(jupyter: Jupyter) -> None:
    assert refused(jupyter, "{a" * 2400)


def test_a_body_that_is_too_large_is_a_413(start_jupyter: Callable[..., Jupyter]) -> None:
    jupyter = start_jupyter("", "--PlaygroundApp.max_body=1000")
    with jupyter.client() as client:
        small = {"query": "{ __typename }", "variables": {"a": "x" * 800}}
        assert client.post(jupyter.graphql, json=small).status_code == 200
        large = {"query": "{ __typename }", "variables": {"a": "x" * 1000}}
        answer = client.post(jupyter.graphql, json=large)
        assert answer.status_code == 413
        assert "1000" in answer.json()["errors"][0]["message"]


def test_a_file_larger_than_a_message_of_a_websocket_comes_by_http(jupyter: Jupyter) -> None:
    query = "mutation ($i: AddMessageInput!) { addMessage(input: $i) { error { title } } }"
    made = jupyter.ask("mutation { createThread(input: {}) { thread { id } } }")
    thread = made["createThread"]["thread"]["id"]
    given = {"threadId": thread, "content": [{"text": "x" * (4 * 2**20)}]}
    assert jupyter.ask(query, {"i": given}) == {"addMessage": {"error": None}}


def test_introspection_can_be_turned_off(start_jupyter: Callable[..., Jupyter]) -> None:
    jupyter = start_jupyter("", "--PlaygroundApp.introspection=False")
    assert jupyter.ask("{ __typename }") == {"__typename": "Query"}
    assert "introspection" in refused(jupyter, "{ __schema { types { name } } }")
    assert "introspection" in refused(jupyter, '{ __type(name: "Query") { name } }')
    assert "Did you mean" not in refused(jupyter, "{ thred { id } }")


async def test_an_error_that_nobody_meant_is_masked_at_every_door_and_logged(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter(BROKEN)
    query = {"query": "{ models { id } }"}
    told: list[Any] = []
    with jupyter.client() as client:
        told.append(client.post(jupyter.graphql, json=query).json())
        events = client.post(jupyter.graphql, json=query, headers={"accept": "text/event-stream"})
        told.append(json.loads(events.text.split("data: ")[1].splitlines()[0]))
    socket = await jupyter.connect()
    await socket.subscribe("{ models { id } }")
    told.append(await socket.result())
    await socket.close()
    logged = jupyter.said()
    for answer in told:
        (error,) = answer["errors"]
        found = re.fullmatch(
            r"An error occurred\. The server's log has it under ([0-9a-f]{8})\.", error["message"]
        )
        assert found
        assert error["path"] == ["models"]
        assert INSIDE not in json.dumps(answer)
        assert f"Error {found[1]}" in logged
    assert INSIDE in logged


def test_what_is_refused_on_purpose_is_told(jupyter: Jupyter) -> None:
    with jupyter.client() as client:
        answer = client.post(jupyter.graphql, json={"query": '{ models(connection: "no") { id } }'})
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "NotFound"
    assert "no" in error["message"]


def test_a_store_that_cannot_be_opened_is_told_and_tried_again(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter("", "--PlaygroundApp.store=nowhere/at/all/threads.sqlite")
    place = jupyter.log.parent / "nowhere"
    place.write_text("in the way", encoding="utf-8")
    with jupyter.client() as client:
        answer = client.post(jupyter.graphql, json={"query": "{ __typename }"})
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["message"]
        place.unlink()
        answer = client.post(jupyter.graphql, json={"query": "{ __typename }"})
        assert answer.status_code == 200


@pytest.mark.parametrize("first", [0, -1, 201, 2**31 - 1])
def test_a_page_has_a_size(jupyter: Jupyter, first: int) -> None:
    query = "query ($n: Int) { threads(first: $n) { edges { cursor } } }"
    with jupyter.client() as client:
        answer = client.post(jupyter.graphql, json={"query": query, "variables": {"n": first}})
    assert answer.json()["errors"][0]["extensions"]["code"] == "InvalidInput"
