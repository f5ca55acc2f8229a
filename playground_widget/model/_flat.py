"""The JSON form that the values here share."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

__all__ = ["flat"]


def flat(value: Any) -> dict[str, Any]:
    """Return a flat value's fields as JSON, without those that are `None`."""
    found = {f.name: getattr(value, f.name) for f in fields(value)}
    return {name: item for name, item in found.items() if item is not None}
