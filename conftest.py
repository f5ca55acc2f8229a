"""What the examples in docstrings begin with, and what tests of several folders share."""

from __future__ import annotations

from typing import Any

import pytest

import playground_widget

pytest_plugins = ["tests.postgres"]


@pytest.fixture(autouse=True)
def _examples(
    request: pytest.FixtureRequest,
    doctest_namespace: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in playground_widget.__all__:
        doctest_namespace[name] = getattr(playground_widget, name)
    if isinstance(request.node, pytest.DoctestItem):
        # What one example keeps is nothing to another, nor to the person who runs them.
        monkeypatch.setenv("PLAYGROUND_WIDGET_DB", ":memory:")
