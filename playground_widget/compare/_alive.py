"""The comparisons that run, which nobody else need hold. Belongs to the engine's loop thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground_widget.compare._runner import Runner

__all__ = ["alive", "costs", "end_all", "running"]

alive: set[Runner] = set()


def end_all(owner: object) -> None:
    """Cancel what belongs to somebody; called on the loop's thread."""
    for runner in tuple(alive):
        if runner.owner is owner:
            runner.cancel()


def running(owner: object) -> list[Runner]:
    """Return the comparisons that belong to somebody and run."""
    return [runner for runner in alive if runner.owner is owner]


def costs() -> dict[str, float | None]:
    """Return what the comparisons that run here have cost so far, by id."""
    return {runner.id: runner.cost for runner in alive}
