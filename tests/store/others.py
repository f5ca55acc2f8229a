"""Another process on a store, and ears that note what they hear of it."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from playground_widget.store import Seen, Store
from tests.forked import Forked
from tests.store import run_child


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.002)


def sql(store: Store, query: str, *values: object) -> list[Any]:
    """Run a statement beside a store, with `?` for each value, and return its rows."""
    engine = store._database.engine(write=True)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            query = query.replace("?", "%s")
        found = connection.exec_driver_sql(query, values)
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


class Other:
    """A process that writes answers.

    Args:
        place: The store.
    """

    def __init__(self, place: str) -> None:
        self._process = Forked(run_child.main, place, strict=True)
        self._done: queue.Queue[str] = queue.Queue()
        self.stops: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            (self.stops if line.startswith("stop ") else self._done).put(line.strip())

    def do(self, what: str, **given: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **given}) + "\n")
        self._process.stdin.flush()
        assert self._done.get(timeout=60) == "done"

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._reader.join(60)
        self._process.stdout.close()


class Ear:
    """Follows a thread, and puts together what it hears.

    Args:
        store: Whose thread.
        thread: Its id.
        mine: The answers that it writes itself.
    """

    def __init__(self, store: Store, thread: str, *mine: str) -> None:
        self.heard: list[Seen] = []
        self.texts: dict[str, str] = {}
        self._mine = mine
        self.end = store.follow(thread, self.hear, self.writes)

    def writes(self, message: str) -> bool:
        return message in self._mine

    def hear(self, seen: Seen) -> None:
        for delta in seen.grown:
            text = self.texts.get(delta.message, "")
            assert delta.offset <= len(text), "a gap"
            self.texts[delta.message] = text[: delta.offset] + delta.text
        self.heard.append(seen)

    @property
    def revision(self) -> int | None:
        return self.heard[-1].revision if self.heard else -1


_before: set[threading.Thread] = set()


def note_watchers() -> None:
    """Take what watches now for that of other tests, whose playgrounds may still be there."""
    _before.clear()
    _before.update(_watching())


def watchers() -> list[threading.Thread]:
    """The threads that watch a store of this test."""
    return [each for each in _watching() if each not in _before]


def _watching() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "playground-watch"]
