// Pages on a fake server, on a clock that the test moves.

import { afterEach, beforeEach, expect, vi } from "vitest";
import { type GraphqlOptions, graphqlChannel } from "../channel/graphql.ts";
import { textOf } from "../model.ts";
import { find } from "../paths.ts";
import { createStore, type Store } from "../store.ts";
import type { FakeServer } from "./fake-server.ts";
import { message, snapshot } from "./samples.ts";

export const start = snapshot(5, [message("u", { content: [{ type: "text", text: "Hi" }] })]);
/** An answer that takes a while. */
export const slow = { text: "0123456789".repeat(20) };

export const words = (text: string) => [{ type: "text" as const, text }];

export const passing = (time = 100) => vi.advanceTimersByTimeAsync(time);

/** Why a request was refused; undefined where it was not. */
export const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error) => error,
  );

/** The text of the answer that is the end of the thread. */
export function answerIn(store: Store): string {
  const { thread } = store;
  const id = thread.value.head ?? "";
  const live = store.live(id);
  if (live) return live.parts.map(({ text }) => text).join("");
  return find(thread.value, id)?.content.map(textOf).join("") ?? "";
}

export interface Pages {
  open(more?: Partial<GraphqlOptions>): Store;
  /** One that shows a thread of the server. */
  opened(server: FakeServer, thread?: string): Promise<Store>;
  /** Ends all of them, as the end of the test does. */
  end(): void;
}

/** For the tests of one file. */
export function pages(): Pages {
  let life: AbortController;

  beforeEach(() => {
    vi.useFakeTimers();
    life = new AbortController();
  });

  afterEach(() => {
    life.abort();
    vi.useRealTimers();
  });

  const open = (more: Partial<GraphqlOptions> = {}) => {
    const channel = graphqlChannel({
      url: new URL("http://server/playground/graphql"),
      assets: new URL("http://server/static/"),
      login: "/login",
      ...more,
    });
    return createStore(channel, life.signal);
  };

  return {
    open,
    opened: async (server, thread = "t") => {
      const store = open({ thread });
      await passing();
      expect(store.status.value).toBe("live");
      expect(server.subscribers).toBe(2);
      return store;
    },
    end: () => life.abort(),
  };
}
