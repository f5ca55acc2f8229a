"""Threads become cells of the live notebook: once, below the widget, and as one step."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.harness.jupyter import Host
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import python, show, shown

QUESTION = "Remember the penguins"


def metadata(notebook: NotebookPage) -> list[dict[str, object]]:
    found: list[dict[str, object]] = notebook.evaluate(
        "return [...panel.content.model.cells].map(cell => cell.sharedModel.getMetadata());"
    )
    return found


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_python_inserts_cells_below_the_widget_while_its_cell_runs(
    open_notebook: OpenNotebook, host: Host
) -> None:
    """Neither at the active cell nor twice, though two views could do it."""
    insert = "cells = pg.insert_cells()\nimport time\ntime.sleep(2)\nprint(len(cells))"
    notebook = open_notebook(
        [show(model="demo-echo", messages=[QUESTION]), "pg", insert, "'the last cell'"], host=host
    )
    notebook.run(0)
    notebook.run(1)
    shown(notebook, 1)
    shown(notebook)
    notebook.run(2)
    notebook.wait_for("panel.content.model.cells.length > 4")
    count = python(notebook, "len(cells)")
    assert count == 2
    before = notebook.sources()
    assert len(before) == 4 + count
    # Below one of the two cells that show it.
    inserted = [i for i, each in enumerate(metadata(notebook)) if "playground_widget" in each]
    assert inserted in ([1, 2], [2, 3])
    assert before[inserted[1]].endswith(QUESTION)

    notebook.select(0)
    notebook.command("notebook:undo-cell-action")
    assert len(notebook.sources()) == 4


def test_a_thread_survives_the_notebook_it_was_inserted_into(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(model="demo-echo", messages=[QUESTION])])
    notebook.run(0)
    shown(notebook)
    notebook.execute("pg.send(); pg.insert_cells('code', branches=True)")
    notebook.wait_for("panel.content.model.cells.length > 2")
    notebook.save()
    same = python(
        notebook,
        f"Playground.from_notebook({str(notebook.path)!r}, connection='demo').messages"
        " == pg.messages",
    )
    assert same is True


def test_the_export_dialog_inserts_what_it_shows_and_downloads_the_rest(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([show(model="demo-echo", messages=[QUESTION]), "'below'"])
    notebook.run(0)
    view = shown(notebook)
    notebook.execute("pg.send()")
    notebook.select(1)
    view.button("Export").click()
    dialog = view.root.get_by_role("dialog", name="Export")
    dialog.get_by_role("radio", name="Transcript").check(force=True)
    insert = dialog.get_by_role("button", name="Insert 3 cells")
    expect(dialog.locator(".pgw-preview")).to_contain_text(QUESTION)
    insert.click()
    notebook.wait_for("panel.content.model.cells.length === 5")
    assert QUESTION in notebook.sources()[2]
    assert notebook.sources()[4] == "'below'"

    view.button("Export").click()
    dialog.get_by_role("radio", name="JSON").check(force=True)
    with notebook.page.expect_download() as download:
        dialog.get_by_role("button", name="Download JSON").click()
    path = download.value.path()
    same = python(
        notebook,
        f"Playground.from_json({str(path)!r}, connection='demo').messages == pg.messages",
    )
    assert same is True


def test_one_of_two_open_pages_inserts(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(model="demo-echo", messages=[QUESTION])])
    notebook.run(0)
    shown(notebook)
    notebook.save()
    # Another tab on the same notebook and kernel, with a notebook model of its own.
    second = NotebookPage(notebook.page.context.new_page(), notebook.server, notebook.name)
    second.open()
    shown(second)
    notebook.execute("cells = pg.insert_cells()")
    both = (notebook, second)
    count = python(notebook, "len(cells)")
    for _ in range(100):
        if sum(len(page.sources()) for page in both) > 2:
            break
        notebook.page.wait_for_timeout(100)
    # Once it is answered, nobody else is let: the kernel names one.
    assert python(notebook, "list(pg._conversation._claimed)") != []
    assert sorted(len(page.sources()) for page in both) == [1, 1 + count]
    assert second.errors.unexpected == []
    second.page.close()
