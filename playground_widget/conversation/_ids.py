"""Ids of threads and messages, which are made in no pure part of the package."""

from __future__ import annotations

import secrets

__all__ = ["new_id"]


def new_id() -> str:
    """Return an id for a thread or a message."""
    return secrets.token_hex(6)
