"""Cells are asked once each, as many at once as was said, and each is kept as it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from playground_widget import (
    Comparison,
    ConflictError,
    Connection,
    Playground,
    StoreError,
    Variant,
)
from playground_widget.compare import CellFinished, CellStarted, CellText, Key, Progress, Update
from playground_widget.demo import DemoServer
from playground_widget.engine import engine
from playground_widget.errors import ErrorInfo
from playground_widget.model import Retry
from playground_widget.store import Comparisons, Store
from tests.compare.conftest import Answers

Compare = Callable[..., Comparison]
Make = Callable[..., Playground]


class Heard:
    """What a listener was told."""

    def __init__(self, comparison: Comparison) -> None:
        self.updates: list[Update] = []
        self.batches = 0
        self._changed = threading.Condition()
        engine().call(comparison._runner.listen, self.hear)

    def hear(self, batch: list[Update]) -> None:
        with self._changed:
            self.updates += batch
            self.batches += 1
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[Update], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.updates)), 20)


def statuses(comparison: Comparison) -> list[str]:
    return [cell.status for cell in comparison.cells]


# -- asking


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_each_variant_answers_each_row_as_often_as_was_said(
    playground: Make, server: DemoServer, api: Any
) -> None:
    pg = playground(
        "Be brief.", model="demo-echo", connection=Connection("demo", server.base_url, api=api)
    )
    variants = [Variant(), Variant(model="demo-json", system="Answer in JSON.")]
    comparison = pg.compare(["One", "Two"], variants, samples=2).result(20)
    assert comparison.status == "complete"
    assert statuses(comparison) == ["complete"] * 8
    assert len(server.requests) == 8
    assert comparison.cell(1, "A", 1).output == "Two"
    cell = comparison.cell(0, "B")
    assert cell.model == "demo-json"
    assert cell.usage is not None
    assert cell.timing is not None
    assert cell.request_id


def test_cells_are_asked_row_by_row_and_no_more_at_once_than_was_said(
    compare: Compare, answers: Answers
) -> None:
    comparison = compare(4, 2, max_concurrency=3)
    answers.wait_for(running=3)
    answers.let_all_through()
    comparison.result(20)
    assert answers.keys == [(row, variant, 0) for row in range(4) for variant in range(2)]
    assert answers.most == 3


def test_variants_at_several_connections_are_asked_at_the_same_time(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(extra={"demo": {"rate": 1, "first_token": 60}})
    slow = Connection("slow", server.base_url)
    other = Variant(connection=slow, params={"extra": {"demo": {"rate": None}}})
    comparison = pg.compare(["Hello"], [Variant(), other])
    heard = Heard(comparison)
    heard.wait_for(lambda told: isinstance(told, CellFinished))
    assert statuses(comparison) == ["running", "complete"]
    comparison.cancel()
    comparison.result(20)


def test_a_service_that_limits_requests_is_asked_again(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(model="demo-rate-limited", extra={"demo": {"retry_after": 0, "rate": None}})
    comparison = pg.compare(["One", "Two", "Three"], max_concurrency=1).result(20)
    assert statuses(comparison) == ["complete"] * 3
    assert [record.status for record in server.requests].count(429) == 6


def test_others_wait_where_a_service_asks_for_a_longer_pause_than_one_waits(
    playground: Make, server: DemoServer
) -> None:
    steering = {"demo": {"retry_after": 300, "rate": None}}
    # The limiter of a service outlives its server.
    own = Connection("own", server.base_url, requests_per_minute=1000)
    pg = playground(model="demo-rate-limited-always", extra=steering, connection=own)
    comparison = pg.compare(["One", "Two", "Three"], max_concurrency=1)
    Heard(comparison).wait_for(lambda told: isinstance(told, Progress) and told.failed == 1)
    assert statuses(comparison) == ["failed", "waiting", "waiting"]
    comparison.cancel()
    comparison.result(20)
    assert len(server.requests) == 1


def test_no_more_is_asked_in_a_minute_than_a_connection_is_given(
    playground: Make, server: DemoServer
) -> None:
    limited = Connection("limited", server.base_url, requests_per_minute=2)
    comparison = playground(connection=limited).compare(["One", "Two", "Three"])
    heard = Heard(comparison)
    heard.wait_for(lambda told: isinstance(told, Progress) and told.complete == 2)
    assert statuses(comparison) == ["complete", "complete", "waiting"]
    # Nobody has to wait for the minute to end.
    comparison.cancel()
    assert comparison.result(20).status == "cancelled"
    assert len(server.requests) == 2


def test_a_cell_that_is_cancelled_before_it_is_sent_takes_nothing_of_a_minute(
    playground: Make, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = Connection("limited", server.base_url, requests_per_minute=1)
    pg = playground(connection=limited)
    begun = threading.Event()

    async def prepare(_: Connection) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Connection, "prepare", prepare)
    comparison = pg.compare(["Hello"])
    assert begun.wait(20)
    comparison.cancel()
    assert comparison.result(20).status == "cancelled"
    assert engine().call(lambda: engine().limiter(limited).wait_of_first(1)) == 0


def test_what_is_sent_in_a_chat_counts_and_goes_before_cells_that_wait(
    playground: Make, server: DemoServer
) -> None:
    limited = Connection("limited", server.base_url, requests_per_minute=3)
    pg = playground(connection=limited)
    pg.send("This counts")
    comparison = pg.compare(["One", "Two", "Three"])
    heard = Heard(comparison)
    heard.wait_for(lambda told: isinstance(told, Progress) and told.complete == 2)
    assert statuses(comparison) == ["complete", "complete", "waiting"]
    waits: list[Retry] = []

    def hurry(_: object) -> None:
        retry = pg[-1].retry
        if retry is not None and not waits:
            waits.append(retry)
            # As the button in the page does; the minute of the cells goes on.
            pg._engine.post(pg._conversation.queue.hurry)

    pg.on("thread", hurry)
    answer = pg.send("This is waited for")
    assert (answer.status, answer.retry) == ("complete", None)
    (wait,) = waits
    assert wait.error.kind == "rate_limited"
    assert 1 < wait.wait <= 60
    assert statuses(comparison)[2] == "waiting"
    comparison.cancel()
    comparison.result(20)
    assert len(server.requests) == 4


def test_a_chat_that_waits_for_its_turn_can_be_stopped(
    playground: Make, server: DemoServer
) -> None:
    limited = Connection("limited", server.base_url, requests_per_minute=1)
    pg = playground(connection=limited)
    pg.send("One")
    pg.on("thread", lambda _: pg[-1].retry and pg.stop())
    assert pg.start("Two").result(20).status == "cancelled"
    assert len(server.requests) == 1


def test_a_cell_that_fails_says_why_and_costs_no_other(playground: Make) -> None:
    comparison = playground().compare(
        ["Hello"], [Variant(), Variant(model="demo-no-quota"), Variant(model="demo-cut")]
    )
    comparison.result(20)
    assert statuses(comparison) == ["complete", "failed", "failed"]
    quota, cut = comparison.cell(0, "B"), comparison.cell(0, "C")
    assert quota.error is not None
    assert quota.error.kind == "quota"
    assert cut.error is not None
    assert (cut.error.kind, bool(cut.output)) == ("dropped", True)


def test_an_answer_in_json_is_read(playground: Make) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    pg = playground(response_format=wanted)
    comparison = pg.compare(["Hello"], [Variant(), Variant(params={"response_format": None})])
    comparison.result(20)
    assert isinstance(comparison.cell(0, "A").parsed["a"], int)
    assert comparison.cell(0, "B").parsed is None


# -- what every cell would meet


@pytest.mark.parametrize(
    ("model", "kind", "title"),
    [
        ("demo-bad-key", "key_refused", "did not accept the key"),
        ("demo-no-quota", "quota", "has no credit left"),
        ("demo-gone", "model_not_found", "has no model demo-gone"),
    ],
)
def test_what_every_cell_would_meet_pauses_after_the_first(
    playground: Make, server: DemoServer, model: str, kind: str, title: str
) -> None:
    own = Connection("own", server.base_url, "sk-made-up-0123456789")
    pg = playground(model=model, connection=own)
    variants = [Variant(), Variant(model="demo-echo")]
    comparison = pg.compare(["One", "Two", "Three"], variants, max_concurrency=1).result(20)
    assert comparison.status == "paused"
    assert statuses(comparison) == ["failed"] + ["waiting"] * 5
    error = comparison.cells[0].error
    assert error is not None
    assert error.kind == kind
    assert title in (comparison.progress.reason or "")
    assert "resume() goes on" in (comparison.progress.reason or "")
    assert len(server.requests) == 1
    # It goes on as far as the next one that meets it.
    comparison.resume()
    comparison.result(20)
    assert statuses(comparison)[:4] == ["failed", "complete", "failed", "waiting"]


FORBIDDEN = ErrorInfo(kind="no_permission", title="It does not let this key use the model")


def test_a_key_that_may_do_nothing_pauses_after_the_first(
    compare: Compare, answers: Answers
) -> None:
    answers.error = FORBIDDEN
    answers.let_all_through()
    comparison = compare(3, max_concurrency=1).result(20)
    assert comparison.status == "paused"
    assert statuses(comparison) == ["failed", "waiting", "waiting"]
    assert FORBIDDEN.title in (comparison.progress.reason or "")


def test_one_row_that_a_service_will_not_have_pauses_nothing(
    compare: Compare, answers: Answers
) -> None:
    comparison = compare(3, max_concurrency=1)
    answers.wait_for(1)
    answers.let_through()
    answers.wait_for_asked(2)
    answers.error = FORBIDDEN
    answers.let_all_through()
    comparison.result(20)
    assert comparison.status == "complete"
    assert statuses(comparison) == ["complete", "failed", "failed"]


def test_another_key_goes_on_with_what_the_refused_one_left(
    playground: Make, server: DemoServer
) -> None:
    server.api_key = "sk-the-right-one-0123456789"
    pg = playground(connection=Connection("own", server.base_url, "sk-a-wrong-one-0123456789"))
    rows = ["One", "Two", "Three"]
    comparison = pg.compare(rows, max_concurrency=1, name="Keys").result(20)
    assert "pg.compare(...) again with the name" in (comparison.progress.reason or "")
    pg.connection = Connection("own", server.base_url, server.api_key)
    again = pg.compare(rows, max_concurrency=1, name="Keys").result(20)
    assert again.id == comparison.id
    assert statuses(again) == ["failed", "complete", "complete"]
    again.retry_failed()
    again.result(20)
    assert statuses(again) == ["complete"] * 3


def test_one_that_was_paused_goes_on_where_its_reason_is_gone(
    compare: Compare, answers: Answers
) -> None:
    refused = ErrorInfo(kind="quota", title="The account has no credit left")
    answers.error = refused
    answers.let_all_through()
    comparison = compare(3, max_concurrency=1)
    comparison.result(20)
    assert statuses(comparison) == ["failed", "waiting", "waiting"]
    answers.error = None
    comparison.retry_failed()
    assert comparison.result(20).status == "complete"
    assert statuses(comparison) == ["complete"] * 3
    assert comparison.progress.reason is None


# -- what listeners are told


def test_listeners_hear_each_cell_begin_grow_and_end(playground: Make) -> None:
    pg = playground(extra={"demo": {"rate": 200, "first_token": 0}})
    comparison = pg.compare(["One", "Two"])
    heard = Heard(comparison)
    comparison.result(20)
    for cell in comparison.cells:
        of_cell = [told for told in heard.updates if isinstance(told, CellText)]
        own = [told for told in of_cell if told.key == cell.key]
        # The first words may have come before somebody listened.
        at = own[0].offset
        for told in own:
            assert told.offset == at
            at += len(told.text)
        assert "".join(told.text for told in own) == cell.output[own[0].offset :]
        assert CellFinished(cell) in heard.updates
    last = [told for told in heard.updates if isinstance(told, Progress)][-1]
    assert (last.status, last.complete, last.running, last.left) == ("complete", 2, 0, None)


def test_progress_counts_cells_and_says_how_long_the_rest_takes(
    compare: Compare, answers: Answers
) -> None:
    answers.cost = 0.25
    comparison = compare(4, max_concurrency=2)
    heard = Heard(comparison)
    answers.wait_for(running=2)
    assert comparison.progress.left is None
    answers.let_through()
    heard.wait_for(lambda told: isinstance(told, Progress) and told.complete == 2)
    answers.wait_for_asked(4)
    progress = comparison.progress
    assert (progress.total, progress.complete, progress.running, progress.cost) == (4, 2, 2, 0.5)
    assert progress.rate is not None
    assert progress.left is not None
    assert repr(comparison).startswith("<Comparison 'Comparison 1': 2 of 4, $0.5000, about")


def test_a_cell_is_in_the_store_before_it_counts_as_done(
    compare: Compare, answers: Answers, store: Store
) -> None:
    comparison = compare(3)
    unwritten: list[Key] = []

    def check(batch: list[Update]) -> None:
        kept = {tuple(cell[:3]) for cell in store.comparisons.load(comparison.id).cells}
        unwritten.extend(
            told.cell.key
            for told in batch
            if isinstance(told, CellFinished) and told.cell.key not in kept
        )

    engine().call(comparison._runner.listen, check)
    answers.let_all_through()
    comparison.result(20)
    assert unwritten == []
    assert store.comparisons.load(comparison.id).info.status == "complete"


# -- pausing, going on, ending


def test_a_pause_lets_what_runs_end_and_begins_nothing(compare: Compare, answers: Answers) -> None:
    comparison = compare(4, max_concurrency=2)
    answers.wait_for(running=2)
    comparison.pause()
    assert (comparison.progress.pausing, comparison.progress.running) == (True, 2)
    answers.let_all_through()
    comparison.result(20)
    assert comparison.status == "paused"
    assert not comparison.progress.pausing
    assert statuses(comparison) == ["complete", "complete", "waiting", "waiting"]
    comparison.resume()
    comparison.result(20)
    assert statuses(comparison) == ["complete"] * 4
    assert len(answers.keys) == len(set(answers.keys)) == 4


def test_one_that_goes_on_before_its_pause_has_come_asks_nothing_twice(
    compare: Compare, answers: Answers
) -> None:
    comparison = compare(6, max_concurrency=2)
    answers.wait_for(running=2)
    for _ in range(5):
        comparison.pause()
        comparison.resume()
    answers.let_all_through()
    comparison.result(20)
    assert comparison.status == "complete"
    assert sorted(answers.keys) == [(row, 0, 0) for row in range(6)]


def test_what_is_cancelled_keeps_its_text_and_can_be_gone_on_with(
    compare: Compare, answers: Answers, store: Store
) -> None:
    comparison = compare(4, max_concurrency=2)
    answers.wait_for(running=2)
    answers.let_through()
    answers.wait_for_asked(4)
    comparison.cancel()
    comparison.result(20)
    assert comparison.status == "cancelled"
    assert statuses(comparison) == ["complete", "complete", "cancelled", "cancelled"]
    assert comparison.cell(2, 0).output == "Begun"
    assert len(store.comparisons.load(comparison.id).cells) == 4
    answers.let_all_through()
    comparison.resume()
    comparison.result(20)
    assert statuses(comparison) == ["complete"] * 4
    assert sorted(answers.keys) == [(n, 0, 0) for n in (0, 1, 2, 2, 3, 3)]


def test_failed_cells_alone_are_asked_again(compare: Compare, answers: Answers) -> None:
    answers.status = lambda asked: "failed" if asked.key.row % 2 else "complete"
    answers.let_all_through()
    comparison = compare(4)
    comparison.result(20)
    assert statuses(comparison) == ["complete", "failed"] * 2
    answers.status = lambda _: "complete"
    comparison.resume()
    assert comparison.result(20).status == "complete"
    assert len(answers.keys) == 4
    comparison.retry_failed()
    comparison.result(20)
    assert statuses(comparison) == ["complete"] * 4
    assert answers.keys[4:] == [(1, 0, 0), (3, 0, 0)]


def test_failed_cells_can_be_asked_again_while_others_run(
    compare: Compare, answers: Answers
) -> None:
    answers.status = lambda asked: "failed" if asked.key.row == 0 else "complete"
    comparison = compare(3, max_concurrency=1)
    heard = Heard(comparison)
    answers.wait_for_asked(1)
    answers.let_through()
    heard.wait_for(lambda told: isinstance(told, CellFinished))
    answers.status = lambda _: "complete"
    comparison.retry_failed()
    answers.let_all_through()
    comparison.result(20)
    assert answers.keys == [(0, 0, 0), (1, 0, 0), (2, 0, 0), (0, 0, 0)]
    assert statuses(comparison) == ["complete"] * 3


async def test_whoever_waits_and_is_cancelled_cancels_it(
    compare: Compare, answers: Answers
) -> None:
    comparison = await asyncio.to_thread(compare, 2)
    await asyncio.to_thread(answers.wait_for, 2)

    async def wait() -> None:
        await comparison

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await comparison).status == "cancelled"


def test_waiting_no_longer_than_was_said_lets_it_go_on(compare: Compare, answers: Answers) -> None:
    comparison = compare(1)
    with pytest.raises(TimeoutError, match="it goes on"):
        comparison.result(timeout=0.01)
    answers.let_all_through()
    assert comparison.result(20).status == "complete"


def test_a_playground_that_is_closed_ends_its_comparisons(
    playground: Make, server: DemoServer
) -> None:
    pg, other = playground(extra={"demo": {"rate": 1}}), playground(extra={"demo": {"rate": 1}})
    ours, theirs = pg.compare(["Hello"]), other.compare(["Hello"])
    heard = Heard(theirs)
    heard.wait_for(lambda told: isinstance(told, CellText))
    pg.close()
    assert ours.result(20).status == "cancelled"
    assert theirs.status == "running"


# -- the limit of cost


@pytest.mark.parametrize("variants", [1, 2])
def test_no_cell_is_begun_that_would_pass_the_limit(
    compare: Compare, answers: Answers, variants: int
) -> None:
    answers.cost = 1.0
    answers.let_all_through()
    comparison = compare(10, variants, max_cost=3.5)
    comparison.result(20)
    assert comparison.status == "paused"
    assert comparison.progress.cost == 3.0
    assert "would pass the limit of $3.5" in (comparison.progress.reason or "")
    comparison.resume(max_cost=5)
    assert comparison.result(20).progress.cost == 5.0


def test_what_runs_counts_with_what_it_may_cost(compare: Compare, answers: Answers) -> None:
    answers.cost = 1.0
    comparison = compare(10, max_cost=3.5)
    # What one costs is not known before the first has ended.
    answers.wait_for(running=1)
    answers.let_through()
    answers.wait_for_asked(3)
    answers.wait_for(running=2)
    comparison.pause()
    answers.let_all_through()
    assert comparison.result(20).progress.cost == 3.0


def test_what_costs_nothing_is_held_up_by_no_limit(compare: Compare, answers: Answers) -> None:
    answers.let_all_through()
    comparison = compare(5, max_cost=0).result(20)
    assert (comparison.status, comparison.progress.cost) == ("complete", None)


def test_the_price_list_tells_before_the_first_answer(playground: Make) -> None:
    dear = Connection("openai", "https://api.openai.com/v1", "sk-none-of-your-business")
    comparison = playground().compare(
        ["Hello"], [Variant(connection=dear, model="gpt-4.1")], max_cost=0.0001
    )
    comparison.result(20)
    # Nothing was asked.
    assert (comparison.status, statuses(comparison)) == ("paused", ["waiting"])


# -- a store that fails


def test_what_could_not_be_written_pauses_it_and_is_written_when_it_goes_on(
    compare: Compare, answers: Answers, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Comparisons.put
    comparison = compare(4, max_concurrency=1)
    answers.wait_for(running=1)

    def fail(*_: Any) -> Future[None]:
        failed: Future[None] = Future()
        failed.set_exception(StoreError("The disk is full."))
        return failed

    monkeypatch.setattr(Comparisons, "put", fail)
    answers.let_through()
    comparison.result(20)
    assert (comparison.status, comparison.progress.reason) == ("paused", "The disk is full.")
    assert store.comparisons.load(comparison.id).cells == ()
    monkeypatch.setattr(Comparisons, "put", put)
    answers.let_all_through()
    comparison.resume()
    comparison.result(20)
    assert len(store.comparisons.load(comparison.id).cells) == 4
    assert sorted(answers.keys) == [(row, 0, 0) for row in range(4)]


def test_what_is_deleted_elsewhere_asks_nothing_more(
    compare: Compare, answers: Answers, store: Store
) -> None:
    comparison = compare(4, max_concurrency=1)
    answers.wait_for(running=1)
    store.comparisons.delete(comparison.id).result()
    answers.let_all_through()
    comparison.result(20)
    assert "was deleted" in (comparison.progress.reason or "")
    assert len(answers.keys) == 1


def test_it_is_scored_when_nothing_is_asked(compare: Compare, answers: Answers) -> None:
    comparison = compare(1)
    answers.wait_for(running=1)
    with pytest.raises(ConflictError, match="is running"):
        comparison.score(len)


def test_cells_begin_before_they_grow(compare: Compare, answers: Answers) -> None:
    comparison = compare(3, max_concurrency=1)
    heard = Heard(comparison)
    answers.let_all_through()
    comparison.result(20)
    begun: set[Key] = {Key(0, 0, 0)}
    for told in heard.updates:
        if isinstance(told, CellStarted):
            begun.add(told.key)
        elif isinstance(told, CellText):
            assert told.key in begun
