"""Documents that were found valid: clients send the same few again and again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql import DocumentNode

__all__ = ["MOST", "Documents"]

MOST = 100_000
"""Characters of all that are kept; parsed, each takes about a hundred bytes."""


class Documents:
    """Valid documents by their text, those that were used last.

    One with a text or a comment in it is not kept, since that may be the key to a service.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[str, DocumentNode] = OrderedDict()
        self._characters = 0

    def get(self, query: str) -> DocumentNode | None:
        """Return the document of a text, if it is here."""
        found = self._kept.get(query)
        if found is not None:
            self._kept.move_to_end(query)
        return found

    def keep(self, query: str, document: DocumentNode) -> None:
        """Keep a valid document, if it holds no secret."""
        if '"' in query or "#" in query or query in self._kept:
            return
        self._kept[query] = document
        self._characters += len(query)
        while self._characters > MOST:
            oldest, _ = self._kept.popitem(last=False)
            self._characters -= len(oldest)
