"""A connection on its way to another process: how to make it there again."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass

from playground_widget.errors import SetupError

__all__ = ["Carried", "variable_in"]

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Carried:
    """What a pickle may hold of a connection. Its key is there only where it was sent on purpose.

    Args:
        name: Of the connection.
        base_url: Where the service is.
        api: How it is spoken to.
        label: What it is called.
        timeout: Seconds of silence after which the service counts as gone.
        variable: The environment variable that has the key there, or `None` for no key.
        key: The key.
        headers: Names and values.
    """

    name: str
    base_url: str
    api: str
    label: str
    timeout: float
    variable: str | None = None
    key: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"<Carried {self.name!r} to {self.base_url}>"

    def key_here(self) -> str | None:
        """Return the key that is sent from this process, or `None` where there is none to send.

        Raises:
            SetupError: The environment of this process has none.
        """
        if self.key is not None or self.variable is None:
            return self.key
        key = os.environ.get(self.variable, "").strip()
        if not key:
            raise SetupError(
                f"{self.variable} is not set in the environment of the process {os.getpid()} at "
                f"{socket.gethostname()}, which asks {self.label}. Nothing was sent. Set it where "
                "the workers are started, or send the key with send_key=True."
            )
        return key


def variable_in(source: str | None) -> str | None:
    """Return the environment variable that a key came from, if it came from one.

    Example:
        >>> variable_in("OPENAI_API_KEY"), variable_in("argument"), variable_in(None)
        ('OPENAI_API_KEY', None, None)
    """
    return source if source is not None and _VARIABLE.fullmatch(source) else None
