"""What an `Accept` header comes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.server._accept import EVENTS, JSON, RESPONSE, Accept


@pytest.mark.parametrize(
    ("header", "single", "events", "prefers"),
    [
        (None, JSON, False, False),
        ("", JSON, False, False),
        ("*/*", JSON, False, False),
        (RESPONSE, RESPONSE, False, False),
        (f"{JSON};q=0.8, {RESPONSE};q=0.9", RESPONSE, False, False),
        (f"{JSON}, */*;q=0.1", JSON, False, False),
        (f"{RESPONSE};q=0, */*", JSON, False, False),
        (f"{EVENTS}", None, True, True),
        (f"{EVENTS}, */*", JSON, True, False),
        (f"{EVENTS}, {JSON};q=0.5", JSON, True, True),
        (f"{EVENTS};q=0", None, False, False),
        ("text/*", None, True, True),
        (f"{JSON};q=nonsense", None, False, False),
        ("text/html", None, False, False),
    ],
)
def test_the_best_of_what_is_named_is_taken(
    header: str | None, single: str | None, events: bool, prefers: bool
) -> None:
    accept = Accept(header)
    assert accept.single == single
    assert accept.events is events
    assert accept.prefers_events is prefers


@given(st.text())
def test_any_header_can_be_read(header: str) -> None:
    accept = Accept(header)
    assert accept.single in {None, JSON, RESPONSE}
    assert accept.events in {True, False}
