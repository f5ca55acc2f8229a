"""Functions that a server of the tests gives to models."""

from __future__ import annotations

from playground_widget import Tool


def area(width: float, height: float) -> float:
    """The area of a rectangle."""
    return width * height


def _pay(amount: float) -> str:
    """Pay an amount."""
    return f"paid {amount}"


pay = Tool(_pay, name="pay", confirm=True)
