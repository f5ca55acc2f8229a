// The states of the gallery: what the kernel says, and what happens then.

import type { Message, Part, Settings, Thread } from "../src/model.ts";
import type { Request } from "../src/protocol.ts";
import type { Store } from "../src/store.ts";
import type { FakeChannel } from "../src/testing/fake-channel.ts";
import type { FakeKernelOptions } from "../src/testing/fake-kernel.ts";
import type { FakeThread } from "../src/testing/fake-threads.ts";
import { columnsComparison, gridComparison } from "./compared.ts";

export interface State {
  readonly snapshot: () => unknown;
  readonly status?: "live" | "lost" | "saved";
  readonly run?: (channel: FakeChannel, store: Store) => Promise<void> | void;
  readonly answer?: (channel: FakeChannel, request: Request) => void;
  /** Threads beside the open one: then a whole fake kernel answers. */
  readonly threads?: () => readonly FakeThread[];
  readonly compared?: Pick<FakeKernelOptions, "comparisons" | "compared" | "speed">;
}

/** As if somebody had opened the field here. */
async function focusField(): Promise<void> {
  await wait(100);
  document.querySelector<HTMLElement>(".pgw-log textarea")?.focus();
}

const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

const OPENAI: Settings = {
  connection: {
    name: "openai",
    label: "OpenAI",
    demo: false,
    status: "ready",
    key_tail: "x7Qa",
    key_source: "OPENAI_API_KEY",
  },
  connections: [
    { name: "openai", label: "OpenAI", demo: false },
    { name: "demo", label: "Demo model (offline)", demo: true },
  ],
  offers: [{ name: "ollama", label: "Ollama", url: "http://localhost:11434/v1", models: 4 }],
  models: [
    { id: "gpt-4.1-mini", context: 1_047_576, input_price: 0.4, output_price: 1.6 },
    { id: "gpt-4.1", context: 1_047_576, input_price: 2, output_price: 8 },
    { id: "gpt-4o-mini", context: 128_000, input_price: 0.15, output_price: 0.6 },
    { id: "o4-mini", context: 200_000, input_price: 1.1, output_price: 4.4 },
  ],
  running: null,
  queued: 0,
  usage: { context: 3100, window: 50_000, cost: 0.0042, input_tokens: 9300, output_tokens: 640 },
  undo: null,
};

const DEMO: Settings = {
  ...OPENAI,
  connection: { name: "demo", label: "Demo model (offline)", demo: true, status: "offline" },
  models: [
    { id: "demo", context: 128_000 },
    { id: "demo-slow", context: 128_000 },
    { id: "demo-long", context: 128_000 },
  ],
  usage: { context: 0, window: 128_000, cost: 0, input_tokens: 0, output_tokens: 0 },
};

const SYSTEM =
  "You are a careful data analyst. Answer in English, in short sentences. Show code when it helps, and say how sure you are.";

const ANSWER = String.raw`**Gentoo is the heaviest, and the gap is real.** The mean Gentoo is about 1.34 kg heavier than the mean Chinstrap, far beyond what chance would give.

| Species | Birds | Mean, g | SD, g | 95% interval |
|---|---:|---:|---:|---:|
| Gentoo | 123 | **5,076** | 504 | 4,986 to 5,166 |
| Chinstrap | 68 | 3,733 | 384 | 3,640 to 3,826 |
| Adelie | 151 | 3,701 | 459 | 3,627 to 3,774 |

The standard error of the difference is small next to the gap itself:

$$
\mathrm{SE}_{A-B} = \sqrt{\frac{s_A^2}{n_A} + \frac{s_B^2}{n_B}} \approx 64.9\ \mathrm{g}
$$

To check it with a test that does not assume equal spread:

~~~python
from scipy import stats
heavy = penguins.query("species == 'Gentoo'")["body_mass_g"].dropna()
light = penguins.query("species == 'Chinstrap'")["body_mass_g"]
stats.ttest_ind(heavy, light, equal_var=False)  # Welch's t-test
~~~

I am confident in the ranking. The data holds two missing weights, which do not change it.`;

const text = (words: string): Part => ({ type: "text", text: words });

let count = 0;
function message(
  role: Message["role"],
  content: string | readonly Part[],
  more: Partial<Message> = {},
): Message {
  count += 1;
  return {
    id: `m${count}`,
    parent: null,
    role,
    content: typeof content === "string" ? [text(content)] : content,
    status: "complete",
    created: 1_760_000_000 + count,
    ...more,
  };
}

const measured = (first: number, tokens: number, time: number, cost: number) => ({
  model: "gpt-4.1-mini",
  finish_reason: "stop",
  usage: { input_tokens: 900, output_tokens: tokens, cost },
  timing: { first_token: first, duration: first + time },
});

