"""Why a comparison does not go on by itself, in words."""

from __future__ import annotations

from playground_widget.compare._values import Plan
from playground_widget.compare._variants import Missing
from playground_widget.errors import ErrorInfo, SetupError

__all__ = ["check_functions", "is_for_all", "over_cost", "same_for_all"]

_HOPELESS = {"key_refused", "quota", "model_not_found", "cluster"}
"""Kinds of errors that the next cell would meet too."""


def is_for_all(error: ErrorInfo, has_answer: bool) -> bool:
    """Return whether the next cell would fail as this one did.

    A service that lets a key do nothing says the same as one that will not have this one question,
    which some say with 403 too: that the variant was answered before tells them apart.

    Args:
        error: Why it failed.
        has_answer: Whether the variant had an answer to anything.
    """
    return error.kind in _HOPELESS or (error.kind == "no_permission" and not has_answer)


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
