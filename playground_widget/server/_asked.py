"""An operation as the doors know it, before the schema is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Asked"]


class Asked(NamedTuple):
    """An operation as it came in.

    Args:
        query: The document.
        variables: The values of its variables.
        name: Of the operation, where the document has several.
    """

    query: str
    variables: Mapping[str, Any] | None = None
    name: str | None = None

    def __repr__(self) -> str:
        """Leave document and variables out: there may be a key to a service in them."""
        return f"Asked(name={self.name!r})"
