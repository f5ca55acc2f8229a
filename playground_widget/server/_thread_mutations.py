"""What can be done to a thread as a whole."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import ID, Info

from playground_widget.protocol import (
    DeleteThread,
    DuplicateThread,
    PinThread,
    RenameThread,
    RestoreThread,
    Set,
    Undo,
)
from playground_widget.server._exports import export_of, exported
from playground_widget.server._inputs import (
    CreateThreadInput,
    DeleteThreadInput,
    DuplicateThreadInput,
    ExportThreadInput,
    ImportThreadsInput,
    PinThreadInput,
    RenameThreadInput,
    RestoreThreadInput,
    UndoInput,
    UpdateThreadInput,
)
from playground_widget.server._new_thread import create, object_of
from playground_widget.server._payloads import (
    CreateThreadPayload,
    DeleteThreadPayload,
    DuplicateThreadPayload,
    ExportThreadPayload,
    ImportThreadsPayload,
    PinThreadPayload,
    RenameThreadPayload,
    RestoreThreadPayload,
    UndoPayload,
    UpdateThreadPayload,
)
from playground_widget.server._perform import ask, perform
from playground_widget.server._service import Service

__all__ = ["ThreadMutation"]


@strawberry.type
class ThreadMutation:
    """Changes of a thread as a whole."""

    @strawberry.mutation
    async def create_thread(
        self,
        info: Info[Service, None],
        given: Annotated[CreateThreadInput, strawberry.argument(name="input")],
    ) -> CreateThreadPayload:
        """Make a thread.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> CreateThreadPayload:
            return await create(service, given)

        return await perform(service, given, CreateThreadPayload, work)

    @strawberry.mutation
    async def import_threads(
        self,
        info: Info[Service, None],
        given: Annotated[ImportThreadsInput, strawberry.argument(name="input")],
    ) -> ImportThreadsPayload:
        """Store the threads of a file that an export made.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> ImportThreadsPayload:
            made = await service.inside(service.rooms.import_, given.name, given.text)
            return ImportThreadsPayload(thread_ids=[ID(thread) for thread in made])

        return await perform(service, given, ImportThreadsPayload, work)

    @strawberry.mutation
    async def rename_thread(
        self,
        info: Info[Service, None],
        given: Annotated[RenameThreadInput, strawberry.argument(name="input")],
    ) -> RenameThreadPayload:
        """Give a thread another title.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> RenameThreadPayload:
            request = RenameThread(given.thread_id, given.title)
            outcome = await ask(service, given.thread_id, request)
            return RenameThreadPayload(revision=outcome.revision)

        return await perform(service, given, RenameThreadPayload, work)

    @strawberry.mutation
    async def pin_thread(
        self,
        info: Info[Service, None],
        given: Annotated[PinThreadInput, strawberry.argument(name="input")],
    ) -> PinThreadPayload:
        """Have a thread stand first in the list, or not.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> PinThreadPayload:
            await ask(service, given.thread_id, PinThread(given.thread_id, given.pinned))
            return PinThreadPayload()

        return await perform(service, given, PinThreadPayload, work)

    @strawberry.mutation
    async def duplicate_thread(
        self,
        info: Info[Service, None],
        given: Annotated[DuplicateThreadInput, strawberry.argument(name="input")],
    ) -> DuplicateThreadPayload:
        """Store a copy of a thread.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> DuplicateThreadPayload:
            outcome = await ask(service, given.thread_id, DuplicateThread(given.thread_id))
            return DuplicateThreadPayload(thread_id=ID(outcome.result["thread"]))

        return await perform(service, given, DuplicateThreadPayload, work)

    @strawberry.mutation
    async def delete_thread(
        self,
        info: Info[Service, None],
        given: Annotated[DeleteThreadInput, strawberry.argument(name="input")],
    ) -> DeleteThreadPayload:
        """Take a thread out of the list; what runs in it is stopped first.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> DeleteThreadPayload:
            await ask(service, given.thread_id, DeleteThread(given.thread_id))
            return DeleteThreadPayload()

        return await perform(service, given, DeleteThreadPayload, work)

    @strawberry.mutation
    async def restore_thread(
        self,
        info: Info[Service, None],
        given: Annotated[RestoreThreadInput, strawberry.argument(name="input")],
    ) -> RestoreThreadPayload:
        """Bring a deleted thread back.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> RestoreThreadPayload:
            await ask(service, given.thread_id, RestoreThread(given.thread_id))
            return RestoreThreadPayload()

        return await perform(service, given, RestoreThreadPayload, work)

    @strawberry.mutation
    async def update_thread(
        self,
        info: Info[Service, None],
        given: Annotated[UpdateThreadInput, strawberry.argument(name="input")],
    ) -> UpdateThreadPayload:
        """Change fields of a thread.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> UpdateThreadPayload:
            request = Set(given.title, given.system, given.model, object_of("params", given.params))
            outcome = await ask(service, given.thread_id, request, given.expected_revision)
            return UpdateThreadPayload(
                revision=outcome.revision, undo=outcome.result.get("undo") or None
            )

        return await perform(service, given, UpdateThreadPayload, work)

    @strawberry.mutation
    async def undo(
        self,
        info: Info[Service, None],
        given: Annotated[UndoInput, strawberry.argument(name="input")],
    ) -> UndoPayload:
        """Take back the last change of a thread.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> UndoPayload:
            outcome = await ask(service, given.thread_id, Undo(given.token))
            return UndoPayload(revision=outcome.revision, undone=outcome.result.get("undone"))

        return await perform(service, given, UndoPayload, work)

    @strawberry.mutation
    async def export_thread(
        self,
        info: Info[Service, None],
        given: Annotated[ExportThreadInput, strawberry.argument(name="input")],
    ) -> ExportThreadPayload:
        """Write a thread as cells or as a file.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> ExportThreadPayload:
            outcome = await ask(service, given.thread_id, export_of(given))
            return exported(outcome.result)

        return await perform(service, given, ExportThreadPayload, work)
