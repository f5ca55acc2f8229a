"""How the events of a subscription are executed."""

from __future__ import annotations

from typing import Any

from graphql import Executor, GraphQLObjectType
from graphql.execution.collect_fields import CollectedFields, FieldDetails

__all__ = ["EventExecutor"]


class EventExecutor(Executor[Any]):
    """Collects the fields of a selection once for all events of a subscription.

    The executor of graphql-core 3.3 remembers them by lists that each event makes anew, and keeps
    those for as long as the subscription lasts: nothing was ever found again, and each event left a
    kilobyte behind. Here they are known by the nodes of the document, which stay the same.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin with no selection known; the executors of the events share what is."""
        super().__init__(*args, **options)
        self._collected: dict[tuple[Any, ...], tuple[list[FieldDetails], CollectedFields]] = {}

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: list[FieldDetails]
    ) -> CollectedFields:
        """Return the fields that are selected below some fields, for a type."""
        key = (return_type, *[id(part) for each in field_details_list for part in each])
        known = self._collected.get(key)
        if known is None:
            found = super().collect_subfields(return_type, field_details_list)
            # The list too, so that the identities in the key stay taken.
            known = self._collected[key] = (field_details_list, found)
        return known[1]
