// The conversations of the gallery.

import type { Message, Part, Thread } from "../src/model.ts";
import type { FakeThread } from "../src/testing/fake-threads.ts";
import { ANSWER, measured, message, SYSTEM, text, thread } from "./samples.ts";

export function mainThread(): Thread {
  const question = message(
    "user",
    "Which species is heaviest, and is the gap real? The data frame is `penguins`.",
  );
  const call = message("assistant", [
    {
      type: "tool_call",
      id: "c1",
      name: "describe",
      arguments: '{"frame": "penguins", "by": "species"}',
    },
  ]);
  const result = message(
    "tool",
    "species    count  mean_g   sd_g\nAdelie       151  3700.7  458.6\nChinstrap     68  3733.1  384.3\nGentoo       123  5076.0  504.1",
    { tool_call_id: "c1" },
  );
  const answer = message("assistant", ANSWER, measured(0.42, 318, 4.48, 0.0009));
  const next = message("user", "Now give me one sentence for the abstract.");
  const last = message(
    "assistant",
    "Gentoo penguins (mean 5,076 g, n = 123) were 1.34 kg heavier than Chinstraps (95% CI 1.21 to 1.47 kg; Welch’s *t*-test, *p* < 0.001).",
    measured(0.38, 52, 0.7, 0.0003),
  );
  const one = thread("Penguin body mass", [question, call, result, answer, next, last]);
  const older = { ...answer, id: "older", parent: result.id, content: [text("Gentoo.")] };
  const newer = { ...older, id: "newer" };
  const at = one.messages.findIndex(({ id }) => id === answer.id);
  return {
    ...one,
    messages: [...one.messages.slice(0, at), older, ...one.messages.slice(at), newer],
  };
}

/** Calls in every state: done, failed, refused, running, waiting for a person. */
export function toolsThread(): Thread {
  const call = (id: string, name: string, value: object): Part => ({
    type: "tool_call",
    id,
    name,
    arguments: JSON.stringify(value),
  });
  const calls = message(
    "assistant",
    [
      text("Let me look at the data."),
      call("c1", "describe", { frame: "penguins", by: "species" }),
      call("c2", "mean", { column: "body_mas_g" }),
      call("c3", "remove", { path: "penguins.csv" }),
      call("c4", "bootstrap", { column: "body_mass_g", samples: 10_000, seed: 7 }),
      call("c5", "run_sql", {
        query: "select species, avg(body_mass_g)\nfrom penguins group by 1",
      }),
    ],
    { id: "call" },
  );
  const tool = (id: string, words: string, more: Partial<Message> = {}) =>
    message("tool", words === "" ? [] : words, { tool_call_id: id, ...more });
  const failed = (kind: string, title: string, detail = "") =>
    ({ status: "failed", error: { kind, title, detail, actions: [] } }) as const;
  const duration = { timing: { duration: 0.038 } };
  return thread("Calls", [
    message("user", "Which species is heaviest, and is the gap real?"),
    calls,
    tool(
      "c1",
      "species    count  mean_g\nAdelie       151  3700.7\nGentoo       123  5076.0",
      duration,
    ),
    tool("c2", "KeyError: 'body_mas_g'", {
      ...failed("tool_failed", "mean raised KeyError", "'body_mas_g'"),
      ...duration,
    }),
    tool("c3", "The user refused this call.", failed("tool_refused", "remove was refused")),
    tool("c4", "", { status: "streaming" }),
    tool("c5", "", { status: "streaming", consent: { wait: 598 } }),
  ]);
}

export function jsonThread(): Thread {
  const wanted = { response_format: { type: "json_schema", json_schema: { name: "Report" } } };
  const report = {
    title: "Penguin body mass",
    species: [
      { name: "Gentoo", mean_g: 5076, sure: true, islands: ["Biscoe"] },
      { name: "Chinstrap", mean_g: 3733.1, sure: true, islands: ["Dream"] },
      { name: "Adelie", mean_g: "about 3,701", sure: null, islands: [] },
    ],
    note: "Two weights are missing, which does not change the ranking.\nSee the code.",
  };
  return thread("Report", [
    message("user", "As a report, please."),
    message("assistant", JSON.stringify(report), {
      params: wanted,
      invalid:
        "at .species[2].mean_g: Input should be a valid number, unable to parse string as a number",
      ...measured(0.42, 118, 1.4, 0.0009),
    }),
  ]);
}

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const now = () => Date.now() / 1000;

/** The thread of the mock-ups with three versions of its system prompt, the last in use. */
export function promptedThread(): Thread {
  const main = mainThread();
  const prompts = [
    { text: "You are a data analyst. Show your code.", created: now() - 3 * DAY },
    {
      text: "You are a data analyst. Answer in English, in long sentences. Show code, and say how sure you are.",
      created: now() - 70 * MINUTE,
    },
    { text: SYSTEM, created: now() - 2 * MINUTE },
  ];
  const used = [2, 2, 2, 3];
  const messages = main.messages.map((each, i) =>
    each.role === "assistant" ? { ...each, prompt: used[i % 4] ?? 1 } : each,
  );
  return { ...main, prompts, messages };
}

/** The list of the mock-ups. */
export function listed(): readonly FakeThread[] {
  const at = (title: string, ago: number, more: Partial<FakeThread> = {}): FakeThread => ({
    id: title,
    title,
    updated: now() - ago,
    thread: { title, messages: [message("user", `About ${title}, and Gentoo penguins too`)] },
    ...more,
  });
  return [
    { id: "t1", pinned: true, updated: now() - 2 * MINUTE },
    at("Abstract, final wording", 2 * DAY, { pinned: true }),
    at("Confounders", 58 * MINUTE, { running: true }),
    at("Interview summaries", 62 * MINUTE),
    at("Regex for ISO dates", 70 * MINUTE),
    at("Haiku about rebase", 75 * MINUTE),
    at("Tone of the release notes", DAY, { branches: 3 }),
    at("Islands", DAY + 60 * MINUTE),
    at("SQL from plain questions", 3 * DAY),
    at("Which embedding size?", 4 * DAY),
    at("Explain Welch’s t-test", 5 * DAY),
    ...Array.from({ length: 4990 }, (_, i) => at(`Older thread ${i + 1}`, (8 + i / 4) * DAY)),
  ];
}
