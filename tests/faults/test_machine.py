"""What happens to a process and its machine costs nothing that had come, and leaves nothing."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import time
import weakref
from pathlib import Path

import psutil
import pytest
from sqlalchemy import PoolProxiedConnection

from playground_widget import ConflictError, Playground, StoreError
from playground_widget.demo import DemoServer
from playground_widget.model import Message
from playground_widget.store import Store
from tests.conftest import ROOT
from tests.faults.conftest import SLOW, Make
from tests.faults.holdings import holdings, until, until_none_is_left


def until_text(pg: Playground) -> None:
    until(lambda: pg.messages and pg.messages[-1].role == "assistant" and pg.messages[-1].text)


def sockets() -> int:
    """Count network connections; files of the store may be more, since readers are kept."""
    return len(psutil.Process().net_connections("inet"))


def read_only(store: Store, *, on: bool) -> None:
    """Have the writing connection itself refuse: a file's rights say nothing to root."""

    def switch(connection: PoolProxiedConnection) -> bool:
        connection.cursor().execute(f"PRAGMA query_only = {int(on)}")
        return True

    until(lambda: store._writer.glance(switch))


def last_of(store: Store, thread: str) -> Message:
    return list(store.load(thread).thread.messages.values())[-1]


def test_an_answer_of_a_forgotten_playground_is_written_to_its_end(
    make: Make, store: Store, server: DemoServer
) -> None:
    make().send("Hello")  # loads what the first request of a process loads
    before = sockets()
    pg = make(SLOW, thread="Forgotten")
    pg.start("Hello")
    until_text(pg)
    identity, known = pg.thread.id, weakref.ref(pg)
    del pg
    until(lambda: known() is None)
    until(lambda: last_of(store, identity).status != "streaming")
    answer = last_of(store, identity)
    assert answer.status == "complete"
    assert answer.usage is not None
    assert answer.usage.output_tokens == 100
    assert server.requests[-1].state == "finished"
    until(lambda: sockets() <= before)


def test_close_ends_an_answer_keeps_its_text_and_hangs_up(
    make: Make, store: Store, server: DemoServer
) -> None:
    before = sockets()
    pg = make(SLOW)
    run = pg.start("Hello")
    until_text(pg)
    pg.close()
    answer = run.result(30)
    assert (answer.status, bool(answer.text)) == ("cancelled", True)
    kept = store.load(pg.thread.id).thread.messages[answer.id]
    assert (kept.status, kept.text) == ("cancelled", answer.text)
    assert server.wait_for_disconnect(20).state == "disconnected"
    until(lambda: sockets() <= before)


def test_two_hundred_playgrounds_that_were_shown_and_asked_at_once_leave_nothing(
    make: Make,
) -> None:
    make().send("Hello")
    gc.collect()
    before = holdings()
    playgrounds = [make({"demo": {"tokens": 20, "rate": 100}}) for _ in range(200)]
    views = weakref.WeakSet(pg.widget for pg in playgrounds)
    runs = [pg.start(f"Hello {number}") for number, pg in enumerate(playgrounds)]
    assert {run.result(100).status for run in runs} == {"complete"}
    assert [pg[0].text for pg in playgrounds] == [f"Hello {number}" for number in range(200)]
    for pg in playgrounds:
        pg.close()
    del playgrounds, runs, pg
    until_none_is_left(before)
    until(lambda: not views)


@pytest.mark.parametrize("jump", [-8 * 3600.0, 8 * 3600.0])
def test_a_clock_that_jumps_in_mid_answer_changes_no_figure(
    make: Make,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    jump: float,
) -> None:
    pg = make(SLOW)
    run = pg.start("Hello")
    until_text(pg)
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + jump)
    # Somebody else looks after the thread meanwhile, and takes it for abandoned if anything.
    other = make(thread=pg.thread.id)
    answer = run.result(30)
    assert (answer.status, answer.usage.output_tokens) == ("complete", 100)  # type: ignore[union-attr]
    assert answer.timing is not None
    assert 0 < answer.timing.duration < 30
    assert len(pg.messages) == 2
    until(lambda: other.messages[-1].text == answer.text)
    assert pg.send("And then?").status == "complete"


def test_a_database_that_becomes_read_only_refuses_and_works_again(
    make: Make, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    pg = make()
    pg.add("before")

    read_only(store, on=True)
    with pytest.raises(StoreError, match=r"could not be written: .*read-?only.*export it"):
        pg.add("refused")
    assert [message.text for message in pg.messages] == ["before"]
    read_only(store, on=False)
    assert pg.send("after").status == "complete"
    assert store.load(pg.thread.id).thread == pg.thread
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_database_that_becomes_read_only_in_mid_answer_costs_nothing(
    make: Make, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    pg = make(SLOW)
    run = pg.start("Hello")
    until_text(pg)
    read_only(store, on=True)
    answer = run.result(30)
    assert (answer.status, answer.usage.output_tokens) == ("complete", 100)  # type: ignore[union-attr]
    assert pg[-1].text == answer.text
    kept = last_of(store, pg.thread.id)
    assert kept.status == "streaming"
    read_only(store, on=False)
    # The end is tried again by itself.
    until(lambda: last_of(store, pg.thread.id).status == "complete")
    assert last_of(store, pg.thread.id).text == answer.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_database_that_is_deleted_in_mid_answer_costs_nothing(
    make: Make, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pg = make(SLOW, messages="before")
    run = pg.start("Hello")
    until_text(pg)
    for file in tmp_path.glob("threads.sqlite*"):
        file.unlink()
    answer = run.result(30)
    assert (answer.status, answer.usage.output_tokens) == ("complete", 100)  # type: ignore[union-attr]
    assert [message.text for message in pg.messages] == ["before", "Hello", answer.text]
    with pytest.raises(ConflictError, match="duplicate the thread to go on"):
        pg.add("refused")
    pg.open(pg.duplicate())
    pg.add("after")
    kept = list(store.load(pg.thread.id).thread.messages.values())
    assert [message.text for message in kept] == ["before", "Hello", answer.text, "after"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_disk_that_is_full_refuses_and_works_again(tmp_path: Path) -> None:
    file = tmp_path / "threads.sqlite"
    ended = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "faults" / "full_disk_child.py"), str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    refused, answered, same = ended.stdout.splitlines()
    assert "could not be written" in refused
    assert "export it" in refused
    assert answered == "complete after 😀 2"
    assert same == "True"
