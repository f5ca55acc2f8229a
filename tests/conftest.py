"""What every test stands on: no key, no proxy, no settings of the person who runs it."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import tests.without_iris  # noqa: F401 - before anything loads jsonschema

ROOT = Path(__file__).resolve().parent.parent

FULL = os.environ.get("PLAYGROUND_WIDGET_FULL", "") not in {"", "0"}
"""Whether to repeat as often as the promises say; `make test-all` sets it."""

# How long an example takes depends on the machine, and is no promise.
settings.register_profile(
    "quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", settings.get_profile("quick"), max_examples=2000)
settings.load_profile("full" if FULL else "quick")

_home = tempfile.TemporaryDirectory(prefix="playground-tests-")


def _isolate() -> None:
    """Gives this process and all it starts an empty home for Jupyter, and nothing to call out."""
    for name in list(os.environ):
        if name.startswith("OPENAI_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    for name, folder in folders.items():
        path = Path(_home.name) / folder
        path.mkdir(exist_ok=True)
        os.environ[name] = str(path)
    # The kernels with older versions of ipykernel; `python3` comes with the environment.
    os.environ["JUPYTER_PATH"] = str(ROOT / ".kernels" / "share" / "jupyter")
    os.environ["MPLBACKEND"] = "agg"


_isolate()

# Thousands of tests are collected and stay. Looking through them all each time that something is
# to be forgotten takes longer than most tests, and finds nothing: they are looked at no more.


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    _home.cleanup()


@pytest.fixture(scope="session")
def full_counts() -> bool:
    """True under `make test-all`: repeat as often as the promises say."""
    return FULL
