"""What a tool of an MCP server returned, as the content of a tool message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playground_widget.errors import InputError
from playground_widget.images import image_from_base64
from playground_widget.model import Part, Text
from playground_widget.text import clean_text
from playground_widget.tools._result import CallFailedError

if TYPE_CHECKING:
    from mcp.types import (
        BlobResourceContents,
        CallToolResult,
        ContentBlock,
        TextResourceContents,
    )

__all__ = ["mcp_parts"]


def mcp_parts(result: CallToolResult) -> list[Part]:
    """Return the content that says what a server's tool returned.

    Text is taken as it is, pictures as pictures. Structured content is told as JSON where there is
    no text: the protocol has servers say it as text too. What the API has no form for, such as
    sound, is named.

    Raises:
        CallFailedError: The server says that the call failed; with its text.
    """
    parts = [_part(block) for block in result.content]
    if result.is_error:
        words = "\n".join(part.text for part in parts if isinstance(part, Text)).strip()
        raise CallFailedError(words or "the server says that it failed, and not why")
    has_text = any(block.type == "text" and block.text.strip() for block in result.content)
    if result.structured_content is not None and not has_text:
        said = json.dumps(result.structured_content, ensure_ascii=False, separators=(",", ":"))
        parts.append(Text(clean_text(said)))
    # An empty list would be a value like any other, and be told as one.
    return parts or [Text("")]


def _part(block: ContentBlock) -> Part:
    if block.type == "text":
        return Text(clean_text(block.text))
    if block.type == "image":
        return _picture(block.data, block.mime_type)
    if block.type == "audio":
        return _named("sound", block.mime_type)
    if block.type == "resource":
        return _resource(block.resource)
    about = f": {block.description}" if block.description else ""
    return Text(clean_text(f"[{block.title or block.name}]({block.uri}){about}"))


def _resource(resource: TextResourceContents | BlobResourceContents) -> Part:
    if resource.mime_type and resource.mime_type.startswith("image/") and hasattr(resource, "blob"):
        return _picture(resource.blob, resource.mime_type)
    if hasattr(resource, "text"):
        return Text(clean_text(resource.text))
    return _named(resource.uri, resource.mime_type)


def _picture(data: str, kind: str) -> Part:
    try:
        return image_from_base64(data)
    except InputError:
        return _named("a picture", kind)


def _named(what: str, kind: str | None) -> Text:
    return Text(clean_text(f"({what}, {kind or 'of an unknown kind'}: it cannot be shown here)"))
