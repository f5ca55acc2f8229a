"""Servers of this machine are looked for once for all who ask at about the same time."""

from __future__ import annotations

import asyncio

import pytest

from playground_widget.conversation import _local_search
from playground_widget.conversation._local_search import LocalSearch
from playground_widget.provider import Offer

OLLAMA = Offer(name="ollama", label="Ollama", url="http://127.0.0.1:11434/v1", models=1)


class Machine:
    """A machine whose answer comes when it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.servers: list[Offer] = []
        self.error: Exception | None = None
        self.go = asyncio.Event()

    async def look(self) -> list[Offer]:
        self.asked += 1
        await self.go.wait()
        if self.error:
            raise self.error
        return list(self.servers)


async def test_all_who_ask_meanwhile_and_soon_after_share_one_search() -> None:
    machine = Machine()
    machine.servers = [OLLAMA]
    search = LocalSearch(machine.look)
    asking = [asyncio.create_task(search.offers()) for _ in range(200)]
    await asyncio.sleep(0)
    machine.go.set()
    assert await asyncio.gather(*asking) == [(OLLAMA,)] * 200
    assert await search.offers() == (OLLAMA,)
    assert machine.asked == 1


async def test_a_server_that_began_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_local_search, "FRESH", 0.02)
    machine = Machine()
    machine.go.set()
    search = LocalSearch(machine.look)
    assert await search.offers() == ()
    machine.servers = [OLLAMA]
    await asyncio.sleep(0.03)
    assert await search.offers() == (OLLAMA,)


async def test_a_search_that_failed_tells_all_and_is_made_again() -> None:
    machine = Machine()
    machine.error = OSError("no more files")
    machine.go.set()
    search = LocalSearch(machine.look)
    told = await asyncio.gather(search.offers(), search.offers(), return_exceptions=True)
    assert [str(each) for each in told] == ["no more files"] * 2
    machine.error = None
    assert await search.offers() == ()
    assert machine.asked == 2


async def test_whoever_stops_waiting_ends_it_for_nobody_else() -> None:
    machine = Machine()
    search = LocalSearch(machine.look)
    leaving, staying = (asyncio.create_task(search.offers()) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    machine.go.set()
    assert await staying == ()


def test_another_loop_waits_for_nothing_of_the_old_one() -> None:
    machine = Machine()
    search = LocalSearch(machine.look)

    async def begin() -> None:
        asking = asyncio.create_task(search.offers())
        await asyncio.sleep(0)
        asking.cancel()

    async def ask() -> tuple[Offer, ...]:
        machine.go = asyncio.Event()
        machine.go.set()
        return await search.offers()

    old = asyncio.new_event_loop()
    old.run_until_complete(begin())
    assert asyncio.run(ask()) == ()
    for task in asyncio.all_tasks(old):
        task.cancel()
    old.run_until_complete(asyncio.sleep(0))
    old.close()
