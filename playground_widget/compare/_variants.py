"""Ways to ask beside each other, and what they leave open taken from the playground. Immutable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NoReturn

from playground_widget.errors import InputError
from playground_widget.model import Params
from playground_widget.provider import Connection
from playground_widget.schemas import params_of
from playground_widget.text import clean_text
from playground_widget.tools import Tool, tools_of

__all__ = ["Candidate", "Missing", "Variant", "candidates"]

MOST_VARIANTS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to ask, beside others; what is `None` comes from the playground.

    Args:
        name: What to call it; by default a letter.
        system: The system prompt. `{{name}}` stands for a column of the inputs, else for a variable
            of the playground or the notebook.
        model: The model to ask.
        connection: Where to ask it, as `Playground(connection=...)` takes it.
        params: A dict changes just what it names, and `None` in it unsets; a `Params` replaces
            them all. `response_format` may be a class or a JSON schema.
        tools: Functions, `Tool`s and `MCP` servers that the model may call; `[]` for none. They are
            called in this process. One that asks a person before each call cannot be compared: let
            a function decide, with `Tool(..., confirm=function)`.

    Example:
        >>> Variant(name="Plain words", params={"temperature": 0})
        Variant(name='Plain words', params={'temperature': 0})
    """

    name: str | None = None
    system: str | None = None
    model: str | None = None
    connection: object = None
    params: Mapping[str, Any] | Params | None = None
    tools: Iterable[Any] | None = None

    def __repr__(self) -> str:
        """Show what is set, and nothing else."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        shown = ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
        return f"Variant({shown})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A variant with nothing left open.

    Args:
        name: What it is called.
        system: The system prompt, its variables not yet filled in.
        model: The model to ask.
        connection: Where to ask it.
        params: What shapes its answers.
        tools: What it may call.
    """

    name: str
    system: str
    model: str
    connection: Connection
    params: Params
    tools: tuple[Tool, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form. Of the connection it holds how to find it again, and no key."""
        where = self.connection
        return {
            "name": self.name,
            "system": self.system,
            "model": self.model,
            "connection": {"name": where.name, "base_url": where.base_url, "api": where.api},
            "params": self.params.to_dict(),
            "tools": [tool.to_dict() for tool in self.tools],
        }


class Missing:
    """Stands for the function of a tool that this process does not know.

    Args:
        name: Of the tool.
    """

    def __init__(self, name: str) -> None:
        """Keep the name."""
        self.name = name

    def __call__(self, **_: Any) -> NoReturn:
        """Be no function: nothing is asked that may call it."""
        raise InputError(f"the function {self.name} is not known here")

    @classmethod
    def found(cls, told: Mapping[str, Any], known: Mapping[str, Tool]) -> Tool:
        """Return the tool that a model was told of so, or one without its function."""
        tool = known.get(told["name"])
        if tool is not None and tool.to_dict() == told and tool.confirm is not True:
            return tool
        return Tool(
            cls(told["name"]),
            name=told["name"],
            description=told["description"],
            parameters=told["parameters"],
        )


def candidates(variants: object, usual: Candidate) -> tuple[Candidate, ...]:
    """Return variants with what they leave open taken from the playground.

    Args:
        variants: A list of `Variant`, whose connections are resolved.
        usual: What the playground asks with.

    Raises:
        InputError: It is none, or two have one name.
    """
    if not isinstance(variants, list | tuple) or not 0 < len(variants) <= MOST_VARIANTS:
        raise InputError(f"variants is a list of 1 to {MOST_VARIANTS} Variant(...)")
    made = [_candidate(number, each, usual) for number, each in enumerate(variants)]
    names = [each.name for each in made]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"two variants are called {twice[0]!r}; give each a name of its own")
    return tuple(made)


def _candidate(number: int, variant: object, usual: Candidate) -> Candidate:
    if not isinstance(variant, Variant):
        raise InputError(f"a variant is a Variant(...), not {type(variant).__name__}")
    for name in ("name", "system", "model"):
        value = getattr(variant, name)
        if value is not None and not isinstance(value, str):
            raise InputError(f"{name} of a variant is text, not {type(value).__name__}")
    params = variant.params
    if params is not None and not isinstance(params, Mapping | Params):
        raise InputError(f"params of a variant is a dict or a Params, not {type(params).__name__}")
    if isinstance(params, Params):
        params = Params().changed(params_of(params))
    elif params is not None:
        params = usual.params.changed(params_of(params))
    where = variant.connection
    return replace(
        usual,
        name=clean_text(variant.name or chr(ord("A") + number)),
        system=usual.system if variant.system is None else clean_text(variant.system),
        model=variant.model or usual.model,
        connection=where if isinstance(where, Connection) else usual.connection,
        params=usual.params if params is None else params,
        tools=_tools(usual.tools if variant.tools is None else tools_of(variant.tools)),
    )


def _tools(tools: tuple[Tool, ...]) -> tuple[Tool, ...]:
    """Return tools, or refuse those that ask a person."""
    if asking := [tool.name for tool in tools if tool.confirm is True]:
        raise InputError(
            f"{asking[0]} asks a person before each call, and a comparison asks nobody. Let a "
            "function decide, with Tool(..., confirm=function), or leave it out with "
            "Variant(tools=[...])."
        )
    return tools
