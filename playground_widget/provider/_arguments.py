"""The arguments of a connection: checked, and filled in from the environment."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from playground_widget.errors import InputError, SetupError
from playground_widget.provider._secret import Secret, mask

__all__ = [
    "check",
    "check_rate",
    "checked_url",
    "from_environment",
    "is_loopback",
    "is_openai",
    "is_same_origin",
    "label_of",
]

_OPENAI = "https://api.openai.com/v1"


def check(name: object, api: object, timeout: object, max_attempts: object) -> None:
    """Refuse arguments of the wrong kind."""
    if not isinstance(name, str) or not name:
        raise InputError("name is the name of the connection, such as 'openai'")
    if api not in {"chat", "responses"}:
        raise InputError(f"api is 'chat' or 'responses', not {str(api)[:40]!r}")
    if not isinstance(timeout, int | float) or not timeout > 0:
        raise InputError("timeout is a number of seconds above 0")
    if not isinstance(max_attempts, int) or max_attempts < 1:
        raise InputError("max_attempts is a whole number, 1 or more")


def check_rate(name: str, most: object) -> None:
    """Refuse a rate limit that is none."""
    is_rate = isinstance(most, int | float) and not isinstance(most, bool) and most > 0
    if most is not None and not is_rate:
        raise InputError(f"{name} is a number above 0")


def from_environment(
    base_url: str | None, key: Secret, source: str | None
) -> tuple[str, Secret, str | None]:
    """Fill in what the environment says. Its key goes nowhere but where it is meant for."""
    meant = os.environ.get("OPENAI_BASE_URL") or _OPENAI
    url = meant if base_url is None else base_url
    if key.reveal() is not None:
        return url, key, source or "argument"
    is_meant = str(url).rstrip("/") in {meant.rstrip("/"), _OPENAI}
    if is_meant and os.environ.get("OPENAI_API_KEY"):
        return url, Secret(os.environ["OPENAI_API_KEY"].strip()), source or "OPENAI_API_KEY"
    return url, Secret(None), None


def checked_url(base_url: object) -> str:
    """Return an address that can be shown, without the slash at its end."""
    if not isinstance(base_url, str):
        raise InputError("base_url is the address of a service, such as 'https://host/v1'")
    try:
        parts = urlsplit(base_url.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise SetupError(f"{mask(base_url)[:80]!r} is no http or https address of a service.")
    if parts.username or parts.password or parts.query or parts.fragment:
        # Addresses are shown; what is secret in them would be too.
        raise SetupError(
            f"The base_url of {host} holds a password or a query. Pass headers= for the one, "
            "and for the other a client with default_query=."
        )
    return base_url.strip().rstrip("/")


def is_loopback(base_url: str) -> bool:
    """Return whether an address is of this machine."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_same_origin(one: str, other: str) -> bool:
    """Return whether two addresses have the same scheme, host and port."""
    try:
        return _origin(one) == _origin(other)
    except ValueError:
        return False


def _origin(base_url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(base_url.strip())
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual


def is_openai(base_url: str) -> bool:
    """Return whether an address is OpenAI's own."""
    return urlsplit(base_url).hostname == urlsplit(_OPENAI).hostname


DEMO_LABEL = "Demo model (offline)"
"""What a page calls the demo model, beside services that can be reached by the network."""


def label_of(base_url: str, *, demo: bool = False) -> str:
    """Return what to call a service on the page."""
    if demo:
        return "Demo model"
    return "OpenAI" if is_openai(base_url) else urlsplit(base_url).netloc
