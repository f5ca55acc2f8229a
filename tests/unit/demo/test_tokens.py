from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo import _numbers, _tokens


@given(st.text(st.characters()))
def test_the_tokens_of_any_text_join_to_the_text(text: str) -> None:
    assert "".join(_tokens.split(text)) == text


@given(st.text(st.characters()))
def test_no_token_is_empty(text: str) -> None:
    assert all(_tokens.split(text))
    assert _tokens.count(text) == len(_tokens.split(text))


def test_a_token_has_about_four_characters() -> None:
    prose = _numbers.walk(50_000)
    assert 2.5 < len(prose) / _tokens.count(prose) < 5


def test_a_token_may_end_within_a_visible_character() -> None:
    assert _tokens.split("e\u0301") == ["e", "\u0301"]
    family = "👨\u200d👩\u200d👧"
    assert len(_tokens.split(family)) > 1
