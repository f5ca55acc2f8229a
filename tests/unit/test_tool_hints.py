"""Functions with unusual hints, defaults and kinds as tools."""

from __future__ import annotations

import enum
import functools
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from playground_widget import InputError, Tool
from playground_widget.tools import ArgumentsError

if TYPE_CHECKING:
    import pandas as pd

INFINITY = float("inf")


def head(name: str, rows: int = 5) -> pd.DataFrame:
    """Return the first rows of a frame."""
    raise NotImplementedError


def words(name: str) -> "a table, in words":  # type: ignore[valid-type] # noqa: F722
    """Return a table."""


def test_hints_are_read_where_another_is_known_to_type_checkers_alone() -> None:
    assert Tool(head).parameters["properties"] == {
        "name": {"type": "string"},
        "rows": {"type": "integer", "default": 5},
    }
    assert Tool(words).parameters["properties"] == {"name": {"type": "string"}}


def test_the_hint_that_cannot_be_found_is_the_one_that_is_named() -> None:
    def join(by: str, left: pd.DataFrame) -> None: ...

    with pytest.raises(InputError, match=r"the type of left in join, 'pd\.DataFrame', cannot"):
        Tool(join)


class Query(BaseModel):
    """What to look for."""

    text: str
    limit: Annotated[int, Field(ge=1)] = 10


class Point(NamedTuple):
    """Where."""

    x: float
    y: float = 0


@pytest.mark.parametrize(
    ("made", "first"), [(Query, {"type": "string"}), (Point, {"type": "number"})]
)
def test_a_class_that_says_by_itself_what_it_takes_is_read(made: Any, first: Any) -> None:
    assert next(iter(Tool(made).parameters["properties"].values())) == first


class Once:
    """An order."""

    def __init__(self, fish: int) -> None:
        self.fish = fish

    async def __call__(self) -> int:
        """Wait for it."""
        return self.fish


def test_a_class_is_called_in_a_thread_whatever_its_instances_are() -> None:
    assert not Tool(Once).is_async
    assert Tool(Once(3)).is_async


class Range(BaseModel):
    """From here to there."""

    most: float = INFINITY
    least: Annotated[float, Field(ge=-INFINITY)] = 0


def test_what_json_cannot_hold_is_nowhere_in_a_schema() -> None:
    def pick(within: Range, most: Annotated[float, Field(le=INFINITY)] = 1) -> float:
        return min(within.most, most)

    tool = Tool(pick)
    json.dumps(tool.parameters, allow_nan=False)
    assert tool.parameters["properties"]["most"] == {"type": "number", "default": 1}
    assert pick(**tool.read('{"within": {}}').kwargs) == 1


def test_more_arguments_are_read_in_the_type_of_their_hint() -> None:
    def order(**fish: int) -> dict[str, int]:
        return fish

    tool = Tool(order)
    assert tool.parameters["additionalProperties"] == {"type": "integer"}
    assert tool.read('{"cod": "3"}').kwargs == {"cod": 3}
    with pytest.raises(ArgumentsError, match="cod: Input should be a valid integer"):
        tool.read('{"cod": "many"}')


def show(name: str) -> None:
    """Show a frame.

    ::

        show("penguins")

    Args:
        name: Of the frame.
    """


def test_a_docstring_that_one_style_cannot_have_is_read_in_another() -> None:
    tool = Tool(show)
    assert tool.description.startswith("Show a frame.")
    assert tool.parameters["properties"]["name"]["description"] == "Of the frame."


DOCSTRINGS = st.lists(
    st.sampled_from(
        [":", "::", "\n", "    ", "x: words", ":param x:", ":param", "Args:", "Parameters", "-----"]
    )
    | st.text(max_size=3)
).map("".join)


@given(DOCSTRINGS)
@example("::    :param x: words")
def test_any_docstring_can_be_read(docstring: str) -> None:
    def function(x: int) -> None: ...

    function.__doc__ = docstring
    json.dumps(Tool(function).to_dict())


