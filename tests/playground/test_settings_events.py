"""What stands beside the thread: a page is told what changed, and nothing of it is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from playground_widget import Playground
from playground_widget.engine import engine

Make = Callable[..., Playground]


@pytest.fixture
def api() -> str:
    """Nothing here differs between the two."""
    return "chat"


class Page:
    """Folds what a widget says as a page does."""

    def __init__(self, pg: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pg = pg
        self.widget = pg.widget
        self.kinds: list[str] = []
        self.changed = threading.Condition()
        self.settings = self.widget.present()["settings"]
        self.between: Callable[[], None] = lambda: None
        self.widget.observe(self._hear, "delta")
        monkeypatch.setattr(self.widget, "send_state", self._snapshot)

    def _snapshot(self, key: str) -> None:
        if key != "thread":
            return
        with self.changed:
            self.settings = self.widget.present()["settings"]
            self.kinds.append("snapshot")
            self.changed.notify_all()
        self.between()

    def _hear(self, change: Any) -> None:
        with self.changed:
            for event in change["new"]["events"]:
                if event["type"] == "settings":
                    self.settings = event["settings"]
                elif event["type"] == "settings_changed":
                    self.settings = {**self.settings, **event["changes"]}
                else:
                    continue
                self.kinds.append(event["type"])
            self.changed.notify_all()

    def ask(self, kind: str) -> None:
        self.widget._received(None, {"request": kind, "type": kind}, None)

    def until(self, is_so: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(is_so, 20), (self.kinds, self.settings)

    def is_right(self) -> bool:
        return bool(self.settings == self.widget.present()["settings"])


def test_a_page_that_says_hello_is_told_all_and_then_what_changes(
    playground: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    pg = playground()
    page = Page(pg, monkeypatch)
    page.ask("hello")
    page.until(lambda: page.kinds[:1] == ["settings"])
    pg.send("Hello")
    page.until(page.is_right)
    assert set(page.kinds[1:]) == {"settings_changed"}
    # Another page of the same notebook.
    page.ask("hello")
    page.until(lambda: page.kinds.count("settings") == 2)
    page.until(page.is_right)


def test_what_changes_while_a_snapshot_is_sent_is_told_after_it(
    playground: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    pg = playground()
    page = Page(pg, monkeypatch)
    page.ask("hello")
    page.until(lambda: page.kinds[:1] == ["settings"])
    # As a write of the store fails, which happens on another thread.
    page.between = lambda: setattr(pg._conversation.store._writer, "failure", "The disk is full.")
    page.ask("snapshot")
    page.until(lambda: "snapshot" in page.kinds)
    engine().call(pg._conversation.tell_settings, page.widget._hear)
    page.until(lambda: page.settings["storage"]["error"] == "The disk is full.")
    page.until(page.is_right)
