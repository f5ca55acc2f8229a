"""What a page complains about. A test fails when it complains about anything not listed here."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Error, Page

ALLOWED = {
    r"Failed to load resource: .* 404": "Jupyter asks for workspaces and settings not made yet",
    r"WebSocket is closed before the connection is established": "a reload cut a socket short",
    r"Could not restore the debugger state: Canceled": "a notebook was closed soon after its start",
    r"Canceled future for create_subshell_request": "a kernel was ended soon after its start",
    r"(?s)reading 'schema'.*/static/notebook/": "a race: jupyter/notebook#7862",
}
"""Patterns of messages that are not ours, each with its reason."""


class PageErrors:
    """Collects the uncaught errors and the console's errors of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._seen: list[str] = []
        self._allowed = dict(ALLOWED)
        page.on("pageerror", self._on_error)
        page.on("console", self._on_console)

    def detach(self) -> None:
        """Stops listening to the page."""
        self._page.remove_listener("pageerror", self._on_error)
        self._page.remove_listener("console", self._on_console)

    def allow(self, pattern: str, reason: str) -> None:
        """Lets one test cause a message, and says why it does."""
        self._allowed[pattern] = reason

    @property
    def unexpected(self) -> list[str]:
        """What was seen and is not allowed."""
        return [
            message
            for message in self._seen
            if not any(re.search(pattern, message) for pattern in self._allowed)
        ]

    def _on_error(self, error: Error) -> None:
        self._seen.append(f"uncaught: {error.stack or error.message}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._seen.append(f"console: {message.text} ({message.location.get('url', '')})")
