"""What shows a stream in a page: the playground, a plain widget, and a bare page.

Each is a context that opens a page; what it gives shows streams one by one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.harness import Bench, Seen, Stream
from tests.bench.probe import PageProbe, kernel_cpu
from tests.browser.harness.notebook import NotebookPage
from tests.browser.playground import shown

__all__ = [
    "PLAIN",
    "PLAYGROUND",
    "Arrival",
    "Show",
    "Watched",
    "bare",
    "plain",
    "playground",
    "start_code",
    "watch_playground",
]

# Without the transcript, which brings the text once more when an answer has ended.
PLAYGROUND = """
from playground_widget import Connection, Playground
pg = Playground(
    connection=Connection("demo", "{model}/v1"), model="demo-long", transcript=False
)
pg
"""

PLAIN = '''
import threading, time
import anywidget, httpx2, openai, orjson, traitlets

class Plain(anywidget.AnyWidget):
    """Text over a comm and nothing else, as often as the playground sends it."""

    _esm = """
    export default {
      render({ model, el }) {
        const pre = document.createElement("pre");
        pre.className = "plain";
        pre.style = "height: 400px; overflow: auto; white-space: pre-wrap";
        pre.append("");
        el.append(pre);
        model.on("change:delta", () => {
          const { text, ended } = model.get("delta");
          pre.firstChild.appendData(text);
          pre.scrollTop = pre.scrollHeight;
          if (ended) pre.dataset.ended = "true";
        });
      },
    };
    """
    delta = traitlets.Dict().tag(sync=True)

    def read(self, body):
        waiting, last = [], 0.0
        self.text = ""
        asked = client.chat.completions.with_streaming_response.create(stream=True, **body)
        with asked as response:
            rest = b""
            for block in response.iter_bytes():
                *lines, rest = (rest + block).split(b"\\n")
                for line in lines:
                    if line.startswith(b"data: {"):
                        choices = orjson.loads(line[6:])["choices"]
                        waiting.append(choices[0]["delta"].get("content") or "" if choices else "")
                if time.monotonic() - last > 0.033 and any(waiting):
                    last = time.monotonic()
                    self.delta = {"text": "".join(waiting), "at": last}
                    self.text += "".join(waiting)
                    waiting.clear()
        self.text += "".join(waiting)
        self.delta = {"text": "".join(waiting), "ended": True}

    def start(self, body):
        threading.Thread(target=self.read, args=(body,)).start()

client = openai.OpenAI(
    base_url="{model}/v1", api_key="demo", http_client=httpx2.Client(trust_env=False)
)
plain = Plain()
plain
'''


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a stream arrived in a page.

    Args:
        page: What the page saw.
        kernel: Seconds of CPU of the kernel's process.
        frames: How many websocket messages the page received.
        size: Their bytes.
        text: Bytes of the answer's text.
    """

    page: Seen
    kernel: float = 0.0
    frames: int = 0
    size: int = 0
    text: int = 0


Show = Callable[[Stream], Arrival]


@contextmanager
def bare(bench: Bench) -> Iterator[Show]:
    """A page of a few lines that reads the server's stream itself."""
    with bench.page() as page:
        page.goto(f"{bench.model}/bare")
        probe = PageProbe(page, root=".bare", text=".bare", ended=".bare[data-ended]")

        def show(stream: Stream) -> Arrival:
            probe.start()
            page.evaluate("body => void read(body)", stream.plain_body)
            noted, work = probe.result()
            return Arrival(bench.seen(stream.label, noted, work))

        yield show


@dataclass(frozen=True, slots=True)
class Watched:
    """A widget in a notebook, and a probe of it.

    `text` is the Python expression of an answer's whole text.
    """

    bench: Bench
    notebook: NotebookPage
    probe: PageProbe
    text: str

    def show(self, stream: Stream, code: str) -> Arrival:
        """Run the code that starts an answer, wait for its end, and return what it took."""
        mark = self.notebook.frames.mark()
        before = kernel_cpu(self.notebook)
        self.probe.start()
        self.notebook.execute(code)
        noted, work = self.probe.result()
        kernel = kernel_cpu(self.notebook) - before
        frames = self.notebook.frames.select("received", "comm_msg", since=mark)
        return Arrival(
            self.bench.seen(stream.label, noted, work),
            kernel=kernel,
            frames=len(frames),
            size=sum(frame.size for frame in frames),
            text=int(self.notebook.execute(f"print(len({self.text}.encode()))")),
        )


@contextmanager
def plain(bench: Bench) -> Iterator[Show]:
    """A new widget that shows text as it comes for each stream, in one notebook."""
    with bench.notebook([PLAIN.replace("{model}", bench.model)]) as notebook:
        probe = PageProbe(
            notebook.page, root=".jp-Notebook", text=".plain", ended=".plain[data-ended]"
        )
        watched = Watched(bench, notebook, probe, "plain.text")

        def show(stream: Stream) -> Arrival:
            notebook.run(0)
            notebook.output(0).locator(".plain").wait_for(state="attached")
            return watched.show(stream, f"plain.start({stream.sdk_body!r})")

        yield show


@contextmanager
def playground(bench: Bench) -> Iterator[Show]:
    """A new playground for each stream, in one notebook."""
    with bench.notebook([PLAYGROUND.replace("{model}", bench.model)]) as notebook:
        watched = watch_playground(bench, notebook)

        def show(stream: Stream) -> Arrival:
            notebook.run(0)
            shown(notebook)
            return watched.show(stream, start_code(stream))

        yield show


def watch_playground(bench: Bench, notebook: NotebookPage) -> Watched:
    """A notebook's playground, watched."""
    probe = PageProbe(
        notebook.page,
        root=".jp-Notebook",
        text=".pgw-msg--assistant .pgw-md",
        ended=".pgw [role=log][aria-busy=false]",
    )
    return Watched(bench, notebook, probe, "pg[-1].text")


def start_code(stream: Stream) -> str:
    """The code that starts an answer in the notebook's playground."""
    params = json.dumps({"extra": {"demo": stream.steering}})
    return f"import json; pg.params = json.loads({params!r}); run = pg.start({stream.label!r})"
