"""`{{name}}` in messages and system prompts, filled in when they are sent."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from playground_widget import Playground, Run, UnsetVariablesError
from playground_widget.conversation import Update
from playground_widget.demo import DemoServer
from playground_widget.export import Options, Target
from playground_widget.export._asked import asked
from playground_widget.template import digest_of

Make = Callable[..., Playground]


def sent(server: DemoServer) -> list[str]:
    """Return the words of the last request, whichever API it went by."""
    body: Any = server.requests[-1].body
    system = [body["instructions"]] if "instructions" in body else []
    messages = body.get("messages") or body["input"]
    return system + [message["content"] for message in messages]


def test_variables_are_filled_in_as_they_are_when_sent(
    playground: Make, server: DemoServer
) -> None:
    pg = playground("Answer in {{language}}.", variables={"language": "English"})
    pg.add(r"Hello {{ name }}, \{{name}} and {{ user.name }}")
    pg.variables["name"] = {"first": "Ada"}
    answer = pg.send()
    assert sent(server)[:2] == [
        "Answer in English.",
        "Hello {'first': 'Ada'}, {{name}} and {{ user.name }}",
    ]
    assert answer.variables == {"language": "English", "name": "{'first': 'Ada'}"}
    assert pg.system == "Answer in {{language}}."
    assert pg[0].text.startswith("Hello {{ name }}")


def test_what_models_and_tools_said_is_sent_as_they_said_it(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(variables={"a": "filled"})
    pg.add(
        [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Say {{a}} {{b}}"}]
    )
    assert pg.send("Two").variables is None
    assert "Say {{a}} {{b}}" in sent(server)


@pytest.mark.parametrize("how", ["send", "run", "edit", "regenerate", "delete"])
def test_unset_names_are_refused_before_anything_is_added_or_sent(
    playground: Make, server: DemoServer, how: str
) -> None:
    pg = playground()
    pg.send("Hello")
    if how not in {"send", "edit"}:
        pg.add("{{one}} {{two}} {{one}}")
    before, asked_before = pg.thread, len(server.requests)
    ways: dict[str, Callable[[], object]] = {
        "send": lambda: pg.send("{{one}} {{two}}"),
        "run": pg.send,
        "edit": lambda: pg.edit(0, "{{one}} {{two}}", rerun=True),
        "regenerate": pg.regenerate,
        "delete": lambda: pg._do(pg._session.delete_and_run, [pg[0].id], Run(pg._engine)),
    }
    with pytest.raises(UnsetVariablesError, match=r"\{\{one\}\} and \{\{two\}\} are not set") as e:
        ways[how]()
    assert e.value.names == ("one", "two")
    assert pg.thread == before
    assert len(server.requests) == asked_before


def test_a_name_of_the_system_prompt_blocks_too_and_so_does_a_value_that_raises(
    playground: Make,
) -> None:
    class Broken:
        def __repr__(self) -> str:
            raise ZeroDivisionError

    pg = playground("{{a}}", variables={"a": Broken()})
    with pytest.raises(UnsetVariablesError, match="this Broken could not be turned into text"):
        pg.send("Hello")
    assert pg.messages == ()


def test_a_value_that_never_becomes_text_is_refused_and_holds_up_nothing(
    playground: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    class Hanging:
        def __repr__(self) -> str:
            released.wait()
            return "late"

    monkeypatch.setattr("playground_widget.conversation._variables.PATIENCE", 0.1)
    pg = playground(variables={"a": Hanging()})
    try:
        for _ in range(10):
            with pytest.raises(UnsetVariablesError, match=r"not text after 0\.1 s"):
                pg.send("{{a}}")
        assert pg.send("Hello").status == "complete"
    finally:
        released.set()


def test_a_value_that_ends_its_thread_is_refused_at_once_and_those_beside_it_are_shown_on(
    playground: Make,
) -> None:
    class Ending:
        def __repr__(self) -> str:
            raise SystemExit

    pg = playground("{{a}}", variables={"a": "one"})
    page = Page(pg)
    page.wait(a="one")
    pg.variables["a"] = Ending()
    with pytest.raises(UnsetVariablesError, match="SystemExit"):
        pg.send("Hello")
    pg.variables["a"] = "two"
    page.wait(a="two")


def test_a_message_that_waits_for_its_turn_is_refused_at_once(playground: Make) -> None:
    pg = playground(extra={"demo": {"rate": 1, "tokens": 50}})
    run = pg.start("Hello")
    with pytest.raises(UnsetVariablesError):
        pg.start("{{a}}")
    pg.stop()
    run.result()
    assert [message.text for message in pg.messages[:1]] == ["Hello"]


def test_regenerating_looks_again_and_going_on_does_not(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(variables={"a": "one"})
    first = pg.send("{{a}}")
    pg.variables["a"] = "two"
    second = pg.regenerate()
    assert (first.variables, second.variables) == ({"a": "one"}, {"a": "two"})
    assert "two" in sent(server)
    pg.select(first)
    assert pg.continue_(first).variables == {"a": "one"}
    assert "one" in sent(server)


def test_an_export_shows_the_request_that_made_the_answer(playground: Make) -> None:
    pg = playground("{{a}}", variables={"a": "one"})
    pg.send("{{a}}!")
    pg.variables["a"] = "two"
    body = asked(pg.thread, Options(), Target(api="chat")).body
    assert [message["content"] for message in body["messages"]] == ["one", "one!"]
    pg.add("{{a}}?")
    body = asked(pg.thread, Options(), Target(api="chat", variables={"a": "three"})).body
    assert [m["content"] for m in body["messages"] if m["role"] != "assistant"] == [
        "three",
        "three!",
        "three?",
    ]


def test_an_export_of_what_would_be_sent_now_has_the_values_of_now(playground: Make) -> None:
    pg = playground("{{a}} {{unset}}", variables={"a": "one"})
    pg.add("Hello")
    pg.variables["a"] = "two"
    assert "two {{unset}}" in "".join(cell.source for cell in pg.to_cells("openai"))


def test_what_was_sent_is_there_after_a_restart_also_where_it_is_long(
    playground: Make, tmp_path: Path
) -> None:
    long = "🐧" * 5000
    pg = playground(store=tmp_path / "a.sqlite", variables={"long": long, "short": "b"})
    pg.send("{{long}} {{short}}")
    pg.regenerate()
    answers = [m for m in pg.thread.messages.values() if m.role == "assistant"]
    pg.close()
    again = playground(store=tmp_path / "a.sqlite", thread=pg.thread.id)
    found = [m for m in again.thread.messages.values() if m.role == "assistant"]
    assert found == answers
    assert found[0].variables == {"long": long, "short": "b"}
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        assert file.execute("SELECT data FROM blobs").fetchall() == [(long.encode(),)]
        assert file.execute("SELECT max(length(facts)) FROM messages").fetchone()[0] < len(long)


def test_a_thread_of_a_file_keeps_what_was_sent(playground: Make, tmp_path: Path) -> None:
    pg = playground(variables={"a": "one"})
    pg.send("{{a}}")
    pg.export(tmp_path / "a.json")
    read = Playground.from_json(tmp_path / "a.json", connection=pg.connection)
    assert read[-1].variables == {"a": "one"}


def test_names_are_looked_up_in_the_notebook_after_the_playgrounds_own(
    playground: Make, shell: Any, server: DemoServer
) -> None:
    shell.run_cell("import os\ndef f(): ...\nclass C: ...\na = 'theirs'\nb = 2\n_c = 3")
    pg = playground(variables={"a": "own"})
    pg.send("{{a}} {{b}}")
    assert "own 2" in sent(server)
    for name in ("os", "f", "C", "_c", "In", "exit", "nowhere"):
        with pytest.raises(UnsetVariablesError):
            pg.send(f"{{{{{name}}}}}")


class Page:
    """Hears what a page would hear."""

    def __init__(self, pg: Playground) -> None:
        self.pg = pg
        self.shown: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        pg._engine.call(pg._conversation.subscribe, self.hear)

    def hear(self, update: Update) -> None:
        if update.settings is not None:
            with self.changed:
                self.shown = update.settings["variables"]
                self.changed.notify_all()

    def wait(self, **expected: str | None) -> None:
        """Wait until these names are shown with these texts, `None` for those that are unset."""

        def is_there() -> bool:
            found = {v["name"]: v["text"] if v["source"] else None for v in self.shown}
            return found == expected

        with self.changed:
            assert self.changed.wait_for(is_there, 20), self.shown


def test_a_page_is_shown_what_the_path_uses_and_follows_it(playground: Make, shell: Any) -> None:
    pg = playground("{{system}}", variables={"system": "a"})
    page = Page(pg)
    page.wait(system="a")
    pg.add("{{b}}")
    page.wait(system="a", b=None)
    pg.variables["b"] = 1
    page.wait(system="a", b="1")
    pg.variables = {"b": "new"}
    page.wait(system=None, b="new")
    pg.system = ""
    page.wait(b="new")
    pg.variables.clear()
    shell.run_cell("b = [1]")
    page.wait(b="[1]")
    shell.run_cell("b.append(2)")
    page.wait(b="[1, 2]")
    pg.undo()
    pg.undo()
    page.wait(system=None)


def test_a_kernel_is_not_followed_while_nobody_looks(playground: Make, shell: Any) -> None:
    before = list(shell.events.callbacks["post_run_cell"])
    pg = playground("{{a}}")
    assert shell.events.callbacks["post_run_cell"] == before
    page = Page(pg)
    page.wait(a=None)
    assert len(shell.events.callbacks["post_run_cell"]) == len(before) + 1
    pg._engine.call(pg._conversation.unsubscribe, page.hear)
    assert shell.events.callbacks["post_run_cell"] == before


def test_an_answer_tells_a_page_digests_and_never_the_values(playground: Make) -> None:
    secret = "the value " * 50
    pg = playground(variables={"a": secret})
    answer = pg.send("{{a}}")
    shown = pg.widget.present()["thread"]["messages"][-1]
    assert shown["id"] == answer.id
    assert shown["variables"] == {"a": digest_of(secret)}
    assert secret not in str(pg.widget.present())


def test_assigning_what_is_no_mapping_is_refused(playground: Make) -> None:
    pg = playground(variables={"a": 1})
    with pytest.raises(ValueError, match="variables are a dict"):
        pg.variables = [1]  # type: ignore[assignment]
    assert dict(pg.variables) == {"a": 1}
