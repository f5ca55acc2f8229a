// Stores on channels that a test drives by hand, on a clock that it moves.

import { afterEach, beforeEach, vi } from "vitest";
import { type CellInserter, createStore, type Store } from "../store.ts";
import { FakeChannel } from "./fake-channel.ts";

export interface Opened {
  readonly channel: FakeChannel;
  readonly store: Store;
  /** Ends the model. */
  end(): void;
}

/** How often a snapshot was asked for. */
export const asked = (channel: FakeChannel) => channel.requests("snapshot").length;

/** An event that does not follow from what is known. */
export const gap = { type: "changed", revision: 9, changes: {} };

/** For the tests of one file: opens stores, which end with the test. */
export function stores(): (first?: unknown, inserter?: () => CellInserter | undefined) => Opened {
  let lives: AbortController[];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    lives = [];
  });

  afterEach(() => {
    for (const life of lives) life.abort();
    vi.useRealTimers();
  });

  return (first, inserter) => {
    const life = new AbortController();
    lives.push(life);
    const channel = new FakeChannel(first);
    const store = createStore(channel, life.signal, inserter);
    channel.takeStatus("live");
    return { channel, store, end: () => life.abort() };
  };
}
