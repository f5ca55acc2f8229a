"""The base class of the widget, with types.

anywidget's class inherits from ipywidgets, which ships no types: whoever checks types against it
is told that everything about the widget is unknown. The stub beside this file says what it has.
"""

from __future__ import annotations

from anywidget import AnyWidget

__all__ = ["AnyWidget"]
