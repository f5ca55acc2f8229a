"""What goes wrong between the kernel and a service is said in the page, beside what came."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Request, expect

from reliability import rows_of
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import PlaygroundView, python, shown
from tests.conftest import ROOT
from tests.faults.faults import FAULTS, PROMPT, Fault
from tests.faults.place import Place, place
from tests.faults.proxy import Exchange
from tests.faults.refusals import KEY, status
from tests.faults.streams import text_of

README = rows_of((ROOT / "README.md").read_text(encoding="utf-8"))
HOST = "evil.example"
NEXT = "And then? 😀 x"

# The key stands in the cell in a way in which nobody would find it.
CELL = f"""
from playground_widget import Connection, Playground
def connection(url, timeout):
    return Connection("faulty", url, {KEY[::-1]!r}[::-1], label="OpenAI", timeout=timeout)
pg = Playground(connection=connection({{url!r}}, 20), model="demo-echo", store=":memory:")
pg
"""

TWELVE = {
    "Connection refused",
    "Certificate that nobody has signed",
    "Redirect to another host",
    "Reset before an answer",
    "Reset in mid-answer",
    "Silence in mid-answer",
    "Cut inside a character",
    "A line of garbage",
    "Web page in place of an answer",
    "Answer without text",
    "401",
    "429, in seconds",
}


def chosen() -> list[Fault]:
    """The twelve, with what is easier to look at in a page."""
    found = {fault.name: fault for fault in FAULTS if fault.name in TWELVE}
    picture = f"😀 x ![a cat](http://{HOST}/cat.png) y 🐧 z"
    cut = found["Cut inside a character"]
    found[cut.name] = replace(cut, prompt=picture)
    # Long enough for whoever presses the button.
    busy = found["429, in seconds"]
    found[busy.name] = replace(busy, how=status(429, "Rate limit reached", retry_after="60"))
    return list(found.values())


def title(fault: Fault) -> str | re.Pattern[str]:
    """Return what the README says that one sees; another prompt has other tokens."""
    said = README[fault.name].sees
    return said if fault.prompt == PROMPT else re.compile(re.sub(r"\d+", r"\\d+", said))


def meet(
    fault: Fault, here: Place, notebook: NotebookPage, view: PlaygroundView
) -> Exchange | None:
    """Send what a fault is about, go through its waits, and return the last request."""
    proxy = here.tls if fault.by == "tls" else here.plain
    proxy.do(*([fault.how] if fault.how else []))
    if fault.how is None:
        proxy.close()
    notebook.execute(
        f"pg.connection = connection({proxy.url()!r}, {fault.timeout}); pg.model = {fault.model!r}"
    )
    view.send(fault.prompt)
    if fault.name == "429, in seconds":
        for attempt in (2, 3, 4):
            note = view.messages().last.locator(".pgw-note")
            expect(note).to_contain_text(f"(attempt {attempt} of 4)")
            expect(note.locator("h3")).to_have_text(README[fault.name].sees)
            note.get_by_role("button", name="Try now").click()
    view.until_ended()
    last = proxy.exchanges[-1] if proxy.exchanges else None
    if fault.how is None:
        proxy.open()
    here.plain.do()
    return last


def test_twelve_faults_are_said_and_the_page_goes_on(open_notebook: OpenNotebook) -> None:
    with place() as here:
        notebook = open_notebook([CELL.format(url=here.plain.url()).strip()])
        hosts: list[str] = []

        def note(request: Request) -> None:
            hosts.append(request.url)

        notebook.page.on("request", note)
        notebook.run(0)
        view = shown(notebook)
        for fault in chosen():
            last = meet(fault, here, notebook, view)
            answer = view.messages().last
            # The note says what the README says.
            if fault.name == "Answer without text":
                expect(answer.get_by_text(README[fault.name].sees)).to_be_visible()
            else:
                expect(answer.locator(".pgw-note h3")).to_have_text(title(fault))
                expect(answer.locator(".pgw-note")).to_contain_text("kept")
                expect(answer.locator(".pgw-note").get_by_role("button").first).to_be_visible()
            # What came is there to the character, and what was asked.
            said = text_of(last.said) if last is not None else ""
            assert python(notebook, "pg[-1].text") == said
            if HOST in fault.prompt:
                expect(answer.locator(".pgw-md")).to_contain_text("😀 x")
                expect(answer.get_by_role("button", name="a cat")).to_be_visible()
                expect(answer.locator(".pgw-md img")).to_have_count(0)
            else:
                assert "".join(view.paragraphs()) == said.strip()
            assert said == "" or fault.prompt.startswith(said.rstrip())
            if fault.prompt == PROMPT:
                expect(view.messages("user").last.locator(".pgw-md")).to_have_text(PROMPT)
            # The next prompt works.
            notebook.execute(
                f"pg.connection = connection({here.plain.url()!r}, 20); pg.model = 'demo-echo'"
            )
            view.send(NEXT)
            view.until_ended()
            assert view.paragraphs() == [NEXT]
        assert {fault.name for fault in chosen()} == TWELVE
        whole = notebook.page.content()
        assert "Traceback" not in whole
        assert KEY not in whole
        assert not [url for url in hosts if HOST in url]
        assert {output["output_type"] for output in notebook.outputs(0)} <= {
            "display_data",
            "execute_result",
        }
