"""The variables of messages: what `{{name}}` stands for, and how a value becomes text.

A name is looked up among the playground's own variables, then in the notebook. Its value becomes
text by the first of these rules that fits:

1. a function that was registered for its class, or for a class that it inherits from;
2. a str is the text;
3. a DataFrame or Series, of pandas or polars, is a markdown table: the first 200 rows;
4. anything else is its `repr`.

`template.py` says what a variable looks like in a text.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeVar

from playground_widget.errors import InputError
from playground_widget.frames import markdown_from_object
from playground_widget.request import estimate_tokens
from playground_widget.template import digest_of, is_name
from playground_widget.text import clean_text, described_error

__all__ = [
    "MISSING",
    "MOST",
    "Namespace",
    "Resolved",
    "ToText",
    "Variables",
    "to_text",
]

T = TypeVar("T")

ToText = Callable[[Any], str]

MISSING: Final = object()
"""What a namespace gives for a name that it has not."""

MOST = 2_000_000
"""The most characters of a value: no model reads as much, and each answer keeps what was sent."""

BEGINNING = 200
"""How many characters of a value are shown."""

SAID = 200
"""How many characters are told of what an error says."""


class Namespace(Protocol):
    """Where names are looked up that the playground has no variable for."""

    def find(self, name: str) -> object:
        """Return what a name stands for, or `MISSING`."""
        ...

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call a function when values may have changed; return what ends that."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A variable at one moment.

    Args:
        name: Of the variable.
        source: Whose it is: the playground's own, or the kernel's; `None` where nobody has it.
        kind: The class of its value, such as `str` or `DataFrame`; empty where there is none.
        text: Its value as text.
        error: Why its value cannot be text, in words.
    """

    name: str
    source: Literal["playground", "kernel"] | None = None
    kind: str = ""
    text: str = ""
    error: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it can be sent."""
        return self.source is not None and self.error is None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON that a page shows: the beginning of the text, and how much it is."""
        return {
            "name": self.name,
            "source": self.source,
            "kind": self.kind,
            "text": self.text[:BEGINNING],
            "length": len(self.text),
            "tokens": estimate_tokens(self.text),
            "digest": digest_of(self.text),
            "error": self.error,
        }


def to_text(value: object, own: Mapping[type, ToText] | None = None) -> str:
    """Return a value as the text that is sent; the rules are those of this module.

    Args:
        value: Anything.
        own: Functions by the class whose objects they turn into text.

    Raises:
        InputError: Its own code failed, or it is too long; the words say why.

    Example:
        >>> to_text("as it is"), to_text({"a": 1})
        ('as it is', "{'a': 1}")
        >>> to_text(1.5, {float: lambda number: f"{number:.2f}"})
        '1.50'
    """
    try:
        text = clean_text(_text(value, own or {}))
    except Exception as error:  # noqa: BLE001 - code of users
        why = described_error(error, SAID)
        raise InputError(
            f"this {type(value).__name__} could not be turned into text ({why})"
        ) from None
    if len(text) > MOST:
        raise InputError(
            f"as text this is {len(text):,} characters, and {MOST:,} is the most; send a part"
        )
    return text


def _text(value: object, own: Mapping[type, ToText]) -> str:
    for kind in type(value).__mro__:
        if kind in own:
            made = own[kind](value)
            if not isinstance(made, str):
                raise TypeError(f"its function returned {type(made).__name__}, not str")
            return made
    if isinstance(value, str):
        return str.__str__(value)
    table = markdown_from_object(value)
    return repr(value) if table is None else table


