"""A thread as cells and files, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from playground_widget.compare import target_of
from playground_widget.conversation import LARGEST_FILE, new_id, present_values
from playground_widget.errors import InputError, PlaygroundError
from playground_widget.export import (
    Cell,
    Format,
    Options,
    Style,
    Target,
    export,
    from_cells,
    from_json,
    from_notebook,
    to_cells,
)
from playground_widget.files import write_whole
from playground_widget.model import Params, Thread
from playground_widget.playground._base import Base

if TYPE_CHECKING:
    import os

__all__ = ["Files"]

_FORMATS: dict[str, Format] = {
    ".ipynb": "ipynb",
    ".md": "md",
    ".markdown": "md",
    ".json": "json",
    ".py": "py",
    ".sh": "curl",
    ".html": "html",
    ".htm": "html",
}

_GIVEN = ("title", "system", "model")


class Files(Base):
    """The part of `Playground` that turns threads into cells and files."""

    def to_cells(self, style: Style = "transcript", **options: bool) -> tuple[Cell, ...]:
        """Return the thread as notebook cells.

        Args:
            style: `"transcript"`, markdown cells, one a message; `"code"`, cells that play the
                thread again through `Playground`; `"openai"`, cells that make the exact request
                of the last answer through the OpenAI SDK, with the key from the environment.
            **options: What is in them, each on or off: `system`, `params`, `answers` (on),
                `branches` (all of them), `code_cells` (code blocks of answers as code cells).

        Returns:
            The cells: `type`, `source` and `metadata`. By the metadata each style can be read
            back without loss, with `Playground.from_cells`.

        Example:
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> [cell.type for cell in pg.to_cells()]
            ['markdown', 'markdown']
        """
        return to_cells(self._present(), style, _options(options), self._target())

    def insert_cells(self, style: Style = "transcript", **options: bool) -> tuple[Cell, ...]:
        """Insert the thread as cells into the notebook, just below the cell that shows this.

        A page that shows the playground does it, one of them if several are open, as one undo
        step; in JupyterLab 4 and Notebook 7. This returns at once.

        Args:
            style: As in `to_cells`.
            **options: As in `to_cells`.

        Returns:
            The cells.

        Raises:
            PlaygroundError: No page shows this playground.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> pg  # shows it in a notebook  # doctest: +SKIP
            >>> cells = pg.insert_cells("code")  # in the next cell  # doctest: +SKIP
        """
        cells = self.to_cells(style, **options)
        widget = self._widget
        if widget is None or not widget.seen:
            raise PlaygroundError(
                "No page shows this playground, so nobody can insert cells. Show it first (`pg` as "
                "the last line of a cell), or take pg.to_cells() or pg.export('name.ipynb')."
            )
        self._engine.call(widget.insert, new_id(), [cell.to_dict() for cell in cells])
        return cells

    def export(
        self, path: str | os.PathLike[str], *, style: Style = "transcript", **options: bool
    ) -> Path:
        """Write the thread to a file; what it becomes is told by the ending.

        Args:
            path: `.ipynb`, `.md`, `.json` (all of it, to be read back), `.py` (the request
                through the OpenAI SDK), `.sh` (the request with cURL), `.html` (on its own). A
                file that is there is replaced.
            style: Of the cells of a notebook, as in `to_cells`.
            **options: As in `to_cells`; a `.json` has all branches unless told.

        Returns:
            The path that was written.

        Raises:
            InputError: The ending means nothing here.

        Example:
            >>> import tempfile
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     text = pg.export(f"{folder}/penguins.md").read_text()
            >>> text.splitlines()[0]
            '# Penguins'
        """
        target = Path(path).expanduser()
        format_ = _FORMATS.get(target.suffix.lower())
        if format_ is None:
            known = ", ".join(sorted(_FORMATS))
            raise InputError(f"{target.name} ends in none of {known}, which say what to write")
        chosen = _options({"branches": format_ == "json", **options})
        made = export(self._present(), format_, style, chosen, self._target())
        write_whole(target, made.text)
        return target

    @classmethod
    def from_cells(cls, cells: Iterable[Any], **arguments: Any) -> Self:
        """Return a playground on the thread that cells were made from.

        Args:
            cells: Of `to_cells`, or of a notebook: anything with `cell_type`, `source` and
                `metadata`. Cells between them that are something else are passed over.
            **arguments: Of `Playground`.

        Raises:
            InputError: There is no thread in them.

        Example:
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> Playground.from_cells(pg.to_cells("code"), connection="demo")[0].text
            'Hello'
        """
        return cls._of(from_cells(cells), arguments)

    @classmethod
    def from_notebook(cls, path: str | os.PathLike[str], **arguments: Any) -> Self:
        """Return a playground on the thread of a notebook that was exported.

        Args:
            path: The `.ipynb` file.
            **arguments: Of `Playground`.

        Returns:
            A new playground; the thread is stored where its `store` says.

        Raises:
            InputError: There is no thread in it.
            OSError: The file cannot be read.

        Example:
            >>> import tempfile
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     file = pg.export(f"{folder}/penguins.ipynb")
            ...     again = Playground.from_notebook(file, connection="demo")
            >>> again.title, again[0].text
            ('Penguins', 'Hello')
        """
        return cls._of(from_notebook(_text_of(path)), arguments)

    @classmethod
    def from_json(
        cls, path: str | os.PathLike[str], thread: str | None = None, **arguments: Any
    ) -> Self:
        """Return a playground on a thread of a JSON file.

        Args:
            path: A file of `export`, ChatGPT's `conversations.json`, or messages as OpenAI's API
                takes them.
            thread: The title or id of the one to take, where there are several.
            **arguments: Of `Playground`.

        Returns:
            A new playground; the thread is stored where its `store` says.

        Raises:
            InputError: There is no such thread in it.
            OSError: The file cannot be read.

        Example:
            >>> import tempfile
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     file = pg.export(f"{folder}/penguins.json")
            ...     again = Playground.from_json(file, connection="demo")
            >>> again[0].text
            'Hello'
        """
        found = from_json(_text_of(path), new_id)
        if thread is not None:
            found = tuple(each for each in found if thread in {each.id, each.title})
        if len(found) != 1:
            titles = ", ".join(repr(each.title or each.id) for each in found[:10])
            raise InputError(
                f"There are {len(found)} threads in {Path(path).name}"
                + (f"; name one with thread=: {titles}" if found else "")
            )
        return cls._of(found[0], arguments)

    @classmethod
    def _of(cls, thread: Thread, arguments: dict[str, Any]) -> Self:
        """Store a thread from elsewhere and open it; what is given beats what it had."""
        pg = cls(**arguments)
        pg._engine.do(pg._import, thread)
        given = {name: arguments[name] for name in _GIVEN if arguments.get(name) is not None}
        params = {f.name: arguments[f.name] for f in fields(Params) if f.name in arguments}
        if given or params:
            pg._change(**given, **({"params": params} if params else {}))
        return pg

    async def _import(self, thread: Thread) -> None:
        threads = self._conversation.threads
        (identity,) = await threads.import_([thread])
        await threads.open(identity)

    def _present(self) -> Thread:
        return self._session.state.present()

    def _target(self) -> Target:
        values = present_values(self._present(), self._conversation.variables)
        conversation = self._conversation
        tools = conversation.toolbox.offered()
        return target_of(conversation.connections.current, values, tools)


def _options(given: dict[str, bool]) -> Options:
    known = set(Options.__slots__)
    if unknown := sorted(set(given) - known):
        raise TypeError(f"unexpected keyword argument {unknown[0]!r}; known are {sorted(known)}")
    return Options(**given)


def _text_of(path: str | os.PathLike[str]) -> str:
    """Return the text of a file that could be a conversation."""
    file = Path(path).expanduser()
    if file.stat().st_size > LARGEST_FILE:
        raise InputError(f"{file.name} is larger than 50 MB, which no conversation is")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is no text in UTF-8") from None
