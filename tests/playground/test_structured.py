"""Structured output, from Python to the service and back."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from pydantic import BaseModel, field_validator

from playground_widget import InputError, Playground
from playground_widget.demo import DemoServer
from playground_widget.engine import _fit
from playground_widget.request import REASK, Api


class Penguin(BaseModel):
    species: str
    mass: float


class Colony(BaseModel):
    penguins: list[Penguin]
    name: str
    place: str
    since: int
    keeper: Penguin


class Strict(BaseModel):
    word: str

    @field_validator("word")
    @classmethod
    def refuse(cls, value: str) -> str:
        raise ValueError(f"never right with {type(value).__name__}")


def test_an_answer_comes_as_an_object_of_the_class(playground: Callable[..., Playground]) -> None:
    pg = playground(response_format=Penguin)
    answer = pg.send("Which is heaviest?")
    assert answer.invalid is None
    assert isinstance(answer.parsed, Penguin)
    assert pg.params.response_format is not None
    pg.params = {"response_format": {"type": "json_object"}}
    assert isinstance(pg.send("And in JSON?").parsed, dict)
    assert isinstance(pg.regenerate(response_format=Penguin).parsed, Penguin)
    pg.params = {"response_format": None}
    assert pg.send("In words.").parsed is None


def test_an_answer_that_does_not_fit_says_why_and_stays_complete(
    playground: Callable[..., Playground],
) -> None:
    pg = playground(response_format=Strict)
    answer = pg.send("Say a word.")
    assert answer.status == "complete"
    assert answer.invalid == "at .word: Value error, never right with str"
    assert answer.parsed is None
    stored = Playground(connection="demo", thread=pg.thread.id)
    assert stored.messages[-1].invalid == answer.invalid
    stored.close()


def test_an_answer_that_was_cut_off_is_invalid(playground: Callable[..., Playground]) -> None:
    pg = playground(response_format=Colony, max_tokens=16)
    answer = pg.send("Which is heaviest?")
    assert answer.finish_reason == "length"
    assert str(answer.invalid).startswith("the answer was cut off")


def test_asking_again_sends_the_failed_answer_and_the_reason(
    playground: Callable[..., Playground], server: DemoServer, api: Api
) -> None:
    pg = playground(response_format=Strict)
    first = pg.send("Say a word.")
    second = pg.reask()
    assert second.parent == first.parent
    assert second.reasked == first.id
    assert [m.id for m in pg.branches(second)] == [first.id, second.id]
    assert [m.role for m in pg.messages] == ["user", "assistant"]
    body = server.requests[-1].body
    assert [m["role"] for m in body["messages" if api == "chat" else "input"]][-2:] == [
        "assistant",
        "user",
    ]
    *_, failed, reason = body["messages" if api == "chat" else "input"]
    assert failed["content"] == first.text
    assert reason["content"] == REASK.format(reason=first.invalid)
    assert second.params == first.params


def test_asking_again_keeps_the_format_of_the_answer(
    playground: Callable[..., Playground],
) -> None:
    pg = playground()
    pg.send("Hello")
    failed = pg.regenerate(response_format=Strict)
    again = pg.reask(failed)
    assert again.params is not None
    assert failed.params is not None
    assert again.params.response_format == failed.params.response_format


def test_only_an_answer_that_does_not_fit_is_asked_for_again(
    playground: Callable[..., Playground],
) -> None:
    pg = playground()
    pg.send("Hello")
    with pytest.raises(InputError, match="does not fit"):
        pg.reask()


def test_a_check_that_hangs_ends_and_leaves_the_loop_alone(
    playground: Callable[..., Playground], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    class Slow(BaseModel):
        word: str

        @field_validator("word")
        @classmethod
        def wait(cls, value: str) -> str:
            let_go.wait()
            return value

    monkeypatch.setattr(_fit, "LONGEST_CHECK", 0.05)
    pg = playground(response_format=Slow)
    answer = pg.send("Say a word.")
    let_go.set()
    assert str(answer.invalid).startswith("the check of the answer took longer")
