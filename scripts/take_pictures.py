"""Takes the README's pictures from a real notebook and a real page: `make pictures`."""

from __future__ import annotations

import io
import itertools
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import tests.conftest  # noqa: E402, F401 - an empty home for Jupyter, before it starts
from find_browser import find_browser  # noqa: E402
from sample_server import serve  # noqa: E402
from tests.browser.conftest import BROWSER_ARGUMENTS  # noqa: E402
from tests.browser.harness.jupyter import JupyterServer, start_jupyter  # noqa: E402
from tests.browser.harness.notebook import NotebookPage, Theme  # noqa: E402
from tests.browser.playground import PlaygroundView, shown  # noqa: E402

CELL = """
from playground_widget import Playground
pg = Playground(title="Temperature")
pg
""".strip()
SAMPLES = """
import pandas as pd
from playground_widget import Connection, Playground, Tool, Variant, exact
samples = Connection("samples", {url!r}, label="Sample server", api="chat")
pg = Playground(connection=samples, model="large", store=":memory:", **{options!r})
pg
""".strip()
TOOLS = """
penguins = pd.DataFrame({"species": ["Adelie", "Chinstrap", "Gentoo"], "n": [151, 68, 123],
                         "mean": [3701, 3733, 5076], "sd": [459, 384, 504]})

def describe(frame: str, by: str = "species") -> pd.DataFrame:
    '''Count, mean and spread of a table of the notebook, per group.'''
    return penguins

def run_sql(query: str) -> str:
    '''Run a query on the warehouse.'''
    return "1 row"

pg.tools = [describe, Tool(run_sql, confirm=True)]
"""
REVIEWS = """
reviews = pd.DataFrame(
    [
        ("Arrived late, but the lamp is lovely and the light is warm.", "mixed"),
        ("The switch broke in a week. Support sent a new one the same day.", "mixed"),
        ("Does what it says.", "positive"),
        ("Je l\u2019ai rendue. Trop sombre pour lire.", "negative"),
        ("Not what I would call bright, not what I would call a lamp.", "negative"),
        ("Five stars for the box.", "negative"),
    ],
    columns=["review", "expected"],
)
pg.compare(
    reviews,
    [
        Variant(name="Baseline", system="Positive, negative or mixed?"),
        Variant(name="Plain words", system="Answer in one word: positive, negative or mixed."),
        Variant(name="Small", model="small", system="Positive, negative or mixed?"),
    ],
    scorers=[exact("expected", case=False)],
    name="reviews",
).result()
"""
QUESTION = "What does the temperature do? Show me the maths."
HEAVIEST = "Which species is heaviest, and is the gap real?"
SAID = ("What is a confounder?", "Show me a table of three birds.", "Show me some code.")
THEMES: tuple[Theme, ...] = ("light", "dark")
FIRST = (
    "Gentoo penguins are the heaviest species in the data, with a mean body mass of 5,076 g.\n\n"
    "Chinstrap and Adelie penguins are lighter, at 3,733 g and 3,701 g. The difference between "
    "Gentoo and the other two species is statistically significant.\n\n"
    "It is important to note that two birds have no recorded weight."
)
PLAIN = (
    "Gentoo penguins are the heaviest species, at 5,076 g on average.\n\n"
    "Chinstrap and Adelie weigh 3,733 g and 3,701 g. The 1.34 kg gap to Chinstrap is real: its "
    "95% interval runs from 1.21 to 1.47 kg.\n\nTwo birds have no recorded weight."
)
VERDICTS = {
    "Arrived": ("mixed", "mixed", "positive"),
    "The switch": ("mixed", "Mixed", "negative"),
    "Does": ("neutral", "positive", "positive"),
    "Je": ("negative", "negative", "mixed"),
    "Not": ("negative", "negative", "negative"),
    "Five": ("positive", "negative", "positive"),
}
"""What each variant says of a review that begins so."""


def sample(body: dict[str, Any]) -> str | dict[str, Any]:
    """Answer as a model might."""
    *_, last = body["messages"]
    system = next((each["content"] for each in body["messages"] if each["role"] == "system"), "")
    column = 2 if body["model"] == "small" else int("one word" in system)
    for begin, said in VERDICTS.items():
        if str(last["content"]).startswith(begin):
            return said[column]
    if body.get("tools") and last["role"] == "user":
        if "warehouse" in last["content"]:
            query = "select count(*) from penguins where body_mass_g is null"
            return {"name": "run_sql", "arguments": {"query": query}}
        return {"name": "describe", "arguments": {"frame": "penguins", "by": "species"}}
    if last["role"] == "tool":
        return FIRST.split("\n", maxsplit=1)[0]
    return PLAIN if "Plain" in system else FIRST


def in_chat(view: PlaygroundView, notebook: NotebookPage) -> None:
    """Show an answer that was given again."""
    view.send(QUESTION)
    view.until_ended()
    notebook.execute("pg.regenerate()")
    expect(view.root.locator(".pgw-math > code")).to_have_count(0)


def with_tools(view: PlaygroundView, notebook: NotebookPage) -> None:
    """Show a call with its table, and one that asks first."""
    notebook.execute(TOOLS)
    view.send(HEAVIEST)
    view.until_ended()
    view.send("How many have no weight in the warehouse?")
    expect(view.button("Run once")).to_be_visible()
    view.log.evaluate("log => { log.scrollTop = log.scrollHeight; }")


