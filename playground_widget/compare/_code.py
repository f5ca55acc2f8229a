"""Code that makes a comparison again through `Playground`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from playground_widget.compare._judge import INSTRUCTION
from playground_widget.compare._target import target_of
from playground_widget.compare._values import Plan
from playground_widget.compare._variants import Candidate
from playground_widget.export import call, connection_code, literal, role_dict, string
from playground_widget.provider import Connection
from playground_widget.tools import Tool

__all__ = ["code_of"]

_SCORERS = {
    "exact": ("column", "case"),
    "regex": ("pattern",),
    "fits_schema": ("schema",),
    "judge": ("prompt", "model"),
}


def code_of(name: str, plan: Plan, scorers: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the source of a cell that makes a comparison again.

    Keys of services are read from the environment, and functions that scored or that models may
    call are named in a comment, since they are no part of a comparison.

    Args:
        name: What to call it.
        plan: What it asks.
        scorers: What is kept of its scorers, by name.
    """
    first = plan.candidates[0]
    connections = {each.connection: _connection(each.connection) for each in plan.candidates}
    kinds = [kept["kind"] for kept in scorers.values() if kept.get("kind") in _SCORERS]
    imports = sorted({"Playground", "Variant", *kinds, *_names(connections.values())})
    lines = ["import os", ""] if any("os.environ" in code for code in connections.values()) else []
    lines += [f"from playground_widget import {', '.join(imports)}", ""]
    if unknown := [n for n, kept in scorers.items() if kept.get("kind") not in _SCORERS]:
        lines.append(f"# Add what scored here too: {json.dumps(unknown, ensure_ascii=False)}")
    if tools := dict.fromkeys(_function(tool) for each in plan.candidates for tool in each.tools):
        lines.append(f"# Define the functions that models may call first: {', '.join(tools)}")
    lines.append(_playground(plan, connections[first.connection]))
    variants = [
        _variant(
            each, None if each.connection is first.connection else connections[each.connection]
        )
        for each in plan.candidates
    ]
    given = [_rows(plan), f"[{', '.join(variants)}]"]
    if plan.samples > 1:
        given.append(f"samples={plan.samples}")
    if made := [_scorer(kept) for kept in scorers.values() if kept.get("kind") in _SCORERS]:
        given.append(f"scorers=[{', '.join(made)}]")
    rest = {"name": name, "input": plan.input, "seed": plan.seed, "max_cost": plan.max_cost}
    given += [f"{word}={literal(value, 1)}" for word, value in rest.items() if value is not None]
    lines.append(call("pg.compare", given, {}, before="comparison = "))
    lines.append("comparison.result()")
    return "\n".join(lines)


def _connection(connection: Connection) -> str:
    return connection_code(target_of(connection))[1]


def _names(codes: Iterable[str]) -> set[str]:
    return {"Connection"} if any(code.startswith("Connection(") for code in codes) else set()


def _playground(plan: Plan, connection: str) -> str:
    given = [f"connection={connection}"]
    if plan.messages:
        said = [role_dict(message, list(message.content)) for message in plan.messages]
        given.append(f"messages={literal(said, 1, 9)}")
    if plan.variables:
        given.append(f"variables={literal(dict(plan.variables), 1, 10)}")
    if any(each.tools for each in plan.candidates):
        given.append(f"max_tool_rounds={plan.max_tool_rounds}")
    return call("Playground", given, {}, before="pg = ")


def _variant(candidate: Candidate, connection: str | None) -> str:
    given = [f"name={string(candidate.name)}"]
    if candidate.system:
        given.append(f"system={literal(candidate.system, 2, 8)}")
    given.append(f"model={string(candidate.model)}")
    if connection is not None:
        given.append(f"connection={connection}")
    if params := candidate.params.to_dict():
        given.append(f"params={literal(params, 2, 8)}")
    if candidate.tools:
        given.append(f"tools=[{', '.join(_function(tool) for tool in candidate.tools)}]")
    return f"\n        Variant({', '.join(given)})"


def _function(tool: Tool) -> str:
    return tool.name.replace("-", "_")


def _rows(plan: Plan) -> str:
    if not plan.columns:
        return "None"
    return literal([dict(row.data) for row in plan.rows], 1)


def _scorer(kept: Mapping[str, Any]) -> str:
    kind = kept["kind"]
    own = {name: kept.get(name) for name in _SCORERS[kind]}
    if kind == "judge":
        own["prompt"] = kept["prompt"].removesuffix(f"\n\n{INSTRUCTION}")
    given = [
        f"{name}={literal(value, 2)}"
        for name, value in own.items()
        if value is not None and (name, value) != ("case", False)
    ]
    return f"{kind}({', '.join(given)})"
