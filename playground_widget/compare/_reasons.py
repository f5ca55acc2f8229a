"""Why a comparison does not go on by itself, in words."""

from __future__ import annotations

from playground_widget.compare._values import Plan
from playground_widget.compare._variants import Missing
from playground_widget.errors import ErrorInfo, SetupError

__all__ = ["HOPELESS", "check_functions", "over_cost", "same_for_all"]

HOPELESS = {"key_refused", "quota", "model_not_found", "cluster"}
"""Kinds of errors that the next cell would meet too."""


def same_for_all(error: ErrorInfo) -> str:
    """Return why it was paused after a cell that failed as the others would."""
    detail = f" {error.detail}" if error.detail else ""
    again = (
        " With another key, call pg.compare(...) again with the name of this comparison."
        if error.kind == "key_refused"
        else ""
    )
    return (
        f"{error.title}.{detail} Others would meet the same, and were not asked. "
        f"resume() goes on with them, retry_failed() with those that failed too.{again}"
    )


def over_cost(spent: float, most: float) -> str:
    """Return why it was paused before a cell that would cost too much."""
    return (
        f"Its cost of ${spent:.4f} would pass the limit of ${most:.4f}. What it has is kept; "
        "resume(max_cost=...) goes on."
    )


def check_functions(plan: Plan) -> None:
    """Refuse to ask where a function that a model may call is not known.

    Raises:
        SetupError: One is not known here.
    """
    for each in plan.candidates:
        for tool in each.tools:
            if isinstance(tool.function, Missing):
                raise SetupError(
                    f"The function {tool.name}, which {each.name} may call, is not known here: "
                    "functions are not kept. Set pg.tools = [...] and open the comparison "
                    "again, or call pg.compare(...) again with its name."
                )
