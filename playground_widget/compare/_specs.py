"""Scorers from their JSON: what a page asks for, and what is kept of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground_widget.compare._judge import judge
from playground_widget.compare._scorers import exact, fits_schema, regex
from playground_widget.compare._scoring import Scorer
from playground_widget.errors import InputError

__all__ = ["scorer_of", "scorers_kept"]

_FIELDS = {
    "exact": ({"column"}, {"case"}),
    "regex": ({"pattern"}, set()),
    "fits_schema": ({"schema"}, set()),
    "judge": ({"prompt"}, {"model"}),
}
"""What each kind needs, and what it may have."""


def scorer_of(data: Mapping[str, Any]) -> Scorer:
    """Return the scorer that a page asked for.

    Args:
        data: Its `kind`, and what that takes.

    Raises:
        InputError: There is no such kind, or it takes something else.

    Example:
        >>> scorer_of({"kind": "regex", "pattern": "lamp"})("A lamp", {})
        True
    """
    given = {name: value for name, value in data.items() if value is not None}
    kind = given.pop("kind", None)
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise InputError(f"the kind of a scorer is one of {', '.join(_FIELDS)}")
    needed, allowed = _FIELDS[kind]
    if missing := sorted(needed - given.keys()):
        raise InputError(f"the scorer {kind} needs {missing[0]}")
    if unknown := sorted(given.keys() - needed - allowed):
        raise InputError(f"the scorer {kind} has no {unknown[0][:40]}")
    for name, value in given.items():
        wanted = {"case": bool, "schema": (Mapping, bool)}.get(name, str)
        if not isinstance(value, wanted):  # type: ignore[arg-type] # a tuple of types
            raise InputError(f"{name} of the scorer {kind} is something else")
    makers: dict[str, Any] = {
        "exact": exact,
        "regex": regex,
        "fits_schema": fits_schema,
        "judge": judge,
    }
    made: Scorer = makers[kind](**given)
    return made


def scorers_kept(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Scorer]:
    """Return what can be made again of the scorers that a comparison had, by name.

    Functions cannot: they were somebody's code. A judge asks the playground's connection.
    """
    found: dict[str, Scorer] = {}
    for name, data in kept.items():
        if data.get("kind") == "judge":
            found[name] = judge.of_whole(data["prompt"], data.get("model"))
        elif data.get("kind") in _FIELDS:
            found[name] = scorer_of(data)
    return found
