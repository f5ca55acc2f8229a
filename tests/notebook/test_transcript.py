"""The transcript beside the widget in a live kernel: what a saved notebook will hold."""

from __future__ import annotations

from tests.notebook.live_kernel import LiveKernel

SETUP = """
from playground_widget import Playground
slow = {"demo": {"tokens": 100_000, "rate": 50, "first_token": 0}}
pg = Playground(connection="demo", model="demo-long", extra=slow, store=":memory:")
pg
"""

CLOSE_IN_THE_MIDDLE = """
run = pg.start("Tell me everything.")
next(iter(run))
pg.close()
print(run.result(timeout=60).status)
"""


def test_what_was_closed_in_the_middle_of_an_answer_is_shown_with_it(kernel: LiveKernel) -> None:
    begun = kernel.run(SETUP)
    assert begun.error == ""
    display = begun.outputs[-1]["transient"]["display_id"]
    assert kernel.run(CLOSE_IN_THE_MIDDLE).stdout == "cancelled\n"

    def shown() -> list[str]:
        return [
            message["content"]["data"]["text/plain"]
            for message in kernel.messages
            if message["msg_type"] == "update_display_data"
            and message["content"]["transient"]["display_id"] == display
        ]

    kernel.wait_until(lambda: bool(shown()) and "Stopped" in shown()[-1])
    assert "Tell me everything." in shown()[-1]