class Variables(MutableMapping[str, Any]):
    """What `{{name}}` stands for in the messages of a playground.

    A mapping of names to values of any kind. A name that is not here is looked up in the notebook
    when a message is sent; a name that is here comes first. May be used from any thread.

    Args:
        values: To begin with.
        namespace: Where else names are looked up.

    Example:
        >>> variables = Variables({"language": "English"})
        >>> variables["language"] = "French"
        >>> variables
        Variables({'language': 'French'})
    """

    def __init__(
        self, values: Mapping[str, Any] | None = None, namespace: Namespace | None = None
    ) -> None:
        """Take the values; nothing is turned into text yet."""
        # A dict is never changed, only replaced, so that reading needs no lock.
        self._values = _checked(values or {})
        self._own: dict[type, ToText] = {}
        self._lock = threading.Lock()
        self.namespace = namespace
        self.changed: Callable[[], None] = lambda: None

    def __getitem__(self, name: str) -> Any:
        """Return the value of one of the playground's own variables."""
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a variable; the views follow.

        Raises:
            InputError: It cannot be the name of a variable.
        """
        made = _checked({name: value})
        with self._lock:
            self._values = {**self._values, **made}
        self.changed()

    def __delitem__(self, name: str) -> None:
        """Unset a variable; one of the notebook that has the same name is seen again."""
        with self._lock:
            left = dict(self._values)
            del left[name]
            self._values = left
        self.changed()

    def __iter__(self) -> Iterator[str]:
        """Give the names of the playground's own variables."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many variables the playground itself has."""
        return len(self._values)

    def __repr__(self) -> str:
        """Show them as a dict does."""
        return f"Variables({self._values!r})"

    def clear(self) -> None:
        """Unset all of them.

        Example:
            >>> pg = Playground(connection="demo", variables={"language": "French"})
            >>> pg.variables.clear()
            >>> len(pg.variables)
            0
        """
        self.replace({})

    def replace(self, values: Mapping[str, Any]) -> None:
        """Have these variables and no others; what assigning to `pg.variables` does.

        Args:
            values: By name, of any kind.

        Raises:
            InputError: One of the names cannot be the name of a variable; nothing was changed.

        Example:
            >>> pg = Playground(connection="demo", variables={"language": "French"})
            >>> pg.variables.replace({"tone": "polite"})
            >>> pg.variables
            Variables({'tone': 'polite'})
        """
        made = _checked(values)
        with self._lock:
            self._values = made
        self.changed()

    def register(self, kind: type[T], function: Callable[[T], str]) -> None:
        """Turn objects of a class into text by a function of your own, before any other rule.

        Args:
            kind: The class; objects of classes that inherit from it are meant too.
            function: Takes the object and returns the text. It is called when a message is sent,
                and for the preview, on a thread of its own.

        Raises:
            InputError: It is no class, or no function.

        Example:
            >>> Variables().register(dict, lambda value: ", ".join(value))
        """
        given: tuple[object, object] = (kind, function)
        if not isinstance(given[0], type) or not callable(given[1]):
            raise InputError("register takes a class and a function that returns a str")
        with self._lock:
            self._own = {**self._own, kind: function}
        self.changed()

    def resolved(self, wanted: Iterable[str]) -> dict[str, Resolved]:
        """Return variables as they are at this moment, also those that nobody has.

        It runs the code of the objects, and so takes as long as they do; no exception of theirs
        leaves it.

        Args:
            wanted: Names.

        Returns:
            By name what each is: `text`, `kind`, `source`, and `error` where it cannot be text.

        Example:
            >>> pg = Playground(connection="demo", variables={"language": "French"})
            >>> pg.variables.resolved(["language"])["language"].text
            'French'
        """
        values, own = self._values, self._own
        return {name: self._resolved(name, values, own) for name in wanted}

    def _resolved(
        self, name: str, values: Mapping[str, Any], own: Mapping[type, ToText]
    ) -> Resolved:
        source: Literal["playground", "kernel"] = "playground"
        value = values.get(name, MISSING)
        if value is MISSING and self.namespace is not None:
            source = "kernel"
            try:
                value = self.namespace.find(name)
            except Exception as error:  # noqa: BLE001 - looking at a value may run its code
                why = f"it could not be looked at ({described_error(error, SAID)})"
                return Resolved(name=name, source=source, error=why)
        if value is MISSING:
            return Resolved(name=name)
        kind = type(value).__name__
        try:
            text = to_text(value, own)
        except InputError as error:
            return Resolved(name=name, source=source, kind=kind, error=str(error))
        return Resolved(name=name, source=source, kind=kind, text=text)


def _checked(values: object) -> dict[str, Any]:
    """Return a copy, or refuse what cannot be meant."""
    if not isinstance(values, Mapping):
        raise InputError(f"variables are a dict of names and values, not {type(values).__name__}")
    for name in values:
        if not isinstance(name, str) or not is_name(name):
            raise InputError(
                f"{str(name)[:60]!r} cannot be the name of a variable: names are those of Python's "
                "variables, such as language"
            )
    return dict(values)
