"""Nothing that is written at a bad moment of a look is lost to those who follow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from playground_widget.model import Thread
from playground_widget.store import Store
from playground_widget.store._eyes import Look
from playground_widget.store._watch import Watcher
from tests.store.others import Ear, until

MOMENTS = ("the note is read", "the look begins", "it reads", "it has read", "the look ends")
LOOKS = 5
"""In how many looks something is written: the note is set at some of them, and at some not."""


@pytest.fixture
def at_moment(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have something done in the middle of the next looks of the store's watcher."""
    doing: dict[str, list[Callable[[], object]]] = {moment: [] for moment in MOMENTS}
    watcher = store._watcher

    def reached(moment: str) -> None:
        if threading.current_thread() is watcher._thread and doing[moment]:
            doing[moment].pop()()

    def noted(of: Watcher) -> bool:
        found: bool = of.__dict__["_has_news"]
        if of is watcher:
            reached("the note is read")
        return found

    def note(of: Watcher, value: bool) -> None:
        of.__dict__["_has_news"] = value

    monkeypatch.setattr(Watcher, "_has_news", property(noted, note), raising=False)
    real = watcher._eyes.look

    def look(read: Look, *, anyhow: bool) -> None:
        def reading(*given: object) -> None:
            reached("it reads")
            read(*given)  # type: ignore[arg-type] # what it was given
            reached("it has read")

        reached("the look begins")
        real(reading, anyhow=anyhow)
        reached("the look ends")

    monkeypatch.setattr(watcher._eyes, "look", look)

    def at(moment: str, do: Callable[[], object]) -> None:
        doing[moment] += [do] * LOOKS

    return at


@pytest.mark.parametrize("who", ["this process", "another one"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_what_is_written_in_the_middle_of_a_look_is_told(
    moment: str, who: str, path: Path, store: Store, at_moment: Callable[..., None]
) -> None:
    store.create(Thread(id="t")).result()
    ear = Ear(store, "t")
    until(lambda: ear.revision == 0)
    with closing(Store(path)) as other:
        writer = store if who == "this process" else other
        titles = iter(range(LOOKS))
        at_moment(moment, lambda: writer.rename("t", f"Title {next(titles)}").result())
        writer.rename("t", "Penguins").result()
        until(lambda: ear.revision == 1 + LOOKS)
