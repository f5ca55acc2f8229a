"""What is exported is read back whole, in every style and format."""

from __future__ import annotations

import ast
import itertools
import json
import warnings
from pathlib import Path
from typing import Any, get_args

import jsonschema
import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import playground_widget.export as package
from playground_widget.errors import InputError
from playground_widget.export import (
    Cell,
    Format,
    Options,
    Style,
    Target,
    export,
    from_cells,
    from_json,
    from_notebook,
    to_cells,
)
from playground_widget.model import Image, Message, Text, Thread, path
from tests.unit.export.threads import HOSTILE, PROGRAM, fewer, message, penguins, png, threads

WHOLE = Options(branches=True)
styles = st.sampled_from(get_args(Style))
targets = st.sampled_from(
    [
        Target(),
        Target(api="responses"),
        Target(base_url="http://127.0.0.1:1/v1", openai=False, key_env="", label="local"),
        Target(base_url="https://x.example/v1", openai=False, key_env="X_KEY", api="responses"),
        Target(demo=True, openai=False, base_url="http://127.0.0.1:1/v1"),
    ]
)


def unused() -> str:
    raise AssertionError("ids of ours are kept")


def ordered(thread: Thread) -> list[dict[str, Any]]:
    return [m.to_dict() for m in thread.messages.values()]


def same(read: Thread, thread: Thread) -> None:
    assert read.to_dict() == thread.to_dict()
    assert ordered(read) == ordered(thread)
    assert read == thread


@fewer
@given(threads(), styles, st.booleans(), targets)
def test_cells_are_the_thread_again(thread: Thread, style: Style, cut: bool, to: Target) -> None:
    options = Options(branches=True, code_cells=cut)
    same(from_cells(to_cells(thread, style, options, to)), thread)


@fewer
@given(threads(), styles)
def test_a_notebook_is_valid_and_the_thread_again(thread: Thread, style: Style) -> None:
    text = export(thread, "ipynb", style, WHOLE).text
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notebook: Any = nbformat.from_dict(json.loads(text))  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    same(from_notebook(text), thread)
    same(from_cells(notebook.cells), thread)


