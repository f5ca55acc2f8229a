"""A key that comes in is in no answer, no error and no log, however wrong the request is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground_widget.server._asked import Asked
from playground_widget.server._inputs import AddConnectionInput, UseConnectionInput
from tests.server.conftest import Jupyter

KEY = "sk-Quokka-48151623-Wombat"
PIECES = ("Quokka", "48151623", "Wombat")

MUTATION = "mutation ($i: AddConnectionInput!) { addConnection(input: $i) { error { title } } }"

LITERALS = [
    'apiKey: "%s"',
    'apiKey: "%s" ) {',
    'apiKey "%s"',
    'apiKey: "%s',
    "apiKey: %s",
    'apiKey: {a: "%s"}',
    'apiKey: ["%s"]',
    'apiKey: "%s", apiKey: "%s"',
    'apiKye: "%s"',
    'api: "%s"',
    'apiKey: """%s"""',
    'apiKey: """%s',
    'apiKey: "%s\\q"',
    'apiKey: "%s\\u12"',
    'apiKey: $"%s"',
    'apiKey: "%s" "%s"',
    'apiKey: "%s", baseUrl: "nonsense"',
]
VALUES: list[Any] = [
    {"name": "a", "apiKey": KEY},
    {"name": "a", "apiKey": [KEY]},
    {"name": "a", "apiKey": {KEY: 1}},
    {"name": "a", "apiKey": {"a": {"b": KEY}}},
    {"apiKey": KEY},
    {"name": None, "apiKey": KEY},
    {"name": "a", "apiKye": KEY},
    {"name": "a", "apiKey": KEY, "api": KEY},
    {"name": "a", "apiKey": KEY, "baseUrl": "nonsense"},
    {"name": "x" * 300, "apiKey": KEY},
    {"name": "a", "apiKey": KEY, "clientMutationId": "x" * 300},
    [{"apiKey": KEY}],
    KEY,
    [KEY],
]


@pytest.fixture(scope="module")
def told(jupyter: Jupyter) -> Iterator[Callable[[str], None]]:
    """Note what a client was told; at the end neither that nor the log has a key in it."""
    seen: list[str] = []
    yield seen.append
    jupyter.stop()
    for text in (*seen, jupyter.said()):
        assert not [piece for piece in PIECES if piece in text]
    assert seen


def requests() -> Iterator[dict[str, Any]]:
    for literal in LITERALS:
        given = literal.replace("%s", KEY)
        call = f'addConnection(input: {{name: "a", {given} }})'
        yield {"query": f"mutation {{ {call} {{ error {{ kind }} }} }}"}
    for value in VALUES:
        yield {"query": MUTATION, "variables": {"i": value}}
    inline = (
        'mutation ($k: %s!) { addConnection(input: {name: "a", apiKey: $k}) { error { kind } } }'
    )
    for kind in ("Int", "Role", "Boolean", "Nothing", "[Int]"):
        yield {"query": inline % kind, "variables": {"k": KEY}}
    used = "mutation ($i: UseConnectionInput!) { useConnection(input: $i) { error { title } } }"
    for more in ({}, {"baseUrl": "nonsense"}, {"name": None}):
        use = {"threadId": "none", "name": "openai", "apiKey": KEY, **more}
        yield {"query": used, "variables": {"i": use}}


@pytest.mark.parametrize("body", list(requests()))
async def test_no_door_tells_a_key(
    jupyter: Jupyter, told: Callable[[str], None], body: dict[str, Any]
) -> None:
    with jupyter.client() as client:
        for accept in (
            "application/json",
            "application/graphql-response+json",
            "text/event-stream",
        ):
            answer = client.post(jupyter.graphql, json=body, headers={"accept": accept})
            told(f"{answer.text} {answer.headers}")
        params = {name: v if isinstance(v, str) else json.dumps(v) for name, v in body.items()}
        answer = client.get(jupyter.graphql, params=params)
        assert answer.status_code in {200, 400, 405}
        told(f"{answer.text} {answer.headers}")
    socket = await jupyter.connect()
    await socket.send({"type": "subscribe", "id": "1", "payload": body})
    told(json.dumps(await socket.receive()))
    await socket.close()


async def test_no_broken_request_tells_a_key(jupyter: Jupyter, told: Callable[[str], None]) -> None:
    body = json.dumps({"query": MUTATION, "variables": {"i": {"name": "a", "apiKey": KEY}}})
    with jupyter.client() as client:
        headers = {"content-type": "application/json"}
        for broken in (body[:-1], f"[{body}]", body.replace("query", "qeury")):
            told(client.post(jupyter.graphql, content=broken, headers=headers).text)
        told(client.post(jupyter.graphql, content=body, headers={"content-type": "text/x"}).text)
        told(client.put(jupyter.graphql, content=body, headers=headers).text)
    for frame in (body, f'{{"type": "subscribe", "payload": {body}}}', body[:-1]):
        socket = await jupyter.connect()
        await socket.send_raw(frame)
        _, reason = await socket.closed()
        told(reason or "")
    with jupyter.client(Authorization="token wrong") as client:
        told(client.get(jupyter.graphql, params={"query": body}).text)


def test_the_connection_shows_four_characters_at_most(
    jupyter: Jupyter, told: Callable[[str], None]
) -> None:
    query = MUTATION.replace("error { title }", "connection { keyTail keySource label }")
    made = jupyter.ask(query, {"i": {"name": "tail", "apiKey": "sk-1234567890abcd"}})
    told(json.dumps(made))
    assert made["addConnection"]["connection"]["keyTail"] == "abcd"


def test_what_holds_a_key_does_not_show_it() -> None:
    held = [
        AddConnectionInput(name="a", api_key=KEY, base_url=f"https://me:{KEY}@example.com"),
        UseConnectionInput(thread_id="t", name="a", api_key=KEY),  # type: ignore[arg-type] # an ID is text
        Asked(MUTATION, {"i": {"apiKey": KEY}}),
    ]
    assert KEY not in repr(held)
