"""Showing the playground: its widget, and the transcript that a saved notebook keeps."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from playground_widget.playground._base import Base
from playground_widget.playground._transcript import Transcript

if TYPE_CHECKING:
    from playground_widget.widget import PlaygroundWidget

__all__ = ["Showing", "shown_last"]

# A playground that nobody has any more is none that could be meant.
_last: weakref.ref[Showing] | None = None


def shown_last() -> Any:
    """Return the playground that was shown last, unless it was closed or is gone; else `None`."""
    return _last() if _last is not None else None


def _note(shown: Showing | None) -> None:
    global _last  # noqa: PLW0603 - one per process is what it is
    _last = weakref.ref(shown) if shown is not None else None


class Showing(Base):
    """The part of `Playground` that shows it."""

    _transcript: Transcript | None

    @property
    def widget(self) -> PlaygroundWidget:
        """The anywidget, for layouts such as `HBox`; all its views stay in step.

        Example:
            >>> from ipywidgets import HBox
            >>> left, right = Playground(connection="demo"), Playground(connection="demo")
            >>> len(HBox([left.widget, right.widget]).children)
            2
        """
        # A script that shows nothing need not load ipywidgets.
        from playground_widget.widget import PlaygroundWidget  # noqa: PLC0415

        if self._widget is None or self._widget.comm is None:
            self._widget = PlaygroundWidget(self._conversation)
        _note(self)
        return self._widget

    def _ipython_display_(self) -> None:
        from IPython.display import display  # noqa: PLC0415 - only a notebook has it

        display(self.widget)  # type: ignore[no-untyped-call]
        if self._transcript is not None:
            self._transcript.show()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the text form; showing the widget is what `_ipython_display_` does."""
        return {"text/plain": repr(self)}

    def _display_(self) -> PlaygroundWidget:
        """Show the widget in marimo."""
        return self.widget

    def __repr__(self) -> str:
        """Show the model, where it is asked, and how long the conversation is."""
        return repr(self._conversation)

    def close(self) -> None:
        """End what is running and close the views; the messages can still be read.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> pg.close()
            >>> len(pg)
            1
        """
        self._engine.call(self._conversation.close)
        if shown_last() is self:
            _note(None)
        if self._widget is not None:
            self._widget.close()
            self._widget = None
