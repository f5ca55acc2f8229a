"""What the HTTP door, the WebSocket door and the page have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from jupyter_server.utils import ensure_async

if TYPE_CHECKING:
    from playground_widget.server._app import PlaygroundApp

__all__ = ["RESOURCE", "Door"]

RESOURCE = "playground"
"""What Jupyter's authorizer is asked about."""


class Door(ExtensionHandlerMixin, JupyterHandler):
    """A handler of the extension, with Jupyter's authentication and authorization."""

    auth_resource = RESOURCE

    def initialize(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Keep what was asked in the address out of every log."""
        super().initialize(name, *args, **kwargs)
        self.request.uri = self.request.path

    @property
    def app(self) -> PlaygroundApp:
        """The extension."""
        return cast("PlaygroundApp", self.extensionapp)

    async def may(self, kind: str) -> bool:
        """Return whether the user may execute a kind of operation.

        Args:
            kind: `query`, `mutation` or `subscription`.
        """
        action = "write" if kind == "mutation" else "read"
        allowed = self.authorizer.is_authorized(self, self.current_user, action, RESOURCE)
        return bool(await ensure_async(allowed))