def in_columns(view: PlaygroundView, _: NotebookPage) -> None:
    """Show two prompts and two models beside each other."""
    view.send(HEAVIEST)
    view.until_ended()
    view.button("Compare").click()
    view.button("Add variant").click()
    for letter, name, system, model in (
        ("B", "Plain words", "Plain words, no fillers.", "large"),
        ("C", "Small", "Plain words, no fillers.", "small"),
    ):
        view.button(f"Edit variant {letter}").click()
        dialog = view.root.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Name").fill(name)
        dialog.get_by_role("textbox", name="System prompt").fill(system)
        dialog.get_by_role("combobox", name="Model").fill(model)
        dialog.get_by_role("button", name="Done").click()
    view.button("Run all").first.click()
    picks = view.root.get_by_role("button", name="Pick", exact=True)
    expect(picks).to_have_count(3)
    for pick in picks.all():
        expect(pick).to_be_enabled()
    picks.nth(1).click()
    expect(view.button("Winner")).to_be_visible()


def in_a_grid(view: PlaygroundView, notebook: NotebookPage) -> None:
    """Show a table of reviews, asked three ways."""
    notebook.execute(REVIEWS)
    cell = view.root.locator("td[data-row='1'][data-column='1']")
    cell.focus()


def with_parameters(view: PlaygroundView, _: NotebookPage) -> None:
    """Show the parameters beside the conversation."""
    view.send(HEAVIEST)
    view.until_ended()
    view.button("Parameters").click()
    expect(view.root.get_by_role("complementary", name="Parameters")).to_be_visible()


class Scene(NamedTuple):
    """A picture of a cell."""

    name: str
    play: Callable[[PlaygroundView, NotebookPage], None]
    height: int
    width: int = 1040
    options: dict[str, Any] | None = None


SCENES = (
    Scene("playground", in_chat, 700),
    Scene("parameters", with_parameters, 620, 1240, {"temperature": 0.3, "seed": 7}),
    Scene("tools", with_tools, 880),
    Scene("compare", in_columns, 620, 1240, {"temperature": 0.3}),
    Scene("grid", in_a_grid, 640, 1240),
)


def take(notebook: NotebookPage, theme: Theme, scene: Scene) -> None:
    """Play a scene, and save a picture of the cell that shows it."""
    notebook.open()
    notebook.set_theme(theme)
    notebook.evaluate("app.shell.collapseLeft();")
    notebook.run(0)
    view = shown(notebook)
    frame = view.root.locator(".pgw-frame")
    frame.evaluate("(frame, px) => { frame.style.height = `${px}px`; }", scene.height)
    scene.play(view, notebook)
    notebook.page.mouse.move(0, 0)
    notebook.page.wait_for_timeout(500)  # a shadow fades out
    # The first picture shows what to type, too.
    part = notebook.cell(0) if scene is SCENES[0] else frame
    save(part.screenshot(), f"{scene.name}-{theme}")


def save(png: bytes, name: str) -> None:
    """Save a picture with as many colours as it needs, for a third of the size."""
    picture = ROOT / "docs" / f"{name}.png"
    with Image.open(io.BytesIO(png)) as image:
        colours = image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE)
        colours.save(picture, optimize=True)
    print(picture.relative_to(ROOT), picture.stat().st_size)


def talk(page: Page, server: JupyterServer) -> str:
    """Hold some conversations on the page of a server, and return the address of the last."""
    view = PlaygroundView(page.locator("body"))
    for question in SAID:
        page.goto(f"{server.url}playground?token={server.token}")
        view.wait()
        view.send(question)
        view.until_ended()
    return page.url


def take_page(page: Page, server: JupyterServer, address: str, theme: Theme) -> None:
    """Save a picture of a thread on its page."""
    page.goto(f"{address}?token={server.token}")
    view = PlaygroundView(page.locator("body")).wait()
    expect(view.messages()).to_have_count(1)
    expect(view.root.locator(".pgw-math > code")).to_have_count(0)
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    save(page.screenshot(), f"page-{theme}")


def main(wanted: Sequence[str]) -> None:
    """Take the pictures of some names, or all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(sample) as url,
        sync_playwright() as playwright,
    ):
        server = start_jupyter("lab", Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGUMENTS)
        try:
            for scene, theme in itertools.product(SCENES, THEMES):
                if wanted and scene.name not in wanted:
                    continue
                size: ViewportSize = {"width": scene.width, "height": 1000}
                context = browser.new_context(viewport=size, device_scale_factor=1.5)
                name = f"{scene.name}-{theme}.ipynb"
                options = scene.options or {}
                cell = (
                    CELL if scene.name == "playground" else SAMPLES.format(url=url, options=options)
                )
                server.write_notebook(name, [cell])
                take(NotebookPage(context.new_page(), server, name), theme, scene)
                server.end_kernels(name)
                context.close()
            if wanted and "page" not in wanted:
                return
            address = talk(browser.new_page(), server)
            for theme in THEMES:
                context = browser.new_context(
                    viewport={"width": 1240, "height": 780},
                    device_scale_factor=1.5,
                    color_scheme=theme,
                )
                take_page(context.new_page(), server, address, theme)
                context.close()
        finally:
            browser.close()
            server.process.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
