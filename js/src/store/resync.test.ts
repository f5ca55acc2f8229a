import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { asked, gap, stores } from "../testing/open-stores.ts";
import { delta, finished, message, snapshot, streaming } from "../testing/samples.ts";

const open = stores();

describe("a snapshot is asked for", () => {
  test("when there is none at the start", () => {
    expect(asked(open().channel)).toBe(1);
    expect(asked(open(snapshot(0)).channel)).toBe(0);
  });

  test.each([
    ["a gap in the revisions", gap],
    ["a gap in the text", delta("a", 7, "far")],
    ["text of an unknown message", delta("nobody", 0, "who?")],
    ["an end of another length", finished(2, "a", 99)],
    ["an event that makes no sense", { type: "exploded" }],
  ])("after %s, while the rest of the batch is applied", (_, event) => {
    const { channel, store } = open(snapshot(1, [streaming("a", null)]));
    channel.takeEvents(delta("a", 0, "one "), event, delta("a", 4, "two"));
    expect(asked(channel)).toBe(1);
    expect(store.live("a")?.parts[0]?.text).toBe("one two");
  });

  test("again after 250 ms, doubling to 5 s, until one comes", () => {
    const { channel } = open(snapshot(1));
    channel.takeEvents(gap);
    channel.takeEvents(gap);
    let expected = 1;
    for (const pause of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
      expect(asked(channel)).toBe(expected);
      vi.advanceTimersByTime(pause - 1);
      expect(asked(channel)).toBe(expected);
      vi.advanceTimersByTime(1);
      expected++;
    }
    channel.takeSnapshot(snapshot(9));
    vi.advanceTimersByTime(60_000);
    expect(asked(channel)).toBe(expected);
  });

  test("again after one that makes no sense or is old", () => {
    const { channel, store } = open(snapshot(4, [message("a")]));
    channel.takeEvents(gap);
    channel.takeSnapshot({ revision: "nine" });
    channel.takeSnapshot(snapshot(3));
    vi.advanceTimersByTime(250);
    expect(asked(channel)).toBe(2);
    expect(store.thread.value.messages).toHaveLength(1);
  });

  test("and an equal one, which comes without a sound, is found when the answer comes", () => {
    const { channel, store } = open(snapshot(1));
    const epoch = store.epoch.value;
    channel.takeEvents({ type: "exploded" });
    const request = channel.requests("snapshot")[0]?.request;
    channel.takeEvents({ type: "done", request, result: {} });
    expect(store.epoch.value).toBe(epoch + 1);
    vi.advanceTimersByTime(60_000);
    expect(asked(channel)).toBe(1);
  });
});

describe("nonsense", () => {
  test("of any kind never throws, asks for a snapshot, and leaves what was there", () => {
    const start = snapshot(1, [message("a")]);
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom("batch", "event", "snapshot"), (data, as) => {
        const known = typeof data === "object" && data !== null && "events" in data;
        fc.pre(!known);
        const { channel, store } = open(start);
        const before = store.thread.value;
        if (as === "batch") channel.takeBatch(data);
        else if (as === "event") channel.takeEvents(data);
        else channel.takeSnapshot(data);
        expect(asked(channel)).toBe(1);
        expect(store.thread.value).toBe(before);
      }),
    );
  });

  test("in custom messages is nobody's business", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        const { channel } = open(snapshot(1));
        channel.takeMessage(data);
        expect(asked(channel)).toBe(0);
      }),
    );
  });
});
