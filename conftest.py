"""What the examples in docstrings begin with, and what tests of several folders share."""

from __future__ import annotations

from typing import Any

import pytest

from playground_widget import Playground, Variant, exact

pytest_plugins = ["tests.postgres"]


@pytest.fixture(autouse=True)
def _names(doctest_namespace: dict[str, Any]) -> None:
    for name in (Playground, Variant, exact):
        doctest_namespace[name.__name__] = name
