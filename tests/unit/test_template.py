"""What is a variable in a text, and what it becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.template import MOST_NAME, escaped, is_name, names, rendered

GOLDEN = json.loads((Path(__file__).parents[1] / "fixtures/variables.json").read_text("utf-8"))

pieces = st.lists(
    st.sampled_from(["{{", "}}", "{", "}", "\\", "\\frac", " ", "name", "b", ".", "\n", "[", "]"])
    | st.text(max_size=4)
).map("".join)
identifiers = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["text"])
def test_python_and_the_page_agree_on_what_is_a_variable(case: dict[str, Any]) -> None:
    assert list(names(case["text"])) == case["names"]
    assert rendered(case["text"], GOLDEN["values"]) == case["rendered"]


@given(pieces)
def test_text_without_variables_and_without_backslashes_is_sent_as_it_is(text: str) -> None:
    text = text.replace("\\", "")
    if not names(text):
        assert rendered(text, {"name": "changed", "b": "changed"}) == text


@given(pieces)
def test_nothing_but_the_variables_and_their_escapes_changes(text: str) -> None:
    same = {name: f"{{{{{name}}}}}" for name in names(text)}
    # Braces with spaces inside become braces without, and an escape loses its backslash.
    left = rendered(text, same)
    assert "".join(left.split()) in {"".join(text.split()), "".join(rendered(text, {}).split())}
    assert len(text) - len(rendered(text, {})) <= text.count("\\{{")


@given(pieces, st.dictionaries(st.sampled_from(["name", "b"]), pieces))
def test_a_value_with_braces_is_not_filled_again(text: str, values: dict[str, str]) -> None:
    marked = {name: f"<{name}>" for name in values}
    expected = rendered(text, marked)
    for name, value in values.items():
        # Where the marks could have been written by hand the comparison means nothing.
        if marked[name] in text or any(mark in value for mark in marked.values()):
            return
        expected = expected.replace(marked[name], value)
    assert rendered(text, values) == expected


@given(identifiers, st.text(max_size=8).filter(lambda text: "\\" not in text and "{" not in text))
def test_a_backslash_makes_braces_literal(name: str, before: str) -> None:
    text = f"{before} \\{{{{{name}}}}}"
    assert names(text) == ()
    assert rendered(text, {name: "value"}) == f"{before} {{{{{name}}}}}"


def test_a_name_is_an_identifier_of_bounded_length() -> None:
    assert is_name("a" * MOST_NAME)
    assert not is_name("a" * (MOST_NAME + 1))
    assert names("{{" + "a" * (MOST_NAME + 1) + "}}") == ()


@given(pieces)
def test_an_escaped_text_is_rendered_as_it_is_and_names_nothing(text: str) -> None:
    assert names(escaped(text)) == ()
    assert rendered(escaped(text), dict.fromkeys(names(text), "other")) == text
