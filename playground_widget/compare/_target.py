"""Where exported code sends its requests, for a connection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from playground_widget.export import Target
from playground_widget.provider import Connection
from playground_widget.tools import Tool

__all__ = ["target_of"]


def target_of(
    connection: Connection,
    variables: Mapping[str, str] | None = None,
    tools: Sequence[Tool] = (),
) -> Target:
    """Return where exported code sends its request: to the connection, with the key left out.

    Args:
        connection: Where.
        variables: What `{{name}}` stands for in a request that nobody has sent yet.
        tools: What the model may call in it.
    """
    source = connection.key_source or ""
    named = re.fullmatch(r"[A-Z][A-Z0-9_]*", source) is not None
    return Target(
        api=connection.api,
        base_url=connection.base_url,
        openai=connection.openai,
        label=connection.label,
        key_env=source if named else "" if connection.is_local else "OPENAI_API_KEY",
        demo=connection.demo,
        variables=variables or {},
        tools=tuple(tool.to_dict() for tool in tools),
    )
