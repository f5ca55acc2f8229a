// What the fake kernel begins with.

import type { Snapshot } from "../protocol.ts";
import { emptySettings, emptyThread } from "../store/replica.ts";

/** A first run: an empty thread on the demo connection. */
export const firstSnapshot: Snapshot = {
  revision: 0,
  thread: { ...emptyThread, id: "t1", model: "demo" },
  settings: {
    ...emptySettings,
    connection: { name: "demo", label: "Demo", demo: true, status: "ready" },
    connections: [
      { name: "demo", label: "Demo", demo: true, note: "Answers from this computer, no key" },
      { name: "openai", label: "OpenAI", demo: false },
    ],
    models: [
      { id: "demo", context: 128_000, note: "Explains the playground" },
      { id: "demo-slow", context: 8_000, note: "Slow answers" },
    ],
    usage: { context: 0, window: 128_000, cost: 0, input_tokens: 0, output_tokens: 0 },
  },
};
