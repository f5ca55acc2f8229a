import { expect, test } from "vitest";
import type { Message } from "../model.ts";
import { figures, tokensPerSecond } from "./figures.ts";

const answer: Message = {
  id: "a",
  parent: null,
  role: "assistant",
  content: [],
  status: "complete",
  created: 0,
};

test("a finished answer shows first token, speed, tokens, cost and end, in this order", () => {
  const shown = figures({
    ...answer,
    finish_reason: "tool_calls",
    usage: { input_tokens: 900, output_tokens: 318, cost: 0.0009 },
    timing: { first_token: 0.42, duration: 4.9 },
  });
  expect(shown.map(({ strong = "", text }) => `${strong} ${text}`.trim())).toEqual([
    "0.42 s to first token",
    "71 tok/s",
    "318 tokens",
    "$0.0009",
    "tool calls",
  ]);
});

test("what is not known is left out", () => {
  expect(figures(answer)).toEqual([]);
  expect(figures({ ...answer, usage: { input_tokens: 1, output_tokens: 5 } })).toEqual([
    { name: "tokens", text: "5 tokens" },
  ]);
});

test("the speed leaves out the wait for the first token, and needs more than one token", () => {
  const usage = { input_tokens: 1, output_tokens: 100 };
  expect(tokensPerSecond({ ...answer, usage, timing: { first_token: 1, duration: 3 } })).toBe(50);
  expect(tokensPerSecond({ ...answer, usage, timing: { first_token: 3, duration: 3 } })).toBe(
    undefined,
  );
  const one = { ...usage, output_tokens: 1 };
  expect(tokensPerSecond({ ...answer, usage: one, timing: { duration: 3 } })).toBe(undefined);
});
