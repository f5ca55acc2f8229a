"""The tree of a thread, as it draws itself."""

from __future__ import annotations

from playground_widget.export import draw_svg, draw_text
from playground_widget.model import Thread

__all__ = ["Tree"]


class Tree:
    """All branches of a thread: `print` shows it as text, a notebook as a drawing.

    Args:
        thread: The thread, as it is at this moment.
    """

    def __init__(self, thread: Thread) -> None:
        """Hold what is to be drawn."""
        self.thread = thread

    def __str__(self) -> str:
        """Return the drawing in characters."""
        return draw_text(self.thread)

    def __repr__(self) -> str:
        """Return the drawing in characters, which is what a terminal shows."""
        return str(self)

    def to_svg(self) -> str:
        """Return the drawing as SVG, for a file or a page.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> pg.tree.to_svg().startswith("<svg")
            True
        """
        return draw_svg(self.thread)

    def _repr_svg_(self) -> str:
        return self.to_svg()
