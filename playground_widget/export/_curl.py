"""The request as a shell command."""

from __future__ import annotations

import re
import shlex

from playground_widget.export._asked import Asked, address, key_name
from playground_widget.export._json import dumps
from playground_widget.export._python import comment
from playground_widget.export._values import Target

__all__ = ["curl"]


def curl(title: str, asked: Asked, target: Target) -> str:
    """Return a command that sends a request's exact body and shows the answer as it comes.

    The body is a quoted here-document: the shell changes nothing in it, and no line of it can
    be the one that ends it, since JSON has no line breaks inside of texts.
    """
    key = key_name(target)
    lines = [
        f"curl -N {shlex.quote(address(target))}",
        "-H 'Content-Type: application/json'",
    ]
    if key:
        lines.append(f'-H "Authorization: Bearer ${key}"')
    lines.append("--data-binary @- <<'JSON'")
    head = comment(title)
    if target.demo:
        head += "\n# The demo model answers here as long as the kernel that started it runs."
    elif key:
        head += f"\n# Reads the key from {key}."
    # An interactive shell would look "!word" up in its history, here-document or not.
    body = re.sub(r"!(?=[^\s=(\"])", r"\\u0021", dumps(asked.body, indent=2))
    return f"{head}\n" + " \\\n  ".join(lines) + f"\n{body}\nJSON\n"
