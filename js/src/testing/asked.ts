// What the fake kernel knows of how its answers were asked for.

import { type Message, type Thread, textOf } from "../model.ts";
import type { CodeLanguage } from "../protocol.ts";

const URL = "http://127.0.0.1:8000/v1/chat/completions";

function body({ model, params, messages }: Thread) {
  const asked = messages.filter(({ role }) => role === "user");
  const content = asked.map((message) => message.content.map(textOf).join(""));
  return {
    model,
    messages: content.map((text) => ({ role: "user", content: text })),
    stream: true,
    ...params,
  };
}

export function fakeCode(language: CodeLanguage, thread: Thread): string {
  const json = JSON.stringify(body(thread), null, 2);
  if (language === "curl") return `curl ${URL} \\\n  -d '${json}'\n`;
  return `from openai import OpenAI\n\nclient = OpenAI()\nfor chunk in client.chat.completions.create(**${json}):\n    print(chunk)\n`;
}

/** Pieces of about four characters, as models see words. */
function pieces(message: Message): readonly string[] {
  return (
    message.content
      .map(textOf)
      .join("")
      .match(/.{1,4}/gsu) ?? []
  );
}

export function fakeWire(message: Message, thread: Thread): Record<string, unknown> {
  const chunks = pieces(message).map((content, i) => ({
    at: 0.4 + i * 0.014,
    text: JSON.stringify({ choices: [{ index: 0, delta: { content } }] }),
  }));
  return {
    request: { url: URL, method: "POST", body: body(thread) },
    rebuilt: false,
    attempts: [
      { at: 0, wait: 2, status: 429, request_id: "req_1", error: "Rate limit reached" },
      { at: 2.1, wait: null, status: 200, request_id: "req_2", error: null },
    ],
    chunks,
    omitted: 0,
    recorded: false,
  };
}

export function fakeLogprobs(message: Message): readonly Record<string, unknown>[] {
  return pieces(message).map((token, i) => {
    const logprob = -((i * 37) % 50) / 12;
    const other = { token: "…", logprob: logprob - 1 };
    return { token, logprob, top: [{ token, logprob }, other] };
  });
}
