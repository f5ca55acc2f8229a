"""Answers that are none: another status, another kind of page, another address."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from typing import Any

from tests.faults.proxy import Exchange, How

KEY = "sk-proj-Zq8vTn3LwB5yHd2RkMx7Qa"
"""The key of all requests; services repeat it in what they answer, and nothing shows it."""

PAGE = (
    "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>"
    f"<h1>The page of a proxy</h1><p>Authorization: Bearer {KEY}</p></body></html>"
).encode()


def status(code: int, message: str = "", kind: str | None = None, **headers: str) -> How:
    """Answer with a status and an error as OpenAI writes it."""

    async def answer(exchange: Exchange) -> None:
        said = f"{message} (request with {KEY})"
        error: dict[str, Any] = {"message": said, "type": "error", "param": None, "code": kind}
        await exchange.whole(json.dumps({"error": error}).encode(), code, **headers)

    return answer


def page(code: int) -> How:
    """Answer with a web page."""

    async def answer(exchange: Exchange) -> None:
        await exchange.whole(PAGE, code, content_type="text/html")

    return answer


async def busy_until_date(exchange: Exchange) -> None:
    """Say by a date when to come back."""
    date = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
    await status(429, "Slow down", retry_after=email.utils.format_datetime(date, usegmt=True))(
        exchange
    )


def once(how: How) -> How:
    """Go wrong for the first request alone."""

    async def answer(exchange: Exchange) -> None:
        if exchange.number == 0:
            await how(exchange)
            return
        body = await exchange.answer()
        await exchange.start()
        await exchange.send(body)
        await exchange.end()

    return answer


def typed(content_type: str) -> How:
    """Send a good stream under the name of something else."""

    async def answer(exchange: Exchange) -> None:
        body = await exchange.answer()
        await exchange.start(content_type=content_type)
        await exchange.send(body)
        await exchange.end()

    return answer


def redirect(code: int) -> How:
    """Point to the same path of another host."""

    async def answer(exchange: Exchange) -> None:
        await exchange.whole(b"", code, location=exchange.elsewhere + exchange.asked.path)

    return answer


async def refused_parameter(exchange: Exchange) -> None:
    words = "Unsupported parameter: 'temperature' is not supported with this model."
    error = {"message": words, "param": "temperature", "code": "unsupported_parameter"}
    error["type"] = "invalid_request_error"
    await exchange.whole(json.dumps({"error": error}).encode(), 400)
