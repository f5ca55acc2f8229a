"""The errors of the API, in the API's own shape."""

from __future__ import annotations

from typing import Any

__all__ = ["ApiError", "invalid", "missing", "model_not_found", "wrong_key", "wrong_type"]


# A shorter key would be given away by its last four characters.
_LONG_ENOUGH = 12

_NAMES = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    str: "a string",
    list: "an array",
    dict: "an object",
}


class ApiError(Exception):
    """A request that is answered with `{"error": {...}}` and an HTTP status of 400 or more.

    Args:
        status: HTTP status.
        message: What the person reads.
        kind: The `type` field, such as `"invalid_request_error"`.
        param: The parameter at fault, if one is.
        code: The `code` field, if the error has one.
        headers: Extra response headers, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the JSON body that goes with the status."""
        return {
            "error": {
                "message": self.message,
                "type": self.kind,
                "param": self.param,
                "code": self.code,
            }
        }


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """A 400 about the request itself."""
    return ApiError(400, message, param=param, code=code)


def missing(param: str) -> ApiError:
    """A 400 about a required parameter that is not there."""
    return invalid(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def wrong_type(param: str, expected: str, value: object) -> ApiError:
    """A 400 about a value of the wrong type; `expected` reads like "a string"."""
    return invalid(
        f"Invalid type for '{param}': expected {expected}, but got {_NAMES[type(value)]} instead.",
        param,
        "invalid_type",
    )


def model_not_found(model: str) -> ApiError:
    """The 404 for a model that is not on the list."""
    return ApiError(
        404,
        f"The model `{model}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def wrong_key(key: str) -> ApiError:
    """The 401 for a key that is refused; only the last four characters are repeated."""
    if not key:
        return ApiError(
            401,
            "You didn't provide an API key. You need to provide your API key in an Authorization "
            "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        )
    tail = key[-4:] if len(key) >= _LONG_ENOUGH else ""
    return ApiError(
        401,
        f"Incorrect API key provided: ****{tail}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )
