"""One notebook, open in one page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Protocol

from playwright.sync_api import Locator, Page

from tests.browser.harness.errors import PageErrors
from tests.browser.harness.frames import FrameRecorder
from tests.browser.harness.jupyter import Host, JupyterServer
from tests.browser.harness.kernels import NAME

Theme = Literal["light", "dark"]

ADDED = "addedByATest"
"""What marks elements of the page that go with the test, in their `dataset`."""

# The panel is the notebook of this page, wherever the focus is. JupyterLab keeps closed and hidden
# widgets out of `widgets("main")`, and Notebook 7 has one.
_PANEL = """
const app = window.jupyterapp;
const panel = [...app.shell.widgets("main")]
    .find(widget => widget.content?.widgets && widget.sessionContext);
"""


class NotebookPage:
    """Drives a notebook the way a person or an extension does, and reads what it holds.

    `page` is Playwright's page for everything that is not here; `errors` and `frames` have
    watched it since before it loaded.
    """

    def __init__(self, page: Page, server: JupyterServer, name: str) -> None:
        self.page = page
        self.server = server
        self.name = name
        self._shares = False
        self.errors = PageErrors(page)
        self.frames = FrameRecorder(page)

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return self.server.root / self.name

    def open(self) -> None:
        """Loads the page and waits until the notebook is there and its kernel is idle."""
        self.page.goto(self.server.address(self.name))
        self.wait_until_ready()

    def open_here(self) -> None:
        """The same in a page that shows JupyterLab already."""
        self.page.evaluate(
            "async path => { await window.jupyterapp.commands.execute("
            "'docmanager:open', { path, factory: 'Notebook' }); }",
            self.name,
        )
        self._shares = True
        self.wait_until_ready()

    def reload(self) -> None:
        """Loads the page anew; the kernel goes on."""
        if self._shares:
            # Its address is that of the first notebook, and its workspace that of all.
            self._shares = False
            self.page.goto(self.server.address(self.name))
        else:
            self.page.reload()
        self.wait_until_ready(idle=False)

    def open_again(self) -> None:
        """Closes the notebook's tab and opens it from its file; the kernel goes on, and the page.

        All that a reload makes anew of a notebook and its widgets is made anew, at a tenth of
        the time. What is about the page itself, or about what is not saved, needs `reload`.
        """
        self.evaluate(
            """
            await panel.context.save();
            const { path } = panel.context;
            panel.dispose();
            await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
            """
        )
        self.wait_until_ready(idle=False)

    def detach(self) -> None:
        """Stops watching the page, which goes on without this notebook."""
        self.errors.detach()
        self.frames.detach()

    def wait_until_ready(self, *, idle: bool = True) -> None:
        """Waits for the notebook's cells and the connection to its kernel."""
        self.page.wait_for_function(
            "() => window.jupyterapp && [...window.jupyterapp.shell.widgets('main')]"
            ".some(widget => widget.content?.widgets && widget.sessionContext)"
        )
        self.evaluate("await panel.context.ready; await panel.sessionContext.ready;")
        self.wait_for(
            "panel.sessionContext.session?.kernel?.connectionStatus === 'connected'"
            + (" && panel.sessionContext.session.kernel.status === 'idle'" if idle else "")
        )
        self.page.locator(".jp-Notebook").first.wait_for()

    def evaluate(self, body: str, argument: Any = None) -> Any:
        """Runs JavaScript with `app`, the notebook `panel` and `argument`; returns its result."""
        return self.page.evaluate(f"async argument => {{ {_PANEL} {body} }}", argument)

    def wait_for(self, condition: str, argument: Any = None) -> None:
        """Waits until a JavaScript expression over `app`, `panel` and `argument` is true."""
        self.page.wait_for_function(
            f"argument => {{ {_PANEL} return panel && ({condition}); }}", arg=argument
        )

    def command(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        """Runs one of the application's commands to its end, e.g. `notebook:undo`."""
        self.evaluate(
            "await app.commands.execute(argument[0], argument[1]);", [name, arguments or {}]
        )

    # --- running ---

    def run_all(self) -> None:
        """Runs every cell and waits for the last."""
        self.command("notebook:run-all-cells")
        self.wait_until_idle()

    def run(self, cell: int, *, wait: bool = True) -> None:
        """Runs one cell, and waits for it unless told not to."""
        self.select(cell)
        if wait:
            self.command("notebook:run-cell")
            self.wait_until_idle()
        else:
            self.evaluate("void app.commands.execute('notebook:run-cell');")

    def wait_until_idle(self) -> None:
        """Waits until the kernel has nothing to do."""
        self.wait_for("panel.sessionContext.session?.kernel?.status === 'idle'")

    def wait_until_busy(self) -> None:
        """Waits until the kernel is running a cell."""
        self.wait_for("panel.sessionContext.session?.kernel?.status === 'busy'")

    def execute(self, code: str) -> str:
        """Runs code in the notebook's kernel, in no cell, and returns what it printed.

        Raises:
            AssertionError: the code raised; the message is its traceback.
        """
        result: dict[str, str] = self.evaluate(
            """
            for (;;) {
                const printed = [];
                const future = panel.sessionContext.session.kernel.requestExecute(
                    { code: argument, store_history: false });
                future.onIOPub = message => {
                    if (message.header.msg_type === "stream") printed.push(message.content.text);
                };
                const { content } = await future.done;
                // A kernel drops what waits for it when a cell fails, this among it.
                if (content.status === "aborted") continue;
                return { status: content.status, printed: printed.join(""),
                         traceback: (content.traceback ?? []).join("\\n") };
            }
            """,
            code,
        )
        assert result["status"] == "ok", result["traceback"]
        return result["printed"]

    def interrupt(self) -> None:
        """Interrupts the kernel, as the stop button of the toolbar does."""
        self.evaluate("await panel.sessionContext.session.kernel.interrupt();")

    # --- cells ---

    def select(self, cell: int) -> None:
        """Makes a cell the active one, in command mode."""
        self.evaluate(
            "panel.content.activeCellIndex = argument; panel.content.deselectAll();"
            " panel.content.mode = 'command';",
            cell,
        )

    def sources(self) -> list[str]:
        """The text of each cell, in order."""
        sources: list[str] = self.evaluate(
            "return [...panel.content.model.cells].map(cell => cell.sharedModel.getSource());"
        )
        return sources

    def outputs(self, cell: int) -> list[dict[str, Any]]:
        """The outputs of a code cell, as the notebook file would hold them."""
        outputs: list[dict[str, Any]] = self.evaluate(
            "return panel.content.model.cells.get(argument).outputs.toJSON();", cell
        )
        return outputs

    def cell(self, cell: int) -> Locator:
        """A cell in the page."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{cell}"]').first

    def output(self, cell: int) -> Locator:
        """The output area of a cell in the page."""
        return self.cell(cell).locator(".jp-Cell-outputArea")

    def create_output_view(self, cell: int) -> Locator:
        """JupyterLab's "Create New View for Cell Output": the new view, in a tab beside."""
        self.select(cell)
        views = self.page.locator(".jp-LinkedOutputView")
        before = views.count()
        self.command("notebook:create-output-view")
        views.nth(before).wait_for()
        return views.nth(before)

    def save(self) -> dict[str, Any]:
        """Saves the notebook and returns what its file then holds."""
        self.evaluate("await panel.context.save();")
        content: dict[str, Any] = self.server.request("GET", f"contents/{self.name}")["content"]
        return content

    # --- looks ---

    def add_style(self, rules: str) -> None:
        """Adds CSS to the page, until the end of the test."""
        style = self.page.add_style_tag(content=rules)
        style.evaluate(f"element => element.dataset.{ADDED} = ''")

    def set_theme(self, theme: Theme) -> None:
        """Switches the application's theme, and the browser's colour scheme with it."""
        self.page.emulate_media(color_scheme=theme)
        is_light = "true" if theme == "light" else "false"
        if self.page.locator("body").get_attribute("data-jp-theme-light") == is_light:
            return
        self.command("apputils:change-theme", {"theme": f"JupyterLab {theme.title()}"})
        self.page.locator(f'body[data-jp-theme-light="{is_light}"]').wait_for(state="attached")


class OpenNotebook(Protocol):
    """The fixture `open_notebook`: makes a notebook from its code cells, and opens it."""

    def __call__(
        self,
        cells: list[str],
        *,
        host: Host = "lab",
        kernel: str = NAME,
        theme: Theme = "light",
        viewport: tuple[int, int] = (1280, 900),
        own_page: bool = False,
    ) -> NotebookPage:
        """Opens in JupyterLab or Notebook 7; the viewport is its width and height in pixels.

        Its kernel is a fork, unless a test asks for one that is started.

        JupyterLab is in a page that the tests share, unless one asks for its own.
        """
        ...
