"""What the examples in docstrings begin with: the class that most of them show."""

from __future__ import annotations

from typing import Any

import pytest

from playground_widget import Playground


@pytest.fixture(autouse=True)
def _names(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["Playground"] = Playground
