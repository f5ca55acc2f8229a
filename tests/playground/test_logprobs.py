"""Probabilities of tokens are kept with the answer, and never sent with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from playground_widget import Message, Playground, TokenLogprob
from playground_widget.conversation._core import Update
from playground_widget.demo import DemoServer
from playground_widget.engine import Committed
from playground_widget.errors import ConnectionDroppedError
from playground_widget.protocol import event_to_dict, snapshot
from playground_widget.store import Store

Make = Callable[..., Playground]


@pytest.fixture
def store() -> Iterator[Store]:
    kept = Store(":memory:")
    yield kept
    kept.close()


def told(message: Message) -> str:
    return "".join(token.token for token in message.logprobs or ())


def test_an_answer_keeps_the_probability_of_each_token(playground: Make) -> None:
    pg = playground(logprobs=2)
    answer = pg.send("Hello")
    assert told(answer) == answer.text
    assert answer.logprobs is not None
    assert {len(token.top) for token in answer.logprobs} == {2}
    assert pg.send("Again", role="user").params == pg.params
    pg.params = {"logprobs": None}
    assert pg.send("And now?").logprobs is None


def test_they_are_there_when_the_thread_is_opened_again(playground: Make, store: Store) -> None:
    pg = playground(logprobs=1, store=store)
    answer = pg.send("Hello")
    again = playground(thread=pg.thread.id, store=store)
    assert again.messages[-1].logprobs == answer.logprobs
    assert isinstance((again.messages[-1].logprobs or ())[0], TokenLogprob)


def test_a_partial_answer_keeps_those_that_came_and_goes_on_from_them(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(model="demo-cut", logprobs=0)
    with pytest.raises(ConnectionDroppedError) as caught:
        pg.send("Hello")
    partial = caught.value.message
    assert partial is not None
    assert partial.text
    assert told(partial) == partial.text
    whole = pg.continue_()
    assert told(whole) == whole.text
    assert len(whole.logprobs or ()) > len(partial.logprobs or ())


def test_an_edit_has_none_of_what_was_said_before(playground: Make) -> None:
    pg = playground(logprobs=0)
    pg.send("Hello")
    assert pg.edit(-1, "Other words").logprobs is None


def test_snapshots_events_and_transcripts_say_only_that_they_are_there(playground: Make) -> None:
    pg = playground(logprobs=5)
    events: list[str] = []

    def hear(update: Update) -> None:
        events.extend(
            json.dumps(event_to_dict(item.revision, item.event))
            for item in update.batch
            if isinstance(item, Committed)
        )

    conversation = pg._conversation
    pg._engine.call(conversation.subscribe, hear)
    pg.send("Hello")
    pg._engine.call(conversation.feed.flush)
    shown = snapshot(conversation.state, conversation.settings())
    assert shown["thread"]["messages"][-1]["has_logprobs"] is True
    assert "has_logprobs" not in shown["thread"]["messages"][0]
    [finished] = [event for event in events if '"finished"' in event]
    assert json.loads(finished)["final"]["has_logprobs"] is True
    for text in (json.dumps(shown), *events):
        assert 'logprob"' not in text
        assert '"top"' not in text
