"""What a page asks of comparisons: each request validated once, then carried out or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground_widget.compare import (
    Key,
    Runner,
    Variant,
    cells_of,
    check_cost,
    costs,
    exported,
    results_of,
    rows_of,
    rows_of_csv,
    scorer_of,
    started,
    view_of,
)
from playground_widget.conversation._answers import promoted, use_answer
from playground_widget.conversation._core import Conversation
from playground_widget.errors import ConflictError, InputError
from playground_widget.protocol import (
    CloseComparison,
    Compare,
    CompareRequest,
    DeleteComparison,
    ExportComparison,
    ListComparisons,
    OpenComparison,
    Pick,
    Promote,
    RenameComparison,
    Steer,
    UseAnswer,
)
from playground_widget.text import clean_text, clean_texts
from playground_widget.tools import Tool

__all__ = ["carry_out_compare", "view"]

MOST_CELLS = 100_000
"""Cells of a comparison that a page begins."""


async def carry_out_compare(  # noqa: C901, PLR0911 - one line or two for each kind of request
    conversation: Conversation, request: CompareRequest
) -> dict[str, Any]:
    """Do what a request asks and return the result for its sender; on the loop's thread.

    Raises:
        PlaygroundError: It was refused; nothing was changed.
    """
    comparing = conversation.comparing
    match request:
        case Compare():
            return {"comparison": (await _begin(conversation, request)).id}
        case OpenComparison(comparison):
            return {"comparison": await _open(conversation, comparison)}
        case CloseComparison():
            comparing.show(None)
        case ListComparisons(search):
            return {"comparisons": await _list(conversation, search or "")}
        case Steer(comparison, action, max_cost):
            await _steer(await comparing.runner(comparison), action, max_cost)
        case Pick(comparison, row, variant, sample):
            await (await comparing.runner(comparison)).pick(row, variant, sample)
        case RenameComparison(comparison, name):
            await (await comparing.runner(comparison)).rename(clean_text(name))
        case DeleteComparison(comparison):
            # Whoever shows it hears of that.
            await (await comparing.runner(comparison)).delete()
        case UseAnswer(comparison, row, variant, sample):
            conversation.check_open()
            runner = await comparing.runner(comparison)
            key = Key(row, variant, sample)
            return {"message": await use_answer(conversation, runner, key)}
        case Promote(message):
            return promoted(conversation, message)
        case ExportComparison():
            return await _export(conversation, request)
    return {}


async def _begin(conversation: Conversation, request: Compare) -> Runner:
    conversation.check_open()
    comparing = conversation.comparing
    if request.rows is not None and request.csv is not None:
        raise InputError("compare takes rows or csv, not both")
    variants = [_variant(conversation, clean_texts(each)) for each in request.variants]
    scorers = [scorer_of(clean_texts(each)) for each in request.scorers]
    engine = conversation.engine
    if request.csv is None:
        given = None if request.rows is None else list(request.rows)
        inputs = await engine.wait(rows_of, given)
    else:
        inputs = await engine.wait(rows_of_csv, request.csv)
    usual = await comparing.usual()
    plan = comparing.plan(
        usual,
        inputs,
        variants,
        column=request.input,
        samples=request.samples,
        max_concurrency=request.max_concurrency,
        max_cost=request.max_cost,
    )
    if len(plan.rows) * len(plan.candidates) * plan.samples > MOST_CELLS:
        raise InputError(
            f"This would ask more than {MOST_CELLS:,} times, which is the most that a page can "
            "begin. Nothing was asked; take fewer rows or samples, or pg.compare(...)."
        )
    runner: Runner = await engine.wait(
        comparing.context().run,
        lambda: started(
            comparing.home(usual),
            plan,
            scorers,
            name=clean_text(request.name) if request.name else None,
            thread=comparing.thread(),
            blind=request.blind,
        ),
    )
    comparing.show(runner)
    return runner


def _variant(conversation: Conversation, given: Mapping[str, Any]) -> Variant:
    name = given.get("connection")
    where = None if name is None else conversation.connections.choose(name, None, None)
    return Variant(**{**given, "connection": where, "tools": _tools(conversation, given)})


def _tools(conversation: Conversation, given: Mapping[str, Any]) -> list[Tool] | None:
    names = given.get("tools")
    if names is None:
        return None
    known = {tool.name: tool for tool in conversation.toolbox.tools}
    if not isinstance(names, list | tuple):
        raise InputError("tools of a variant is a list of names")
    if unknown := [name for name in names if not isinstance(name, str) or name not in known]:
        named = ", ".join(known) or "none"
        raise InputError(f"there is no tool {str(unknown[0])[:80]!r}; the playground has {named}")
    return [known[name] for name in dict.fromkeys(names)]


async def _open(conversation: Conversation, comparison: str) -> dict[str, Any]:
    runner = await conversation.comparing.open(comparison)
    return await view(conversation, runner)


async def view(conversation: Conversation, runner: Runner) -> dict[str, Any]:
    """Show a comparison, and return all of it, so that what is told next follows from that."""
    summary = await runner.ready()
    conversation.comparing.show(runner)
    # What waits is in the view already, and must not come after it.
    runner.telling.flush()
    conversation.feed.flush()
    return view_of(runner, summary)


async def _list(conversation: Conversation, search: str) -> list[dict[str, Any]]:
    found = await conversation.engine.wait(conversation.store.comparisons.all, search)
    running = costs()
    return [
        {
            "id": info.id,
            "name": info.name,
            "status": info.status,
            "created": info.created,
            "rows": info.rows,
            "variants": info.variants,
            "done": info.cells,
            "cells": info.total,
            "cost": running.get(info.id, info.cost),
        }
        for info in found
    ]


async def _steer(runner: Runner, action: str, max_cost: float | None) -> None:
    check_cost(max_cost)
    if max_cost is not None and action in {"pause", "cancel"}:
        raise InputError(f"max_cost is for a comparison that goes on, not for {action}")
    if runner.status == "running" and not runner.is_active and action in {"pause", "cancel"}:
        raise ConflictError(
            f"The comparison {runner.name!r} is being run by another process. Pause or cancel it "
            "there."
        )
    if action == "pause":
        runner.halt("paused")
    elif action == "cancel":
        runner.cancel()
    elif action == "resume":
        await runner.resume(("cancelled",), max_cost)
    else:
        await runner.resume(("failed",), max_cost)


async def _export(conversation: Conversation, request: ExportComparison) -> dict[str, Any]:
    runner = await conversation.comparing.runner(request.comparison)
    results = results_of(runner)
    if request.format == "cells":
        cells = await conversation.engine.wait(cells_of, results)
        return {"cells": [cell.to_dict() for cell in cells]}
    kind: Any = request.format
    made = await conversation.engine.wait(exported, results, kind)
    return {"name": made.name, "media_type": made.media_type, "text": made.text}
