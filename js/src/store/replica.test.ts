import { effect } from "@preact/signals";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textOf } from "../model.ts";
import { find } from "../paths.ts";
import { type Change, parseBatch, parseSnapshot } from "../protocol.ts";
import { changeOf } from "../testing/changes.ts";
import { goldenFiles } from "../testing/golden.ts";
import { delta, finished, message, snapshot, streaming } from "../testing/samples.ts";
import { codePoints } from "../text.ts";
import { emptySettings, emptyThread, type Outcome, Replica } from "./replica.ts";

function replica(start: unknown): Replica {
  const made = new Replica(emptyThread, emptySettings);
  made.adopt(parseSnapshot(start));
  return made;
}

function fold(target: Replica, ...events: unknown[]): Outcome[] {
  return events.map((data) => {
    const change = changeOf(data);
    return change ? target.fold(change) : "known";
  });
}

const textIn = (at: Replica, id: string) =>
  find(at.present().thread, id)?.content.map(textOf).join("|");

describe("the golden files", () => {
  test.each(goldenFiles())("$name", ({ snapshot, batches, expected }) => {
    const target = replica(snapshot);
    for (const batch of batches) fold(target, ...parseBatch(batch));
    expect(target.present()).toEqual(expected);
    expect(replica(expected).present()).toEqual(expected);
  });
});

describe("a structural event", () => {
  const start = snapshot(3, [message("u"), streaming("a", "u", "Hi")]);

  test.each<[string, object]>([
    ["the next revision but one", { type: "changed", revision: 5, changes: {} }],
    [
      "a parent that is not there",
      { type: "added", messages: [message("x", { parent: "y" })], head: "x" },
    ],
    [
      "another parent for a known message",
      { type: "added", messages: [message("u", { parent: "a" })], head: "a" },
    ],
    ["a head that is not there", { type: "selected", head: "x" }],
    ["an answer that does not grow", finished(4, "u", 1)],
    ["lengths that differ", finished(4, "a", 3)],
    ["a message that is not there", { type: "retrying", message: "x", retry: null }],
  ])("with %s is a gap and changes nothing", (_, event) => {
    const target = replica(start);
    const before = target.present();
    expect(fold(target, { revision: 4, ...event })).toEqual(["gap"]);
    expect(target.present()).toEqual(before);
  });
});

test("messages that a known revision has brought are here, or something of another thread is", () => {
  const target = replica(snapshot(0));
  const event = (id: string) => ({ type: "added", revision: 1, messages: [message(id)], head: id });
  expect(fold(target, event("elsewhere"), event("here"))).toEqual(["applied", "gap"]);
  const truth = snapshot(1, [message("here")]);
  expect(target.adopt(parseSnapshot(truth))).toBe(true);
  expect(fold(target, event("here"))).toEqual(["known"]);
});

describe("a growing answer", () => {
  test("tells its listeners once, however many deltas a batch brings", () => {
    const target = replica(snapshot(1, [streaming("a", null)]));
    target.announce();
    const answer = target.growing.get("a");
    const seen: string[] = [];
    const stop = effect(() => {
      answer?.version.value;
      seen.push(answer?.parts[0]?.text ?? "");
    });
    fold(target, delta("a", 0, "one "), delta("a", 4, "two "), delta("a", 8, "three"));
    target.announce();
    target.announce();
    expect(seen).toEqual(["", "one two three"]);
    stop();
  });

  test("stays the same object when a snapshot replaces everything", () => {
    const target = replica(snapshot(1, [streaming("a", null, "one ")]));
    const answer = target.growing.get("a");
    expect(target.adopt(snapshot(2, [streaming("a", null, "one two")]))).toBe(true);
    expect(target.growing.get("a")).toBe(answer);
    expect(answer?.parts[0]?.text).toBe("one two");
  });

  test("is gone once it has ended, and its late deltas are dropped", () => {
    const target = replica(snapshot(1, [streaming("a", null)]));
    fold(target, delta("a", 0, "one"), finished(2, "a", 3));
    expect(target.growing.has("a")).toBe(false);
    expect(fold(target, delta("a", 0, "one"), delta("a", 2, "e"))).toEqual(["known", "known"]);
    expect(fold(target, delta("a", 3, "!"))).toEqual(["gap"]);
    expect(textIn(target, "a")).toBe("one");
  });

  test("notes when its first text came, and no earlier", () => {
    const target = replica(snapshot(1, [streaming("a", null, "prefix")]));
    const answer = target.growing.get("a");
    fold(target, delta("a", 6, ""));
    expect(answer?.firstTextAt).toBeNull();
    fold(target, delta("a", 6, "!"));
    expect(answer?.firstTextAt).toBeGreaterThanOrEqual(answer?.startedAt ?? Number.NaN);
  });

  test("asks for consent until that is said to be over, and no longer once it has ended", () => {
    const target = replica(snapshot(1, [streaming("a", null)]));
    const asking = { type: "asking", message: "a" } as const;
    fold(target, { ...asking, revision: 2, consent: { wait: 600 } });
    expect(find(target.thread, "a")?.consent).toEqual({ wait: 600 });
    fold(target, { ...asking, revision: 3, consent: null });
    expect(find(target.thread, "a")).not.toHaveProperty("consent");
    fold(target, { ...asking, revision: 4, consent: { wait: 600 } });
    fold(target, finished(5, "a"));
    expect(find(target.thread, "a")).not.toHaveProperty("consent");
    expect(target.fold({ ...asking, message: "?", revision: 6, consent: null })).toBe("gap");
  });

  test("is marked as interrupted, with its text, when nobody is left to go on with it", () => {
    const target = replica(snapshot(1, [streaming("a", null)], { settings: { running: "a" } }));
    fold(target, delta("a", 0, "one"));
    target.interrupt();
    expect(find(target.thread, "a")).toMatchObject({
      status: "interrupted",
      content: [{ type: "text", text: "one" }],
    });
    expect(target.growing.size).toBe(0);
    expect(target.settings.running).toBeNull();
  });
});

