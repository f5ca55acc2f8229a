"""The demo model: an OpenAI-compatible server inside the process, for trying things out and tests.

It listens on a loopback port and speaks `/v1/models`, `/v1/chat/completions` and
`/v1/responses`, streamed or not, with usage, tool calls, reasoning and JSON-schema output. It is
a small program and says so: its answers explain the playground, and equal requests get equal
answers. `GET /v1/models` lists the models, which are named for what they do:

    demo                 explains the playground, 80 tokens a second
    demo-fast            the same at full speed
    demo-slow            the same at 8 tokens a second
    demo-long            max_tokens tokens, or 20,000, at full speed
    demo-reasoning       thinks first
    demo-json            answers in JSON
    demo-tools           calls a tool whenever one is offered
    demo-echo            repeats the last user message
    demo-picky           refuses temperature and seed
    demo-refusal, demo-filter, demo-empty
                         answers that are none
    demo-rate-limited, demo-server-error
                         fail twice for each conversation, then answer
    demo-rate-limited-always, demo-no-quota, demo-bad-key, demo-overloaded
                         always fail
    demo-context         has a context window of 512 tokens
    demo-cut             drops the connection after 34 tokens
    demo-stream-error, demo-malformed
                         send an error, or what is no JSON, in mid-stream
    demo-stall, demo-hang
                         stop in mid-stream, or never answer

A request may steer its answer by an extra field of the body, `demo`, in which each of these is
optional (`client.chat.completions.create(..., extra_body={"demo": {"rate": 100}})`):

    tokens       make the text exactly this many tokens long
    rate         tokens per second, null for full speed
    first_token  seconds until the first token
    variant      another wording for each whole number
    break_after  tokens before a model that breaks does so
    retry_after  seconds that a rate limit asks to wait
    rounds       how often to call tools before there are words

An answer that was cut is continued by sending it as an assistant message, alone or with a user
message such as "Continue exactly where you stopped." behind it.
"""

from __future__ import annotations

from playground_widget.demo._records import RequestRecord
from playground_widget.demo._server import DemoServer, shared

__all__ = ["DemoServer", "RequestRecord", "shared"]
