"""What is asked of an export, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playground_widget.request import Api

__all__ = ["KEY", "VERSION", "Cell", "Exported", "Format", "Options", "Style", "Target"]

Format = Literal["ipynb", "md", "json", "py", "curl", "html"]
Style = Literal["transcript", "code", "openai"]

KEY = "playground_widget"
"""Under which name a cell's metadata holds what is ours."""

VERSION = 1
"""The version of that metadata and of the JSON file; a newer one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an export holds.

    Args:
        system: The system prompt and its versions.
        params: The parameters of the thread and of each answer.
        answers: What the model said. In requests (style `openai`, `py`, `curl`) earlier answers
            are part of what is asked, so only the last one is left out there.
        branches: Every branch, not only the active path. Styles that show one path keep the
            others in the metadata.
        code_cells: In the style `transcript`, Python blocks of answers become code cells.

    Example:
        >>> Options(branches=True).answers
        True
    """

    system: bool = True
    params: bool = True
    answers: bool = True
    branches: bool = False
    code_cells: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where exported requests go.

    Args:
        api: `chat` or `responses`.
        base_url: Where the service is; `None` for OpenAI. A user name and a password in it are
            left out.
        openai: Whether it is OpenAI itself, which calls `max_tokens` by a newer name.
        label: What people call the service.
        key_env: The environment variable that holds the key; empty for a service without keys.
        demo: Whether it is the demo model, which code reaches in its own process; a shell
            command needs its `base_url`.
        variables: What `{{name}}` stands for in a request that nobody has sent yet; an answer
            brings its own values.
        tools: What the model may call in such a request; an answer brings its own.

    Example:
        >>> Target(base_url="http://localhost:11434/v1", openai=False, key_env="").api
        'chat'
    """

    api: Api = "chat"
    base_url: str | None = None
    openai: bool = True
    label: str = "OpenAI"
    key_env: str = "OPENAI_API_KEY"
    demo: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    tools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A notebook cell.

    Args:
        type: `code` or `markdown`.
        source: Its text.
        metadata: What makes it readable again, under the name `playground_widget`.

    Example:
        >>> Cell(type="markdown", source="# Hi", metadata={}).to_dict()["type"]
        'markdown'
    """

    type: Literal["code", "markdown"]
    source: str
    metadata: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, as the widget's wire has it."""
        return {"type": self.type, "source": self.source, "metadata": dict(self.metadata)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file to write or to download.

    Args:
        name: A file name made of the title.
        media_type: Such as `text/markdown`.
        text: Its content; write it as UTF-8.

    Example:
        >>> Exported(name="birds.md", media_type="text/markdown", text="# Birds").name
        'birds.md'
    """

    name: str
    media_type: str
    text: str
