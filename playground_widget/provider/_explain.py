"""Errors of the SDK and of the network, in words for the person who sees them.

Each says what happened, what was kept and whether anything was charged where that is known,
and what can be done. A service's own words are shown too, shortened, without any key.
"""

from __future__ import annotations

import datetime as dt
import re
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx2
import openai

from playground_widget.errors import ErrorInfo, PlaygroundError, RunError
from playground_widget.provider._case import FREE, KEPT, Case
from playground_widget.provider._chat import error_in
from playground_widget.provider._chunks import (
    EmptyStreamError,
    RedirectedError,
    StreamCutError,
    StreamRefusedError,
    StreamUnreadableError,
    WebPageError,
)
from playground_widget.provider._figures import is_too_long, retry_after, token_figures
from playground_widget.provider._param_errors import refused_param
from playground_widget.provider._prices import window
from playground_widget.text import clean_text

__all__ = ["explain"]

_SHOWN = 300
_NO_KEY = re.compile(
    r"(invalid|incorrect|wrong|missing|expired|no|valid) .{0,12}api[ _-]?key"
    r"|api[ _-]?key .{0,20}(invalid|incorrect|not valid|expired|missing|required|not found)",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model.{0,80}(not found|does not exist|doesn't exist|not exist|not available|is unknown)"
    r"|(no such|unknown|invalid) model|not a valid model",
    re.IGNORECASE | re.DOTALL,
)
_NO_REFUSAL = {401, 402, 408, 409, 413, 429, 502, 503, 504, 529}
"""With which status no parameter is refused, whatever the words."""

_NO_CREDIT = re.compile(r"insufficient_quota|billing|(credit|balance).{0,20}(low|insufficient|0)")


class _Fault(NamedTuple):
    """What a service said went wrong.

    Args:
        status: Of HTTP, or `None` within a stream that does not say.
        words: The error's code and type.
        message: For people; without keys.
        error: The whole error object.
        headers: Of the answer, by lower-case name.
    """

    status: int | None
    words: str
    message: str
    error: Mapping[str, Any]
    headers: Mapping[str, str]


def explain(error: BaseException, case: Case) -> ErrorInfo:  # noqa: PLR0911 (one per error)
    """Return what went wrong in words; `explain` of the package says how it is called."""
    if isinstance(error, RunError):
        return error.info
    if isinstance(error, openai.APIStatusError):
        return _of_service(_read(error, case), case)
    if isinstance(error, StreamRefusedError):
        return _of_service(_fault(error.error, None, {}, case), case)
    if isinstance(error, StreamUnreadableError):
        return _of_nonsense(error, case)
    if isinstance(error, RedirectedError):
        return _of_redirect(error, case)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return _of_silence(error, case)
    if isinstance(error, StreamCutError | httpx2.TransportError | httpx2.DecodingError):
        return case.info("dropped", f"The connection dropped {case.after}", KEPT, "retry")
    if isinstance(error, openai.APIConnectionError):
        return _of_network(error, case)
    if isinstance(error, PlaygroundError):
        return case.info("error", str(error).rstrip("."), KEPT, "retry")
    what = f"{type(error).__name__}: {_shown(str(error), case)}".rstrip(": ")
    return case.info("error", "The run failed", f"{KEPT} {what}", "retry")


# ----------------------------------------------------------------------- what was said


def _read(error: openai.APIStatusError, case: Case) -> _Fault:
    body: Any = error.body
    if isinstance(body, list) and body:
        body = body[0]
    read = error_in(body) if isinstance(body, Mapping) else {"message": str(body or "")}
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    return _fault(read, error.status_code, headers, case)


def _fault(
    error: Mapping[str, Any], status: int | None, headers: Mapping[str, str], case: Case
) -> _Fault:
    code = error.get("code")
    if status is None:
        status = _status(code) or _status(error.get("status"))
    words = " ".join(str(error.get(name) or "") for name in ("code", "type", "status"))
    said = error.get("message") or error.get("detail") or error.get("msg") or ""
    message = said if isinstance(said, str) else str(said)
    if message.lstrip().startswith("<"):
        message = ""  # a page of a proxy says nothing that the status does not
    return _Fault(status, words.lower(), _shown(message, case), error, headers)


def _status(value: object) -> int | None:
    """Return an HTTP status given as a code; some servers write it as text."""
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 400 <= number < 600 else None  # noqa: PLR2004 (the range of failures)


def _shown(text: str, case: Case) -> str:
    text = " ".join(clean_text(case.connection.mask(text[: 20 * _SHOWN])).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


# ------------------------------------------------------------------------------ kinds


def _of_service(fault: _Fault, case: Case) -> ErrorInfo:  # noqa: C901, PLR0911 (one per kind)
    said = f" {case.label} says: {fault.message}" if fault.message else ""
    facts = {"status": fault.status}
    label, model = case.label, case.model or "this model"
    if fault.status not in _NO_REFUSAL and (refused := _refused(fault, case)):
        return _of_param(refused, case, said, fault.status)
    match _kind(fault):
        case "key_refused":
            return _of_key(case, said, fault.status)
        case "quota":
            title = f"The account at {label} has no credit left"
            return case.info("quota", title, FREE + said, "change_key", "use_demo", **facts)
        case "no_permission":
            title = f"{label} does not let this key use {model}"
            detail = FREE + said
            return case.info("no_permission", title, detail, "change_key", "use_demo", **facts)
        case "model_not_found":
            title = f"{label} has no model {model}"
            return case.info("model_not_found", title, FREE + said, "retry", **facts)
        case "context_too_long":
            return _of_length(fault, case)
        case "content_filter":
            title = f"{label} withheld the answer"
            return case.info("content_filter", title, KEPT + said, "regenerate", **facts)
        case "rate_limited":
            wait = retry_after(fault.headers, fault.message, dt.datetime.now(dt.UTC))
            title = f"{label} is limiting requests"
            return case.info("rate_limited", title, KEPT, "retry", retry_after=wait, **facts)
        case "timeout":
            title = f"{label} did not answer in time"
            return case.info("timeout", title, KEPT + said, "retry", **facts)
        case "server":
            wait = retry_after(fault.headers, "", dt.datetime.now(dt.UTC))
            busy = fault.status in {503, 529} or "overload" in fault.words
            title = f"{label} is overloaded" if busy else f"{label} has a problem"
            title = f"{label} failed {case.after}" if case.had_text else title
            detail = KEPT + (said or (f" It answered {fault.status}." if fault.status else ""))
            return case.info("server", title, detail, "retry", retry_after=wait, **facts)
        case _:
            if fault.status == 404:  # noqa: PLR2004
                said += f" There is nothing at {case.connection.base_url}; most end in /v1."
            title = f"{label} refused the request"
            return case.info("bad_request", title, FREE + said, "retry", **facts)


def _kind(fault: _Fault) -> str:  # noqa: C901, PLR0911 (one per kind)
    """Return the kind of a fault: the code says it best, then the message, then the status."""
    status, words, message = fault.status, fault.words, fault.message
    low = message.lower()
    everything = f"{words} {low}"
    limited = status == 429 or "rate_limit" in words  # noqa: PLR2004
    if "request too large" not in low and limited and "insufficient_quota" not in words:
        waits = "again in" in low or "retry in" in low or "retry-after" in fault.headers
        return "quota" if _NO_CREDIT.search(low) and not waits else "rate_limited"
    if status == 402 or _NO_CREDIT.search(words):  # noqa: PLR2004
        return "quota"
    if is_too_long(everything) and status not in {401, 403, 404}:
        return "context_too_long"
    if status == 401 or "invalid_api_key" in words or "authentication" in words:  # noqa: PLR2004
        return "key_refused"
    if _NO_KEY.search(message) and status in {400, 403, None}:
        return "key_refused"
    if status == 403 or "permission" in words:  # noqa: PLR2004
        return "no_permission"
    if "model_not_found" in words or (status in {400, 404} and _NO_MODEL.search(message)):
        return "model_not_found"
    if "content_filter" in words or "content_policy" in words or "responsibleai" in everything:
        return "content_filter"
    if status in {408, 504}:
        return "timeout"
    if status is None:
        return "bad_request" if "invalid" in words else "server"
    return "server" if status >= 500 or status == 409 else "bad_request"  # noqa: PLR2004


def _refused(fault: _Fault, case: Case) -> tuple[str, str] | None:
    return refused_param(fault.error, fault.message, case.body)


def _of_param(refused: tuple[str, str], case: Case, said: str, status: int | None) -> ErrorInfo:
    param, name = refused
    words = name if param == "extra" else param.replace("_", " ")
    title = f"{case.model or case.label} does not take {words}"
    # Tools are no parameter that can be unset.
    actions = ("retry",) if param == "tools" else ("without", "retry")
    return case.info("param_refused", title, FREE + said, *actions, param=param, status=status)


def _of_key(case: Case, said: str, status: int | None) -> ErrorInfo:
    connection = case.connection
    facts = {"status": status, "key_tail": connection.key_tail, "key_source": connection.key_source}
    actions = ("change_key", "use_demo")
    if connection.key_source is None:
        detail = f"None was sent. {FREE}{said}"
        return case.info("key_refused", f"{case.label} asks for a key", detail, *actions, **facts)
    ends = f"ends in …{connection.key_tail} and " if connection.key_tail else ""
    source = {"argument": "the api_key argument"}.get(connection.key_source, connection.key_source)
    title = f"{case.label} did not accept the key"
    detail = f"It {ends}came from {source}. {FREE}"
    return case.info("key_refused", title, detail, *actions, **facts)


def _of_length(fault: _Fault, case: Case) -> ErrorInfo:
    needed, limit = token_figures(fault.message, fault.error)
    reads = "takes at once" if fault.status == 429 else "can read"  # noqa: PLR2004
    limit = limit or window(case.model, case.connection.base_url)
    over = needed - limit if needed and limit and needed > limit else None
    much = f"{over:,} tokens more" if over else "more"
    who = case.model or case.label
    title = f"This is {much} than {who} {reads}"
    reads = f"It reads {limit:,}. " if limit else ""
    detail = f"{reads}Nothing was charged, and your message is kept."
    if case.had_text:
        # A server whose window has to hold the answer too says so when it is full.
        title, detail = f"{who} ran out of room {case.after}", f"{reads}{KEPT}"
    return case.info(
        "context_too_long",
        title,
        detail,
        "leave_out",
        status=fault.status,
        tokens_over=over,
        limit=limit,
    )


# ---------------------------------------------------------------------------- network


def _of_nonsense(error: StreamUnreadableError, case: Case) -> ErrorInfo:
    if isinstance(error, EmptyStreamError):
        detail = f"It ended without a word. {KEPT}"
        return case.info("protocol", f"The answer of {case.label} is empty", detail, "retry")
    if isinstance(error, WebPageError):
        where = f"Is the API at {case.connection.base_url}? Most end in /v1."
        title = f"{case.label} sent a web page, not an answer"
        return case.info("protocol", title, f"{KEPT} {where}", "retry")
    what = f"{case.label} sent something that is no answer: {_shown(str(error), case)}."
    title = f"The answer of {case.label} could not be read"
    return case.info("protocol", title, f"{KEPT} {what}", "retry")


def _of_silence(error: BaseException, case: Case) -> ErrorInfo:
    cause = error.__cause__ if isinstance(error, openai.APITimeoutError) else error
    if isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        detail = f"Nothing was sent. {KEPT}"
        title = f"{case.label} cannot be reached"
        return case.info("connection", title, detail, "retry", "use_demo")
    if case.had_text:
        return case.info("timeout", f"{case.label} went silent {case.after}", KEPT)
    title = f"{case.label} did not answer in time"
    if isinstance(cause, httpx2.ReadTimeout):
        detail = f"{KEPT} It was not sent again: {case.label} may still be working on it."
        return case.info("timeout", title, detail, "retry", working=True)
    return case.info("timeout", title, KEPT, "retry")


def _of_network(error: openai.APIConnectionError, case: Case) -> ErrorInfo:
    cause = error.__cause__
    if isinstance(cause, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError):
        # It was reached, and hung up without a word.
        return case.info("dropped", f"The connection dropped {case.after}", KEPT, "retry")
    for each in _behind(cause):
        if isinstance(each, ssl.SSLCertVerificationError):
            return _of_certificate(each, case)
    why = _shown(str(cause or error), case).rstrip(".")
    detail = f"Nothing was sent. {KEPT} {why}."
    facts: dict[str, str] = {}
    if case.connection.is_local:
        detail = f"Is the server running at {case.connection.base_url}? {detail}"
    elif isinstance(cause, httpx2.ProxyError):
        detail = f"The proxy named in the environment did not let it through. {detail}"
        # Its refusal begins with a status of HTTP; one of 5xx may pass.
        facts = {"proxy": why} if why.startswith("4") else {}
    title = f"{case.label} cannot be reached"
    return case.info("connection", title, detail, "retry", "use_demo", **facts)


def _of_redirect(cause: RedirectedError, case: Case) -> ErrorInfo:
    there = _shown(cause.origin, case)
    detail = (
        f"It is {there}, where neither your message nor the key was sent. {KEPT} "
        "If that is the service you mean, use its address as base_url."
    )
    title = f"{case.label} points to another address"
    return case.info("connection", title, detail, "retry", "use_demo", location=there)


def _of_certificate(cause: ssl.SSLCertVerificationError, case: Case) -> ErrorInfo:
    why = _shown(cause.verify_message or str(cause), case).rstrip(".")
    detail = (
        f"Nothing was sent. {KEPT} The check said: {why}. If you trust this server, name the file "
        "with its certificate in SSL_CERT_FILE before the kernel starts."
    )
    title = f"The certificate of {case.label} is not trusted"
    return case.info("connection", title, detail, "retry", "use_demo", certificate=why)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
