"""`%%playground` in a notebook: the text of a cell is sent, and the answer is its output."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError
from IPython.display import display

from playground_widget.model import Message
from playground_widget.playground import Playground, shown_last

__all__ = ["register", "unregister"]

NAME = "playground"


def register(shell: Any) -> None:
    """Add the magic to a notebook's shell; what `%load_ext playground_widget` does."""

    def playground(line: str, cell: str) -> None:
        """Send the text of this cell to a playground, and show the answer.

        `%%playground` asks the playground that was shown last, `%%playground pg` the one of that
        name. `{{name}}` is filled in from the playground's variables and from the notebook. The
        answer streams into the views of the playground, and is the output of the cell when it is
        whole; then `_` is its `Message`.
        """
        chosen = _chosen(shell, line.strip())
        text = cell.strip("\n")
        if not text.strip():
            raise UsageError("There is nothing to send: write the message below %%playground.")
        _show(shell, chosen.send(text))

    shell.register_magic_function(playground, magic_kind="cell", magic_name=NAME)


def unregister(shell: Any) -> None:
    """Take the magic away again; what `%unload_ext playground_widget` does."""
    shell.magics_manager.magics["cell"].pop(NAME, None)


def _chosen(shell: Any, name: str) -> Playground:
    """Return the playground of a name, or the one that was shown last."""
    if not name:
        last: Playground | None = shown_last()
        if last is None:
            raise UsageError(
                "No playground was shown yet. Show one (pg = Playground(); pg), or name one: "
                "%%playground pg"
            )
        return last
    if name not in shell.user_ns:
        raise UsageError(
            f"There is no variable {name}. Make one with {name} = Playground(), or leave the name "
            "out to ask the playground that was shown last."
        )
    found = shell.user_ns[name]
    if not isinstance(found, Playground):
        raise UsageError(f"{name} is no playground but of type {type(found).__name__}.")
    return found


def _show(shell: Any, answer: Message) -> None:
    """Show the words of an answer, and make it what `_` stands for.

    As the result of the cell it would be shown with its id, which is another each time.
    """
    words = answer.text
    display({"text/plain": words, "text/markdown": words}, raw=True)  # type: ignore[no-untyped-call]
    shell.displayhook.update_user_ns(answer)
