"""axe-core finds nothing against WCAG 2.2 AA in any screen, in light and in dark."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import Axe
from tests.browser.harness.notebook import NotebookPage, OpenNotebook, Theme
from tests.browser.playground import PlaygroundView, pace, show, shown

# Of what is scrolled away or cut off axe does not see the contrast. JupyterLab's body is 0 pixels
# high and cuts off everything, by the book.
HEIGHT = 4200
WHOLE = f"""
body {{ overflow: visible !important }}
.pgw-frame {{ height: {HEIGHT - 400}px !important }}
.pgw-msg {{ content-visibility: visible !important }}
"""

ANSWER = """
**Gentoo** is the heaviest, see [the data](https://example.org/) and `penguins`, ~~not~~ maybe.

| Species | Birds | Mean |
|---|---:|---:|
| Gentoo | 123 | 5,076 |

$$\\mathrm{SE} = \\sqrt{\\frac{s_A^2}{n_A}}$$

```python
from scipy import stats  # a comment
@decorator
def heavy(frame: str = "penguins", n=12) -> bool:
    return stats.ttest_ind(f"{frame}", None) or True
```

```diff
- old
+ new
```

> A quotation, with $x^2$ in it.

- [x] done
- [ ] open

![A picture](https://example.org/a.png)
"""

CONVERSATION = f"""
import pandas as pd
pg.system = "You are a careful analyst. " * 20
frame = pd.DataFrame({{"species": ["Adelie", "Gentoo"], "mass": [3700.7, 5076.0]}})
pg.add([frame, "What stands out?"])
pg.add({ANSWER!r}, role="assistant")
pg.add("And why?", role="developer")
call = {{"name": "mean", "arguments": '{{"by": 1}}'}}
pg.add({{"role": "assistant", "content": None, "tool_calls": [
    {{"id": "c1", "type": "function", "function": call}}]}})
pg.add({{"role": "tool", "tool_call_id": "c1", "content": '{{"mean": 12}}'}})
pg.edit(0, [frame, "What stands out here?"])
pg.send("Hello")
"""

FAILING = [
    "demo-no-quota",
    "demo-bad-key",
    "demo-cut",
    "demo-stream-error",
    "demo-malformed",
    "demo-refusal",
    "demo-filter",
    "demo-empty",
    "no-such-model",
]


class Checked:
    """A notebook whose playground is looked at, screen after screen."""

    def __init__(self, notebook: NotebookPage, view: PlaygroundView) -> None:
        self.notebook = notebook
        self.view = view
        self.found: list[str] = []
        self.prepare()

    def prepare(self) -> None:
        """Bring axe-core into the page as it is now."""
        page = self.notebook.page
        self.axe = Axe(page, self.found)
        self.notebook.add_style(WHOLE)

    def look(self, screen: str) -> None:
        """Note what axe finds in this screen."""
        self.axe.look(screen)

    def menu(self, opener: Locator, screen: str) -> None:
        """Look at what a button opens, and close it."""
        opener.click()
        layer = self.view.root.locator("[role=menu], [role=dialog]").last
        expect(layer).to_be_visible()
        self.look(screen)
        self.notebook.page.keyboard.press("Escape")
        expect(layer).to_have_count(0)


def begin(open_notebook: OpenNotebook, theme: Theme, **options: Any) -> Checked:
    notebook = open_notebook([show(**options)], theme=theme, viewport=(1280, HEIGHT))
    # Nothing fades in: contrast in the middle of a fade says nothing.
    notebook.page.emulate_media(reduced_motion="reduce", color_scheme=theme)
    notebook.run(0)
    view = shown(notebook)
    expect(view.root).to_have_attribute("data-theme", theme)
    return Checked(notebook, view)


def row(view: PlaygroundView, role: str) -> Locator:
    return view.messages(role).first


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_screens_of_a_conversation(open_notebook: OpenNotebook, theme: Theme) -> None:
    checked = begin(open_notebook, theme, model="demo-fast")
    notebook, view, look = checked.notebook, checked.view, checked.look
    button = view.root.get_by_role("button", name="Connection:")
    look("first run")
    checked.menu(button, "connection menu")
    checked.menu(view.root.get_by_role("button", name="Model:"), "model picker")
    checked.menu(view.button("Add a key"), "dialog for a key")
    button.click()
    checked.menu(view.root.get_by_role("menuitem", name="Another server"), "dialog for a server")

    notebook.execute(CONVERSATION)
    view.until_ended()
    expect(view.root.locator(".pgw-math > code")).to_have_count(0)
    expect(view.root.locator(".pgw-data")).to_be_visible()
    look("conversation")
    view.button("Show the system prompt").click()
    look("system prompt")
    view.button("Edit the system prompt").click()
    look("system prompt, edited")
    notebook.page.keyboard.press("Escape")

    row(view, "user").focus()
    notebook.page.keyboard.press("?")
    look("keys")
    notebook.page.keyboard.press("Escape")
    row(view, "user").hover()
    more = row(view, "user").get_by_role("toolbar").get_by_role("button", name="More actions")
    checked.menu(more, "menu of a message")
    more.click()
    view.root.get_by_role("menuitem", name="Change role").click()
    look("menu in a menu")
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Escape")
    checked.menu(
        view.root.get_by_role("button", name="Role: user").last, "role of the next message"
    )

    row(view, "user").press("Enter")
    row(view, "assistant").press("Enter")
    row(view, "developer").press("a")
    expect(view.root.get_by_role("textbox", name="Edit message")).to_have_count(2)
    expect(view.button("Cancel")).to_have_count(3)
    look("editing and inserting")
    for left in (2, 1, 0):
        view.button("Cancel").first.click()
        expect(view.button("Cancel")).to_have_count(left)
    row(view, "developer").press("d")
    row(view, "developer").press("d")
    expect(view.button("Undo")).to_be_visible()
    look("toast")

    view.root.evaluate("root => { root.style.width = '360px'; }")
    look("narrow")
    checked.menu(row(view, "user").get_by_role("button", name="More actions").last, "narrow menu")
    assert checked.found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_screens_of_runs_and_their_failures(open_notebook: OpenNotebook, theme: Theme) -> None:
    checked = begin(open_notebook, theme, model="demo-slow")
    notebook, view, look = checked.notebook, checked.view, checked.look
    notebook.execute("pg.start('Hello')")
    view.until_writing()
    view.composer.fill("Next")
    look("writing")
    view.composer.fill("")
    view.button("Stop").click()
    view.until_ended()
    look("stopped")

    notebook.execute("pg.model = 'demo-hang'; pg.start('Hello')")
    expect(view.button("Stop")).to_be_visible()
    look("waiting")
    view.button("Stop").click()
    view.until_ended()

    notebook.execute(
        f"pg.params = {pace(rate=20)!r}; pg.model = 'demo-reasoning'; pg.start('Hello')"
    )
    thought = view.messages().last.locator(".pgw-think")
    thought.click()
    look("thinking")
    view.button("Stop").click()
    view.until_ended()

    notebook.execute("pg.params = {'extra': None}; pg.model = 'demo-rate-limited-always'")
    notebook.execute("pg.start('Hello')")
    expect(view.button("Try now")).to_be_visible()
    look("trying again")
    view.button("Stop trying").click()
    view.until_ended()

    notebook.execute(
        f"""
for model in {FAILING!r}:
    pg.model = model
    try:
        pg.send("Hello")
    except Exception as error:
        print(type(error).__name__)
pg.model = "demo-context"
try:
    pg.send("a long word " * 600)
except Exception as error:
    print(type(error).__name__)
"""
    )
    view.until_ended()
    expect(view.root.locator(".pgw-fill")).to_be_visible()
    expect(view.root.get_by_role("alert")).to_have_count(7)
    look("failures")
    view.root.evaluate("root => { root.style.width = '360px'; }")
    look("failures, narrow")

    notebook.evaluate("await panel.sessionContext.shutdown();")
    expect(view.composer).to_have_count(0)
    look("without its kernel")
    assert checked.found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_screens_of_threads_and_files(open_notebook: OpenNotebook, theme: Theme) -> None:
    checked = begin(open_notebook, theme, model="demo-fast", store=":memory:", system="Be brief.")
    notebook, view, look = checked.notebook, checked.view, checked.look
    notebook.execute(
        """
pg.send("Show me some code.")
pg.system = "You are a pirate."
pg.regenerate()
pg.pin()
for title in ("Penguins", "Seals"):
    pg.new_thread(title=title)
    pg.add("What do they eat?")
pg.open(pg.threads()[0])
"""
    )
    expect(view.button("v2")).to_be_visible()
    checked.menu(view.button("v2"), "versions of the system prompt")
    view.button("v2").click()
    view.root.get_by_role("menuitem", name="Compare versions").click()
    look("two versions compared")
    notebook.page.keyboard.press("Escape")

    view.button("Threads").click()
    rows = view.root.locator(".pgw-thread")
    expect(rows).to_have_count(3)
    rows.nth(1).hover()
    look("threads")
    view.root.get_by_role("searchbox", name="Search threads").fill("eat")
    expect(view.root.locator(".pgw-thread mark").first).to_be_visible()
    look("threads that were found")
    view.root.get_by_role("searchbox", name="Search threads").fill("albatross")
    expect(rows).to_have_count(0)
    look("no thread was found")
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Escape")

    view.button("Parameters").click()
    panel = view.root.get_by_role("complementary", name="Parameters")
    panel.get_by_role("radio", name="Schema").check(force=True)
    panel.get_by_role("textbox", name="Temperature").fill("9")
    look("parameters")
    panel.get_by_role("button", name="Add a function").click()
    look("how a function becomes a tool")
    notebook.page.keyboard.press("Escape")
    panel.get_by_role("button", name="Close parameters").click()

    view.button("Export").click()
    dialog = view.root.get_by_role("dialog", name="Export")
    for style in ("OpenAI code", "Transcript", "Playground code"):
        dialog.get_by_role("radio", name=style).check(force=True)
        expect(dialog.get_by_role("button", name="Insert")).to_be_enabled()
        look(f"export: {style}")
    dialog.get_by_role("radio", name="JSON").check(force=True)
    expect(dialog.get_by_role("button", name="Download JSON")).to_be_enabled()
    look("export: JSON")
    notebook.page.keyboard.press("Escape")
    assert checked.found == []


def test_axe_sees_what_it_is_there_for(open_notebook: OpenNotebook) -> None:
    checked = begin(open_notebook, "light")
    checked.view.root.locator(".pgw-empty h2").evaluate(
        "heading => { heading.style.opacity = 0.4; }"
    )
    checked.view.button("Send").evaluate("button => { button.textContent = ''; }")
    checked.look("first run")
    assert [found.split(": ")[1] for found in checked.found] == ["button-name", "color-contrast"]
