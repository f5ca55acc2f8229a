"""What is being read stays where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.browser.harness.notebook import OpenNotebook
from tests.browser.playground import pace, show, shown


def _place(log: Locator) -> int:
    place: int = log.evaluate("log => log.scrollTop")
    return place


def test_the_pointer_leaving_a_long_message_moves_nothing(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(model="demo-long", **pace(tokens=3000))])
    notebook.run(0)
    view = shown(notebook)
    view.send("Count")
    view.until_ended()
    view.log.hover()
    notebook.page.mouse.wheel(0, -900)
    view.button("Jump to latest").wait_for()
    before = _place(view.log)
    assert before > 0

    view.root.locator(".pgw-head").hover()
    # Layout with the message taken to be out of sight has happened after two frames.
    notebook.page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert _place(view.log) == before


PICTURES = """
import io
from PIL import Image
from playground_widget import Playground

def file(width, height, kind="PNG", orientation=1):
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    Image.new("RGB", (width, height), "#36c").save(written, kind, exif=exif)
    return written.getvalue()

pg = Playground(connection="demo", store=":memory:")
for picture in [(2000, 800), (400, 1000), (1000, 600, "JPEG", 6), (60, 40)]:
    pg.add(file(*picture))
pg
"""

SHAPES = """
images => images.map(image => {
    const { width, height } = image.getBoundingClientRect();
    const room = image.parentElement.clientWidth;
    return {
        shape: (width - 2) / (height - 2) / (image.naturalWidth / image.naturalHeight),
        natural: [image.naturalWidth, image.naturalHeight],
        width,
        fits: width <= room && height <= 322,
    };
})
"""


def test_a_picture_keeps_its_shape_however_large_or_turned_it_is(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([PICTURES])
    notebook.run(0)
    shown(notebook)
    pictures = notebook.page.locator(".pgw-image img")
    notebook.page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.pgw-image img')];"
        " return all.length === 4 && all.every(each => each.complete && each.naturalWidth); }"
    )
    found = pictures.evaluate_all(SHAPES)
    # A photo is turned as its EXIF says, which its header does not know.
    assert [each["natural"] for each in found] == [[2000, 800], [400, 1000], [600, 1000], [60, 40]]
    assert [each["shape"] for each in found] == [pytest.approx(1, abs=0.02)] * 4
    assert all(each["fits"] for each in found)
    assert found[-1]["width"] == 60
