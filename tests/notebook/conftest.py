"""Fixtures for tests in live kernels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notebook.live_kernel import KERNELS, LiveKernel


@pytest.fixture(params=KERNELS)
def any_kernel(request: pytest.FixtureRequest) -> Iterator[LiveKernel]:
    """A kernel of each version of ipykernel in turn."""
    with LiveKernel.running(request.param) as kernel:
        yield kernel


@pytest.fixture
def kernel() -> Iterator[LiveKernel]:
    """A kernel of the newest ipykernel."""
    with LiveKernel.running("python3") as kernel:
        yield kernel
