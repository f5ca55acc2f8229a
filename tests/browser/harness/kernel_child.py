"""A kernel, as `python -m ipykernel_launcher` is one."""

from __future__ import annotations

import json
import os
from typing import Any

import ipywidgets
from ipykernel.kernelapp import IPKernelApp


def main(connection_file: str, environment: str) -> None:
    """Be a kernel; `environment` is a JSON object of its variables."""
    os.setsid()
    os.environ.clear()
    os.environ.update(json.loads(environment))
    # It would end at once, since that is not its parent.
    os.environ.pop("JPY_PARENT_PID", None)
    kernel: Any = IPKernelApp.instance()
    kernel.initialize(["-f", connection_file])
    # It does this when it is loaded in a kernel, and was loaded before there was one.
    ipywidgets.register_comm_target()
    kernel.start()
