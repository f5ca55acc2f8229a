"""What a model may ask for: what functions take, what comes of a call, how servers are reached.

Pure: nothing here knows a thread, a loop or a page. Who calls them, and when, is the engine's.
"""

from playground_widget.tools._arguments import Arguments, ArgumentsError
from playground_widget.tools._mcp import MCP
from playground_widget.tools._mcp_result import mcp_parts
from playground_widget.tools._result import CallFailedError, result_parts
from playground_widget.tools._tool import Tool, fit_name, tools_of

__all__ = [
    "MCP",
    "Arguments",
    "ArgumentsError",
    "CallFailedError",
    "Tool",
    "fit_name",
    "mcp_parts",
    "result_parts",
    "tools_of",
]
