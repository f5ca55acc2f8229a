"""Structured output: the format of an answer from a class or a schema, and what does not fit it.

`response_format` turns a pydantic model, a dataclass, a TypedDict or a JSON schema into the field
of the request, and remembers how to make the typed object: `Message.parsed` does that. `misfit`
says why an answer is not what was asked for.
"""

from playground_widget.schemas._check import misfit
from playground_widget.schemas._formats import params_of, response_format

__all__ = ["misfit", "params_of", "response_format"]
