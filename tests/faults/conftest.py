"""The servers between which faults happen, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.faults import FAULTS
from tests.faults.meeting import meet
from tests.faults.place import Place, place


@pytest.fixture(scope="session")
def here() -> Iterator[Place]:
    with place() as made:
        # What a process has once it has asked anything at all is no leak.
        for api in ("chat", "responses"):
            meet(FAULTS[0], made, api)
        yield made
