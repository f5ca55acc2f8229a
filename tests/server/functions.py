"""Functions that a server of the tests gives to models."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playground_widget import MCP, Tool


def area(width: float, height: float) -> float:
    """The area of a rectangle."""
    return width * height


def _pay(amount: float) -> str:
    """Pay an amount."""
    return f"paid {amount}"


pay = Tool(_pay, name="pay", confirm=True)

remote = MCP(
    [sys.executable, str(Path(__file__).parent.parent / "playground" / "mcp_server.py")],
    env={"NOTES": os.environ.get("NOTES", os.devnull)},
    only=["rectangle"],
)
