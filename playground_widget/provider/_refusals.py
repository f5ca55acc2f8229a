"""Which parameters models have refused: known to the whole process, and to nobody else."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from playground_widget.errors import ErrorInfo

if TYPE_CHECKING:
    from playground_widget.provider._connection import Connection

__all__ = ["Refusals", "refusals"]

MOST = 1000
"""Models that something is kept of, the latest ones."""


class Refusals:
    """What was refused, by service, API and model. Belongs to the engine's loop, except `of`."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[tuple[str, str, str], dict[str, None]] = {}

    def of(self, connection: Connection, model: str) -> list[str]:
        """Return the parameters that a model has refused."""
        return list(self._known.get(_key(connection, model), ()))

    def learn(
        self, connection: Connection, model: str, sent: Collection[str], error: ErrorInfo | None
    ) -> bool:
        """Note which parameters a model does not take, or has taken after all.

        Args:
            connection: Where it was asked.
            model: Its name, as it was asked by.
            sent: The parameters of the request.
            error: Why it failed, or `None` when it was answered.

        Returns:
            Whether that was new.
        """
        key = _key(connection, model)
        before = self._known.get(key, {})
        after = before
        if error is None:
            after = {name: None for name in before if name not in sent}
        elif error.kind == "param_refused":
            after = {**before, error.facts["param"]: None}
        if after.keys() == before.keys():
            return False
        self._known.pop(key, None)
        if after:
            # Put whole, since others read it meanwhile.
            self._known[key] = after
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return True


def _key(connection: Connection, model: str) -> tuple[str, str, str]:
    return connection.base_url, connection.api, model


refusals: Refusals = Refusals()
"""Of this process."""
