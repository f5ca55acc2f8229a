"""Python functions that a model may ask for: what they take, and what comes of a call.

Pure: nothing here knows a thread, a loop or a page. Who calls them, and when, is the engine's.
"""

from playground_widget.tools._arguments import Arguments, ArgumentsError
from playground_widget.tools._result import result_parts
from playground_widget.tools._tool import Tool, tools_of

__all__ = ["Arguments", "ArgumentsError", "Tool", "result_parts", "tools_of"]
