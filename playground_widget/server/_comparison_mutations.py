"""What can be done with comparisons."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry import ID, Info

from playground_widget.protocol import CompareRequest, Request, parse_request
from playground_widget.server._comparison_inputs import (
    DeleteComparisonInput,
    ExportComparisonInput,
    PickAnswerInput,
    RenameComparisonInput,
    StartComparisonInput,
    SteerComparisonInput,
    UseAnswerInput,
)
from playground_widget.server._comparison_payloads import (
    DeleteComparisonPayload,
    ExportComparisonPayload,
    PickAnswerPayload,
    RenameComparisonPayload,
    StartComparisonPayload,
    SteerComparisonPayload,
    UseAnswerPayload,
)
from playground_widget.server._exports import exported
from playground_widget.server._perform import ask, perform
from playground_widget.server._service import Service

__all__ = ["ComparisonMutation"]


def _read(kind: str, **fields: Any) -> Any:
    """Return a request as a page's is read, so that all doors refuse the same."""
    given = {name: value for name, value in fields.items() if value is not None}
    request: Request = parse_request({"type": kind, "request": "graphql", **given})
    return request


def _said(given: object, *names: str) -> dict[str, Any]:
    """Return the fields of an input that say something."""
    return {name: value for name in names if (value := getattr(given, name)) is not None}


async def _ask(service: Service, comparison: str, request: CompareRequest) -> dict[str, Any]:
    return await service.inside(service.rooms.carry_out_in, comparison, request)


@strawberry.type
class ComparisonMutation:
    """Mutations of comparisons."""

    @strawberry.mutation
    async def start_comparison(
        self,
        info: Info[Service, None],
        given: Annotated[StartComparisonInput, strawberry.argument(name="input")],
    ) -> StartComparisonPayload:
        """Ask variants the same. It goes on when its client is gone.

        Args:
            given: What is asked, of which thread.
        """
        service = info.context

        async def work() -> StartComparisonPayload:
            names = ("rows", "csv", "input", "samples", "max_concurrency", "max_cost", "name")
            variant = ("name", "system", "model", "connection", "params", "tools")
            scorer = ("kind", "column", "case", "pattern", "schema", "prompt", "model")
            request = _read(
                "compare",
                variants=[_said(each, *variant) for each in given.variants],
                scorers=[_said(each, *scorer) for each in given.scorers or ()],
                blind=bool(given.blind),
                **_said(given, *names),
            )
            outcome = await ask(service, given.thread_id, request)
            return StartComparisonPayload(comparison_id=ID(outcome.result["comparison"]))

        return await perform(service, given, StartComparisonPayload, work)

    @strawberry.mutation
    async def use_answer(
        self,
        info: Info[Service, None],
        given: Annotated[UseAnswerInput, strawberry.argument(name="input")],
    ) -> UseAnswerPayload:
        """Make an answer of a comparison a message of its thread, a version beside others.

        Args:
            given: Which answer, and where.
        """
        service = info.context

        async def work() -> UseAnswerPayload:
            names = ("row", "variant", "sample")
            request = _read("use_answer", comparison=given.comparison_id, **_said(given, *names))
            outcome = await ask(service, given.thread_id, request)
            made = ID(outcome.result["message"])
            return UseAnswerPayload(revision=outcome.revision, message_id=made)

        return await perform(service, given, UseAnswerPayload, work)

    @strawberry.mutation
    async def steer_comparison(
        self,
        info: Info[Service, None],
        given: Annotated[SteerComparisonInput, strawberry.argument(name="input")],
    ) -> SteerComparisonPayload:
        """Pause a comparison, go on with it, cancel it, or ask again what has failed.

        Args:
            given: What it is to do.
        """
        service = info.context

        async def work() -> SteerComparisonPayload:
            steered = {"action": given.action.value, "max_cost": given.max_cost}
            request = _read("steer", comparison=given.comparison_id, **steered)
            await _ask(service, given.comparison_id, request)
            return SteerComparisonPayload()

        return await perform(service, given, SteerComparisonPayload, work)

    @strawberry.mutation
    async def pick_answer(
        self,
        info: Info[Service, None],
        given: Annotated[PickAnswerInput, strawberry.argument(name="input")],
    ) -> PickAnswerPayload:
        """Say which answer of a row won.

        Args:
            given: Which.
        """
        service = info.context

        async def work() -> PickAnswerPayload:
            said = _said(given, "row", "variant", "sample")
            request = _read("pick", comparison=given.comparison_id, **said)
            await _ask(service, given.comparison_id, request)
            return PickAnswerPayload()

        return await perform(service, given, PickAnswerPayload, work)

    @strawberry.mutation
    async def rename_comparison(
        self,
        info: Info[Service, None],
        given: Annotated[RenameComparisonInput, strawberry.argument(name="input")],
    ) -> RenameComparisonPayload:
        """Give a comparison another name.

        Args:
            given: Which, and the name.
        """
        service = info.context

        async def work() -> RenameComparisonPayload:
            said = _said(given, "name")
            request = _read("rename_comparison", comparison=given.comparison_id, **said)
            await _ask(service, given.comparison_id, request)
            return RenameComparisonPayload()

        return await perform(service, given, RenameComparisonPayload, work)

    @strawberry.mutation
    async def delete_comparison(
        self,
        info: Info[Service, None],
        given: Annotated[DeleteComparisonInput, strawberry.argument(name="input")],
    ) -> DeleteComparisonPayload:
        """End a comparison and take it out of the list.

        Args:
            given: Which.
        """
        service = info.context

        async def work() -> DeleteComparisonPayload:
            request = _read("delete_comparison", comparison=given.comparison_id)
            await _ask(service, given.comparison_id, request)
            return DeleteComparisonPayload()

        return await perform(service, given, DeleteComparisonPayload, work)

    @strawberry.mutation
    async def export_comparison(
        self,
        info: Info[Service, None],
        given: Annotated[ExportComparisonInput, strawberry.argument(name="input")],
    ) -> ExportComparisonPayload:
        """Write a comparison as cells or as a file.

        Args:
            given: Which, and what as.
        """
        service = info.context

        async def work() -> ExportComparisonPayload:
            request = _read(
                "export_comparison", comparison=given.comparison_id, format=given.format.value
            )
            made = exported(await _ask(service, given.comparison_id, request))
            return ExportComparisonPayload(file=made.file, cells=made.cells)

        return await perform(service, given, ExportComparisonPayload, work)
