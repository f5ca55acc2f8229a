"""Validation rules that bound what one document may ask."""

from __future__ import annotations

from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    specified_rules,
)

from playground_widget.server._limits import Limits

__all__ = ["rules_for"]


def rules_for(limits: Limits) -> tuple[type[ASTValidationRule], ...]:
    """Return the rules that a document has to follow."""

    class WithinLimits(ValidationRule):
        """Refuse a document that is nested too deeply or has too many aliases."""

        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self._aliases = 0

        def enter_field(self, node: FieldNode, *_rest: Any) -> None:
            if node.alias is None:
                return
            self._aliases += 1
            if self._aliases == limits.aliases + 1:
                self.report_error(
                    GraphQLError(f"The document has more than {limits.aliases} aliases.", node)
                )

        def enter_operation_definition(self, node: OperationDefinitionNode, *_rest: Any) -> None:
            depths: dict[str, int] = {}
            if _depth(self.context, node.selection_set, depths) > limits.depth:
                self.report_error(
                    GraphQLError(
                        f"The operation is nested more than {limits.depth} fields deep.", node
                    )
                )

    own: tuple[type[ASTValidationRule], ...] = (WithinLimits,)
    if not limits.introspection:
        own = (*own, NoSchemaIntrospectionCustomRule)
    return (*specified_rules, *own)


def _depth(context: ValidationContext, selections: SelectionSetNode, known: dict[str, int]) -> int:
    """Return how deep fields are nested; each fragment is looked into once."""
    deepest = 0
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            below = selection.selection_set
            depth = 1 + (_depth(context, below, known) if below else 0)
        elif isinstance(selection, InlineFragmentNode):
            depth = _depth(context, selection.selection_set, known)
        elif isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name not in known:
                # A fragment within itself is refused by a rule of its own.
                known[name] = 0
                fragment = context.get_fragment(name)
                if fragment is not None:
                    known[name] = _depth(context, fragment.selection_set, known)
            depth = known[name]
        else:
            depth = 0
        deepest = max(deepest, depth)
    return deepest
