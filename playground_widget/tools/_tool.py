"""A Python function as the model sees it."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground_widget.errors import InputError
from playground_widget.text import clean_text
from playground_widget.tools._arguments import Arguments, Signature

__all__ = ["Tool", "checked_confirm", "checked_timeout", "fit_name", "tools_of"]

_LONGEST_NAME = 64
_NAME = re.compile(rf"[a-zA-Z0-9_-]{{1,{_LONGEST_NAME}}}")
_UNFIT = re.compile(r"[^a-zA-Z0-9_-]")
_LONGEST_DESCRIPTION = 1024


class Tool:
    """A Python function that the model may ask for. It never changes.

    The model is told the function's name, the first part of its docstring, and a JSON schema of
    its parameters that is made from the type hints and from what the docstring says of each
    (Google, NumPy and Sphinx style are read) or a text in `Annotated`. What the model writes as
    arguments is checked and turned into those types before the function is called. What a
    `functools.partial` gives is settled: the model is not told of it.

    What the function returns becomes the result: text as it is; images, figures and DataFrames as
    they are in messages; what JSON can hold, dataclasses and pydantic models as JSON; anything
    else by its `repr`. If it raises, the model is told the error and goes on.

    Args:
        function: Plain or async. Plain functions are called in a thread of their own.
        name: What the model calls it; by default the function's name. Letters, digits, `_` and
            `-`, at most 64 (a rule of the OpenAI API).
        description: What it is for; by default from the docstring.
        parameters: A JSON schema in place of the one made from the type hints. The function then
            gets what the model wrote as keyword arguments, unchecked.
        confirm: Ask the person at the page before each call. Or a function that decides in their
            place: it is called with the name and the arguments, and returns whether to call.
        timeout: Seconds after which the model is told that there is no result. A plain function
            is left to finish, since Python cannot end it; an async one is cancelled.

    Raises:
        InputError: The function cannot be a tool; the text says why.

    Example:
        >>> def area(width: float, height: float) -> float:
        ...     '''The area of a rectangle.
        ...
        ...     Args:
        ...         width: In metres.
        ...         height: In metres.
        ...     '''
        ...     return width * height
        >>> tool = Tool(area, confirm=True)
        >>> tool
        Tool(area(width, height), confirm=True)
        >>> tool.parameters["properties"]["width"]
        {'description': 'In metres.', 'type': 'number'}
    """

    __slots__ = (
        "_signature",
        "confirm",
        "description",
        "function",
        "name",
        "parameters",
        "signature",
        "timeout",
    )

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        name: str | None = None,
        description: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        confirm: bool | Callable[[str, Mapping[str, Any]], Any] = False,
        timeout: float | None = None,
    ) -> None:
        """Read the function's name, docstring and type hints; nothing is called."""
        if not callable(function):
            raise InputError(f"a tool is a function, not {type(function).__name__}")
        self.function: Callable[..., Any] = function
        self.name: str = _checked_name(name or _name_of(function))
        self._signature = _signature_of(function, self.name, parameters)
        self.signature: str = f"{self.name}({', '.join(self._signature.names)})"
        told = self._signature.description if description is None else description
        if not isinstance(told, str):
            raise InputError(f"the description of {self.name} is text")
        self.description: str = clean_text(told)[:_LONGEST_DESCRIPTION]
        self.parameters: dict[str, Any] = self._signature.parameters
        self.confirm: bool | Callable[[str, Mapping[str, Any]], Any] = checked_confirm(confirm)
        self.timeout: float | None = checked_timeout(timeout)

    @property
    def is_async(self) -> bool:
        """Whether it is called on an event loop rather than in a thread.

        Example:
            >>> async def order(fish: int) -> str:
            ...     '''Order fish.'''
            ...     return f"{fish} fish are on their way"
            >>> Tool(order).is_async
            True
        """
        if inspect.isclass(self.function):
            return False
        called = getattr(self.function, "__call__", None)  # noqa: B004 - its code is looked at
        return inspect.iscoroutinefunction(self.function) or inspect.iscoroutinefunction(called)

    def read(self, arguments: str) -> Arguments:
        """Return the arguments of a call in the types of the function's hints.

        Args:
            arguments: JSON as the model wrote it; none at all means none.

        Raises:
            ArgumentsError: They are no JSON, or do not fit; its text says what is wrong where.

        Example:
            >>> from datetime import date
            >>> def weekday(day: date) -> str:
            ...     '''The weekday of a date.'''
            ...     return f"{day:%A}"
            >>> Tool(weekday).read('{"day": "2007-11-16"}').kwargs
            {'day': datetime.date(2007, 11, 16)}
        """
        return self._signature.read(arguments.strip() or "{}")

    def named(self, arguments: Arguments) -> dict[str, Any]:
        """Return the arguments of a call by name, as whoever decides on it sees them.

        Args:
            arguments: What `read` returned.

        Example:
            >>> def delete(path, /):
            ...     '''Delete a file.'''
            >>> tool = Tool(delete)
            >>> tool.named(tool.read('{"path": "penguins.csv"}'))
            {'path': 'penguins.csv'}
        """
        # Those without a name in the call come first.
        return {
            **dict(zip(self._signature.names, arguments.args, strict=False)),
            **arguments.kwargs,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return what a model is told of it: `name`, `description` and `parameters`.

        Example:
            >>> def ping():
            ...     '''Answer.'''
            >>> Tool(ping).to_dict()["description"]
            'Answer.'
        """
        return {
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
        }

    def __repr__(self) -> str:
        """Show how it is called, and what is not as usual."""
        confirm = ", confirm=True" if self.confirm else ""
        timeout = "" if self.timeout is None else f", timeout={self.timeout:g}"
        return f"Tool({self.signature}{confirm}{timeout})"


def tools_of(values: object) -> tuple[Tool, ...]:
    """Return functions and tools as tools.

    Raises:
        InputError: One of them cannot be a tool, or two have one name.
    """
    if isinstance(values, Tool) or not isinstance(values, Iterable):
        raise InputError("tools are a list of functions and Tools")
    made = tuple(value if isinstance(value, Tool) else Tool(value) for value in values)
    names = [tool.name for tool in made]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"two tools are called {twice[0]}; give one another name with Tool(name=)")
    return made


def _signature_of(
    function: Callable[..., Any], name: str, parameters: Mapping[str, Any] | None
) -> Signature:
    """Return what a function takes; the first call of a process loads pydantic."""
    module: Any = importlib.import_module("playground_widget.tools._signature")
    made: Signature = module.signature_of(function, name, parameters)
    return made


def _name_of(function: Callable[..., Any]) -> str:
    inner = getattr(function, "func", function)
    name = getattr(inner, "__name__", None) or type(inner).__name__
    return str(name)


def fit_name(name: str) -> str:
    """Return a name of another system as one that a tool can have.

    Example:
        >>> fit_name("files.read/all")
        'files_read_all'
    """
    return _UNFIT.sub("_", name)[:_LONGEST_NAME] or "_"


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(
            f"{str(name)[:80]!r} cannot be the name of a tool: letters, digits, _ and -, at most "
            "64 of them; give one with Tool(function, name=...)"
        )
    return name


def checked_confirm(
    confirm: bool | Callable[[str, Mapping[str, Any]], Any],
) -> bool | Callable[[str, Mapping[str, Any]], Any]:
    """Return who decides on a call.

    Raises:
        InputError: It is neither True nor False nor a function.
    """
    if not isinstance(confirm, bool) and not callable(confirm):
        raise InputError("confirm is True, False or a function that decides")
    return confirm


def checked_timeout(timeout: object) -> float | None:
    """Return how long a call may take.

    Raises:
        InputError: It is no number of seconds.
    """
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise InputError(f"timeout is a number of seconds above 0, not {str(timeout)[:40]!r}")
    return float(timeout)
