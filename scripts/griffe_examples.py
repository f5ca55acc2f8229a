"""Has griffe read the section `Example:` as it reads `Examples:`, as code with its results.

With the one word it takes the section for a note, and the lists in it for links.
"""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Object

__all__ = ["ExampleSections"]


class ExampleSections(Extension):
    """Renames the section in each docstring as it is read."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Rename it."""
        if obj.docstring is not None:
            obj.docstring.value = re.sub(
                r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE
            )
