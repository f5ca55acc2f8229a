"""`%%playground` in a cell."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from IPython.utils.capture import capture_output

from playground_widget import Message, Playground
from playground_widget.demo import DemoServer
from tests.playground.test_variables import sent

Make = Callable[..., Playground]


@pytest.fixture
def cell(shell: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Run a cell of a notebook that has loaded the extension; return what it showed."""
    # IPython leaves `_` alone where it is a builtin, which doctests of this process make it.
    monkeypatch.delattr("builtins._", raising=False)
    shell.run_line_magic("load_ext", "playground_widget")

    def run(source: str) -> Any:
        with capture_output() as captured:
            outcome = shell.run_cell(source, store_history=True)
        outcome.raise_error()
        return [output.data for output in captured.outputs]

    yield run
    shell.run_line_magic("unload_ext", "playground_widget")


def test_a_cell_is_sent_and_the_answer_is_its_output(
    playground: Make, server: DemoServer, shell: Any, cell: Callable[[str], Any]
) -> None:
    shell.user_ns["pg"] = pg = playground("Be brief.")
    cell("language = 'French'")
    shown = cell("%%playground pg\nSay it\nin {{language}}, {a} and {{ b.c }}.\n")
    assert "Say it\nin French, {a} and {{ b.c }}." in sent(server)
    answer = pg[-1]
    assert shown == [{"text/plain": answer.text, "text/markdown": answer.text}]
    assert isinstance(shell.user_ns["_"], Message)
    assert shell.user_ns["_"] == answer
    assert answer.variables == {"language": "French"}


def test_without_a_name_the_one_shown_last_is_asked(
    playground: Make, cell: Callable[[str], Any]
) -> None:
    first, second, _ = playground(), playground(), playground()
    assert first.widget is not None
    assert second.widget is not None
    cell("%%playground\nHello")
    assert (len(first), len(second)) == (0, 2)
    assert first.widget is not None
    cell("%%playground\nHello")
    assert (len(first), len(second)) == (2, 2)


def test_one_that_was_closed_is_not_asked(playground: Make, cell: Callable[[str], Any]) -> None:
    pg = playground()
    assert pg.widget is not None
    pg.close()
    gc.collect()
    with pytest.raises(Exception, match=r"No playground was shown yet\. Show one"):
        cell("%%playground\nHello")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("%%playground other\nHello", "There is no variable other. Make one with other = "),
        ("%%playground number\nHello", "number is no playground but of type int"),
        ("%%playground pg\n  \n", "There is nothing to send"),
        ("%%playground pg\n{{unset}}", r"\{\{unset\}\} is not set"),
    ],
)
def test_what_cannot_be_sent_says_what_to_do(
    playground: Make, shell: Any, cell: Callable[[str], Any], source: str, words: str
) -> None:
    shell.user_ns |= {"pg": playground(), "number": 1}
    with pytest.raises(Exception, match=words):
        cell(source)
    assert len(shell.user_ns["pg"]) == 0


def test_unloading_takes_the_magic_away(shell: Any) -> None:
    shell.run_line_magic("load_ext", "playground_widget")
    assert "playground" in shell.magics_manager.magics["cell"]
    shell.run_line_magic("unload_ext", "playground_widget")
    assert "playground" not in shell.magics_manager.magics["cell"]
