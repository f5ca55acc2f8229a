"""Stands for a kernel: a playground in a process of its own, told what to do line by line.

Each line on its input is a JSON object: `{"do": "send", "text": …, "tokens": …, "rate": …}`,
`{"do": "add", "text": …}`, `{"do": "call", "text": …}`, or `peek`, `wait` or `result` alone. It
prints a JSON line for each thing that it did, and for what its listeners hear.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from playground_widget import Connection, Delta, Message, Playground, Tool


def say(**what: Any) -> None:
    # In one piece: two threads talk.
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(database: str, url: str, thread: str) -> None:
    pg = Playground(
        store=database, connection=Connection("demo", base_url=url), thread=thread or None
    )
    pg.on("delta", _heard)
    pg.on("message", _added)
    say(did="open", thread=pg.thread.id)
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["do"]:
            case "send":
                steering = {"tokens": asked["tokens"], "rate": asked["rate"], "first_token": 0}
                pg.params = {"extra": {"demo": steering}}
                run = pg.start(asked["text"])
                while run.message is None:
                    time.sleep(0.001)
                say(did="send", message=run.message.id)
            case "limited" | "call" as what:
                begin = _limited if what == "limited" else _call
                say(did=what, message=begin(pg, asked["text"]))
            case "result":
                say(did="result", **_result(pg))
            case "add":
                pg.add(asked["text"])
                say(did="add")
            case "peek":
                say(did="peek")
            case "wait":
                answer = pg.messages[-1]
                while answer.status == "streaming":
                    time.sleep(0.01)
                    answer = pg.messages[-1]
                say(did="wait", status=answer.status, text=answer.text)


def _limited(pg: Playground, text: str) -> str:
    """Ask a service that refuses at first; return the answer, which waits for a minute."""
    pg.model = "demo-rate-limited"
    pg.params = {"extra": {"demo": {"retry_after": 60, "rate": None, "first_token": 0}}}
    pg.start(text)
    while not pg.messages or pg.messages[-1].retry is None:
        time.sleep(0.001)
    return pg.messages[-1].id


def _call(pg: Playground, text: str) -> str:
    """Have a tool asked about; return the message of its call."""
    # As if a page had shown it, so that it can ask.
    pg._engine.call(pg._conversation.viewers.add, "page")
    pg.tools, pg.model = [Tool(_pay, name="pay", confirm=True)], "demo-tools"
    pg.start(text)
    while not pg.messages or pg.messages[-1].consent is None:
        time.sleep(0.001)
    return pg.messages[-1].id


def _result(pg: Playground) -> dict[str, Any]:
    """Wait for the end of the run, and return how it ended and what the calls came to."""
    while pg.messages[-1].role == "tool" or pg.messages[-1].status == "streaming":
        time.sleep(0.001)
    results = [message.text for message in pg.messages if message.role == "tool"]
    return {"status": pg.messages[-1].status, "results": results}


def _pay(amount: float) -> str:
    """Pay an amount."""
    return "paid"


def _heard(delta: Delta) -> None:
    say(heard="delta", message=delta.message, text=delta.text, at=time.time())


def _added(message: Message) -> None:
    say(heard="message", message=message.id, text=message.text)
