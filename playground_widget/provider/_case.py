"""What a failure is told with: the connection, and how far the answer came."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget.errors import ErrorInfo

if TYPE_CHECKING:
    from playground_widget.provider._connection import Connection

__all__ = ["FREE", "KEPT", "Case"]

KEPT = "Your message is kept."
FREE = "Your message is kept; nothing was charged."
_TEXT_KEPT = "The text above is kept."
_CALLS_KEPT = "What came is kept; nothing was called."


class Case(NamedTuple):
    """A request that failed.

    Args:
        connection: The connection it came through.
        model: The model that was asked.
        had_text: Whether any text, reasoning or tool call had arrived.
        tokens: About how many tokens had arrived.
        body: The request, or the names of its fields.
        words: Whether what had arrived can be gone on from.
        calls: Whether calls of tools were among it.
    """

    connection: Connection
    model: str
    had_text: bool
    tokens: int
    body: Collection[str] | None
    words: bool = True
    calls: bool = False

    @property
    def label(self) -> str:
        """What the service is called."""
        return self.connection.label

    @property
    def after(self) -> str:
        """How far the answer came, to end a title with."""
        if not self.had_text:
            return "before the answer began"
        return f"after {self.tokens:,} token{'' if self.tokens == 1 else 's'}"

    def info(self, kind: str, title: str, detail: str, *actions: str, **facts: Any) -> ErrorInfo:
        """Return the words; text that has come changes what was kept and what can be done."""
        if self.had_text:
            facts["tokens"] = self.tokens
            actions = ("continue", "regenerate") if self.words else ("regenerate",)
            for said in (FREE, KEPT):
                detail = detail.replace(said, _CALLS_KEPT if self.calls else _TEXT_KEPT)
        if self.connection.demo:
            actions = tuple(action for action in actions if action != "use_demo")
        known = {name: value for name, value in facts.items() if value is not None}
        return ErrorInfo(kind=kind, title=title, detail=detail, actions=actions, facts=known)
