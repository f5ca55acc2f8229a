"""Values of variables as text, and the mapping that holds them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.errors import InputError
from playground_widget.frames import ROWS
from playground_widget.template import digest_of
from playground_widget.variables import MISSING, MOST, Variables, to_text


class Notebook:
    """Stands for a kernel's namespace."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def find(self, name: str) -> object:
        return self.values.get(name, MISSING)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        raise NotImplementedError


class Broken:
    def __repr__(self) -> str:
        raise ZeroDivisionError("no\nway")


class Word(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "shouted"


def test_a_text_is_sent_as_it_is_and_anything_else_by_its_repr() -> None:
    assert to_text("a 'b'\n") == "a 'b'\n"
    assert to_text({"a": [1, "b"]}) == "{'a': [1, 'b']}"
    assert to_text(None) == "None"


def test_an_heir_of_str_is_sent_as_the_text_it_holds() -> None:
    assert to_text(Word("quiet")) == "quiet"


@given(st.text(st.sampled_from("a\x00\ud83d\ude00")))
def test_any_text_can_be_stored_and_sent(text: str) -> None:
    made = to_text(text)
    assert made.encode("utf-8", "strict") is not None
    assert "\x00" not in made


def test_a_frame_is_a_markdown_table() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x|y", "two\nlines"]})
    assert to_text(frame) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n| 2 | two lines |"


def test_a_series_is_a_table_of_one_column() -> None:
    assert to_text(pd.Series([1, 2], name="a")) == "| a |\n| --- |\n| 1 |\n| 2 |"


def test_a_long_frame_says_what_was_left_out() -> None:
    text = to_text(pd.DataFrame({"a": range(ROWS + 1)}))
    assert len(text.splitlines()) == ROWS + 3
    assert text.endswith(f"(the first {ROWS} of {ROWS + 1} rows)")


def test_a_frame_without_rows_is_its_header() -> None:
    assert to_text(pd.DataFrame({"a": []})) == "| a |\n| --- |"


def test_a_function_of_ones_own_comes_before_every_rule_and_counts_for_heirs() -> None:
    class Base: ...

    class Heir(Base): ...

    own = {Base: lambda _: "own", str: str.upper, pd.DataFrame: lambda frame: str(frame.shape)}
    assert [to_text(v, own) for v in (Heir(), "a", pd.DataFrame())] == ["own", "A", "(0, 0)"]


def test_an_object_that_raises_becomes_words() -> None:
    with pytest.raises(InputError, match=r"this Broken .* \(ZeroDivisionError: no way\)"):
        to_text(Broken())
    with pytest.raises(InputError, match="returned int, not str"):
        to_text(1, {int: lambda _: 1})  # type: ignore[dict-item, return-value]
    found = Variables({"broken": Broken()}).resolved(["broken"])["broken"]
    assert not found.is_usable
    assert found.to_dict()["error"] == str(found.error)


class UnsayableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class Proxy:
    """Stands for another object, and for none outside of a request, as Flask's `request` does."""

    @property
    def __class__(self) -> type:
        raise RuntimeError("outside of a request")

    @__class__.setter
    def __class__(self, _: type) -> None: ...


def test_whatever_a_value_raises_is_said_of_it_alone() -> None:
    class Worse:
        def __repr__(self) -> str:
            raise UnsayableError

    class Odd(Notebook):
        def find(self, name: str) -> object:
            return MISSING if isinstance(super().find(name), int) else "a value"

    variables = Variables({"worse": Worse(), "good": "yes"}, Odd(proxy=Proxy()))
    found = variables.resolved(["worse", "good", "proxy"])
    assert found["good"].text == "yes"
    assert found["worse"].error == "this Worse could not be turned into text (UnsayableError)"
    assert found["proxy"].error == "it could not be looked at (RuntimeError: outside of a request)"
    assert not any(found[name].is_usable for name in ("worse", "proxy"))


def test_what_no_model_could_read_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="2,000,001 characters"):
        to_text("a" * (MOST + 1))


def test_the_playgrounds_own_come_before_the_notebooks() -> None:
    variables = Variables({"a": "own"}, Notebook(a="theirs", b=2))
    found = variables.resolved(["a", "b", "c"])
    assert [(each.source, each.kind, each.text) for each in found.values()] == [
        ("playground", "str", "own"),
        ("kernel", "int", "2"),
        (None, "", ""),
    ]
    del variables["a"]
    assert variables.resolved(["a"])["a"].text == "theirs"


def test_a_page_is_shown_the_beginning_and_how_much_it_is() -> None:
    assert Variables({"a": "b" * 1000}).resolved(["a"])["a"].to_dict() == {
        "name": "a",
        "source": "playground",
        "kind": "str",
        "text": "b" * 200,
        "length": 1000,
        "tokens": 250,
        "digest": digest_of("b" * 1000),
        "error": None,
    }


def test_every_change_is_noticed_once() -> None:
    variables = Variables()
    heard: list[dict[str, Any]] = []
    variables.changed = lambda: heard.append(dict(variables))
    variables["a"] = 1
    variables.update(b=2)
    del variables["a"]
    variables.clear()
    variables.replace({"c": 3})
    variables.register(int, str)
    expected: list[dict[str, int]] = [{"a": 1}, {"a": 1, "b": 2}, {"b": 2}, {}, {"c": 3}, {"c": 3}]
    assert heard == expected


@pytest.mark.parametrize("name", ["", "a b", "a.b", "1st", 3, None])
def test_what_cannot_be_a_name_is_refused_and_changes_nothing(name: Any) -> None:
    variables = Variables({"a": 1})
    with pytest.raises(InputError, match="cannot be the name of a variable"):
        variables[name] = 1
    with pytest.raises(InputError, match="cannot be the name of a variable"):
        variables.replace({"b": 2, name: 1})
    assert dict(variables) == {"a": 1}


def test_changes_from_several_threads_are_all_kept() -> None:
    variables = Variables()
    barrier = threading.Barrier(4)

    def work(number: int) -> None:
        barrier.wait()
        for i in range(200):
            variables[f"v{number}_{i}"] = i

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(variables) == 800
