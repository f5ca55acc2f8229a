"""Scorers that come with the package: each is called with an answer and its row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from playground_widget.compare._values import Score
from playground_widget.errors import InputError

__all__ = ["exact", "fits_schema", "regex"]

REASON = 500
"""The most characters of a reason that are kept."""


class exact:  # noqa: N801 - it is used as a function
    """Whether an answer is what a column says, without space around either.

    Args:
        column: The column with what is expected.
        case: Whether upper and lower case differ.

    Example:
        >>> exact("expected")(" Positive", {"expected": "positive"})
        True
    """

    def __init__(self, column: str, *, case: bool = False) -> None:
        """Check nothing yet: the columns are known later."""
        self.name = "exact"
        self.column = column
        self.case = case

    def __call__(self, output: str, row: Mapping[str, Any]) -> bool:
        """Compare."""
        if self.column not in row:
            raise InputError(f"there is no column {self.column!r}; the row has {', '.join(row)}")
        expected = row[self.column]
        one, other = output.strip(), ("" if expected is None else str(expected)).strip()
        return one == other if self.case else one.casefold() == other.casefold()

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept of it.

        Example:
            >>> exact("expected").to_dict()
            {'kind': 'exact', 'column': 'expected', 'case': False}
        """
        return {"kind": "exact", "column": self.column, "case": self.case}


class regex:  # noqa: N801 - it is used as a function
    r"""Whether a regular expression is found in an answer.

    Args:
        pattern: As `re` takes it.

    Raises:
        InputError: It is no regular expression.

    Example:
        >>> regex(r"\d+")("In 1912.", {})
        True
    """

    def __init__(self, pattern: str) -> None:
        """Compile the pattern."""
        self.name = "regex"
        self.pattern = pattern
        try:
            self._compiled = re.compile(pattern)
        except (re.error, TypeError) as error:
            raise InputError(f"{pattern!r} is no regular expression: {error}") from None

    def __call__(self, output: str, row: Mapping[str, Any]) -> bool:  # noqa: ARG002 - of a scorer
        """Search."""
        return self._compiled.search(output) is not None

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept of it.

        Example:
            >>> regex("^Yes").to_dict()
            {'kind': 'regex', 'pattern': '^Yes'}
        """
        return {"kind": "regex", "pattern": self.pattern}


class fits_schema:  # noqa: N801 - it is used as a function
    """Whether an answer is JSON that fits a schema.

    Args:
        schema: A JSON schema, or a pydantic class, dataclass, TypedDict or other type that pydantic
            makes a schema of.

    Raises:
        InputError: It is no schema.

    Example:
        >>> fits_schema({"type": "object", "required": ["a"]})('{"b": 1}', {}).reason
        "'a' is a required property"
    """

    def __init__(self, schema: Any) -> None:
        """Check the schema."""
        # Both take a while to load, and few need them.
        from jsonschema import SchemaError  # noqa: PLC0415
        from jsonschema.validators import validator_for  # noqa: PLC0415
        from referencing import Registry  # noqa: PLC0415

        self.name = "fits_schema"
        self.schema: Any = schema
        if not isinstance(schema, Mapping | bool):
            from pydantic import PydanticUserError, TypeAdapter  # noqa: PLC0415

            try:
                self.schema = TypeAdapter(schema).json_schema()
            except (PydanticUserError, TypeError) as error:
                raise InputError(f"{schema!r} is no schema: {error}") from None
        kind = validator_for(self.schema)
        try:
            kind.check_schema(self.schema)
        except SchemaError as error:
            raise InputError(f"this is no JSON schema: {error.message}") from None
        # An empty registry of its own: nothing is fetched because a schema names an address.
        registry: Registry[Any] = Registry()
        self._validator = kind(self.schema, registry=registry)

    def __call__(self, output: str, row: Mapping[str, Any]) -> Score:  # noqa: ARG002 - of a scorer
        """Validate; what does not fit is said why."""
        try:
            value = json.loads(output)
        except ValueError as error:
            return Score(value=False, reason=f"no JSON: {error}")
        from referencing.exceptions import Unresolvable  # noqa: PLC0415 - loaded by now

        try:
            fault = next(self._validator.iter_errors(value), None)
        except Unresolvable as error:
            return Score(error=f"the schema names {error.ref!r}, which is not in it"[:REASON])
        if fault is None:
            return Score(value=True)
        where = fault.json_path.removeprefix("$").removeprefix(".")
        said = f"{where}: {fault.message}" if where else fault.message
        return Score(value=False, reason=said[:REASON])

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept of it.

        Example:
            >>> fits_schema({"type": "object"}).to_dict()
            {'kind': 'fits_schema', 'schema': {'type': 'object'}}
        """
        return {"kind": "fits_schema", "schema": self.schema}
