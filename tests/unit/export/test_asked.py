"""Which request is exported, and how it is written."""

from __future__ import annotations

import ast
import enum
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import playground_widget.export as package
from playground_widget.export import Options, Target, export, to_cells
from playground_widget.export._asked import asked
from playground_widget.export._python import literal, string
from playground_widget.model import Params, Prompt, Thread, path
from playground_widget.request import chat_request, responses_request
from tests.unit.export.threads import HOSTILE, message, penguins, texts


def test_the_public_names_are_exact() -> None:
    names = package.__all__
    assert names == sorted(names)
    assert {n for n in vars(package) if not n.startswith("_")} - set(names) == {"annotations"}


def test_a_request_is_the_one_of_the_last_answer() -> None:
    thread = replace(penguins(), system="Another prompt.", params=Params(seed=1))
    line = path(thread)[:-1]
    found = asked(thread, Options(), Target())
    used, params = thread.prompts[1].text, thread.messages["e1"].params
    assert params is not None
    assert found.body == chat_request(used, line, "gpt-4.1-mini", params, openai=True)
    assert found.body["max_completion_tokens"] == 800
    assert found.answer == thread.messages["e1"]
    assert found.prompt == 2
    other = asked(thread, Options(system=False, params=False), Target(api="responses"))
    assert other.body == responses_request("", line, "gpt-4.1-mini", Params())


def test_the_next_request_has_what_the_thread_is_set_to() -> None:
    thread = replace(penguins(), head="u2", system="Now.", model="m", params=Params(seed=1))
    found = asked(thread, Options(), Target(openai=False))
    assert found.body == chat_request("Now.", path(thread), "m", Params(seed=1))
    assert (found.answer, found.prompt) == (None, 3)


def test_results_that_no_answer_followed_are_sent_next() -> None:
    thread = replace(penguins(), head="t1")
    found = asked(thread, Options(), Target())
    assert found.answer is None
    assert found.body["messages"][-1]["role"] == "tool"


@pytest.mark.parametrize(
    ("answered", "wanted"),
    [("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"), ("gpt-4.1-mini-x", "gpt-4.1-mini-x")],
)
def test_a_dated_name_is_the_model_that_was_asked(answered: str, wanted: str) -> None:
    thread = penguins()
    last = replace(thread.messages["e1"], model=answered)
    found = asked(thread.with_messages([last], "e1"), Options(), Target())
    assert found.model == wanted


def test_an_answer_from_before_there_was_a_prompt_had_none() -> None:
    answer = message("a", None, "assistant", "Hi", model="m", created=5.0)
    thread = Thread(id="t", messages={"a": answer}, head="a", system="Now.")
    assert asked(thread, Options(), Target()).prompt == 1
    known = replace(thread, prompts=(Prompt(text="Then.", created=1.0),))
    assert asked(known, Options(), Target()).body["messages"] == []


def test_the_words_of_the_design() -> None:
    cells = to_cells(penguins(), "openai")
    assert cells[0].source == "# Penguin body mass\n\ngpt-4.1-mini, prompt v2, 6 messages"
    assert cells[1].source == (
        "from openai import OpenAI\n\nclient = OpenAI()  # reads OPENAI_API_KEY"
    )
    assert cells[2].source.startswith("messages = [\n")
    assert cells[3].source == "Gentoo penguins were heavier."


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (
            Target(base_url="https://api.openai.com/v1/"),
            "client = OpenAI()  # reads OPENAI_API_KEY",
        ),
        (
            Target(base_url="http://h:1/v1", openai=False),
            'client = OpenAI(base_url="http://h:1/v1")  # reads OPENAI_API_KEY',
        ),
        (
            Target(base_url="http://h:1/v1", openai=False, key_env="MY_KEY"),
            'client = OpenAI(base_url="http://h:1/v1", api_key=os.environ["MY_KEY"])',
        ),
        (
            Target(base_url="http://[::1]:1/v1", openai=False, key_env=""),
            'client = OpenAI(base_url="http://[::1]:1/v1", api_key="none")',
        ),
    ],
)
def test_the_key_is_read_where_it_is(target: Target, line: str) -> None:
    assert line in export(penguins(), "py", target=target).text
    assert ("Bearer" in export(penguins(), "curl", target=target).text) == bool(target.key_env)


@pytest.mark.parametrize("text", [*HOSTILE, "".join(HOSTILE), "a" * 500, "word " * 99, "\ud800"])
def test_texts_are_the_same_in_python(text: str) -> None:
    assert ast.literal_eval(string(text)) == text
    value: Any = {"a": [text, {text: None}], "b": [1.5, True, -(2**70)]}
    assert ast.literal_eval(literal(value)) == value
    assert ast.literal_eval(literal(text)) == text


class Place(str, enum.Enum):  # noqa: UP042 - the way before StrEnum, which many have
    OSLO = 'Oslo, "Norway"'


class Level(enum.IntEnum):
    LOW = 1


def test_values_of_classes_of_numpy_and_enums_are_plain_python() -> None:
    given = {"a": np.float64(0.5), "b": [np.str_('"'), Place.OSLO, Level.LOW, True, None]}
    assert literal(given) == """{"a": 0.5, "b": ['"', 'Oslo, "Norway"', 1, True, None]}"""


@given(st.recursive(texts | st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_values_below_long_names_are_the_same_in_python(value: Any) -> None:
    tree = {"a name " * 20: value, "b": {"c": value}}
    assert ast.literal_eval(literal(tree)) == tree
