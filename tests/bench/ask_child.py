"""The bare SDK, asking many at once: what a comparison is compared with. A program.

python -m tests.bench.ask_child SERVER REQUESTS CONCURRENCY TOKENS RATE

RATE is 0 for full speed. It prints JSON: `cpu` seconds of this process, and `seconds` by the clock.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import httpx2
import openai

__all__: list[str] = []


async def _ask(client: openai.AsyncOpenAI, label: str, steering: dict[str, Any]) -> str:
    stream: Any = await client.chat.completions.create(
        model="demo-long",
        messages=[{"role": "user", "content": label}],
        stream=True,
        stream_options={"include_usage": True},
        extra_body={"demo": steering},
    )
    text = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    return "".join(text)


async def main(server: str, requests: int, concurrency: int, tokens: int, rate: float) -> None:
    """Ask, after a few that load what is loaded but once."""
    http = httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(max_connections=concurrency))
    client = openai.AsyncOpenAI(base_url=f"{server}/v1", api_key="demo", http_client=http)
    slots = asyncio.Semaphore(concurrency)

    async def asked(number: int, steering: dict[str, Any]) -> str:
        async with slots:
            return await _ask(client, f"bare {number}", steering)

    fast = {"tokens": 20, "rate": None, "first_token": 0}
    await asyncio.gather(*[asked(number, fast) for number in range(concurrency)])
    steering = {"tokens": tokens, "rate": rate or None, "first_token": 0}
    cpu, began = time.process_time(), time.perf_counter()
    texts = await asyncio.gather(*[asked(number, steering) for number in range(requests)])
    found = {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - began}
    assert all(texts)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    address, *figures = sys.argv[1:]
    many, at_once, words = map(int, figures[:3])
    asyncio.run(main(address, many, at_once, words, float(figures[3])))
