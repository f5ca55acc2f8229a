"""What is exported and shown of requests has the tools in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playground_widget import Playground
from playground_widget.conversation import carry_out
from playground_widget.demo import DemoServer
from playground_widget.protocol import Code

Make = Callable[..., Playground]


def area(width: float, height: float) -> float:
    """The area of a rectangle."""
    return width * height


def test_a_rebuilt_request_is_the_one_that_was_sent(playground: Make, server: DemoServer) -> None:
    pg = playground(model="demo-tools", tools=[area])
    pg.send("area of 3 by 4")
    sent = [record.body for record in server.requests if "/models" not in record.path]
    assert len(sent) == 2
    for answer, body in zip((pg[1], pg[3]), sent, strict=True):
        assert pg.wire(answer).body == body
        # As in another process, which has nothing of it in memory.
        pg._engine.wires = type(pg._engine.wires)()
        rebuilt = pg.wire(answer)
        assert rebuilt.rebuilt
        assert rebuilt.body == body


def test_the_code_of_the_next_request_offers_what_is_switched_on(playground: Make) -> None:
    def other(n: int) -> int:
        """Another one."""
        return n

    pg = playground(model="demo-tools", tools=[area, other], messages=["area of 3 by 4"])
    pg._engine.call(lambda: pg._conversation.toolbox.switch("other", enabled=False))
    text = pg._engine.do(carry_out, pg._conversation, Code("python", None))["text"]
    assert "The area of a rectangle." in text
    assert "Another one." not in text


def test_a_file_keeps_the_tools_of_answers(playground: Make, tmp_path: Path) -> None:
    pg = playground(model="demo-tools", tools=[area])
    pg.send("area of 3 by 4")
    file = tmp_path / "thread.json"
    pg.export(file)
    told = [m.get("tools") for m in json.loads(file.read_text())["thread"]["messages"]]
    assert any(told)
    back = Playground.from_json(file, store=":memory:", connection="demo")
    assert [m.tools for m in back.messages] == [m.tools for m in pg.messages]
    back.close()
