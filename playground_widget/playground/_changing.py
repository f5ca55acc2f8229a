"""Editing, deleting, and going between versions."""

from __future__ import annotations

from typing import Literal, overload

from playground_widget.content import parts_of
from playground_widget.conversation import Placed
from playground_widget.engine import Run
from playground_widget.model import Message, Role, siblings
from playground_widget.playground._base import Base, MessageRef
from playground_widget.playground._tree import Tree

__all__ = ["Changing"]


class Changing(Base):
    """The part of `Playground` that changes what was said, as new versions."""

    @overload
    def edit(
        self,
        message: MessageRef,
        content: object = ...,
        role: Role | None = ...,
        *,
        rerun: bool = ...,
        wait: Literal[True] = ...,
    ) -> Message: ...
    @overload
    def edit(
        self,
        message: MessageRef,
        content: object = ...,
        role: Role | None = ...,
        *,
        rerun: Literal[True],
        wait: Literal[False],
    ) -> Run: ...
    def edit(
        self,
        message: MessageRef,
        content: object = None,
        role: Role | None = None,
        *,
        rerun: bool = False,
        wait: bool = True,
    ) -> Message | Run:
        """Give a message a new version; the old one stays reachable.

        Args:
            message: A Message, an id or an index.
            content: The new content, as one message takes it; `None` keeps the old.
            role: The new role; `None` keeps the old.
            rerun: Have it answered again; the path then ends at the new answer. Without it
                the later messages follow the new version.
            wait: With `rerun`, wait for the answer; else return its `Run`.

        Returns:
            The new version; with `rerun` the new answer, or its `Run`.
        """
        parts = None if content is None else parts_of(content)
        identity = self._id(message)
        if not rerun:
            placed: Placed = self._do(self._session.edit, identity, parts, role)
            return placed.messages[0]
        run = self._run(wait)
        made: Message | Run = self._begin(
            run, wait, self._session.edit_and_run, identity, parts, role, run
        )
        return made

    def delete(self, message: MessageRef) -> None:
        """Leave a message out of the path; `undo` brings it back."""
        self._do(self._session.delete, [self._id(message)])

    def undo(self) -> str | None:
        """Take back the last change: of the messages, the system prompt, or a deleted thread.

        Returns:
            What was taken back, such as `"delete"`, or `None` if there was nothing.
        """
        return self._do(self._session.undo)

    def branches(self, message: MessageRef) -> tuple[Message, ...]:
        """Return all versions of a message, itself among them, oldest first."""
        return siblings(self._session.state.present(), self._id(message))

    def select(self, message: MessageRef) -> None:
        """Make the branch of a message the active path."""
        self._do(self._session.select, self._id(message))

    @property
    def tree(self) -> Tree:
        """The thread with all its branches, as an object that draws itself.

        Example:
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> print(pg.tree)
            Penguins
            └─ user: Hello ◀
        """
        return Tree(self._session.state.present())
