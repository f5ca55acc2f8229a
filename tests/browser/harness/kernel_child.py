"""A kernel, as `python -m ipykernel_launcher` is one."""

from __future__ import annotations

import json
import os

from ipykernel.kernelapp import IPKernelApp


def main(connection_file: str, environment: str) -> None:
    """Be a kernel; `environment` is a JSON object of its variables."""
    os.setsid()
    os.environ.clear()
    os.environ.update(json.loads(environment))
    # It would end at once, since that is not its parent.
    os.environ.pop("JPY_PARENT_PID", None)
    IPKernelApp.launch_instance(argv=["-f", connection_file])
