"""Server-Sent Events, in the "distinct connections" mode of graphql-sse."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.server.conftest import Jupyter

EVENTS = "text/event-stream"
CHANGES = "subscription { threadsChanged { changes } }"


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """The events of a stream, each with its data; comments are left out."""
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data:"):
            data = line.removeprefix("data:").strip()
            yield event, json.loads(data) if data else None


def test_a_subscription_is_a_stream_of_events(jupyter: Jupyter) -> None:
    with (
        jupyter.client(accept=EVENTS) as client,
        client.stream("POST", jupyter.graphql, json={"query": CHANGES}) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{EVENTS}; charset=utf-8"
        assert "no-cache" in answer.headers["cache-control"]
        lines = answer.iter_lines()
        # A comment opens the stream before anything has happened.
        assert next(lines) == ":"
        event, data = next(events(lines))
    assert event == "next"
    assert data == {
        "data": {"threadsChanged": {"changes": data["data"]["threadsChanged"]["changes"]}}
    }


def test_a_subscription_can_be_asked_for_by_get(jupyter: Jupyter) -> None:
    with (
        jupyter.client(accept=EVENTS) as client,
        client.stream("GET", jupyter.graphql, params={"query": CHANGES}) as answer,
    ):
        assert next(events(answer.iter_lines()))[0] == "next"


@pytest.mark.parametrize("accept", [EVENTS, f"{EVENTS}, application/json;q=0.5"])
def test_one_result_is_a_stream_of_one_where_that_is_wanted(jupyter: Jupyter, accept: str) -> None:
    with jupyter.client(accept=accept) as client:
        answer = client.post(jupyter.graphql, json={"query": "{ __typename }"})
    assert list(events(answer.iter_lines())) == [
        ("next", {"data": {"__typename": "Query"}}),
        ("complete", None),
    ]


def test_a_client_that_takes_both_gets_each_in_its_form(jupyter: Jupyter) -> None:
    accept = "application/graphql-response+json, application/json, text/event-stream"
    with jupyter.client(accept=accept) as client:
        answer = client.post(jupyter.graphql, json={"query": "{ __typename }"})
        assert answer.json() == {"data": {"__typename": "Query"}}
        with client.stream("POST", jupyter.graphql, json={"query": CHANGES}) as stream:
            assert next(events(stream.iter_lines()))[0] == "next"


@pytest.mark.parametrize("query", ["{", "{ nothing }", "subscription { nothing }"])
def test_what_cannot_be_executed_is_told_in_the_stream(jupyter: Jupyter, query: str) -> None:
    with jupyter.client(accept=EVENTS) as client:
        answer = client.post(jupyter.graphql, json={"query": query})
    told = list(events(answer.iter_lines()))
    assert [event for event, _ in told] == ["next", "complete"]
    assert told[0][1]["errors"]


def test_an_unknown_thread_is_told_in_the_stream(jupyter: Jupyter) -> None:
    query = 'subscription { threadEvents(id: "none") { revision } }'
    with jupyter.client(accept=EVENTS) as client:
        answer = client.post(jupyter.graphql, json={"query": query})
    told = list(events(answer.iter_lines()))
    assert [event for event, _ in told] == ["next", "complete"]
    assert told[0][1]["errors"][0]["extensions"]["code"] == "NotFound"


def test_what_is_no_request_has_a_status(jupyter: Jupyter) -> None:
    with jupyter.client(accept=EVENTS) as client:
        assert client.post(jupyter.graphql, json={"query": 1}).status_code == 400
        params = {"query": "mutation { __typename }"}
        assert client.get(jupyter.graphql, params=params).status_code == 405


def test_a_client_that_leaves_ends_its_subscription(jupyter: Jupyter) -> None:
    with (
        jupyter.client(accept=EVENTS) as client,
        client.stream("POST", jupyter.graphql, json={"query": CHANGES}) as answer,
    ):
        told = events(answer.iter_lines())
        assert next(told)
        assert live(jupyter) == 1
    wait_for_none(jupyter)


def live(jupyter: Jupyter) -> int:
    count: int = jupyter.ask("{ server { subscriptions } }")["server"]["subscriptions"]
    return count


def wait_for_none(jupyter: Jupyter) -> None:
    deadline = time.monotonic() + 30
    while live(jupyter):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_answer_streams_to_its_end_and_completes(jupyter: Jupyter) -> None:
    made = jupyter.ask('mutation { createThread(input: {model: "demo-fast"}) { thread { id } } }')
    thread = made["createThread"]["thread"]["id"]
    send = """
      mutation ($id: ID!) {
        send(input: {threadId: $id, content: [{text: "Hello"}]}) { answer { id } }
      }
    """
    answer = jupyter.ask(send, {"id": thread})["send"]["answer"]["id"]
    query = """
      subscription ($thread: ID!, $message: ID!) {
        runEvents(threadId: $thread, messageId: $message) {
          events {
            __typename
            ... on TextAdded { text offset }
            ... on AnswerFinished { message { text status } lengths }
          }
        }
      }
    """
    variables = {"thread": thread, "message": answer}
    with jupyter.client(accept=EVENTS) as client:
        stream = client.post(jupyter.graphql, json={"query": query, "variables": variables})
    told = list(events(stream.iter_lines()))
    assert told[-1] == ("complete", None)
    batches = [data["data"]["runEvents"]["events"] for event, data in told if event == "next"]
    happened = [event for batch in batches for event in batch]
    finished = happened[-1]
    assert finished["__typename"] == "AnswerFinished"
    assert finished["message"]["status"] == "COMPLETE"
    text = "".join(event["text"] for event in happened if event["__typename"] == "TextAdded")
    assert text == finished["message"]["text"]
    assert finished["lengths"] == [len(text)]


def test_more_subscriptions_than_a_client_may_have_are_a_429(
    start_jupyter: Any,
) -> None:
    jupyter: Jupyter = start_jupyter("", "--PlaygroundApp.max_subscriptions=1")
    with jupyter.client(accept=EVENTS) as client:
        with client.stream("POST", jupyter.graphql, json={"query": CHANGES}) as first:
            told = events(first.iter_lines())
            assert next(told)[0] == "next"
            refused: httpx2.Response = client.post(jupyter.graphql, json={"query": CHANGES})
            assert refused.status_code == 429
        wait_for_none(jupyter)
        with client.stream("POST", jupyter.graphql, json={"query": CHANGES}) as again:
            assert next(events(again.iter_lines()))[0] == "next"
