"""Clients that others wrote hold a conversation: the reference ones, urql, Apollo, and gql."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from frontend import find_node
from tests.server.conftest import Jupyter

CLIENTS = Path(__file__).resolve().parents[2] / "js" / "clients"

CREATE = """
mutation Create($input: CreateThreadInput!) { createThread(input: $input) { thread { id } } }
"""
SEND = """
mutation Send($input: SendInput!) { send(input: $input) { answer { id status } error { title } } }
"""
EVENTS = """
subscription Events($id: ID!) {
  threadEvents(id: $id) {
    events {
      __typename
      ... on TextAdded { text }
      ... on AnswerFinished { message { text } }
    }
  }
}
"""


def check(heard: dict[str, Any]) -> None:
    """What came piece by piece is what is there in the end."""
    assert heard["kinds"][0] == "ThreadSnapshot"
    assert heard["kinds"].count("TextAdded") > 1
    assert heard["text"]
    assert heard["text"] == heard["final"]
    assert [message["role"] for message in heard["path"]] == ["USER", "ASSISTANT"]
    assert heard["path"][1]["text"] == heard["final"]


@pytest.mark.parametrize("client", ["graphql-ws", "graphql-sse", "urql", "apollo"])
def test_a_javascript_client_holds_a_conversation(jupyter: Jupyter, client: str) -> None:
    node = find_node()
    assert node is not None
    run = subprocess.run(
        [node, CLIENTS / f"{client}.mjs", jupyter.graphql, jupyter.token],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    check(json.loads(run.stdout))


async def test_gql_holds_a_conversation_over_a_websocket(jupyter: Jupyter) -> None:
    transport = WebsocketsTransport(
        url=jupyter.graphql.replace("http", "ws", 1),
        headers=jupyter.headers,
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    heard: dict[str, Any] = {"text": "", "final": None}
    # It reads the schema, and checks each document by it.
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        steering = {"demo": {"tokens": 40, "rate": 400, "first_token": 0}}
        made = {"model": "demo-fast", "params": {"extra": steering}}
        create, send, events = gql(CREATE), gql(SEND), gql(EVENTS)
        create.variable_values = {"input": made}
        thread = (await session.execute(create))["createThread"]["thread"]["id"]
        events.variable_values = {"id": thread}
        asked = False
        async for result in session.subscribe(events):
            if not asked:
                asked = True
                content = [{"text": "Hello"}]
                send.variable_values = {"input": {"threadId": thread, "content": content}}
                answer = (await session.execute(send))["send"]
                assert answer["error"] is None
            for event in result["threadEvents"]["events"]:
                if event["__typename"] == "TextAdded":
                    heard["text"] += event["text"]
                if event["__typename"] == "AnswerFinished":
                    heard["final"] = event["message"]["text"]
            if heard["final"] is not None:
                break
    assert heard["text"] == heard["final"]
    assert heard["text"]
