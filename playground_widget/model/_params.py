"""The parameters of an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playground_widget.errors import InputError
from playground_widget.model._flat import field_names, flat

__all__ = ["Params"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What shapes an answer; `None` leaves a value to the service.

    Args:
        temperature: 0 to 2.
        top_p: 0 to 1.
        max_tokens: The most tokens an answer may have.
        stop: Texts that end the answer.
        seed: For answers that repeat, where the service can.
        frequency_penalty: -2 to 2.
        presence_penalty: -2 to 2.
        reasoning_effort: Such as `low`, `medium`, `high`.
        logprobs: Ask how probable each token was, with this many alternatives to it: 0 to 20.
        response_format: As the Chat Completions API takes it, such as
            `{"type": "json_object"}`.
        extra: Further fields of the request's body, for what one service has alone.

    Example:
        >>> Params(temperature=0.3).changed({"top_p": 0.9, "temperature": None})
        Params(top_p=0.9)
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] | None = None
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    reasoning_effort: str | None = None
    logprobs: int | None = None
    response_format: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Show what is set, and nothing else."""
        return f"Params({', '.join(f'{k}={v!r}' for k, v in flat(self).items())})"

    def changed(self, changes: Mapping[str, Any] | Params) -> Params:
        """Return these parameters with some changed.

        Args:
            changes: Names and values, where a `None` unsets one; or a `Params`, which replaces all.

        Raises:
            InputError: A name is unknown or a value cannot be meant.

        Example:
            >>> Params(temperature=0.3).changed({"temperature": None, "seed": 1})
            Params(seed=1)
        """
        if isinstance(changes, Params):
            return Params().changed(changes.to_dict())
        known = set(field_names(Params))
        if unknown := sorted(str(name)[:40] for name in set(changes) - known):
            raise InputError(
                f"unknown parameter {', '.join(unknown)}; known are {', '.join(sorted(known))}"
            )
        return replace(self, **{n: _checked_param(n, v) for n, v in changes.items()})

    def to_dict(self) -> dict[str, Any]:
        """Return what is set, as JSON.

        Example:
            >>> Params(temperature=0.3, stop=("END",)).to_dict()
            {'temperature': 0.3, 'stop': ['END']}
        """
        data = flat(self)
        if self.stop is not None:
            data["stop"] = list(self.stop)
        return data


_RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
}
_LARGEST = 2**63 - 1
_WHOLE: dict[str, tuple[str, int, int]] = {
    "max_tokens": ("a whole number of 1 or more", 1, _LARGEST),
    "seed": ("a whole number", -_LARGEST, _LARGEST),
    "logprobs": ("a whole number from 0 to 20", 0, 20),
}


def _checked_param(name: str, value: Any) -> Any:
    """Return a parameter's value in its own type, or say what it should have been."""
    if value is None:
        return None
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # a number of NumPy, as loops over its arrays give
    if name == "stop" and isinstance(value, str):
        value = (value,)
    wanted, meant = _meaning(name, value)
    if not meant:
        raise InputError(f"{name} must be {wanted}, not {str(value)[:60]!r}")
    if name == "stop":
        return tuple(value) or None
    return dict(value) if isinstance(value, Mapping) else value


def _meaning(name: str, value: Any) -> tuple[str, bool]:
    """Return what a parameter has to be, in words, and whether the value is that."""
    if name in _RANGES:
        low, high = _RANGES[name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return f"a number from {low:g} to {high:g}", number and low <= value <= high
    if name in _WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool)
        words, least, most = _WHOLE[name]
        return words, whole and least <= value <= most
    if name == "stop":
        texts = isinstance(value, Sequence) and all(isinstance(s, str) and s for s in value)
        return "a text or a list of texts", texts and _is_json(list(value))
    if name == "reasoning_effort":
        word = isinstance(value, str) and bool(value) and _is_json(value)
        return "a word such as 'low'", word
    return "an object that JSON can hold", isinstance(value, Mapping) and _is_json(value)


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True
