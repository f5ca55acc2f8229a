"""An answer in the page is the answer in Python, however it came."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.harness.frames import Frame
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import PlaygroundView, pace, python, show, shown

PARAGRAPH = (
    "Emoji 👩‍👩‍👧 and 🏳️‍🌈, combining é and ạ̈, scripts 漢字 हिन्दी עברית, "
    "beyond the BMP 🂡🜁 and a no-break space; plain words go on to the end of the line"
)


def long_text(length: int) -> str:
    """Return at least that many characters of paragraphs that markdown leaves as they are."""
    count = length // len(PARAGRAPH) + 1
    return "\n\n".join(f"{number} {PARAGRAPH}" for number in range(count))


@pytest.mark.parametrize(("length", "rate"), [(80_000, None), (8_000, 100)])
def test_the_text_in_the_page_is_the_text_in_python_to_the_character(
    open_notebook: OpenNotebook, length: int, rate: float | None
) -> None:
    notebook = open_notebook([show(model="demo-echo", **pace(rate=rate, first_token=0))])
    notebook.run(0)
    view = shown(notebook)
    text = long_text(length)
    notebook.execute(f"answer = pg.start({text!r})")
    expect(view.messages()).to_have_count(1)
    view.until_ended(180)
    assert python(notebook, "answer.result().text") == text
    assert view.paragraphs() == text.split("\n\n")


def is_asset(frame: Frame) -> bool:
    """Whether a frame brings the part of the front-end that shows formulas: once a page."""
    data = frame.message["content"].get("data", {}) if frame.message else {}
    return bool(data.get("content", {}).get("type") == "asset")


def test_a_fast_answer_costs_few_bytes_and_loses_nothing(open_notebook: OpenNotebook) -> None:
    # The transcript brings the whole text once more, when the answer has ended.
    steady = {"model": "demo-long", "transcript": False}
    notebook = open_notebook([show(**steady, **pace(tokens=20_000, rate=None, first_token=0))])
    notebook.run(0)
    view = shown(notebook)
    mark = notebook.frames.mark()
    view.send("Write")
    view.until_ended(120)
    frames = notebook.frames.select("received", since=mark)
    size = sum(frame.size for frame in frames if not is_asset(frame))
    text = python(notebook, "pg[-1].text")
    assert python(notebook, "pg[-1].usage.output_tokens") == 20_000
    assert size <= 1.6 * len(text.encode())
    streamed = view.answer_html()
    notebook.open_again()
    assert shown(notebook).answer_html() == streamed


def test_a_steady_answer_takes_few_messages(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        [show(model="demo-long", **pace(tokens=1000, rate=100, first_token=0))]
    )
    notebook.run(0)
    view = shown(notebook)
    mark = notebook.frames.mark()
    view.send("Write")
    view.until_ended(60)
    frames = notebook.frames.select("received", "comm_msg", since=mark)
    seconds = frames[-1].time - frames[0].time
    assert python(notebook, "pg[-1].usage.output_tokens") == 1000
    assert len(frames) <= 35 * seconds


def same(views: list[PlaygroundView]) -> None:
    """Assert that views show the same messages."""
    first = views[0].log.locator(".pgw-msg")
    count = first.count()
    for view in views[1:]:
        expect(view.log.locator(".pgw-msg")).to_have_count(count)
    shown_text = [view.log.locator(".pgw-msg .pgw-md").all_text_contents() for view in views]
    assert all(text == shown_text[0] for text in shown_text)


def test_all_views_of_a_playground_stay_in_step(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(**pace(tokens=150, rate=100)), "pg"], viewport=(1500, 1000))
    notebook.run(0)
    notebook.run(1)
    views = [shown(notebook, 0), shown(notebook, 1)]
    views.append(PlaygroundView(notebook.create_output_view(0)).wait())
    views[1].send("Hello")
    for view in views:
        view.until_writing()
    for view in views:
        view.until_ended()
    same(views)
    notebook.execute("pg.add('from Python'); pg.edit(0, 'Hello again'); pg.system = 'Be brief.'")
    for view in views:
        expect(view.messages("user").first).to_contain_text("Hello again")
        expect(view.messages("user").last).to_contain_text("from Python")
    same(views)


def test_a_reload_in_mid_stream_loses_and_repeats_nothing(open_notebook: OpenNotebook) -> None:
    text = long_text(10_000)
    notebook = open_notebook([show(model="demo-echo", **pace(rate=100))])
    notebook.run(0)
    shown(notebook)
    notebook.save()
    notebook.execute(f"answer = pg.start({text!r})")
    view = shown(notebook)
    view.until_writing()
    notebook.reload()
    view = shown(notebook)
    assert not python(notebook, "answer.done()")
    view.until_ended(120)
    assert python(notebook, "answer.result().text") == text
    assert view.paragraphs() == text.split("\n\n")


def stop_while_busy(notebook: NotebookPage) -> tuple[str, float]:
    """Press Stop while a cell sleeps; return the status and how long the run then went on."""
    notebook.run(0)
    view = shown(notebook)
    view.send("Write")
    view.until_writing()
    notebook.run(1, wait=False)
    notebook.wait_until_busy()
    before = len(view.answer_html())
    notebook.page.wait_for_function(
        "([node, before]) => node.innerHTML.length > before + 200",
        arg=[view.messages().locator(".pgw-md").last.element_handle(), before],
    )
    notebook.page.wait_for_timeout(200)
    view.button("Stop").click()
    view.until_ended(8)
    assert python(notebook, "slept") is True
    return (
        python(notebook, "pg[-1].status"),
        python(notebook, "cell_ended - (pg[-1].created + pg[-1].timing.duration)"),
    )


@pytest.mark.parametrize("kernel", ["ipykernel-6.29", "ipykernel-7.1", "python3"])
def test_stop_works_while_a_cell_runs(open_notebook: OpenNotebook, kernel: str) -> None:
    notebook = open_notebook(
        [
            show(model="demo-long", **pace(tokens=20_000, rate=200)),
            "import time; time.sleep(10); cell_ended = time.time(); slept = True",
        ],
        kernel=kernel,
    )
    status, before = stop_while_busy(notebook)
    assert status == "cancelled"
    assert before > 1
    assert python(notebook, "server.wait_for_disconnect(10).state") == "disconnected"


def test_a_blocking_send_streams_and_an_interrupt_keeps_the_text(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook(
        [
            show(model="demo-long", **pace(tokens=20_000, rate=200)),
            "answer = pg.send('Write')",
        ]
    )
    notebook.run(0)
    view = shown(notebook)
    notebook.run(1, wait=False)
    text = view.until_writing()
    expect(text).to_contain_text("a", timeout=10_000)
    notebook.page.wait_for_function(
        "node => node.textContent.length > 200", arg=text.element_handle()
    )
    notebook.interrupt()
    notebook.wait_for("panel.content.model.cells.get(1).outputs.length > 0")
    notebook.wait_until_idle()
    assert [output["ename"] for output in notebook.outputs(1)] == ["KeyboardInterrupt"]
    view.until_ended()
    assert python(notebook, "pg[-1].status") == "cancelled"
    kept = view.answer_html()
    assert len(python(notebook, "pg[-1].text")) > 200
    notebook.open_again()
    assert shown(notebook).answer_html() == kept
