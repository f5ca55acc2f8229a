"""What a browser asks, read field by field before anything looks at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from playground_widget.errors import InputError
from playground_widget.model import ROLES, Part, Role, part_from_dict, text_of
from playground_widget.protocol._compare import (
    CloseComparison,
    Compare,
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
from playground_widget.protocol._requests import (
    Add,
    Allow,
    Asset,
    Claim,
    Code,
    Connect,
    Continue,
    Delete,
    DeleteThread,
    Deny,
    DuplicateThread,
    Edit,
    Export,
    Hello,
    ImportThreads,
    ListThreads,
    ListVariables,
    Logprobs,
    Models,
    NewThread,
    OpenThread,
    PinThread,
    Reask,
    Regenerate,
    RenameThread,
    Request,
    RestoreThread,
    RetryNow,
    RunHead,
    Select,
    Send,
    Set,
    SetTool,
    SetVariable,
    Snapshot,
    Stop,
    Undo,
    Wire,
)

__all__ = ["LONGEST_ID", "parse_request", "request_id"]

_TYPES: dict[str, type[Request]] = {
    "hello": Hello,
    "snapshot": Snapshot,
    "send": Send,
    "add": Add,
    "run": RunHead,
    "edit": Edit,
    "delete": Delete,
    "undo": Undo,
    "regenerate": Regenerate,
    "continue": Continue,
    "reask": Reask,
    "select": Select,
    "stop": Stop,
    "retry_now": RetryNow,
    "set": Set,
    "allow": Allow,
    "deny": Deny,
    "set_tool": SetTool,
    "connect": Connect,
    "models": Models,
    "asset": Asset,
    "claim": Claim,
    "threads": ListThreads,
    "open_thread": OpenThread,
    "new_thread": NewThread,
    "rename_thread": RenameThread,
    "pin_thread": PinThread,
    "duplicate_thread": DuplicateThread,
    "delete_thread": DeleteThread,
    "restore_thread": RestoreThread,
    "import_threads": ImportThreads,
    "export": Export,
    "logprobs": Logprobs,
    "wire": Wire,
    "code": Code,
    "variables": ListVariables,
    "set_variable": SetVariable,
    "compare": Compare,
    "open_comparison": OpenComparison,
    "close_comparison": CloseComparison,
    "comparisons": ListComparisons,
    "steer": Steer,
    "pick": Pick,
    "rename_comparison": RenameComparison,
    "delete_comparison": DeleteComparison,
    "use_answer": UseAnswer,
    "promote": Promote,
    "export_comparison": ExportComparison,
}

LONGEST_ID = 200
LARGEST = 2**31 - 1

FORMATS = ("cells", "ipynb", "md", "json", "py", "curl", "html")
LANGUAGES = ("python", "curl")
COMPARISON_FORMATS = ("csv", "html", "cells")
ACTIONS = ("pause", "resume", "cancel", "retry_failed")
STYLES = ("transcript", "code", "openai")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InputError("must be text")
    return value


def _id(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        raise InputError(f"must be text of 1 to {LONGEST_ID} characters")
    return value


def _ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise InputError("must be a list of ids")
    return tuple(_id(item) for item in value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError("must be true or false")
    return value


def _role(value: object) -> Role:
    for role in ROLES:
        if value == role and isinstance(value, str):
            return role  # type: ignore[return-value]  # one of the Literal's own words
    raise InputError(f"must be one of {', '.join(ROLES)}")


def _parts(value: object) -> tuple[Part, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise InputError("must be a list of content parts")
    parts = tuple(part_from_dict(part) for part in value)
    if not any(text_of(part).strip() or part.type == "image" for part in parts):
        raise InputError("must not be empty")
    return parts


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise InputError("must be an object")
    return value


def _objects(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list | tuple):
        raise InputError("must be a list of objects")
    return tuple(_object(item) for item in value)


def _variants(value: object) -> tuple[Mapping[str, Any], ...]:
    found = _objects(value)
    for variant in found:
        for name, given in variant.items():
            if name not in _VARIANT:
                raise InputError(f"a variant has no {name[:40]}")
            if given is not None:
                _VARIANT[name](given)
    return found


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise InputError("must be a whole number, 0 or more")
    return value


def _amount(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
        raise InputError("must be a number, 0 or more")
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise InputError("must be a list of names")
    return tuple(_id(item) for item in value)


def _one_of(words: Sequence[str]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise InputError(f"must be one of {', '.join(words)}")
        return value

    return check


_FIELDS: dict[str, Callable[[object], object]] = {
    "content": _parts,
    "role": _role,
    "before": _id,
    "after": _id,
    "message": _id,
    "messages": _ids,
    "rerun": _flag,
    "always": _flag,
    "enabled": _flag,
    "token": _id,
    "title": _text,
    "system": _text,
    "model": _text,
    "params": _object,
    "name": _id,
    "api_key": _text,
    "base_url": _text,
    "action": _id,
    "search": _text,
    "thread": _id,
    "pinned": _flag,
    "text": _text,
    "format": _one_of(FORMATS),
    "style": _one_of(STYLES),
    "language": _one_of(LANGUAGES),
    "answers": _flag,
    "branches": _flag,
    "code_cells": _flag,
    "names": _ids,
    "value": _text,
    "comparison": _id,
    "variants": _variants,
    "rows": _objects,
    "csv": _text,
    "input": _text,
    "samples": _number,
    "max_concurrency": _number,
    "max_cost": _amount,
    "scorers": _objects,
    "blind": _flag,
    "row": _number,
    "variant": _number,
    "sample": _number,
}

_VARIANT: dict[str, Callable[[object], object]] = {
    "name": _text,
    "system": _text,
    "model": _text,
    "connection": _id,
    "params": _object,
    "tools": _names,
}

# Where one name means another thing in one request than in the others.
_OWN_FIELDS: dict[tuple[str, str], Callable[[object], object]] = {
    ("export", "system"): _flag,
    ("export", "params"): _flag,
    ("export_comparison", "format"): _one_of(COMPARISON_FORMATS),
    ("steer", "action"): _one_of(ACTIONS),
}


def request_id(data: object) -> str | None:
    """Return the id by which a request wants to be answered, if it has a usable one."""
    if not isinstance(data, Mapping):
        return None
    identity = data.get("request")
    return identity if isinstance(identity, str) and 0 < len(identity) <= LONGEST_ID else None


def parse_request(data: object) -> Request:
    """Read a request from what a browser sent.

    Raises:
        InputError: It is no request, has a field that it should not, or lacks one.

    Example:
        >>> parse_request({"request": "r1", "type": "stop"})
        Stop(message=None)
    """
    if not isinstance(data, Mapping):
        raise InputError("a request is an object")
    kind = data.get("type")
    made = _TYPES.get(kind) if isinstance(kind, str) else None
    if made is None:
        raise InputError(f"unknown request {str(kind)[:40]!r}")
    if request_id(data) is None:
        raise InputError("a request has an id")
    given = {name: value for name, value in data.items() if name not in {"type", "request"}}
    known = {f.name: f for f in fields(made)}
    if unknown := [str(name)[:40] for name in given if name not in known]:
        raise InputError(f"{kind} has no {', '.join(sorted(unknown))}")
    for name, f in known.items():
        if name not in given and f.default is MISSING:
            raise InputError(f"{kind} needs {name}")
    read: dict[str, Any] = {}
    for name, value in given.items():
        if value is None and known[name].default is None:
            continue
        try:
            read[name] = _OWN_FIELDS.get((str(kind), name), _FIELDS[name])(value)
        except InputError as error:
            raise InputError(f"{name} of {kind}: {error}") from None
    return made(**read)
