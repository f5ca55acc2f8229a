// States of the gallery that are much like others.

import type { Message, Part, Settings } from "../src/model.ts";
import type { Request } from "../src/protocol.ts";
import type { Store } from "../src/store.ts";
import type { FakeChannel } from "../src/testing/fake-channel.ts";
import type { FakeKernelOptions } from "../src/testing/fake-kernel.ts";
import type { FakeThread } from "../src/testing/fake-threads.ts";
import type { columnsComparison } from "./compared.ts";
import { click, wait } from "./hands.ts";
import { ASKED, message, OPENAI, snapshot, thread } from "./samples.ts";
import { listed, mainThread, promptedThread } from "./threads.ts";

export interface State {
  readonly snapshot: () => unknown;
  readonly status?: "live" | "lost" | "saved";
  readonly run?: (channel: FakeChannel, store: Store) => Promise<void> | void;
  readonly answer?: (channel: FakeChannel, request: Request) => void;
  /** Threads beside the open one: then a whole fake kernel answers. */
  readonly threads?: () => readonly FakeThread[];
  readonly compared?: Pick<FakeKernelOptions, "comparisons" | "compared" | "speed">;
}

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
export function parametersState(): State {
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

export function threadsState(
  settings: Partial<Settings> = {},
  then: () => unknown = () => {},
): State {
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

export function streamingState(parts: readonly Part[], more: Partial<Message> = {}): State {
  return {
    snapshot: () => {
      const live = message("assistant", parts, { status: "streaming", ...more });
      const of = thread("Confounders", [message("user", ASKED), live], { model: "o4-mini" });
      return snapshot(of, { ...OPENAI, running: live.id });
    },
  };
}

export function failed(error: Message["error"], words = "", settings: Settings = OPENAI): State {
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
export function comparedState(
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
