"""That the tests' kernels are what they say, and that comms are answered when they should be."""

from __future__ import annotations

import pytest

from tests.notebook.live_kernel import KERNELS, LiveKernel

ECHO = """
import ipywidgets
widget = ipywidgets.DOMWidget()
widget.on_msg(lambda self, content, buffers: self.send({"heard": content}))
print(widget.comm.comm_id)
"""

ENDLESS = """
import time
print("begun", flush=True)
while True:
    time.sleep(0.01)
"""


@pytest.mark.parametrize("name", KERNELS)
def test_kernel_runs_its_version(name: str) -> None:
    with LiveKernel.running(name) as kernel:
        outcome = kernel.run("import ipykernel; print(ipykernel.__version__)")
    assert outcome.status == "ok"
    version = name.removeprefix("ipykernel-")
    assert outcome.stdout.startswith("7." if name == "python3" else version)


def test_error_and_output_of_a_cell_are_seen(kernel: LiveKernel) -> None:
    assert kernel.run("1 / 0").error == "ZeroDivisionError"
    (output,) = kernel.run("40 + 2").outputs
    assert output["data"]["text/plain"] == "42"


def test_comm_message_is_answered_between_cells(any_kernel: LiveKernel) -> None:
    comm = any_kernel.run(ECHO).stdout.strip()
    any_kernel.send_comm(comm, {"method": "custom", "content": {"n": 1}})
    answer = {"method": "custom", "content": {"heard": {"n": 1}}}
    any_kernel.wait_until(
        lambda: answer in [content["data"] for content in any_kernel.comm_messages(comm)]
    )


def test_comm_message_on_a_subshell_is_answered_while_a_cell_runs() -> None:
    with LiveKernel.running("ipykernel-7.1") as kernel:
        comm = kernel.run(ECHO).stdout.strip()
        subshell = kernel.create_subshell()
        cell = kernel.start(ENDLESS)
        # A kernel ignores an interrupt that comes before the cell has begun.
        kernel.wait_until(lambda: "begun" in kernel.printed(cell))
        data = {"method": "custom", "content": {"n": 2}}
        kernel.send_comm(comm, data, subshell=subshell)
        answer = {"method": "custom", "content": {"heard": {"n": 2}}}
        kernel.wait_until(lambda: answer in [c["data"] for c in kernel.comm_messages(comm)])
        kernel.interrupt()
        assert kernel.finish(cell).error == "KeyboardInterrupt"


def test_kernel_without_subshells_says_so() -> None:
    with LiveKernel.running("ipykernel-6.29") as kernel:
        assert kernel.create_subshell() is None
