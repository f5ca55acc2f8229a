"""A page with a playground, over a comm without a kernel."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from playground_widget import Playground
from playground_widget.compare import Runner

Json = dict[str, Any]
ROWS = [{"input": "Good", "expected": "good"}, {"input": "Bad", "expected": "fine"}]
VARIANTS = [{"name": "Plain"}, {"name": "Warm", "params": {"temperature": 1}}]
WARM = {"params": {"temperature": 1}}
LONG = [{"input": f"Row {n} has a few more words than the others have"} for n in range(3)]
EXACT = [{"kind": "exact", "column": "expected"}]
EXACT_OF_INPUT = [{"kind": "exact", "column": "input"}]
_heard = threading.Condition()


class RecordingComm(BaseComm):
    """Keeps what would go to the browser."""

    def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **keys: Any) -> None:
        json.dumps(data, allow_nan=False)
        with _heard:
            self.__dict__.setdefault("sent", []).append(data)
            _heard.notify_all()


class Page:
    """A page with a playground."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.comm: Any = playground.widget.comm
        self._asked = 0

    def events(self) -> list[Json]:
        """Return what the page was told, in order."""
        return [
            event
            for each in self.comm.__dict__.get("sent", [])
            if each.get("method") == "update"
            for event in each["state"].get("delta", {}).get("events", [])
        ]

    def until(self, found: Callable[[list[Json]], Any]) -> Any:
        """Wait until what was told has something, and return it."""
        got: list[Any] = []

        def look() -> bool:
            got[:] = [found(self.events())]
            return bool(got[0])

        with _heard:
            assert _heard.wait_for(look, 30), self.events()
        return got[0]

    def ask(self, kind: str, **fields: Any) -> Json:
        """Ask, and return the result; a refusal is an error."""
        answer = self.answer(kind, **fields)
        assert answer["type"] == "done", answer
        result: Json = answer["result"]
        return result

    def answer(self, kind: str, **fields: Any) -> Json:
        self._asked += 1
        identity = f"r{self._asked}"
        content = {"type": kind, "request": identity, **fields}
        message = {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        self.comm.handle_msg(message)

        def answered(events: list[Json]) -> Json | None:
            return next((each for each in events if each.get("request") == identity), None)

        found: Json = self.until(answered)
        return found

    def happened(self) -> list[Json]:
        """Return what happened in comparisons."""
        return [e for each in self.events() if each["type"] == "comparison" for e in each["events"]]

    def ended(self, status: str = "complete") -> None:
        """Wait until the comparison that is shown has ended so."""
        self.until(
            lambda _: any(
                e["type"] == "progress" and e["status"] == status for e in self.happened()
            )
        )

    def settings(self) -> Json:
        conversation = self.playground._conversation
        return self.playground._engine.call(conversation.settings)

    def runner(self) -> Runner:
        runner = self.playground._conversation.comparing.shown
        assert runner is not None
        return runner


@pytest.fixture
def page(
    playground: Callable[..., Playground], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Page]:
    monkeypatch.setattr(comm, "create_comm", RecordingComm)

    def make(*args: Any, **kwargs: Any) -> Page:
        return Page(playground(*args, model="demo-echo", **kwargs))

    return make