describe("settings that changed", () => {
  test("leave the others as they are, and take away what is no more", () => {
    const target = replica(snapshot(1, [], { settings: { queued: 1, comparison: "c1" } }));
    fold(target, { type: "settings_changed", changes: { running: "a", comparison: null } });
    expect(target.settings).toMatchObject({ running: "a", queued: 1 });
    expect(target.settings).not.toHaveProperty("comparison");
  });

  test("are refused where they are none", () => {
    const target = replica(snapshot(1, []));
    const { settings } = target;
    const wrong = { type: "settings_changed", changes: { queued: "many" } } as const;
    expect(() => target.fold(wrong)).toThrow("settings.queued");
    expect(target.settings).toBe(settings);
  });
});

describe("a snapshot", () => {
  test("of an older revision is ignored", () => {
    const target = replica(snapshot(2, [message("u")]));
    expect(target.adopt(snapshot(1))).toBe(false);
    expect(target.thread.messages).toHaveLength(1);
  });

  test("of the same revision is ignored when its text is behind", () => {
    const target = replica(snapshot(1, [streaming("a", null, "one")]));
    expect(target.adopt(snapshot(1, [streaming("a", null, "on")]))).toBe(false);
    expect(target.adopt(snapshot(1, [streaming("a", null, "one two")]))).toBe(true);
    expect(textIn(target, "a")).toBe("one two");
  });

  test("of another thread is taken whatever its revision", () => {
    const target = replica(snapshot(9, [message("u")]));
    expect(target.adopt(snapshot(1, [], { thread: { id: "other" } }))).toBe(true);
    expect(target.revision).toBe(1);
  });
});

// ------------------------------------------------------------- any loss, then a snapshot

/** A run as a kernel sends it: pieces of any text, then the end. */
const runs = fc
  .array(fc.string({ unit: "binary", minLength: 1, maxLength: 6 }), { maxLength: 12 })
  .map((pieces) => {
    const events: Change[] = [
      { type: "added", revision: 1, messages: [message("u")], head: "u" },
      { type: "started", revision: 2, message: streaming("a", "u"), head: "a" },
    ];
    let length = 0;
    for (const piece of pieces) {
      events.push(delta("a", length, piece));
      length += codePoints(piece);
    }
    events.push(finished(3, "a", ...(length > 0 ? [length] : [])));
    return events;
  });

/** Events in batches as they may arrive: some lost, some twice, some out of order. */
const arrivals = (events: readonly Change[]) =>
  fc
    .array(fc.nat(events.length - 1), { maxLength: 2 * events.length })
    .map((order) => order.flatMap((i) => events[i] ?? []));

/** What the kernel has after some number of its events. */
function kernelAfter(events: readonly Change[], count: number): Replica {
  const kernel = replica(snapshot(0));
  for (const event of events.slice(0, count)) expect(kernel.fold(event)).toBe("applied");
  return kernel;
}

test("whatever is lost, repeated or out of order, a snapshot and what follows it make up for", () => {
  const scenario = runs.chain((events) =>
    fc.tuple(fc.constant(events), arrivals(events), fc.nat(events.length), fc.nat(events.length)),
  );
  fc.assert(
    fc.property(scenario, ([events, arrived, cut, overlap]) => {
      const page = replica(snapshot(0));
      for (const event of arrived) page.fold(event);
      page.adopt(kernelAfter(events, cut).present());
      // Deltas that were on their way overlap the snapshot; nothing after it is lost.
      for (const event of events.slice(Math.max(0, cut - overlap))) page.fold(event);
      const kernel = kernelAfter(events, events.length);
      expect(page.present()).toEqual(kernel.present());
    }),
    { numRuns: 400 },
  );
});

test("what arrives before any snapshot never shows text that the kernel does not have", () => {
  const scenario = runs.chain((events) => fc.tuple(fc.constant(events), arrivals(events)));
  fc.assert(
    fc.property(scenario, ([events, arrived]) => {
      const page = replica(snapshot(0));
      for (const event of arrived) page.fold(event);
      const whole = textIn(kernelAfter(events, events.length), "a") ?? "";
      expect(whole.startsWith(textIn(page, "a") ?? "")).toBe(true);
    }),
  );
});
