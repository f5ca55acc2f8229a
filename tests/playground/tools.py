"""What the tests of tools share: a function to call, and looks at what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playground_widget import Message, Playground

Make = Callable[..., Playground]
ROOT = Path(__file__).resolve().parents[2]
TOOLS = "demo-tools"


def area(width: float, height: float) -> float:
    """The area of a rectangle."""
    return width * height


def roles(pg: Playground) -> list[str]:
    return [message.role for message in pg.messages]


def results(pg: Playground) -> list[Message]:
    return [message for message in pg.messages if message.role == "tool"]


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)


def asking(pg: Playground) -> Message:
    """Return the call that waits to be allowed, once there is one."""
    until(lambda: [m for m in pg.messages if m.consent])
    return next(m for m in pg.messages if m.consent)
