"""One page of JupyterLab for many tests: loading it takes longer than most of them."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

from tests.browser.harness.jupyter import SHARED, JupyterServer
from tests.browser.harness.notebook import ADDED

_STATE = """
() => {
    const app = window.jupyterapp;
    return {
        main: [...app.shell.widgets("main")].filter(widget => widget.context).length,
        left: app.shell.leftCollapsed,
        right: app.shell.rightCollapsed,
        mode: app.shell.mode,
        over: document.querySelectorAll(".jp-Dialog, .jp-DocumentSearch-overlay, .lm-Menu").length,
    };
}
"""

# What is not saved is thrown away: asking about it would open a dialog.
_CLOSE = """
async () => {
    const app = window.jupyterapp;
    for (const widget of app.shell.widgets("main")) {
        if (widget.context) widget.context.model.dirty = false;
    }
    await app.commands.execute("application:close-all");
}
"""


_REMOVE = """
name => {
    for (const element of document.head.children) {
        if (name in (element.dataset ?? {})) element.remove();
    }
}
"""


class SharedPage:
    """JupyterLab in a page, for one notebook after the other.

    A page that cannot be put back as it was is closed, and the next test gets another.
    """

    def __init__(self, context: BrowserContext, server: JupyterServer) -> None:
        self._context = context
        self._server = server
        self._page: Page | None = None
        self._at_first: object = None

    def take(self) -> Page:
        """The page, with JupyterLab in it and no notebook."""
        if self._page is None:
            page = self._context.new_page()
            page.goto(self._server.start_address)
            page.wait_for_function("() => window.jupyterapp")
            page.evaluate("async () => { await window.jupyterapp.restored; }")
            self._at_first = page.evaluate(_STATE)
            self._page = page
        return self._page

    def give_back(self, page: Page, *, spoiled: bool) -> None:
        """Put the page back as it was, or close it where a test has spoiled it."""
        if page is not self._page:
            page.close()
            return
        # A notebook that was loaded anew may come back after it was closed: it is in the workspace
        # that JupyterLab restores.
        spoiled = spoiled or SHARED not in page.url
        if not spoiled:
            page.unroute_all()
            page.emulate_media(reduced_motion="null")
            page.evaluate(_REMOVE, ADDED)
            page.evaluate(_CLOSE)
            spoiled = page.evaluate(_STATE) != self._at_first
        if spoiled:
            self._page = None
            page.close()
