"""Connections that are in use when their pool is given up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

__all__ = ["close_late"]


def close_late(engine: Engine) -> None:
    """Have what is in use when an engine is disposed of be closed as soon as it comes back.

    SQLAlchemy closes what lies in the pool, and puts what comes back later into a pool that nobody
    has any more, where it stays open until it is collected.
    """
    age = 0

    def note(_: object, record: Any) -> None:
        record.info["age"] = age

    def dispose(_: Engine) -> None:
        nonlocal age
        age += 1

    def close(raw: object, record: Any) -> None:
        if raw is not None and record.info.get("age") != age:
            record.invalidate()

    event.listen(engine, "connect", note)
    event.listen(engine, "engine_disposed", dispose)
    event.listen(engine, "checkin", close)
