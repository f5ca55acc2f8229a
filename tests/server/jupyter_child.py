"""A Jupyter server, as `python -m jupyter_server` is one."""

from __future__ import annotations

import sys

from jupyter_server.serverapp import launch_new_instance


def main(*arguments: str) -> None:
    sys.argv = ["jupyter-server", *arguments]
    launch_new_instance()
