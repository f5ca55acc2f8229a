"""`%%playground` in a live kernel, as nbval runs it: without a page."""

from __future__ import annotations

from tests.notebook.live_kernel import LiveKernel

SETUP = """
%load_ext playground_widget
from playground_widget import Playground
pg = Playground(connection="demo", model="demo-echo", store=":memory:")
word = "penguin"
"""


def test_a_cell_shows_the_same_answer_each_time(kernel: LiveKernel) -> None:
    assert kernel.run(SETUP).status == "ok"
    shown = []
    for _ in range(2):
        outcome = kernel.run("%%playground pg\nSay {{word}}.")
        assert outcome.status == "ok"
        (output,) = outcome.outputs
        shown.append(output["data"])
        assert kernel.run("print(_.role, _.variables)").stdout == (
            "assistant {'word': 'penguin'}\n"
        )
        kernel.run("pg.delete(pg[0]); pg.delete(pg[0])")
    assert shown[0] == shown[1]
    assert "penguin" in shown[0]["text/markdown"]


def test_a_page_hears_of_new_values_after_each_cell(kernel: LiveKernel) -> None:
    kernel.run(SETUP)
    kernel.run("pg.system = '{{word}}'")
    comm = kernel.run("print(pg.widget.comm.comm_id)").stdout.strip()
    kernel.run("word = 'albatross'")

    def shown() -> bool:
        return any("albatross" in str(content) for content in kernel.comm_messages(comm))

    kernel.wait_until(shown)
