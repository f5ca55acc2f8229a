"""Two servers on one PostgreSQL: each sees the runs of both, and one takes over from the other."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from tests.server.conftest import Jupyter, Socket

ELSEWHERE = """
import socket
# Nobody on this host can see by its process id whether it lives: only its lease tells.
socket.gethostname = lambda: "another-host"
"""
CREATE = """
mutation Create($input: CreateThreadInput!) {
  createThread(input: $input) { thread { id } error { title } }
}
"""
SEND = """
mutation Send($input: SendInput!) { send(input: $input) { answer { id } error { title } } }
"""
UPDATE = """
mutation Update($input: UpdateThreadInput!) { updateThread(input: $input) { error { title } } }
"""
CONTINUE = """
mutation Continue($input: ContinueAnswerInput!) {
  continueAnswer(input: $input) { answer { id } error { title } }
}
"""
STOP = "mutation Stop($input: StopInput!) { stop(input: $input) { stopped } }"
EVENTS = """
subscription Events($id: ID!) {
  threadEvents(id: $id) {
    events {
      __typename
      ... on AnswerStarted { message { id text } }
      ... on TextAdded { messageId offset text }
      ... on AnswerFinished { message { id status text } }
    }
  }
}
"""


class Ear:
    """A subscriber that puts the answers of a thread together."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.texts: dict[str, str] = {}
        self.ends: dict[str, dict[str, Any]] = {}

    async def hear(self) -> None:
        """Take the next batch: text that follows what is here, and nothing else."""
        payload = await self.socket.result()
        for event in payload["data"]["threadEvents"]["events"]:
            if event["__typename"] == "AnswerStarted":
                # One that goes on from another begins with its text.
                self.texts[event["message"]["id"]] = event["message"]["text"]
            elif event["__typename"] == "TextAdded":
                before = self.texts[event["messageId"]]
                assert event["offset"] == len(before)
                self.texts[event["messageId"]] = before + event["text"]
            elif event["__typename"] == "AnswerFinished":
                self.ends[event["message"]["id"]] = event["message"]

    async def end_of(self, message: str) -> dict[str, Any]:
        while message not in self.ends:
            await self.hear()
        return self.ends[message]


async def listen(server: Jupyter, thread: str) -> Ear:
    socket = await server.connect()
    await socket.subscribe(EVENTS, {"id": thread})
    ear = Ear(socket)
    await ear.hear()
    return ear


def send(server: Jupyter, thread: str, **steering: Any) -> str:
    params = {"extra": {"demo": {"first_token": 0, **steering}}}
    server.ask(UPDATE, {"input": {"threadId": thread, "params": params}})
    content = [{"text": "Hello"}]
    answer = server.ask(SEND, {"input": {"threadId": thread, "content": content}})["send"]
    assert answer["error"] is None
    return str(answer["answer"]["id"])


async def test_each_sees_the_runs_of_both_and_takes_over_from_one_that_was_killed(
    start_jupyter: Callable[..., Jupyter], postgres_url: str
) -> None:
    store = f"--PlaygroundApp.store={postgres_url}"
    there, here = start_jupyter(ELSEWHERE, store), start_jupyter("", store)
    # With a message it is stored, and the other server has it too.
    made = {"model": "demo-fast", "messages": [{"content": [{"text": "Begin"}]}]}
    thread = there.ask(CREATE, {"input": made})["createThread"]["thread"]["id"]
    async with asyncio.timeout(120):
        ears = [await listen(here, thread), await listen(there, thread)]
        first = send(there, thread, tokens=100, rate=200)
        for ear in ears:
            assert (await ear.end_of(first))["status"] == "COMPLETE"
        second = send(here, thread, tokens=100, rate=200)
        ends = [await ear.end_of(second) for ear in ears]
        assert ends[0] == ends[1]
        assert ears[0].texts[second] == ears[1].texts[second] == ends[0]["text"]

        third = send(there, thread, tokens=100_000, rate=100)
        ear = ears[0]
        while len(ear.texts.get(third, "")) < 300:
            await ear.hear()
        there.process.send_signal(signal.SIGKILL)
        there.process.wait(10)
        end = await ear.end_of(third)
        assert end["status"] == "INTERRUPTED"
        assert end["text"] == ear.texts[third]

        went_on = here.ask(CONTINUE, {"input": {"threadId": thread, "messageId": third}})
        assert went_on["continueAnswer"]["error"] is None
        fourth = went_on["continueAnswer"]["answer"]["id"]
        while len(ear.texts.get(fourth, "")) < len(end["text"]) + 50:
            await ear.hear()
        here.ask(STOP, {"input": {"threadId": thread}})
        assert (await ear.end_of(fourth))["text"].startswith(end["text"])
        for ear in ears:
            await ear.socket.close()
