"""What can be asked of comparisons."""

from __future__ import annotations

import strawberry
from strawberry import ID, Info

from playground_widget import compare
from playground_widget.errors import NotFoundError
from playground_widget.server._comparison_topic import Whole
from playground_widget.server._comparisons import (
    Comparison,
    ComparisonInfo,
    comparison_of,
    info_of,
)
from playground_widget.server._service import Service

__all__ = ["ComparisonQuery"]


@strawberry.type
class ComparisonQuery:
    """Queries of comparisons."""

    @strawberry.field
    async def comparisons(
        self, info: Info[Service, None], search: str | None = None
    ) -> list[ComparisonInfo]:
        """The comparisons, the one changed last first.

        Args:
            search: A piece of the names that are wanted.
        """
        service = info.context
        found = await service.inside(service.rooms.list_comparisons, search)
        return [info_of(each) for each in found]

    @strawberry.field
    async def comparison(
        self,
        info: Info[Service, None],
        id: ID,  # noqa: A002 - the schema's word
    ) -> Comparison | None:
        """A comparison as it is at this moment; null if there is none.

        Args:
            id: Of the comparison.
        """
        service = info.context

        async def look() -> Whole:
            _, runner = await service.rooms.comparison(id)
            summary = await runner.ready()
            runner.telling.flush()
            return Whole(compare.view_of(runner, summary), runner.plan)

        try:
            found = await service.inside(look)
        except NotFoundError:
            return None
        return comparison_of(found.view, found.plan)
