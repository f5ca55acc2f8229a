"""Keys belong to the widget while the focus is in it, and to the notebook everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.harness.jupyter import Host
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import PlaygroundView, show, shown

CELLS = [
    "before = 1",
    show(model="demo-fast") + "\npg.add('First'); pg.add('Second'); pg.add('Third'); pg",
    "after = 1",
]
WIDGET = 1

# What the notebook and the application would do with them is beside each.
KEYS = [
    *("Shift+Enter", "Control+Enter", "Alt+Enter"),  # run the cell
    *("d", "d", "x", "c", "v", "Shift+V", "z", "Shift+Z"),  # delete, cut, copy, paste, undo
    *("a", "b", "m", "y", "r", "1", "Shift+M", "Shift+L"),  # add cells, change them
    *("j", "k", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"),  # move
    *("Shift+ArrowDown", "Shift+K", "Control+a"),  # select
    *("Escape", "Enter", "Tab", "Shift+Tab"),  # change the mode, leave
    *("Control+b", "Control+Shift+c", "Control+s", "Control+f"),  # side bar, palette, save, find
    *("0", "0", "i", "i"),  # restart the kernel, interrupt it
]
FEW_KEYS = ["Shift+Enter", "Control+Enter", "d", "d", "a", "ArrowDown", "Escape", "Control+b"]

Place = Callable[[PlaygroundView], Locator]


def in_the_composer(view: PlaygroundView) -> Locator:
    return view.composer


def on_a_message(view: PlaygroundView) -> Locator:
    return view.messages("user").last


def in_an_edit(view: PlaygroundView) -> Locator:
    field = view.root.get_by_role("textbox", name="Edit message")
    if not field.count():
        on_a_message(view).press("Enter")
    return field.last


def in_a_menu(view: PlaygroundView) -> Locator:
    # The one in use: choosing it changes nothing, where another may ask for its key.
    item = view.root.get_by_role("menuitemradio", checked=True)
    if not item.count():
        view.root.get_by_role("button", name="Connection:").click()
    return item.first


def in_a_dialog(view: PlaygroundView) -> Locator:
    field = view.root.get_by_label("API key")
    if not field.count():
        in_a_menu(view)
        view.root.get_by_role("menuitem", name="Add a key").click()
    return field


def on_a_button(view: PlaygroundView) -> Locator:
    return view.root.get_by_role("button", name="Model:")


PLACES: list[tuple[Place, list[str]]] = [
    (in_the_composer, KEYS),
    (on_a_message, KEYS),
    (in_an_edit, FEW_KEYS),
    (in_a_menu, FEW_KEYS),
    (in_a_dialog, FEW_KEYS),
    (on_a_button, FEW_KEYS),
]


def state(notebook: NotebookPage) -> dict[str, Any]:
    """Return everything that a key could change beside the widget."""
    found: dict[str, Any] = notebook.evaluate(
        """
        const { content } = panel;
        return {
            cells: content.widgets.map(({ model }) => [
                model.type, model.sharedModel.getSource(), model.executionCount ?? null]),
            selected: content.widgets.map(cell => content.isSelectedOrActive(cell)),
            active: content.activeCellIndex,
            mode: content.mode,
            dirty: panel.context.model.dirty,
            leftCollapsed: app.shell.leftCollapsed,
            rightCollapsed: app.shell.rightCollapsed,
            dialogs: document.querySelectorAll(
                ".jp-Dialog, .jp-DocumentSearch-overlay, .lm-Menu").length,
            kernel: panel.sessionContext.session.kernel.id,
        };
        """
    )
    return found


def watch(notebook: NotebookPage) -> None:
    """Remember the commands of the application, and keys pressed in the notebook elsewhere."""
    notebook.evaluate(
        """
        window.commandsRun = [];
        app.commands.commandExecuted.connect((_, { id }) => window.commandsRun.push(id));
        window.keysElsewhere = [];
        window.addEventListener("keydown", ({ key, target }) => {
            const notebook = target.closest(".jp-Notebook") && !target.closest(".pgw");
            if (notebook) window.keysElsewhere.push(key);
        }, true);
        """
    )


def commands_run(notebook: NotebookPage) -> list[str]:
    """Return the commands of the application since this was last asked."""
    found: list[str] = notebook.evaluate("return window.commandsRun.splice(0);")
    return found


def keys_elsewhere(notebook: NotebookPage) -> list[str]:
    """Return the keys pressed in the notebook, outside the widget, since this was last asked."""
    found: list[str] = notebook.evaluate("return window.keysElsewhere.splice(0);")
    return found


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_keys_in_the_widget_do_nothing_to_the_notebook(
    open_notebook: OpenNotebook, host: Host
) -> None:
    notebook = open_notebook(CELLS, host=host, own_page=True)
    notebook.run_all()
    view = shown(notebook, WIDGET)
    view.composer.click()
    watch(notebook)
    before = state(notebook)
    assert before["active"] == WIDGET
    assert before["dirty"] is True
    for place, keys in PLACES:
        for key in keys:
            target = place(view)
            target.press(key)
            if place is in_an_edit and key == "Control+Enter":
                expect(target).to_have_count(0)  # once the kernel has taken it
        assert keys_elsewhere(notebook) == [], place.__name__
        assert commands_run(notebook) == [], place.__name__
        assert state(notebook) == before, place.__name__


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_keys_outside_the_widget_are_the_notebooks_again(
    open_notebook: OpenNotebook, host: Host
) -> None:
    notebook = open_notebook(CELLS, host=host, own_page=True)
    notebook.run_all()
    view = shown(notebook, WIDGET)
    keyboard = notebook.page.keyboard
    watch(notebook)

    # The first of two keys was typed here: the notebook must not take the next one for the second.
    on_a_message(view).focus()
    keyboard.press("d")
    prompt = notebook.cell(2).locator(".jp-InputPrompt")
    prompt.click()
    keyboard.press("d")
    assert notebook.sources() == CELLS
    keyboard.press("Escape")

    commands_run(notebook)
    keyboard.press("b")
    notebook.wait_for("panel.content.widgets.length === 4")
    keyboard.press("d")
    keyboard.press("d")
    notebook.wait_for("panel.content.widgets.length === 3")
    if host == "lab":  # Notebook 7 has no such key
        prompt.click()
        collapsed = notebook.evaluate("return app.shell.leftCollapsed;")
        keyboard.press("Control+b")
        notebook.wait_for("app.shell.leftCollapsed !== argument", collapsed)
    prompt.click()
    count = notebook.evaluate("return panel.content.widgets[2].model.executionCount;")
    keyboard.press("Shift+Enter")
    notebook.wait_for("panel.content.widgets[2].model.executionCount > argument", count)
    assert "notebook:insert-cell-below" in commands_run(notebook)
