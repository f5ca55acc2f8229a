// The states of the gallery: what the kernel says, and what happens then.

import type { Part } from "../src/model.ts";
import { callsComparison, columnsComparison, gridComparison } from "./compared.ts";
import { click, focusField, stream, wait } from "./hands.ts";
import {
  comparedState,
  failed,
  parametersState,
  type State,
  streamingState,
  threadsState,
} from "./recipes.ts";
import {
  ASKED,
  DEMO,
  measured,
  message,
  OPENAI,
  SYSTEM,
  snapshot,
  THOUGHT,
  text,
  thread,
  WRITING,
} from "./samples.ts";
import { jsonThread, listed, mainThread, promptedThread, toolsThread } from "./threads.ts";

export const STATES: Readonly<Record<string, State>> = {
  compare: comparedState(columnsComparison()),
  "compare-blind": comparedState(columnsComparison({ blind: true, picks: [] })),
  "compare-edit": comparedState(columnsComparison(), {
    run: async () => {
      await wait(900);
      await click("[aria-label='Edit variant B']");
    },
  }),
  "compare-first": {
    ...comparedState(columnsComparison()),
    snapshot: () => snapshot(promptedThread(), { ...OPENAI, threads: 1 }),
    run: () => click(".pgw-views button:last-child"),
  },
  "compare-running": comparedState(columnsComparison(), {
    compared: {
      comparisons: [columnsComparison()],
      speed: 60,
    },
    run: async () => {
      await wait(900);
      await click(".pgw-bar .pgw-btn--primary");
    },
  }),
  grid: comparedState(gridComparison()),
  "grid-large": comparedState(gridComparison(1000)),
  "grid-cell": comparedState(gridComparison(), {
    run: async () => {
      await wait(900);
      await click("td[data-row='1'][data-column='1']");
    },
  }),
  "grid-calls": comparedState(callsComparison()),
  "grid-call": comparedState(callsComparison(), {
    run: async () => {
      await wait(900);
      await click("td[data-row='0'][data-column='0']");
    },
  }),
  "columns-calls": comparedState(callsComparison(), {
    run: async () => {
      await wait(900);
      await click(".pgw-modes [aria-label=Columns]");
    },
  }),
  "grid-frame": comparedState(gridComparison(), {
    run: async () => {
      await wait(900);
      await click("[aria-label='To DataFrame']");
    },
  }),
  "grid-new": comparedState(columnsComparison(), {
    run: async () => {
      await wait(900);
      await click(".pgw-modes [aria-label=Grid]");
    },
  }),
  main: { snapshot: () => snapshot(mainThread()) },
  parameters: { ...parametersState(), run: () => click(".pgw-parameters-button") },
  code: {
    ...parametersState(),
    run: async () => {
      await click(".pgw-parameters-button");
      await wait(600);
      await click(".pgw-panel__foot .pgw-btn--line");
    },
  },
  wire: { ...parametersState(), run: () => click("article:last-of-type button.pgw-figures") },
  tokens: {
    ...parametersState(),
    run: async () => {
      await click("article:last-of-type [aria-label='More actions']");
      await wait(100);
      const items = [...document.querySelectorAll<HTMLElement>("[role=menuitem]")];
      items.find((item) => item.textContent === "Token probabilities")?.click();
    },
  },
  refused: failed({
    kind: "param_refused",
    title: "gpt-4.1-mini does not take temperature",
    detail: "Your message is kept; nothing was charged.",
    actions: ["without", "retry"],
    param: "temperature",
  }),
  streaming: {
    ...streamingState([]),
    run: (channel, store) => stream(channel, store, false),
  },
  endless: { ...streamingState([]), run: (channel, store) => stream(channel, store, true) },
  waiting: streamingState([]),
  thinking: streamingState([{ type: "reasoning", text: THOUGHT }]),
  thought: {
    snapshot: () =>
      snapshot(
        thread("Confounders", [
          message("user", ASKED),
          message(
            "assistant",
            [{ type: "reasoning", text: THOUGHT }, text("Island is the one to worry about.")],
            {
              ...measured(0.51, 308, 4.5, 0.0014),
              usage: { input_tokens: 300, output_tokens: 308, reasoning_tokens: 212, cost: 0.0014 },
              timing: { first_token: 0.51, duration: 5, reasoning: 4.2 },
            },
          ),
        ]),
      ),
  },
  stopped: {
    snapshot: () =>
      snapshot(
        thread("Confounders", [
          message("user", ASKED),
          message(
            "assistant",
            "Gentoo and Chinstrap differ by 1.34 kg. Before I call that real, three things could",
            { status: "cancelled", usage: { input_tokens: 30, output_tokens: 22 } },
          ),
        ]),
      ),
  },
  retry: streamingState([], {
    retry: {
      attempt: 2,
      attempts: 4,
      wait: 12,
      error: {
        kind: "rate_limited",
        title: "OpenAI is limiting requests",
        detail: "Your message is kept.",
        actions: [],
      },
    },
  }),
  dropped: failed(
    {
      kind: "dropped",
      title: "The connection dropped after 34 tokens",
      detail: "The text above is kept. Continue asks the model to go on from there.",
      actions: ["continue", "regenerate"],
    },
    "Student’s test assumes both groups spread equally. Welch’s test drops that: each group brings its own variance, and the degrees of freedom shrink to",
  ),
  key: failed(
    {
      kind: "key_refused",
      title: "OpenAI did not accept the key",
      detail:
        "It ends in …x7Qa and came from OPENAI_API_KEY. Your message is kept; nothing was charged.",
      actions: ["change_key", "use_demo"],
      key_tail: "x7Qa",
      key_source: "OPENAI_API_KEY",
    },
    "",
    { ...OPENAI, connection: { ...OPENAI.connection, status: "refused" } },
  ),
  context: failed(
    {
      kind: "context_too_long",
      title: "This is 9,210 tokens more than gpt-4o-mini can read",
      detail: "It reads 128,000. Nothing was sent, and your message is kept.",
      actions: ["leave_out", "use_model"],
      tokens_over: 9210,
      limit: 128_000,
      leave_out: 6,
      suggest_model: "gpt-4.1-mini",
      breakdown: [
        { label: "System", tokens: 1200 },
        { label: "Messages", tokens: 86_000 },
        { label: "report.txt", tokens: 50_000 },
      ],
    },
    "",
    { ...OPENAI, usage: { ...OPENAI.usage, context: 137_000, window: 128_000, cost: 0.081 } },
  ),
  edit: {
    snapshot: () => snapshot(mainThread()),
    run: (_, store) => {
      const first = store.path.value[0];
      if (!first) return;
      const draft = {
        text: "Which species is heaviest once you account for sex, and is the gap real? The data frame is penguins.",
        role: first.role,
      };
      store.drafts.edits.value = new Map([[first.id, draft]]);
      return focusField();
    },
  },
  insert: {
    snapshot: () => snapshot(mainThread()),
    run: (_, store) => {
      const message = store.path.value[0]?.id ?? "";
      store.drafts.inserting.value = { at: "after", message, text: "", role: "user" };
      return focusField();
    },
  },
  system: {
    snapshot: () => snapshot(mainThread()),
    run: (_, store) => {
      store.drafts.edits.value = new Map([["system", { text: SYSTEM, role: "system" as const }]]);
      return focusField();
    },
  },
  empty: {
    snapshot: () => snapshot(thread("", [], { system: "", model: "demo" }), DEMO),
  },
  image: {
    snapshot: () => snapshot(mainThread()),
    run: (_, store) => {
      store.drafts.text.value = "Describe this plot in plain words.";
      store.drafts.images.value = [{ ...plot(), name: "mass_by_sex.png" }];
    },
  },
  parts: {
    snapshot: () =>
      snapshot(
        thread("Parts", [
          message("user", [
            plot(),
            {
              type: "table",
              name: "penguins",
              columns: ["species", "count", "mean_g"],
              rows: [
                ["Adelie", 151, 3700.7],
                ["Gentoo", 123, 5076],
              ],
              shape: [344, 3],
              text: "",
            },
            { type: "image", url: "https://example.org/plot.png", name: "plot.png" },
            text("What do you see?"),
          ]),
          message("developer", "Answer in one line."),
          message("assistant", [{ type: "refusal", text: "I cannot help with that." }]),
        ]),
      ),
  },
  threads: threadsState(),
  memory: threadsState({ storage: { kind: "memory", error: null } }),
  broken: threadsState({
    storage: { kind: "file", error: "The disk is full, so new messages are kept in memory only." },
  }),
  tools: { snapshot: () => snapshot(toolsThread(), { ...OPENAI, running: "call" }) },
  json: { snapshot: () => snapshot(jsonThread()) },
  versions: {
    snapshot: () => snapshot(promptedThread()),
    threads: listed,
  },
  unused: {
    snapshot: () => snapshot({ ...promptedThread(), system: `${SYSTEM} Never guess.` }),
    threads: listed,
  },
  branches: {
    snapshot: () => {
      const of = thread("Versions everywhere", [
        message("user", "First question"),
        message("assistant", [{ type: "tool_call", id: "c1", name: "look", arguments: "{}" }]),
        message("tool", "What was found\nin two lines", { tool_call_id: "c1" }),
        message("developer", "Answer in one line."),
        message("assistant", "An answer", measured(0.4, 52, 0.7, 0.0003)),
        message("user", "Another question"),
        message("assistant", "Being written", { status: "streaming" }),
      ]);
      const others = of.messages.map((each) => ({
        ...each,
        id: `${each.id}-older`,
        status: "complete" as const,
      }));
      return snapshot(
        { ...of, messages: of.messages.flatMap((each, i) => [others[i] ?? each, each]) },
        { ...OPENAI, running: of.head },
      );
    },
  },
  export: {
    snapshot: () => snapshot(promptedThread()),
    threads: listed,
    run: () => click(".pgw-export-button"),
  },
  saved: { snapshot: () => snapshot(mainThread()), status: "saved" },
  lost: { snapshot: () => snapshot(mainThread()), status: "lost" },
  long: {
    snapshot: () =>
      snapshot(
        thread(
          "A long one",
          Array.from({ length: 2000 }, (_, i) =>
            i % 2 === 0
              ? message("user", `Question ${i / 2 + 1}`)
              : message("assistant", `${WRITING}.`, measured(0.4, 80, 1, 0.0001)),
          ),
        ),
      ),
  },
};

/** A small picture, drawn here. */
function plot(): Extract<Part, { type: "image" }> {
  const canvas = document.createElement("canvas");
  canvas.width = 280;
  canvas.height = 200;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.fillStyle = "#dde8f5";
    pen.fillRect(0, 0, 280, 200);
    pen.strokeStyle = "#1976d2";
    pen.lineWidth = 3;
    pen.beginPath();
    for (let x = 0; x <= 280; x += 4) pen.lineTo(x, 100 + 60 * Math.sin(x / 30));
    pen.stroke();
  }
  const data = canvas.toDataURL("image/png").split(",")[1] ?? "";
  return {
    type: "image",
    media_type: "image/png",
    data,
    name: "wave.png",
    width: 280,
    height: 200,
  };
}
