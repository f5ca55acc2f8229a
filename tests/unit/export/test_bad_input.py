"""Whatever a file holds, it is read or refused with an `InputError` in words."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.conversation._files import read_file
from playground_widget.errors import InputError
from playground_widget.export import (
    Options,
    Target,
    export,
    from_cells,
    from_json,
    from_notebook,
    to_cells,
)
from playground_widget.model import Thread, path
from tests.unit.export.threads import fewer, json_values, penguins, threads

WHOLE = Options(branches=True)


def ids() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"new{next(numbers)}"


def read_json(text: str) -> tuple[Thread, ...]:
    return from_json(text, ids())


def attempt(read: Callable[[str], tuple[Thread, ...]], text: str) -> tuple[Thread, ...]:
    """Return what is read, or nothing if it is refused; any other error fails the test."""
    try:
        return read(text)
    except InputError:
        return ()


def sound(found: Thread) -> None:
    """Show that what was read can be used: its tree, and its JSON."""
    path(found)
    assert found.head is None or found.head in found.messages
    json.dumps(found.to_dict())


junk = json_values | st.sampled_from([10**400, -(10**30), 1e308, "x" * 50, [[[]]], {"": {}}])


@st.composite
def mutated(draw: st.DrawFn, data: Any) -> Any:
    """Draw a JSON value with some of what is in it replaced, taken out or doubled."""
    data = json.loads(json.dumps(data))
    for _ in range(draw(st.integers(1, 3))):
        places: list[tuple[Any, Any]] = []
        waiting = [data]
        while waiting:
            at = waiting.pop()
            keys = list(at) if isinstance(at, dict) else range(len(at))
            for key in keys:
                places.append((at, key))
                if isinstance(at[key], dict | list):
                    waiting.append(at[key])
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        what = draw(st.sampled_from(["replace", "remove", "double", "swap"]))
        if what == "replace":
            holder[key] = draw(junk)
        elif what == "remove":
            del holder[key]
        elif what == "double" and isinstance(holder, list):
            holder.insert(0, holder[key])
        else:
            other, name = draw(st.sampled_from(places))
            holder[key] = json.loads(json.dumps(other.get(name) if isinstance(other, dict) else 1))
    return data


@fewer
@given(threads(), st.data())
def test_a_changed_json_file_is_read_or_refused(thread: Thread, data: st.DataObject) -> None:
    whole = json.loads(export(thread, "json", options=WHOLE).text)
    for found in attempt(read_json, json.dumps(data.draw(mutated(whole)))):
        sound(found)


@fewer
@given(threads(), st.sampled_from(["transcript", "code", "openai"]), st.data())
def test_a_changed_notebook_is_read_or_refused(
    thread: Thread, style: Any, data: st.DataObject
) -> None:
    whole = json.loads(export(thread, "ipynb", style, WHOLE).text)
    text = json.dumps(data.draw(mutated(whole)))
    for found in attempt(lambda given: (from_notebook(given),), text):
        sound(found)


@fewer
@given(st.one_of(json_values, st.lists(st.fixed_dictionaries({"role": junk, "content": junk}))))
def test_any_json_is_read_or_refused(value: Any) -> None:
    for value_ in (value, {"messages": value}, {"mapping": value}, {"cells": value}):
        text = json.dumps(value_)
        attempt(read_json, text)
        attempt(lambda given: (from_notebook(given),), text)


@given(st.text(st.characters(codec=None)))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_json, from_notebook):
        with pytest.raises(InputError):
            read(text + "{")


@fewer
@given(threads(), st.integers(0, 3000))
def test_a_file_that_was_cut_off_is_refused(thread: Thread, at: int) -> None:
    for text, read in (
        (export(thread, "json").text, read_json),
        (export(thread, "ipynb").text, from_notebook),
    ):
        cut = text[: at % (len(text.rstrip()) - 1)]
        with pytest.raises(InputError, match="cannot be read as JSON"):
            read(cut)


def test_a_notebook_of_others_says_so() -> None:
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": "1", "metadata": {}}]})
    with pytest.raises(InputError, match="holds no conversation of playground_widget"):
        from_notebook(notebook)
    with pytest.raises(InputError, match="holds no conversation of playground_widget"):
        from_cells([])


def test_a_file_that_is_no_notebook_says_so() -> None:
    with pytest.raises(InputError, match="no Jupyter notebook"):
        from_notebook("[]")


def test_a_later_version_says_so() -> None:
    data = json.loads(export(penguins(), "json").text)
    data["version"] = 2
    with pytest.raises(InputError, match="version 2, and this playground_widget reads up to 1"):
        read_json(json.dumps(data))
    cells = [cell.to_dict() for cell in to_cells(penguins())]
    cells[0]["metadata"]["playground_widget"]["version"] = 2
    with pytest.raises(InputError, match="reads up to 1"):
        from_cells(cells)


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    text = '"' + "x" * 50_000_000 + '"'
    for read in (read_json, from_notebook):
        with pytest.raises(InputError, match="at most 50 MB"):
            read(text)


@pytest.mark.parametrize("depth", [400, 2000, 100_000])
@pytest.mark.parametrize("form", ["%s", '{"cells": %s}', '{"mapping": {"a": {"message": %s}}}'])
def test_deep_nesting_is_refused(depth: int, form: str) -> None:
    for inside in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        for read in (read_json, from_notebook):
            with pytest.raises(InputError):
                read(form % inside)


def test_messages_in_a_circle_are_refused() -> None:
    cells = [cell.to_dict() for cell in to_cells(penguins())]
    held = [c["metadata"]["playground_widget"] for c in cells]
    first = next(d for d in held if d.get("message") == "u1")
    first["messages"][0]["parent"] = "e1"
    with pytest.raises(InputError, match="circle"):
        from_cells(cells)
    node = {"message": {"author": {"role": "user"}, "content": {"parts": ["hi"]}}}
    mapping = {"a": {**node, "parent": "b"}, "b": {**node, "parent": "a"}}
    with pytest.raises(InputError, match="circle"):
        read_json(json.dumps({"mapping": mapping}))


def test_a_message_that_comes_before_its_parent_is_refused() -> None:
    data = json.loads(export(penguins(), "json").text)
    data["thread"]["messages"].reverse()
    with pytest.raises(InputError, match="which is not before it"):
        read_json(json.dumps(data))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(base_url="file:///etc/passwd", openai=False), "no http or https address"),
        (Target(base_url="http://[", openai=False), "no http or https address"),
        (Target(key_env="X; rm -rf ~"), "no name of an environment variable"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(target: Target, words: str) -> None:
    for kind in ("py", "curl"):
        with pytest.raises(InputError, match=words):
            export(penguins(), kind, target=target)


def test_a_command_for_the_demo_model_needs_its_address() -> None:
    with pytest.raises(InputError, match="the demo model's address"):
        export(penguins(), "curl", target=Target(demo=True, openai=False))


def test_a_password_in_an_address_is_left_out() -> None:
    target = Target(base_url="https://me:secret@x.example/v1?key=secret", openai=False)
    for kind in ("py", "curl", "ipynb"):
        text = export(penguins(), kind, target=target).text
        assert "secret" not in text
        assert "https://x.example/v1" in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.json", "[]"),
        ("a.json", '{"hello": 1}'),
        ("a.json", '[{"role": "narrator", "content": "x"}]'),
        ("a.ipynb", '{"cells": []}'),
        ("a.ipynb", "{}"),
    ],
)
def test_a_file_that_is_refused_says_that_nothing_was_changed(name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_file(name, text)
    assert str(caught.value).endswith(". Nothing was changed.")
    assert str(caught.value).count("Nothing was changed") == 1
