"""Reads values out of a JSON object, with the API's errors for what is missing or wrong."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from playground_widget.demo._errors import ApiError, invalid, missing, wrong_type

__all__ = ["Fields", "parse_body", "unsupported"]

_NOT_JSON = (
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using "
    "your HTTP library correctly. The API expects a JSON payload, but what was sent was not "
    "valid JSON.)"
)

# Longer integers are described in errors, not printed: Python refuses beyond 4,300 digits.
_PRINTED_BITS = 200


def parse_body(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in `raw`, or raise the API's 400."""

    def refuse(_: str) -> NoReturn:
        raise ValueError

    try:
        # Strict JSON: NaN and Infinity are refused, and so is nesting deeper than Python reads.
        body = json.loads(raw.decode(), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise invalid(_NOT_JSON) from None
    if not isinstance(body, dict):
        raise invalid(_NOT_JSON)
    return body


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of one JSON object. Null counts as left out, as in the API.

    Attributes:
        values: The object.
        where: Its path in the body, such as `messages[0]`; empty for the body itself.
    """

    values: dict[str, Any]
    where: str = ""

    def path(self, name: str) -> str:
        """Return the path of a field, as errors name it."""
        return f"{self.where}.{name}" if self.where else name

    def get(self, name: str) -> Any:
        """Return the bare value, None if it is left out."""
        return self.values.get(name)

    def need(self, name: str) -> Any:
        """Return the bare value; leaving it out is an error."""
        value = self.values.get(name)
        if value is None:
            raise missing(self.path(name))
        return value

    def text(self, name: str) -> str | None:
        """Return an optional string."""
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise wrong_type(self.path(name), "a string", value)
        return value

    def need_text(self, name: str) -> str:
        """Return a required string."""
        self.need(name)
        return self.text(name) or ""

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return an optional string that is one of `allowed`."""
        value = self.text(name)
        if value is not None and value not in allowed:
            raise unsupported(self.path(name), value, allowed)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an optional boolean."""
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise wrong_type(self.path(name), "a boolean", value)
        return value

    def integer(self, name: str, low: int | None = None, high: int | None = None) -> int | None:
        """Return an optional integer between `low` and `high`."""
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(self.path(name), "an integer", value)
        self._within(name, "integer", value, low, high)
        return value

    def number(self, name: str, low: float, high: float) -> float | None:
        """Return an optional number between `low` and `high`."""
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(self.path(name), "a decimal", value)
        self._within(name, "decimal", value, low, high)
        return float(value)

    def mapping(self, name: str) -> Fields | None:
        """Return an optional object."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise wrong_type(self.path(name), "an object", value)
        return Fields(value, self.path(name))

    def need_mapping(self, name: str) -> Fields:
        """Return a required object."""
        self.need(name)
        return self.mapping(name) or Fields({}, self.path(name))

    def array(self, name: str) -> list[Any]:
        """Return an optional array, empty if it is left out."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise wrong_type(self.path(name), "an array", value)
        return value

    def objects(self, name: str) -> list[Fields]:
        """Return an optional array of objects."""
        found = []
        for index, value in enumerate(self.array(name)):
            path = f"{self.path(name)}[{index}]"
            if not isinstance(value, dict):
                raise wrong_type(path, "an object", value)
            found.append(Fields(value, path))
        return found

    def _within(
        self, name: str, noun: str, value: float, low: float | None, high: float | None
    ) -> None:
        path = self.path(name)
        # A number such as 1e999 is read as infinity, which no range holds.
        if low is not None and not value >= low:
            raise invalid(
                f"Invalid '{path}': {noun} below minimum value. Expected a value >= {low}, "
                f"but got {_short(value)} instead.",
                path,
                f"{noun}_below_min_value",
            )
        if high is not None and not value <= high:
            raise invalid(
                f"Invalid '{path}': {noun} above maximum value. Expected a value <= {high}, "
                f"but got {_short(value)} instead.",
                path,
                f"{noun}_above_max_value",
            )


def unsupported(path: str, value: str, allowed: tuple[str, ...]) -> ApiError:
    """A 400 about a string that is none of the `allowed` ones."""
    known = ", ".join(f"'{one}'" for one in allowed)
    return invalid(
        f"Invalid value: '{value[:100]}'. Supported values are: {known}.", path, "invalid_value"
    )


def _short(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > _PRINTED_BITS:
        return f"a number of about {int(value.bit_length() * math.log10(2))} digits"
    return str(value)
