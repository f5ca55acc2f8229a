// What the states of the gallery are made of: settings, texts, messages that follow each other.

import type { Message, Part, Settings, Thread } from "../src/model.ts";

export const OPENAI: Settings = {
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

export const DEMO: Settings = {
  ...OPENAI,
  connection: { name: "demo", label: "Demo model (offline)", demo: true, status: "offline" },
  models: [
    { id: "demo", context: 128_000 },
    { id: "demo-slow", context: 128_000 },
    { id: "demo-long", context: 128_000 },
  ],
  usage: { context: 0, window: 128_000, cost: 0, input_tokens: 0, output_tokens: 0 },
};

export const SYSTEM =
  "You are a careful data analyst. Answer in English, in short sentences. Show code when it helps, and say how sure you are.";

export const ANSWER = String.raw`**Gentoo is the heaviest, and the gap is real.** The mean Gentoo is about 1.34 kg heavier than the mean Chinstrap, far beyond what chance would give.

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

export const text = (words: string): Part => ({ type: "text", text: words });

let count = 0;
export function message(
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

export const measured = (first: number, tokens: number, time: number, cost: number) => ({
  model: "gpt-4.1-mini",
  finish_reason: "stop",
  usage: { input_tokens: 900, output_tokens: tokens, cost },
  timing: { first_token: first, duration: first + time },
});

/** A thread of one path; `versions` are put beside the message before them. */
export function thread(
  title: string,
  messages: readonly Message[],
  more: Partial<Thread> = {},
): Thread {
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

export const snapshot = (of: Thread, settings: Settings = OPENAI) => ({
  revision: 1,
  thread: of,
  settings,
});

export const ASKED = "Could something other than species explain the difference?";
export const THOUGHT =
  "The user asks about confounding. Sex and island are in the data. Island is perfectly tied to species for Gentoo and Chinstrap, so a model cannot separate them. Adelie lives on all three islands, which gives a check.";
export const WRITING =
  "Gentoo and Chinstrap differ by 1.34 kg. Before I call that real, three things could explain it:\n\n1. **Sex balance.** Males are heavier. Gentoo is 49% male and Chinstrap 50%, so this cannot account for the gap.\n2. **Island.** Every Gentoo comes from Biscoe and every Chinstrap from Dream, so species and island are";
