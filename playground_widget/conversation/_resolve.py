"""Which connection is meant by what people pass as one."""

from __future__ import annotations

from playground_widget.errors import SetupError
from playground_widget.provider import Connection, default

__all__ = ["DEMO", "OPENAI", "demo_connection", "resolve"]

DEMO = "demo"
OPENAI = "openai"


def demo_connection() -> Connection:
    """Return a connection to the demo model of this process."""
    return Connection(DEMO, _demo_address())


def _demo_address() -> str:
    """Start the demo's server if nobody has, and return its address."""
    from playground_widget import demo  # noqa: PLC0415 (a tenth of a second, and not for everybody)

    return demo.shared().base_url


def resolve(connection: object) -> Connection:
    """Return the connection that is meant.

    Args:
        connection: `None` for the default (`OPENAI_API_KEY` and `OPENAI_BASE_URL` when set,
            else the demo model), a `Connection`, `"demo"`, `"openai"`, the address of a
            compatible server, or the caller's own `openai.OpenAI` or `AsyncOpenAI` client.

    Raises:
        SetupError: It cannot work as it is.
    """
    if isinstance(connection, Connection):
        return connection
    if connection is None:
        return default(_demo_address)
    if connection == DEMO:
        return demo_connection()
    if connection == OPENAI:
        return Connection(OPENAI)
    if isinstance(connection, str) and connection.startswith(("http://", "https://")):
        return Connection(connection.split("://", 1)[1].split("/", 1)[0], base_url=connection)
    if isinstance(connection, str):
        raise SetupError(
            f"There is no connection {connection!r}. Give 'demo', 'openai', the address of a "
            "compatible server, a Connection, or an OpenAI client."
        )
    return Connection("client", client=connection)
