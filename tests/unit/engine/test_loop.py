"""Code of users that runs on other threads does not end the engine's loop."""

from __future__ import annotations

import asyncio

import pytest

from playground_widget.engine import engine


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration("x")])
async def test_whatever_a_function_raises_is_raised_where_it_was_waited_for(
    error: BaseException,
) -> None:
    def fails() -> None:
        raise error

    async with asyncio.timeout(20):
        with pytest.raises(RuntimeError, match=type(error).__name__):
            await asyncio.wrap_future(engine().spawn(engine().wait(fails)))
    assert engine().call(lambda: "it goes on") == "it goes on"