/** A thread of one path; `versions` are put beside the message before them. */
function thread(title: string, messages: readonly Message[], more: Partial<Thread> = {}): Thread {
  let parent: string | null = null;
  const linked: Message[] = [];
  for (const each of messages) {
    linked.push({ ...each, parent });
    parent = each.id;
  }
  return {
    id: "t1",
    title,
    system: SYSTEM,
    prompts: [],
    model: "gpt-4.1-mini",
    params: {},
    created: 1_760_000_000,
    head: parent,
    messages: linked,
    ...more,
  };
}

const snapshot = (of: Thread, settings: Settings = OPENAI) => ({
  revision: 1,
  thread: of,
  settings,
});

function mainThread(): Thread {
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
function toolsThread(): Thread {
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

function jsonThread(): Thread {
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
function promptedThread(): Thread {
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
function listed(): readonly FakeThread[] {
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

const click = async (selector: string) => {
  await wait(60);
  document.querySelector<HTMLElement>(selector)?.click();
};

const tool = (signature: string, description: string, more = {}) => ({
  name: signature.replace(/\(.*/, ""),
  signature,
  description,
  parameters: {},
  confirm: false,
  enabled: true,
  ...more,
});

/** The mock-up's: three values are set, one does nothing, three functions are tools. */
function parametersState(): State {
  const schema = {
    type: "object",
    properties: { species: { type: "string" }, mean_g: { type: "number" } },
  };
  const params = {
    temperature: 0.3,
    max_tokens: 800,
    stop: ["\n\n", "END"],
    response_format: { type: "json_schema", json_schema: { name: "answer", schema } },
  };
  const tools = [
    tool("describe(frame, by)", "Count, mean and spread per group."),
    tool("plot(frame, x, y)", "Draws in the cell below."),
    tool("run_sql(query)", "", { confirm: true, enabled: false }),
  ];
  const settings = { ...OPENAI, tools, refused: ["reasoning_effort"], threads: 1 };
  return {
    snapshot: () => {
      const main = mainThread();
      const messages = main.messages.map((each) =>
        each.role === "assistant" ? { ...each, has_logprobs: true } : each,
      );
      return snapshot({ ...main, messages, params }, settings);
    },
    threads: () => [],
  };
}

function threadsState(settings: Partial<Settings> = {}, then: () => unknown = () => {}): State {
  return {
    snapshot: () => snapshot(promptedThread(), { ...OPENAI, threads: 1, ...settings }),
    threads: listed,
    run: async () => {
      await click(".pgw-toggle");
      await wait(100);
      await then();
    },
  };
}

const ASKED = "Could something other than species explain the difference?";
const THOUGHT =
  "The user asks about confounding. Sex and island are in the data. Island is perfectly tied to species for Gentoo and Chinstrap, so a model cannot separate them. Adelie lives on all three islands, which gives a check.";
const WRITING =
  "Gentoo and Chinstrap differ by 1.34 kg. Before I call that real, three things could explain it:\n\n1. **Sex balance.** Males are heavier. Gentoo is 49% male and Chinstrap 50%, so this cannot account for the gap.\n2. **Island.** Every Gentoo comes from Biscoe and every Chinstrap from Dream, so species and island are";

function streamingState(parts: readonly Part[], more: Partial<Message> = {}): State {
  return {
    snapshot: () => {
      const live = message("assistant", parts, { status: "streaming", ...more });
      const of = thread("Confounders", [message("user", ASKED), live], { model: "o4-mini" });
      return snapshot(of, { ...OPENAI, running: live.id });
    },
  };
}

/** Writes an answer token by token, about 70 a second. */
async function stream(channel: FakeChannel, store: Store, endless: boolean): Promise<void> {
  const id = store.settings.value.running ?? "";
  const pieces = (endless ? ANSWER.repeat(20) : WRITING).match(/\S+\s*/g) ?? [];
  let offset = 0;
  await wait(510);
  for (const [i, piece] of pieces.entries()) {
    channel.takeEvents({
      type: "text",
      message: id,
      part: 0,
      offset,
      text: piece,
      kind: "text",
      tokens: i + 1,
    });
    offset += piece.length;
    await wait(14);
  }
}

function failed(error: Message["error"], words = "", settings: Settings = OPENAI): State {
  return {
    snapshot: () =>
      snapshot(
        thread(
          "Interview summaries",
          [
            message("user", "Summarise each of the 48 interviews in one line."),
            message("assistant", words, {
              status: "failed",
              ...(error ? { error } : {}),
              ...(words ? { usage: { input_tokens: 40, output_tokens: 34 } } : { content: [] }),
            }),
          ],
          { system: "" },
        ),
        settings,
      ),
  };
}

/** Variants of the thread of the mock-ups, compared already. */
function comparedState(
  comparison: ReturnType<typeof columnsComparison>,
  more: Partial<State> = {},
): State {
  return {
    snapshot: () => {
      const thread = { ...promptedThread(), params: { temperature: 0.3 } };
      return snapshot(thread, { ...OPENAI, threads: 1, comparison: comparison.id });
    },
    threads: listed,
    compared: { comparisons: [comparison] },
    ...more,
  };
}

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