@fewer
@given(threads())
def test_json_is_the_thread_again_and_as_its_schema_says(thread: Thread) -> None:
    text = export(thread, "json", options=WHOLE).text
    schema = json.loads((Path(package.__file__).parent / "thread-schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(text), schema)
    same(from_json(text, unused)[0], thread)


@fewer
@given(threads(), styles)
def test_without_branches_the_active_path_is_kept(thread: Thread, style: Style) -> None:
    read = from_cells(to_cells(thread, style))
    assert path(read) == path(thread)
    assert set(read.messages) == {m.id for m in path(thread)}


@fewer
@given(threads(), st.sampled_from(["code", "openai"]), targets)
def test_code_compiles(thread: Thread, style: Any, to: Target) -> None:
    for cell in to_cells(thread, style, WHOLE, to):
        if cell.type == "code":
            ast.parse(cell.source)
    for kind in get_args(Style):
        ast.parse(export(thread, "py", kind, WHOLE, to).text)


@fewer
@given(threads(), targets)
def test_every_format_of_every_thread_can_be_written(thread: Thread, to: Target) -> None:
    for kind, options in itertools.product(
        get_args(Format),
        (Options(), Options(system=False, params=False, answers=False, branches=True)),
    ):
        exported = export(thread, kind, "transcript", options, to)
        exported.text.encode()
        assert exported.name == Path(exported.name).name


@fewer
@given(threads(), styles)
def test_what_is_left_out_is_nowhere(thread: Thread, style: Style) -> None:
    options = Options(system=False, params=False, branches=True)
    read = from_cells(to_cells(thread, style, options))
    assert not read.system
    assert not read.prompts
    assert not read.params.to_dict()
    assert all(m.params is None and m.prompt is None for m in read.messages.values())


@pytest.mark.parametrize("style", ["transcript", "code"])
def test_without_answers_the_questions_are_left(style: Style) -> None:
    read = from_cells(to_cells(penguins(), style, Options(answers=False)))
    assert [m.id for m in path(read)] == ["u1", "u2"]


def test_without_answers_a_request_keeps_what_was_asked() -> None:
    cells = to_cells(penguins(), "openai", Options(answers=False))
    assert cells[-1].type == "code"
    assert [m.id for m in path(from_cells(cells))] == ["u1", "a1", "t1", "b2", "u2"]


def test_an_answer_being_written_is_read_as_interrupted() -> None:
    going = message("a", None, "assistant", "So f", status="streaming")
    thread = Thread(id="t", messages={"a": going}, head="a")
    for read in (
        from_cells(to_cells(thread)),
        from_json(export(thread, "json").text, unused)[0],
    ):
        assert read.messages["a"].status == "interrupted"
        assert read.messages["a"].text == "So f"


# --------------------------------------------------------------------- changes by hand


def changed(cells: tuple[Cell, ...], at: int, source: str) -> list[Cell]:
    made = list(cells)
    made[at] = Cell(type=made[at].type, source=source, metadata=made[at].metadata)
    return made


def at_message(cells: tuple[Cell, ...], name: str) -> int:
    return next(
        at
        for at, cell in enumerate(cells)
        if cell.metadata["playground_widget"].get("message") == name
    )


def test_a_changed_text_is_the_text() -> None:
    cells = to_cells(penguins())
    read = from_cells(changed(cells, at_message(cells, "u1"), "**user**\n\nWhich is *lightest*?"))
    assert read.messages["u1"].content == (Text("Which is *lightest*?"),)
    assert read.messages["e1"] == penguins().messages["e1"]


def test_a_changed_role_title_and_system_prompt_count() -> None:
    cells = to_cells(penguins())
    at = at_message(cells, "u2")
    made = changed(cells, at, cells[at].source.replace("**user**", "**developer**"))
    made = changed(tuple(made), 0, "# Other birds\n\nwhatever")
    made = changed(tuple(made), 1, "**system** (v2)\n\nBe wordy.")
    read = from_cells(made)
    assert read.messages["u2"].role == "developer"
    assert read.messages["u2"].text == penguins().messages["u2"].text
    assert (read.title, read.system) == ("Other birds", "Be wordy.")


def test_a_changed_tool_result_stays_without_its_fence() -> None:
    cells = to_cells(penguins())
    at = at_message(cells, "t1")
    read = from_cells(changed(cells, at, cells[at].source.replace("5076", "1")))
    assert read.messages["t1"].text == "species  mean_g\nGentoo   1"
    assert read.messages["t1"].tool_call_id == "c1"


def test_a_change_keeps_pictures_that_are_still_shown() -> None:
    picture = Image(media_type="image/png", data=png(), name="a [b]")
    said = message("u", None, "user", "Before", picture, "after")
    thread = Thread(id="t", messages={"u": said}, head="u")
    cells = to_cells(thread)
    at = at_message(cells, "u")
    read = from_cells(changed(cells, at, cells[at].source.replace("after", "behind")))
    assert read.messages["u"].content == (Text("Before"), picture, Text("behind"))
    gone = from_cells(changed(cells, at, "**user**\n\nOnly words"))
    assert gone.messages["u"].content == (Text("Only words"),)


def test_a_changed_code_cell_of_an_answer_is_its_block() -> None:
    said = message("a", None, "assistant", PROGRAM)
    thread = Thread(id="t", messages={"a": said}, head="a")
    cells = to_cells(thread, "transcript", Options(code_cells=True))
    code = [at for at, cell in enumerate(cells) if cell.type == "code"]
    assert [cells[at].source for at in code] == ["x = 1\nprint('a')", "y = 2"]
    read = from_cells(changed(cells, code[0], "x = 7"))
    assert read.messages["a"].text == PROGRAM.replace("x = 1\nprint('a')", "x = 7").strip("\n")
    without = [cell for at, cell in enumerate(cells) if at != code[1]]
    assert "y = 2" not in from_cells(without).messages["a"].text


@pytest.mark.parametrize("cut", [False, True])
def test_a_changed_answer_that_was_stopped_in_a_block_is_what_it_says(cut: bool) -> None:
    text = "Try:\n\n```python\nx = 1"
    stopped = message("a", None, "assistant", text, status="cancelled", tokens=9)
    thread = Thread(id="t", messages={"a": stopped}, head="a")
    cells = to_cells(thread, options=Options(code_cells=cut))
    read = from_cells(changed(cells, 1, cells[1].source.replace("Try", "Read")))
    assert read.messages["a"].text == text.replace("Try", "Read")


def test_a_cell_taken_out_is_a_message_taken_out() -> None:
    cells = list(to_cells(penguins()))
    del cells[at_message(tuple(cells), "b2")]
    read = from_cells(cells)
    assert [m.id for m in path(read)] == ["u1", "a1", "t1", "u2", "e1"]


def test_the_last_cell_taken_out_ends_the_path_before() -> None:
    read = from_cells(to_cells(penguins())[:-1])
    assert read.head == "u2"


def test_cells_of_others_and_of_a_second_export_are_passed_over() -> None:
    other = {"cell_type": "code", "source": "1 + 1", "metadata": {}}
    thread = penguins()
    second = Thread(id="t2", title="Second")
    mixed: list[Any] = []
    for cell in to_cells(thread, "transcript", WHOLE):
        mixed += [cell.to_dict(), other, Cell(type="markdown", source="x", metadata={})]
    same(from_cells([*mixed, *to_cells(second)]), thread)


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
@example(">>> 1\n... 2\n%%bash\n!ls", "")
def test_no_line_of_generated_code_is_magic(system: str, text: str) -> None:
    said = {"u": message("u", None, "user", text)}
    thread = Thread(id="t", messages=said, head="u", system=system)
    for style in ("code", "openai"):
        for cell in to_cells(thread, style):
            if cell.type == "code":
                lines = cell.source.splitlines()
                assert not any(line.lstrip().startswith((">>>", "...", "%", "!")) for line in lines)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(InputError, match="unknown style"):
        to_cells(penguins(), "prose")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="unknown format"):
        export(penguins(), "pdf")  # type: ignore[arg-type]


def test_a_message_of_two_thousand_is_read_back() -> None:
    made: dict[str, Message] = {}
    for at in range(2000):
        made[f"m{at}"] = message(f"m{at}", f"m{at - 1}" if at else None, "user", "hi")
    thread = Thread(id="t", messages=made, head="m1999")
    same(from_cells(to_cells(thread)), thread)
    same(from_json(export(thread, "json").text, unused)[0], thread)
