"""Unusual results of functions and of servers."""

from __future__ import annotations

import enum
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from mcp.types import CallToolResult, TextContent

from playground_widget import Text
from playground_widget.tools import mcp_parts, result_parts


class Island(str, enum.Enum):  # noqa: UP042 - the way before StrEnum, which many have
    DREAM = "Dream"


@pytest.mark.parametrize("value", [Island.DREAM, np.str_("Dream")])
def test_text_of_any_class_is_plain_text(value: Any) -> None:
    (part,) = result_parts(value)
    assert repr(part) == "Text(text='Dream')"


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_server_may_return_text_that_says_nothing(text: str) -> None:
    content = [TextContent(text="row 1"), TextContent(text=text)]
    assert result_parts(mcp_parts(CallToolResult(content=[*content]))) == (Text("row 1"),)
    assert result_parts(mcp_parts(CallToolResult(content=[*content[1:]]))) == ()


def test_a_server_that_returns_nothing_has_an_empty_result() -> None:
    assert result_parts(mcp_parts(CallToolResult(content=[]))) == ()


def test_text_beside_pictures_and_tables_stays_beside_them() -> None:
    found = result_parts(["Flipper length:", matplotlib.figure.Figure(), pd.DataFrame({"a": [1]})])
    assert [part.type for part in found] == ["text", "image", "table"]


def test_a_list_of_texts_is_a_list() -> None:
    assert result_parts(["a", "b"]) == (Text('["a","b"]'),)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.datetime64("2020-01-02T03:04", "ns"), '"2020-01-02T03:04:00"'),
        (np.array(["2020-01-02", "NaT"], dtype="M8[ns]"), '["2020-01-02T00:00:00",null]'),
        (np.timedelta64(36, "h").astype("m8[ns]"), '"P1DT12H"'),
        ({"seen": pd.NA, "n": 1}, '{"seen":null,"n":1}'),
    ],
)
def test_times_and_gaps_of_numpy_and_pandas_are_said_as_such(value: Any, said: str) -> None:
    assert result_parts(value) == (Text(said),)
