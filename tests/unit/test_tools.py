"""What a function looks like to a model, and what its result looks like in a thread."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import inspect
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Optional, Union, Unpack

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from playground_widget import Image, InputError, Table, Text, Tool
from playground_widget.tools import ArgumentsError, result_parts, tools_of


class Place(BaseModel):
    """Where something is."""

    name: str
    height: Annotated[float, Field(ge=0)] = 0


@dataclass
class Span:
    """From here to there."""

    start: int
    end: int


class Options(TypedDict, total=False):
    """How to do it."""

    quick: bool


def google(frame: str, by: Literal["species", "sex"] = "species", *, digits: int = 1) -> str:
    """Count, mean and spread per group.

    Rows without a value are left out.

    Args:
        frame: The name of a data frame,
            which exists.
        by: What to group by.
    """
    return f"{frame} {by} {digits}"


def numpy_style(frame: str) -> str:
    """Count the rows.

    Parameters
    ----------
    frame : str
        The name of a data frame.
    """
    return frame


def sphinx_style(frame: str) -> str:
    """Count the rows.

    :param frame: The name of a data frame.
    """
    return frame


def test_schema_and_words_come_from_hints_and_docstring() -> None:
    tool = Tool(google)
    assert tool.name == "google"
    assert tool.signature == "google(frame, by, digits)"
    assert tool.description == (
        "Count, mean and spread per group.\n\nRows without a value are left out."
    )
    assert tool.parameters == {
        "type": "object",
        "properties": {
            "frame": {"type": "string", "description": "The name of a data frame, which exists."},
            "by": {
                "type": "string",
                "enum": ["species", "sex"],
                "default": "species",
                "description": "What to group by.",
            },
            "digits": {"type": "integer", "default": 1},
        },
        "required": ["frame"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("function", [numpy_style, sphinx_style])
def test_other_styles_of_docstrings_are_read(function: Any) -> None:
    tool = Tool(function)
    assert tool.description == "Count the rows."
    assert tool.parameters["properties"]["frame"]["description"] == "The name of a data frame."


def test_arguments_come_in_the_types_of_the_hints() -> None:
    def function(
        place: Place, spans: list[Span], options: Options, json: str, schema: int | None = None
    ) -> None: ...

    read = Tool(function).read(
        '{"place": {"name": "Oslo"}, "spans": [{"start": 1, "end": 2}], "options": {"quick": true},'
        ' "json": "{}"}'
    )
    assert read.args == ()
    assert read.kwargs == {
        "place": Place(name="Oslo"),
        "spans": [Span(1, 2)],
        "options": {"quick": True},
        "json": "{}",
    }


def test_what_a_model_leaves_out_is_left_to_the_function() -> None:
    marker = object()

    def function(a: int = marker, /, b: int = 2, **more: Any) -> Any:  # type: ignore[assignment]
        return a, b, more

    tool = Tool(function)
    assert "default" not in tool.parameters["properties"]["a"]
    read = tool.read('{"more": 3, "else": 4}')
    assert function(*read.args, **read.kwargs) == (marker, 2, {"more": 3, "else": 4})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ("{}", "frame: Field required"),
        ('{"frame": 1}', "frame: Input should be a valid string"),
        ('{"frame": "a", "by": "age"}', "by: Input should be 'species' or 'sex'"),
        ('{"frame": "a", "color": 1}', "color: Extra inputs are not permitted"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_with_the_place(arguments: str, words: str) -> None:
    with pytest.raises(ArgumentsError, match=words):
        Tool(google).read(arguments)


def test_no_arguments_at_all_are_none() -> None:
    def now() -> str:
        """Tell the time."""
        return ""

    assert Tool(now).parameters["properties"] == {}
    assert Tool(now).read("") == ((), {})


@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_arguments_are_read_or_refused(arguments: Any) -> None:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    with suppress(ArgumentsError):
        assert Tool(google).read(text).kwargs.keys() <= {"frame", "by", "digits"}


class Counter:
    """Counts."""

    def __call__(self, step: int) -> int:
        """Count on by a step."""
        return step

    def by(self, step: Annotated[int, Field(gt=0, description="How far.")]) -> int:
        """Count on by more than nothing."""
        return step


def test_what_can_be_called_can_be_a_tool() -> None:
    assert Tool(Counter()).signature == "Counter(step)"
    assert Tool(Counter()).description == "Count on by a step."
    assert Tool(Counter().by).parameters["properties"]["step"] == {
        "type": "integer",
        "exclusiveMinimum": 0,
        "description": "How far.",
    }
    assert Tool(functools.partial(google, digits=3)).name == "google"
    assert Tool(lambda x: x, name="same").signature == "same(x)"


def test_a_schema_of_ones_own_takes_the_place_of_the_hints() -> None:
    schema = {"type": "object", "properties": {"query": {"type": "string"}}}
    tool = Tool(lambda **given: given, name="search", parameters=schema)
    assert tool.parameters == schema
    assert tool.signature == "search(query)"
    assert tool.read('{"query": 1}').kwargs == {"query": 1}
    with pytest.raises(ArgumentsError, match="no JSON object"):
        tool.read("1")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (3, "a tool is a function, not int"),
        (lambda: 1, "cannot be the name of a tool"),
        (print, "a model cannot fill"),
    ],
)
def test_what_cannot_be_a_tool_is_refused_with_the_reason(function: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Tool(function)


def test_a_type_that_json_cannot_hold_is_refused_when_the_tool_is_made() -> None:
    def describe(frame: pd.DataFrame) -> str:
        """Describe it."""
        return str(frame)

    with pytest.raises(InputError, match=r"describe takes: .*DataFrame.*look up the object"):
        Tool(describe)


@pytest.mark.parametrize("timeout", [0, -1, True, "1", float("nan")])
def test_a_timeout_is_a_number_of_seconds(timeout: Any) -> None:
    with pytest.raises(InputError, match="number of seconds"):
        Tool(google, timeout=timeout)


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two tools are called google"):
        tools_of([google, Tool(numpy_style, name="google")])
    with pytest.raises(InputError, match="a list of functions"):
        tools_of(Tool(google))


def test_schemas_are_valid_json_schemas() -> None:
    def function(place: Place, spans: dict[str, list[Span]], either: int | str | None) -> None:
        """Do it."""

    jsonschema.Draft202012Validator.check_schema(Tool(function).parameters)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        (None, "null"),
        (3.5, "3.5"),
        (float("nan"), "NaN"),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        (Span(1, 2), '{"start":1,"end":2}'),
        (Place(name="Åre"), '{"name":"Åre","height":0.0}'),
        (np.float64(2.5), "2.5"),
        ({"mean": np.array([1, 2])}, '{"mean":[1,2]}'),
        (b"\x00", "b'\\x00'"),
        (range(3), "range(0, 3)"),
        (..., "Ellipsis"),
    ],
)
def test_a_result_becomes_text_by_the_rule(value: Any, text: str) -> None:
    assert result_parts(value) == (Text(text),)


def test_frames_and_pictures_are_results_as_they_are() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    (table,) = result_parts(frame)
    assert isinstance(table, Table)
    assert table.shape == (2, 1)
    picture = Image(media_type="image/png", url="https://example.com/a.png")
    assert [part.type for part in result_parts([frame, picture])] == ["table", "image"]


def test_an_empty_result_has_no_parts() -> None:
    assert result_parts("") == ()


def test_defaults_that_json_cannot_hold_are_in_no_schema_and_still_hold() -> None:
    def function(most: float = float("inf"), place: Place = Place(name="Oslo")) -> Any:  # noqa: B008
        return most, place

    tool = Tool(function)
    json.dumps(tool.parameters, allow_nan=False)
    assert "default" not in tool.parameters["properties"]["most"]
    assert tool.parameters["properties"]["place"]["default"]["name"] == "Oslo"
    assert function(**tool.read("{}").kwargs) == (float("inf"), Place(name="Oslo"))


def test_a_field_as_a_default_gives_the_function_its_value() -> None:
    def function(
        n: int = Field(3, ge=1),
        names: list[str] = Field(default_factory=list),  # noqa: B008 - what is tried
    ) -> Any:
        return n, names

    tool = Tool(function)
    assert tool.parameters["properties"]["n"] == {"type": "integer", "default": 3, "minimum": 1}
    assert "required" not in tool.parameters
    assert function(**tool.read("{}").kwargs) == (3, [])
    assert function(**tool.read('{"n": 4}').kwargs) == (4, [])


class Search(TypedDict):
    """What to look for."""

    query: str
    limit: NotRequired[Annotated[int, Field(le=9)]]


def test_keywords_of_a_typed_dict_are_parameters() -> None:
    def search(**given: Unpack[Search]) -> Any:
        """Search.

        Args:
            query: Words.
        """
        return given

    tool = Tool(search)
    assert tool.signature == "search(query, limit)"
    assert tool.parameters["required"] == ["query"]
    assert tool.parameters["additionalProperties"] is False
    assert tool.parameters["properties"] == {
        "query": {"type": "string", "description": "Words."},
        "limit": {"type": "integer", "maximum": 9},
    }
    assert search(**tool.read('{"query": "a"}').kwargs) == {"query": "a"}
    with pytest.raises(ArgumentsError, match="limit"):
        tool.read('{"query": "a", "limit": 10}')


class Tree(BaseModel):
    """A node and those below it."""

    name: str
    below: list[Tree] = []


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


def test_recursive_models_enums_dates_and_paths_come_in_their_types() -> None:
    def function(
        tree: Tree, day: dt.date, path: Path, color: Color = Color.RED, *, n: int | None = 3
    ) -> Any:
        return tree, day, path, color, n

    tool = Tool(function)
    jsonschema.Draft202012Validator.check_schema(tool.parameters)
    given = '{"tree": {"name": "a", "below": [{"name": "b"}]}, "day": "2020-01-02", "path": "a/b"}'
    tree = Tree(name="a", below=[Tree(name="b")])
    read = tool.read(given)
    assert function(*read.args, **read.kwargs) == (
        tree,
        dt.date(2020, 1, 2),
        Path("a/b"),
        Color.RED,
        3,
    )
    with pytest.raises(ArgumentsError, match="color: Input should be 'red' or 'blue'"):
        tool.read(given.replace('"tree"', '"color": "green", "tree"', 1))


def test_a_decorated_function_is_described_as_what_it_wraps() -> None:
    @functools.wraps(google)
    def wrapper(*args: Any, **kwargs: Any) -> str:
        return google(*args, **kwargs)

    assert Tool(wrapper).to_dict() == Tool(google).to_dict()


@pytest.mark.parametrize("properties", [None, [], 3, {"a": {}}])
def test_whatever_a_schema_of_ones_own_has_as_properties_is_kept(properties: Any) -> None:
    tool = Tool(lambda **given: given, name="any", parameters={"properties": properties})
    assert tool.parameters == {"properties": properties}


HINTS = st.recursive(
    st.sampled_from([int, float, str, bool, None, dt.date, Path, Color, Place, Tree, Span]),
    lambda inner: st.one_of(
        inner.map(lambda hint: list[hint]),  # type: ignore[valid-type]
        inner.map(lambda hint: dict[str, hint]),  # type: ignore[valid-type]
        st.tuples(inner, inner).map(lambda pair: Union[pair]),  # noqa: UP007
        inner.map(lambda hint: Optional[hint]),  # noqa: UP045
        inner.map(lambda hint: Annotated[hint, "words"]),
    ),
    max_leaves=4,
)


@given(st.lists(HINTS, max_size=3))
def test_any_hints_make_a_valid_schema_that_json_holds(hints: list[Any]) -> None:
    def function(**given: Any) -> None: ...

    names = [f"p{index}" for index in range(len(hints))]
    kind = inspect.Parameter.KEYWORD_ONLY
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, kind) for name in names]
    )
    function.__annotations__ = dict(zip(names, hints, strict=True))
    tool = Tool(function)
    jsonschema.Draft202012Validator.check_schema(tool.parameters)
    assert list(tool.parameters["properties"]) == names
    json.dumps(tool.parameters, allow_nan=False)
