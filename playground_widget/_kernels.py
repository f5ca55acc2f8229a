"""Having a widget's requests handled while a cell runs, on each kind of kernel.

A person presses Stop while a cell is busy. Whether the kernel hears it then depends on its
version, and each way to see to it reaches into ipykernel, so it is all here and guarded.
"""

from __future__ import annotations

from typing import Any

from IPython.core.getipython import get_ipython

__all__ = ["answer_while_busy"]


def answer_while_busy(comm: Any) -> str:
    """Prepare a comm, and return its id if urgent requests are to use the control channel.

    ipykernel 7 has subshells: pages send comm messages on one of its own, beside the cells.
    From 7.4 on it sends a comm's messages to the shell that last sent on the comm, which is the
    one that runs the cell; what decides that is private there, and is taken back to what the
    message asked for. ipykernel 6 handles comm messages between cells, but reads its control
    channel on a thread of its own, where it can be told to take them too.
    """
    if comm is None:
        return ""
    if getattr(comm, "_reply_subshell_for", None) is not None:
        comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001
    kernel = getattr(get_ipython(), "kernel", None)
    handlers = getattr(kernel, "control_handlers", None)
    manager = getattr(kernel, "comm_manager", None)
    has_subshells = getattr(kernel, "_supports_kernel_subshells", False)
    if has_subshells or manager is None or not isinstance(handlers, dict):
        return ""
    handlers.setdefault("comm_msg", manager.comm_msg)
    return str(comm.comm_id)