def test_words_beside_a_type_describe_the_parameter() -> None:
    def weather(
        city: Annotated[str, "Such as Oslo."],
        day: Annotated[int | None, "From today on."] = None,
        unit: Annotated[str, "Not this."] = "C",
        hours: Annotated[int, "Nor this.", Field(description="At most 48.")] = 24,
    ) -> None:
        """Tell the weather.

        Args:
            unit: C or F.
        """

    described = Tool(weather).parameters["properties"]
    assert [each["description"] for each in described.values()] == [
        "Such as Oslo.",
        "From today on.",
        "C or F.",
        "At most 48.",
    ]


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"
    NONE = 0


Warm = Literal[Color.RED, "orange"]


@pytest.mark.parametrize(
    ("hint", "written", "read"),
    [
        (Warm, "red", Color.RED),
        (Warm, "orange", "orange"),
        (Warm | None, "red", Color.RED),
        (Warm | None, None, None),
        (Annotated[Warm, "Of the sun."], "red", Color.RED),
        (list[Warm], ["red", "orange"], [Color.RED, "orange"]),
        (dict[str, tuple[Literal[Color.NONE], int]], {"a": [0, 1]}, {"a": (Color.NONE, 1)}),
    ],
)
def test_members_of_an_enum_in_a_literal_are_read_by_their_values(
    hint: Any, written: Any, read: Any
) -> None:
    def paint(color: Any) -> Any:
        return color

    paint.__annotations__["color"] = hint
    tool = Tool(paint)
    assert tool.read(json.dumps({"color": written})).kwargs == {"color": read}
    with pytest.raises(ArgumentsError):
        tool.read('{"color": "blue"}')


def test_null_is_taken_where_the_default_is_none() -> None:
    def find(name: str, most: int = None) -> Any:  # type: ignore[assignment] # noqa: RUF013
        return name, most

    assert Tool(find).read('{"name": "a", "most": null}').kwargs == {"name": "a", "most": None}


def test_what_a_partial_gives_is_settled() -> None:
    def query(frame: pd.DataFrame, text: str, user: int = 0) -> Any:
        return frame, text, user

    query.__annotations__["frame"] = type(pytest)  # what JSON cannot hold
    tool = Tool(functools.partial(query, frame=pytest, user=7))
    assert tool.signature == "query(text)"
    assert list(tool.parameters["properties"]) == ["text"]
    with pytest.raises(ArgumentsError, match="user: Extra inputs"):
        tool.read('{"text": "a", "user": 8}')


def test_whole_numbers_of_any_length_are_exact() -> None:
    number = 10**29 + 7
    for parameters in (None, {"type": "object"}):
        tool = Tool(lambda n: n, name="same", parameters=parameters)
        assert tool.read(json.dumps({"n": number})).kwargs == {"n": number}


def test_numbers_that_json_does_not_have_are_refused() -> None:
    tool = Tool(lambda n: n, name="same", parameters={"type": "object"})
    with pytest.raises(ArgumentsError, match="no JSON"):
        tool.read('{"n": NaN}')


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (3, "are a JSON schema"),
        (Query, "are a JSON schema"),
        ({"enum": {1, 2}}, "cannot be written as JSON"),
        ({"maximum": INFINITY}, "cannot be written as JSON"),
    ],
)
def test_a_schema_that_cannot_be_sent_is_refused(parameters: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Tool(head, parameters=parameters)


def test_a_description_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="description"):
        Tool(head, description=3)  # type: ignore[arg-type]


def test_whoever_decides_on_a_call_sees_all_its_arguments() -> None:
    def delete(path: str, /, *, quick: bool = False) -> None: ...

    tool = Tool(delete)
    assert tool.named(tool.read('{"path": "/", "quick": true}')) == {"path": "/", "quick": True}
    assert tool.named(tool.read('{"path": "/"}')) == {"path": "/"}
