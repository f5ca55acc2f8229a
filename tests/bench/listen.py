"""Subscribers of a server, in a process of their own: a load.

python -m tests.bench.listen URL TOKEN < THREADS

THREADS is JSON: `[{"thread": ID, "subscribers": N}, ...]`. Each subscriber has a connection of its
own. `ready` is printed once all of them have begun, and after the end of every answer a line of
JSON: for each subscriber its thread, its text, and pairs of tokens and the time they were here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect

QUERY = """
subscription Events($id: ID!) {
  threadEvents(id: $id) {
    events {
      __typename
      ... on TextAdded { messageId part offset text tokens }
      ... on AnswerFinished { message { text } }
    }
  }
}
"""


async def _begin(url: str, token: str, thread: str) -> ClientConnection:
    socket = await connect(
        url,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]  # it is a NewType of str
        additional_headers={"Authorization": f"token {token}"},
        compression=None,
        max_size=None,
        open_timeout=60,
        ping_interval=None,
    )
    await socket.send(json.dumps({"type": "connection_init"}))
    await socket.recv()
    payload = {"query": QUERY, "variables": {"id": thread}}
    await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
    # The snapshot.
    await socket.recv()
    return socket


async def _listen(socket: ClientConnection, thread: str) -> dict[str, Any]:
    text: list[str] = []
    length = 0
    heard: list[tuple[int, float]] = []
    async for frame in socket:
        message = orjson.loads(frame)
        if message["type"] == "ping":
            await socket.send('{"type":"pong"}')
            continue
        now = time.time()
        for event in message["payload"]["data"]["threadEvents"]["events"]:
            if event["__typename"] == "TextAdded":
                # Nothing lost, nothing twice: what comes begins where it ended.
                assert event["part"] == 0
                assert event["offset"] == length
                text.append(event["text"])
                length += len(event["text"])
                heard.append((event["tokens"], now))
            elif event["__typename"] == "AnswerFinished":
                whole = "".join(text)
                return {
                    "thread": thread,
                    "whole": whole == event["message"]["text"],
                    "characters": len(whole),
                    "heard": heard,
                }
    return {"thread": thread, "whole": False, "characters": length, "heard": heard}


async def main(url: str, token: str) -> None:
    """Begin with all of them, and listen until every answer has ended."""
    wanted = [each["thread"] for each in json.load(sys.stdin) for _ in range(each["subscribers"])]
    sockets: list[ClientConnection] = []
    for at in range(0, len(wanted), 20):
        some = wanted[at : at + 20]
        sockets += await asyncio.gather(*[_begin(url, token, thread) for thread in some])
    print("ready", flush=True)
    heard = await asyncio.gather(
        *[_listen(socket, thread) for socket, thread in zip(sockets, wanted, strict=True)]
    )
    print(json.dumps(heard), flush=True)
    await asyncio.gather(*[socket.close() for socket in sockets])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
