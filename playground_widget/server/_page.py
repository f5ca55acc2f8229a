"""The page: a document without a script or a style of its own, which loads the front-end."""

from __future__ import annotations

import re
from html import escape
from importlib.metadata import version
from pathlib import Path
from string import Template

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado import web

from playground_widget.server._door import Door

__all__ = ["PageHandler"]

TEMPLATE = Path(__file__).parent / "templates" / "page.html"

_HOST = re.compile(r"[\w.\-\[\]:]+", re.ASCII)


class PageHandler(Door):
    """Serves the page for the list of threads and for each thread; it finds out which itself."""

    @property
    def content_security_policy(self) -> str:
        """What the page may load: its own files, and pictures that a person asked for."""
        host = self.request.host
        # Some browsers don't take a WebSocket of the same host for the page itself.
        sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data: blob: https: http:",
                f"connect-src 'self'{sockets}",
                "font-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'self'",
            )
        )

    @web.authenticated
    @authorized
    def get(self, *_path: str) -> None:
        """Serve the page."""
        # Asking for the token sets the cookie, which the page sends back as X-XSRFToken.
        assert self.xsrf_token  # noqa: S101 - it is made where there is none
        values = {
            "widget": self.static_url("widget.js"),
            "widget_style": self.static_url("widget.css"),
            "style": self.static_url("page.css"),
            "script": self.static_url("page.js"),
            "base_url": self.base_url,
            "graphql_url": url_path_join(self.base_url, "playground", "graphql"),
            "static_url": self.static_url_prefix,
            "version": version("playground_widget"),
        }
        page = Template(TEMPLATE.read_text(encoding="utf-8"))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Referrer-Policy", "same-origin")
        self.finish(page.substitute({name: escape(value) for name, value in values.items()}))
