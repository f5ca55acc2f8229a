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

        Raises:
            NotFoundError: There is no such message.
            InputError: The content cannot be a message.
            RunError: With `rerun`: the answer failed; `error.message` holds what came of it.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> answer = pg.send("Which penguin is heaviest?")
            >>> pg.edit(0, "Which penguin is fastest?").text
            'Which penguin is fastest?'
            >>> len(pg.branches(0))
            2
        """
        parts = None if content is None else parts_of(content)
        identity = self._id(message)
        if not rerun:
            placed: Placed = self._do(self._session.edit, identity, parts, role)
            return placed.messages[0]
        run = self._run(wait=wait)
        made: Message | Run = self._begin(
            run, self._session.edit_and_run, identity, parts, role, run, wait=wait
        )
        return made

    def delete(self, message: MessageRef) -> None:
        """Leave a message out of the path; `undo` brings it back.

        Args:
            message: A Message, an id or an index.

        Raises:
            NotFoundError: There is no such message.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> message = pg.add("A mistake")
            >>> pg.delete(message)
            >>> [message.text for message in pg.messages]
            ['Hello']
        """
        self._do(self._session.delete, [self._id(message)])

    def undo(self) -> str | None:
        """Take back the last change: of the messages, the system prompt, or a deleted thread.

        Returns:
            What was taken back, such as `"delete"`, or `None` if there was nothing.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> pg.delete(0)
            >>> pg.undo(), len(pg)
            ('delete', 1)
        """
        return self._do(self._session.undo)

    def branches(self, message: MessageRef) -> tuple[Message, ...]:
        """Return all versions of a message, itself among them, oldest first.

        Args:
            message: A Message, an id or an index.

        Returns:
            The messages that have the same parent; one alone is its only version.

        Raises:
            NotFoundError: There is no such message.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> edited = pg.edit(0, "Good morning")
            >>> [message.text for message in pg.branches(0)]
            ['Hello', 'Good morning']
        """
        return siblings(self._session.state.present(), self._id(message))

    def select(self, message: MessageRef) -> None:
        """Make the branch of a message the active path.

        Args:
            message: A Message or an id, of any branch; an index names one of the active path.

        Raises:
            NotFoundError: There is no such message.

        Example:
            >>> pg = Playground(connection="demo", messages="Hello")
            >>> edited = pg.edit(0, "Good morning")
            >>> pg.select(pg.branches(0)[0])
            >>> pg[0].text
            'Hello'
        """
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
