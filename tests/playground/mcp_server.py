"""An MCP server of a test's own, over its standard streams, or over HTTP where it has a port."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, Field

server = MCPServer("Test server")


class Rectangle(BaseModel):
    """Structured output."""

    width: float
    area: float


def note(words: str) -> None:
    """Write what happened into the file that the test reads."""
    with Path(os.environ["NOTES"]).open("a", encoding="utf-8") as file:
        file.write(f"{words}\n")


@server.tool()
def area(
    width: Annotated[float, Field(description="In metres.", ge=0)], height: float = 1
) -> float:
    """The area of a rectangle."""
    return width * height


@server.tool()
def rectangle(width: float) -> Annotated[CallToolResult, Rectangle]:
    """Structured content alone."""
    return CallToolResult(content=[], structured_content={"width": width, "area": width * width})


@server.tool(structured_output=False)
def picture(n: int) -> list[Any]:
    """A picture and a text."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0"))
    return ["One pixel", Image(data=png + chunk(b"IEND", b""), format="png")]


@server.tool()
def fails(n: int) -> CallToolResult:
    """An error of the tool, with what the server was trusted with."""
    words = f"no row {n} for {os.environ.get('SECRET', '')}"
    return CallToolResult(content=[TextContent(text=words)], is_error=True)


@server.tool()
async def slow(n: int, ctx: Context) -> str:
    """Tell how far it is, and wait until it is cancelled."""
    await ctx.report_progress(1, 3, "began")
    note("began")
    try:
        await asyncio.sleep(3600)
    except BaseException:
        note("cancelled")
        raise
    return "done"


@server.tool()
def dies(n: int) -> str:
    """End the process."""
    sys.stderr.write("out of memory\n")
    sys.stderr.flush()
    os._exit(3)


@server.tool()
def which(n: int) -> str:
    """The process, and what it sees of the environment."""
    return f"{os.getpid()} {' '.join(sorted(os.environ))}"


@server.tool()
async def grow(n: int, ctx: Context) -> str:
    """Have another tool from now on, none of pictures any more, and another description here."""

    def grown(n: int) -> str:
        """A tool that came later."""
        return f"grown {n}"

    server.add_tool(grown)
    server.remove_tool("picture")
    server.remove_tool("which")
    server.add_tool(which, description="Other words.")
    await ctx.notify_tools_changed()
    await ctx.session.send_tool_list_changed()
    return "grown"


@server.tool(name="odd.name/of a tool")
def odd(n: int) -> int:
    """A name that the OpenAI API does not take."""
    return n


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", port=int(sys.argv[1]))
    else:
        note(f"started {os.getpid()}")
        server.run()
