"""Cells are asked on a Dask cluster, and all else is as it is without one."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from distributed import Client, LocalCluster

from playground_widget import (
    Comparison,
    Connection,
    InputError,
    Playground,
    SetupError,
    Variant,
    exact,
    judge,
)
from playground_widget.compare import CellFinished, CellText, Progress
from playground_widget.demo import DemoServer
from playground_widget.store import Store
from tests.compare.test_runner import Heard, statuses

Make = Callable[..., Playground]

KEY = "sk-never-to-be-carried-0123456789"
SENT = "sk-sent-on-purpose-0123456789"


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        processes=True,
        dashboard_address=None,
        host="127.0.0.1",
        env={"PGW_TEST_KEY": KEY},
    ) as made:
        yield made


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as made:
        made.wait_for_workers(2)
        # What a worker loads first takes as long as a test: here for all of them.
        made.run(exec, "import playground_widget.provider._sdk, playground_widget.compare")
        yield made


def until(is_so: Callable[[], Any]) -> None:
    """Wait for a state of the cluster or the server, which tell nobody of it."""
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def weigh(animal: str = "gentoo") -> int:
    """Weigh an animal."""
    return os.getpid()


def test_cells_are_asked_by_workers_with_the_same_results(
    playground: Make,
    client: Client,
    server: DemoServer,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def here(output: str, row: Any) -> int:
        return os.getpid()

    pg = playground()
    given: dict[str, Any] = {
        "inputs": ["One", "Two"],
        "variants": [Variant(), Variant(model="demo-json"), Variant(model="demo-cut")],
        "samples": 2,
        "scorers": [here],
    }
    alone = pg.compare(**given).result(60)
    server.requests.clear()

    def fail(*_: Any) -> None:
        raise AssertionError("this process asks nothing")

    monkeypatch.setattr(Connection, "stream", fail)
    made = pg.compare(**given, executor=client).result(60)
    assert made.status == "complete"
    for one, other in zip(alone.cells, made.cells, strict=True):
        assert (one.status, one.output, one.usage) == (other.status, other.output, other.usage)
        assert (one.error is None) == (other.error is None)
    assert made.cells[0].scores["here"].value == os.getpid()
    assert len(store.comparisons.load(made.id).cells) == 12
    assert len(server.requests) == 12


def test_tools_are_called_here_and_judges_asked_there(
    playground: Make, client: Client, server: DemoServer
) -> None:
    pg = playground(model="demo-tools", tools=[weigh])
    scorers = [judge("Polite?", model="demo-json")]
    comparison = pg.compare(["Weigh"], scorers=scorers, executor=client).result(60)
    (cell,) = comparison.cells
    assert cell.steps[0].result == str(os.getpid())
    assert isinstance(cell.scores["judge"].value, float)


def test_words_come_while_a_worker_hears_them(playground: Make, client: Client) -> None:
    pg = playground(extra={"demo": {"rate": 40, "first_token": 0}})
    comparison = pg.compare(["One"], executor=client)
    heard = Heard(comparison)
    heard.wait_for(lambda told: isinstance(told, CellText))
    assert statuses(comparison) == ["running"]
    comparison.result(60)
    told = [update for update in heard.updates if isinstance(update, CellText)]
    assert len(told) > 1
    assert "".join(each.text for each in told) == comparison.cells[0].output[told[0].offset :]


def test_a_service_that_limits_requests_is_asked_again(
    playground: Make, client: Client, server: DemoServer
) -> None:
    pg = playground(model="demo-rate-limited", extra={"demo": {"retry_after": 0, "rate": None}})
    comparison = pg.compare(["One", "Two"], max_concurrency=1, executor=client).result(60)
    assert statuses(comparison) == ["complete"] * 2
    assert [record.status for record in server.requests].count(429) == 4


def test_a_worker_that_is_killed_costs_only_its_cells_attempts_again(
    playground: Make, client: Client, server: DemoServer, store: Store
) -> None:
    pg = playground(extra={"demo": {"rate": None, "first_token": 3}})
    rows = [f"Row {n}" for n in range(6)]
    comparison = pg.compare(rows, max_concurrency=4, executor=client)
    heard = Heard(comparison)
    until(lambda: len(server.requests) == 4)
    pids: dict[str, int] = client.run(os.getpid)
    address, pid = next(iter(pids.items()))
    at_work = len(client.processing()[address])
    assert at_work == 2
    os.kill(pid, signal.SIGKILL)
    comparison.result(120)
    assert statuses(comparison) == ["complete"] * 6
    assert len(server.requests) == 6 + at_work
    ended = Counter(told.cell.key for told in heard.updates if isinstance(told, CellFinished))
    assert set(ended.values()) == {1}
    assert len(ended) == 6
    assert len(store.comparisons.load(comparison.id).cells) == 6
    client.wait_for_workers(2)


def test_what_is_cancelled_ends_on_the_workers(
    playground: Make, client: Client, server: DemoServer
) -> None:
    pg = playground(extra={"demo": {"rate": 1, "first_token": 0}})
    comparison = pg.compare(
        [f"Row {n}" for n in range(8)], max_concurrency=6, executor=client, name="Slow"
    )
    heard = Heard(comparison)
    heard.wait_for(lambda told: isinstance(told, CellText))
    # Two more wait for a thread of a worker.
    until(lambda: len(server.requests) == 4)
    comparison.cancel()
    assert comparison.result(60).status == "cancelled"
    assert statuses(comparison) == ["cancelled"] * 8
    assert any(cell.output for cell in comparison.cells)
    until(lambda: not any(client.processing().values()))
    until(lambda: all(each.state == "disconnected" for each in server.requests))
    assert len(server.requests) == 4
    # It goes on where it was, there too.
    comparison = pg.compare(
        [f"Row {n}" for n in range(8)],
        max_concurrency=6,
        executor=client,
        name="Slow",
    )
    assert comparison.progress.total == 8
    comparison.cancel()
    comparison.result(60)


def test_a_pause_lets_workers_end_what_they_ask(
    playground: Make, client: Client, server: DemoServer
) -> None:
    pg = playground(extra={"demo": {"rate": None, "first_token": 1}})
    comparison = pg.compare(["One", "Two", "Three"], max_concurrency=2, executor=client)
    until(lambda: len(server.requests) == 2)
    comparison.pause()
    comparison.result(60)
    assert statuses(comparison) == ["complete", "complete", "waiting"]
    comparison.resume()
    assert comparison.result(60).status == "complete"
    assert len(server.requests) == 3


def test_a_client_that_is_closed_pauses_the_comparison(
    playground: Make, cluster: LocalCluster, server: DemoServer
) -> None:
    own = Client(cluster)
    pg = playground(model="demo-echo")
    comparison = pg.compare(["One", "Two"], max_concurrency=1, executor=own)
    comparison.result(60)
    own.close()
    comparison = pg.compare(["Three", "Four"], max_concurrency=1, executor=own, name="Closed")
    comparison.result(60)
    assert comparison.status == "paused"
    assert "The cluster could not ask" in (comparison.progress.reason or "")
    with Client(cluster) as other:
        again = pg.comparison("Closed", executor=other)
        again.retry_failed()
        again.result(60)
    assert [cell.output for cell in again.cells] == ["Three", "Four"]


# -- keys


class Sent:
    """All that a client sends to its scheduler."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = b""
        self.graphs = 0
        send: Any = client._send_to_scheduler

        def keep(message: Any) -> None:
            graph = message.get("expr_ser")
            if graph is not None:
                self.graphs += 1
                self.bytes += b"".join(map(bytes, graph.frames)) + repr(graph.header).encode()
            self.bytes += repr({k: v for k, v in message.items() if k != "expr_ser"}).encode()
            send(message)

        monkeypatch.setattr(client, "_send_to_scheduler", keep)


