"""The playground for language models that lives in a notebook.

Example:
    >>> from playground_widget import Playground
    >>> pg = Playground("You are a careful analyst.")
    >>> pg  # shows the conversation  # doctest: +SKIP
    >>> answer = pg.send("Which is heaviest?")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playground_widget.compare import Comparison, Variant, exact, fits_schema, judge, regex
    from playground_widget.engine import Run, Wire, WireAttempt
    from playground_widget.errors import (
        BadRequestError,
        ClosedError,
        ConflictError,
        ConnectionDroppedError,
        ContentFilteredError,
        ContextTooLongError,
        InputError,
        KeyRefusedError,
        ModelNotFoundError,
        NotFoundError,
        NotStartedError,
        ParamRefusedError,
        PermissionRefusedError,
        PlaygroundError,
        ProtocolBrokenError,
        QuotaExceededError,
        RateLimitedError,
        RunError,
        ServerFailedError,
        SetupError,
        StoreError,
        TimedOutError,
        ToolRoundsError,
        UnreachableError,
        UnsetVariablesError,
        WouldBlockError,
    )
    from playground_widget.events import Delta
    from playground_widget.model import (
        Image,
        Message,
        Params,
        Reasoning,
        Refusal,
        Table,
        Text,
        Thread,
        Timing,
        TokenLogprob,
        ToolCall,
        Usage,
    )
    from playground_widget.playground import Playground
    from playground_widget.provider import Connection
    from playground_widget.tools import MCP, Tool

    __version__: str

# Importing the package is quick: what a name stands for is loaded at its first use.
_HOMES = {
    "compare": {"Comparison", "Variant", "exact", "fits_schema", "judge", "regex"},
    "engine": {"Run", "Wire", "WireAttempt"},
    "events": {"Delta"},
    "model": {
        "Image",
        "Message",
        "Params",
        "Reasoning",
        "Refusal",
        "Table",
        "Text",
        "Thread",
        "Timing",
        "TokenLogprob",
        "ToolCall",
        "Usage",
    },
    "playground": {"Playground"},
    "provider": {"Connection"},
    "tools": {"MCP", "Tool"},
}

__all__ = [
    "MCP",
    "BadRequestError",
    "ClosedError",
    "Comparison",
    "ConflictError",
    "Connection",
    "ConnectionDroppedError",
    "ContentFilteredError",
    "ContextTooLongError",
    "Delta",
    "Image",
    "InputError",
    "KeyRefusedError",
    "Message",
    "ModelNotFoundError",
    "NotFoundError",
    "NotStartedError",
    "ParamRefusedError",
    "Params",
    "PermissionRefusedError",
    "Playground",
    "PlaygroundError",
    "ProtocolBrokenError",
    "QuotaExceededError",
    "RateLimitedError",
    "Reasoning",
    "Refusal",
    "Run",
    "RunError",
    "ServerFailedError",
    "SetupError",
    "StoreError",
    "Table",
    "Text",
    "Thread",
    "TimedOutError",
    "Timing",
    "TokenLogprob",
    "Tool",
    "ToolCall",
    "ToolRoundsError",
    "UnreachableError",
    "UnsetVariablesError",
    "Usage",
    "Variant",
    "Wire",
    "WireAttempt",
    "WouldBlockError",
    "__version__",
    "exact",
    "fits_schema",
    "judge",
    "regex",
]


def __getattr__(name: str) -> Any:
    """Load a public name at its first use."""
    if name == "__version__":
        # Slower to load than all the rest of this file, and seldom asked for.
        return import_module("importlib.metadata").version(__name__)
    homes = [home for home, names in _HOMES.items() if name in names]
    if name in __all__ and name.endswith("Error"):
        homes = ["errors"]
    if not homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{homes[0]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """Add the magic `%%playground`: what `%load_ext playground_widget` calls."""
    import_module(f"{__name__}._magics").register(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take it away again: what `%unload_ext playground_widget` calls."""
    import_module(f"{__name__}._magics").unregister(shell)


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server of the extension; it is loaded by then, and not before."""
    home = f"{__name__}.server._app"
    return [{"module": home, "app": import_module(home).PlaygroundApp}]
