"""Answers that were cut are gone on with."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground_widget.request import CONTINUE

if TYPE_CHECKING:
    from tests.unit.demo.conftest import Caller

ASKS = [
    CONTINUE,
    "Please continue from where you left off.",
    "Go on exactly where you were cut off.",
    None,
]


def conversation(partial: str, ask: str | None = CONTINUE, system: str = "") -> list[Any]:
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": "Hello"})
    messages.append({"role": "assistant", "content": partial})
    return [*messages, {"role": "user", "content": ask}] if ask else messages


@pytest.mark.parametrize("ask", ASKS)
def test_the_rest_joins_the_part_to_the_whole_answer(call: Caller, ask: str | None) -> None:
    whole = call.text("Hello")
    partial = whole[:100]
    assert partial + call.text(conversation(partial, ask)) == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.01, 1))
def test_it_goes_on_from_any_place(call: Caller, share: float) -> None:
    whole = call.text("Hello")
    partial = whole[: max(1, int(share * len(whole)))]
    rest = call.text(conversation(partial))
    assert partial + rest == whole or partial.rstrip() + rest.lstrip() == whole


@pytest.mark.parametrize(
    "options",
    [{"seed": 5}, {"demo": {"variant": 3}}, {"demo": {"tokens": 500}}, {"temperature": 0}],
)
def test_the_wording_is_found_again(call: Caller, options: dict[str, Any]) -> None:
    whole = call.text("Hello", **options)
    assert whole[:150] + call.text(conversation(whole[:150]), **options) == whole


def test_a_variant_is_found_even_when_it_is_not_repeated(call: Caller) -> None:
    whole = call.text("Hello", demo={"variant": 2})
    assert whole[:150] + call.text(conversation(whole[:150])) == whole


def test_the_system_prompt_stays_in_force(call: Caller) -> None:
    system = "You are careful."
    whole = call.text(conversation("", None, system)[:2])
    assert whole[:200] + call.text(conversation(whole[:200], system=system)) == whole


def test_an_answer_cut_twice_is_gone_on_with_from_the_second_cut(call: Caller) -> None:
    whole = call.text("Hello")
    messages = [
        *conversation(whole[:50]),
        {"role": "assistant", "content": whole[50:120]},
        {"role": "user", "content": CONTINUE},
    ]
    assert whole[:120] + call.text(messages) == whole


def test_a_limited_answer_goes_on_limit_by_limit(call: Caller) -> None:
    whole = call.text("Go", "demo-long", max_tokens=90)
    text = ""
    for _ in range(3):
        messages = [{"role": "user", "content": "Go"}]
        if text:
            messages += conversation(text)[1:]
        text += call.text(messages, "demo-long", max_tokens=30)
    assert text == whole


def test_a_part_that_was_never_said_is_told_apart(call: Caller) -> None:
    assert "not word for word" in call.text(conversation("Something else entirely"))


def test_an_ordinary_question_after_an_answer_is_no_continuation(call: Caller) -> None:
    whole = call.text("Hello")
    assert "```python" in call.text(conversation(whole, "Show me code"))


def test_demo_cut_drops_the_connection_after_34_tokens_and_finishes_when_continued(
    call: Caller,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", call.server.port, timeout=20)
    body = (
        b'{"model": "demo-cut", "stream": true, "demo": {"rate": null, "first_token": 0},'
        b'"messages": [{"role": "user", "content": "Hello"}]}'
    )
    connection.request("POST", "/v1/chat/completions", body)
    response = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as cut:
        response.read()
    connection.close()
    assert cut.value.partial.count(b"data: ") == 35
    record = call.server.wait_for(lambda one: one.state == "cut")
    assert record.tokens == 34
    whole = call.text("Hello", "demo-fast")
    partial = whole[:130]
    assert partial + call.text(conversation(partial), "demo-cut") == whole
