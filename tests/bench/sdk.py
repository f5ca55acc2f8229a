"""The OpenAI SDK alone on a stream: the floor of what happens in a kernel.

python -m tests.bench.sdk ADDRESS BODY WAY

BODY is the request as JSON; WAY is `loop` for the SDK's own `create(stream=True)`, or `raw` for
its `with_streaming_response` with the lines read by orjson. Prints as JSON when the first and the
last text had been read, in seconds since 1970, and the seconds of CPU between.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import orjson

__all__: list[str] = []


def loop(client: openai.OpenAI, body: dict[str, Any]) -> Iterator[str]:
    """Give the words as the SDK's own loop has them."""
    stream: Any = client.chat.completions.create(stream=True, **body)
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


def raw(client: openai.OpenAI, body: dict[str, Any]) -> Iterator[str]:
    """Give the words of lines that are read here."""
    asked = client.chat.completions.with_streaming_response.create(stream=True, **body)
    with asked as response:
        rest = b""
        for block in response.iter_bytes():
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                if line.startswith(b"data: {"):
                    choices = orjson.loads(line[6:])["choices"]
                    if choices and choices[0]["delta"].get("content"):
                        yield choices[0]["delta"]["content"]


WAYS = {"loop": loop, "raw": raw}


def main(address: str, body: dict[str, Any], way: str) -> None:
    """Read one short stream to have everything loaded, then the one that counts."""
    client = openai.OpenAI(
        base_url=f"{address}/v1", api_key="demo", http_client=httpx2.Client(trust_env=False)
    )
    steering = body["extra_body"]["demo"]
    short = {"demo": {**steering, "tokens": 20, "rate": None}}
    for _ in WAYS[way](client, {**body, "extra_body": short}):
        pass
    first = last = 0.0
    length = 0
    cpu = time.process_time()
    for words in WAYS[way](client, body):
        last = time.time()
        first = first or last
        length += len(words)
    cpu = time.process_time() - cpu
    print(json.dumps({"first": first, "last": last, "cpu": cpu, "length": length}))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3])