def test_workers_take_keys_from_their_environment_and_no_task_has_one(
    playground: Make, client: Client, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.api_key = KEY
    own = Connection("own", server.base_url, KEY, key_source="PGW_TEST_KEY")
    sent = Sent(client, monkeypatch)
    pg = playground(model="demo-echo", connection=own)
    scorers = [exact("input"), judge("Polite?", "demo-json", own)]
    comparison = pg.compare(["Hello there"], scorers=scorers, executor=client).result(60)
    assert statuses(comparison) == ["complete"]
    assert comparison.cells[0].scores["judge"].error is None
    assert sent.graphs == 2
    assert b"Hello there" in sent.bytes
    assert KEY.encode() not in sent.bytes
    assert KEY[8:20].encode() not in sent.bytes


def test_a_worker_without_the_key_says_so_and_the_rest_is_not_asked(
    playground: Make, client: Client, server: DemoServer
) -> None:
    own = Connection("own", server.base_url, KEY, key_source="PGW_KEY_OF_NOBODY")
    pg = playground(model="demo-echo", connection=own)
    comparison = pg.compare(["One", "Two"], max_concurrency=1, executor=client).result(60)
    assert (comparison.status, statuses(comparison)) == ("paused", ["failed", "waiting"])
    error = comparison.cells[0].error
    assert error is not None
    assert error.kind == "key_refused"
    assert "PGW_KEY_OF_NOBODY is not set in the environment of the process" in error.detail
    assert not server.requests


def test_a_key_is_sent_where_that_was_said(
    playground: Make, client: Client, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.api_key = SENT
    own = Connection("own", server.base_url, SENT, headers={"X-Team": "penguins"})
    sent = Sent(client, monkeypatch)
    pg = playground(model="demo-echo")
    comparison = pg.compare(
        ["Hello"], [Variant(connection=own)], executor=client, send_key=True
    ).result(60)
    assert statuses(comparison) == ["complete"]
    assert server.requests[-1].headers["x-team"] == "penguins"
    assert SENT.encode() in sent.bytes


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"api_key": KEY}, r"came from argument.*key_source='MY_API_KEY'.*send_key=True"),
        ({"api_key": lambda: KEY}, "given by a function"),
        ({"headers": {"X-Key": KEY}}, "headers may hold a key"),
    ],
    ids=["argument", "function", "headers"],
)
def test_a_key_that_workers_cannot_have_is_refused_before_anything_is_asked(
    playground: Make, client: Client, server: DemoServer, more: dict[str, Any], why: str
) -> None:
    own = Connection("own", server.base_url, **more)
    with pytest.raises(SetupError, match=why) as refused:
        playground().compare(["Hello"], [Variant(connection=own)], executor=client)
    assert KEY not in str(refused.value)
    with pytest.raises(SetupError, match=why):
        playground().compare(["Hello"], scorers=[judge("Good?", None, own)], executor=client)
    assert not server.requests


@pytest.mark.parametrize("executor", [3, "client", threading.Thread()])
def test_what_is_no_client_is_refused(playground: Make, executor: object) -> None:
    with pytest.raises(InputError, match=r"executor is a distributed\.Client"):
        playground().compare(["Hello"], executor=executor)


def test_a_key_is_sent_to_workers_alone(playground: Make) -> None:
    with pytest.raises(InputError, match="send_key is for workers"):
        playground().compare(["Hello"], send_key=True)


def test_progress_is_told_as_without_a_cluster(playground: Make, client: Client) -> None:
    comparison: Comparison = playground(model="demo-echo").compare(
        [f"Row {n}" for n in range(10)], executor=client
    )
    heard = Heard(comparison)
    comparison.result(60)
    last = [told for told in heard.updates if isinstance(told, Progress)][-1]
    assert (last.status, last.complete, last.running) == ("complete", 10, 0)
