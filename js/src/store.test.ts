import { effect } from "@preact/signals";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseThreadId } from "./protocol.ts";
import { createStore, RequestError, type Store } from "./store.ts";
import { FakeChannel } from "./testing/fake-channel.ts";
import { delta, finished, message, snapshot, streaming } from "./testing/samples.ts";

/** The end of each model that a test opened. */
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

function open(first?: unknown): { channel: FakeChannel; store: Store } {
  const life = new AbortController();
  lives.push(life);
  const channel = new FakeChannel(first);
  const store = createStore(channel, life.signal);
  channel.takeStatus("live");
  return { channel, store };
}

/** How often a snapshot was asked for. */
const asked = (channel: FakeChannel) => channel.requests("snapshot").length;

const gap = { type: "changed", revision: 9, changes: {} };

describe("drafts", () => {
  const thread = (id: string) => snapshot(1, [], { thread: { id } });

  test("are kept for each thread, so that a look at another one loses nothing", () => {
    const { channel, store } = open(thread("one"));
    store.drafts.text.value = "half a question";
    channel.takeSnapshot(thread("two"));
    expect(store.drafts.text.value).toBe("");
    store.drafts.edits.value = new Map([["system", { text: "Be brief", role: "system" }]]);
    channel.takeSnapshot(thread("one"));
    expect(store.drafts.text.value).toBe("half a question");
    expect(store.drafts.edits.value.size).toBe(0);
  });

  test("that were begun before the first snapshot go to its thread", () => {
    const { channel, store } = open();
    store.drafts.text.value = "early";
    channel.takeSnapshot(thread("one"));
    expect(store.drafts.text.value).toBe("early");
    channel.takeSnapshot(thread("two"));
    expect(store.drafts.text.value).toBe("");
  });
});

describe("cells that the kernel asks for", () => {
  const cells = [{ type: "code", source: "1", metadata: { tags: ["a"] } }] as const;
  const event = { type: "insert", action: "a1", cells };

  /** A page that can insert cells, or cannot. */
  function page(can: boolean) {
    const inserted: unknown[] = [];
    const insert = async (given: unknown) => void inserted.push(given);
    const life = new AbortController();
    lives.push(life);
    const channel = new FakeChannel(snapshot(1));
    createStore(channel, life.signal, () => (can ? insert : undefined));
    channel.takeStatus("live");
    const decide = async (granted: boolean) => {
      const [{ request } = {}] = channel.requests("claim");
      channel.takeEvents({ type: "done", request, result: { granted } });
      await vi.runAllTimersAsync();
    };
    return { channel, inserted, decide };
  }

  test("are inserted by the page whose claim is granted", async () => {
    const { channel, inserted, decide } = page(true);
    channel.takeEvents(event);
    expect(channel.requests("claim")).toMatchObject([{ action: "a1" }]);
    expect(inserted).toEqual([]);
    await decide(true);
    expect(inserted).toEqual([cells]);
  });

  test("are left alone by a page whose claim is not", async () => {
    const { channel, inserted, decide } = page(true);
    channel.takeEvents(event);
    await decide(false);
    expect(inserted).toEqual([]);
  });

  test("are not claimed by a page that cannot insert any", () => {
    const { channel } = page(false);
    channel.takeEvents(event);
    expect(channel.requests("claim")).toEqual([]);
  });
});

test("a result that makes no sense rejects its request, in words", async () => {
  const { channel, store } = open(snapshot(1));
  const asked = store.request({ type: "new_thread" }, parseThreadId);
  const [{ request } = {}] = channel.requests("new_thread");
  channel.takeEvents({ type: "done", request, result: { thread: 7 } });
  await expect(asked).rejects.toMatchObject({ name: "RequestError", kind: "unread" });
});

describe("what the kernel sends", () => {
  test("becomes the thread, its path and the settings", () => {
    const { channel, store } = open(snapshot(1, [message("a")], { settings: { queued: 2 } }));
    expect(store.path.value.map(({ id }) => id)).toEqual(["a"]);
    expect(store.settings.value.queued).toBe(2);
    const b = message("b", { parent: "a" });
    channel.takeEvents({ type: "added", revision: 2, messages: [b], head: "b" });
    expect(store.path.value.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(store.thread.value.head).toBe("b");
  });

  test("grows an answer beside a thread that stays the same object", () => {
    const { channel, store } = open(snapshot(1, [streaming("a", null)]));
    const before = store.thread.value;
    channel.takeEvents(delta("a", 0, "Hel", 1), delta("a", 3, "lo", 2));
    expect(store.thread.value).toBe(before);
    expect(store.live("a")).toMatchObject({ tokens: 2, parts: [{ type: "text", text: "Hello" }] });
    channel.takeEvents(finished(2, "a", 5));
    expect(store.live("a")).toBeUndefined();
    expect(store.thread.value.messages[0]).toMatchObject({
      status: "complete",
      content: [{ type: "text", text: "Hello" }],
    });
  });

  test("changes a signal once a batch", () => {
    const { channel, store } = open(snapshot(1));
    const titles: string[] = [];
    const stop = effect(() => void titles.push(store.thread.value.title));
    channel.takeEvents(
      { type: "changed", revision: 2, changes: { title: "one" } },
      { type: "changed", revision: 3, changes: { title: "two" } },
    );
    expect(titles).toEqual(["", "two"]);
    stop();
  });

  test("names the versions of a message", () => {
    const { store } = open(snapshot(1, [message("a"), message("b"), message("c")]));
    expect(store.versions("b")).toEqual(["a", "b", "c"]);
  });
});

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

describe("a snapshot that replaces everything", () => {
  test("keeps the growing answer for those who follow it, and the drafts", () => {
    const { channel, store } = open(snapshot(1, [streaming("a", null)]));
    const live = store.live("a");
    store.drafts.text.value = "half a question";
    const seen: string[] = [];
    const stop = effect(() => {
      live?.version.value;
      seen.push(live?.parts[0]?.text ?? "");
    });
    channel.takeEvents(delta("a", 5, "lost before"));
    channel.takeSnapshot(snapshot(3, [streaming("a", null, "all of it")]));
    channel.takeEvents(delta("a", 9, "!"));
    expect(store.live("a")).toBe(live);
    expect(seen).toEqual(["", "all of it", "all of it!"]);
    expect(store.drafts.text.value).toBe("half a question");
    stop();
  });
});

describe("a request", () => {
  test("resolves with its result, once", async () => {
    const { channel, store } = open(snapshot(1));
    const asked = store.request({ type: "delete", messages: ["a"] });
    const [sent] = channel.requests("delete");
    expect(sent).toMatchObject({ type: "delete", messages: ["a"] });
    const answer = { type: "done", request: sent?.request, result: { undo: "u1" } };
    channel.takeEvents(answer, answer, { ...answer, result: {} });
    await expect(asked).resolves.toEqual({ undo: "u1" });
  });

  test("rejects with the words of the refusal", async () => {
    const { channel, store } = open(snapshot(1));
    const asked = store.request({ type: "run" });
    const request = channel.requests("run")[0]?.request;
    const error = { kind: "bad_request", title: "Nothing to run", detail: "The thread is empty." };
    channel.takeEvents({ type: "refused", request, error });
    await expect(asked).rejects.toThrow(RequestError);
    await expect(asked).rejects.toMatchObject(error);
  });

  test("has a name that no other request and no other page has", () => {
    const names = new Set<string>();
    for (let page = 0; page < 3; page++) {
      const { channel, store } = open(snapshot(1));
      for (let i = 0; i < 5; i++) store.request({ type: "stop" }).catch(() => undefined);
      for (const { request } of channel.requests("stop")) names.add(request);
    }
    expect(names.size).toBe(15);
  });

  test("that cannot be sent is rejected", async () => {
    const { channel, store } = open(snapshot(1));
    channel.onRequest = () => {
      throw new Error("The comm is disposed");
    };
    await expect(store.request({ type: "stop" })).rejects.toMatchObject({ kind: "unsent" });
  });

  test("without an answer is rejected when the kernel is lost, and so is any after it", async () => {
    const { channel, store } = open(snapshot(1));
    const pending = [store.request({ type: "run" }), store.request({ type: "models" })];
    channel.takeStatus("lost");
    for (const asked of [...pending, store.request({ type: "run" })]) {
      await expect(asked).rejects.toMatchObject({ kind: "lost" });
    }
    expect(channel.requests("run")).toHaveLength(1);
  });

  test("is settled exactly once whatever answers come in whatever order", async () => {
    const kinds = fc.array(fc.tuple(fc.nat(3), fc.constantFrom("done", "refused", "lost")), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(kinds, async (arrivals) => {
        const { channel, store } = open(snapshot(1));
        const settled = [0, 0, 0, 0];
        const first: (string | undefined)[] = [];
        settled.forEach((_, i) => {
          const settle = (word: string) => () => {
            settled[i] = (settled[i] ?? 0) + 1;
            first[i] = word;
          };
          store.request({ type: "run" }).then(settle("done"), settle("no"));
        });
        const names = channel.requests("run").map(({ request }) => request);
        for (const [i, kind] of arrivals) {
          if (kind === "lost") channel.takeStatus("lost");
          else if (kind === "done")
            channel.takeEvents({ type: kind, request: names[i], result: {} });
          else {
            const error = { kind: "server", title: "", detail: "" };
            channel.takeEvents({ type: kind, request: names[i], error });
          }
        }
        const lost = arrivals.findIndex(([, kind]) => kind === "lost");
        await Promise.resolve();
        await Promise.resolve();
        settled.forEach((times, i) => {
          const answered = arrivals.findIndex(([to, kind]) => to === i && kind !== "lost");
          const byAnswer = answered >= 0 && (lost < 0 || answered < lost);
          expect(times).toBe(byAnswer || lost >= 0 ? 1 : 0);
          if (byAnswer) expect(first[i]).toBe(arrivals[answered]?.[1] === "done" ? "done" : "no");
        });
      }),
    );
  });
});

describe("when the kernel is lost", () => {
  test("an answer that was growing is kept, marked as interrupted", () => {
    const { channel, store } = open(snapshot(1, [streaming("a", null)]));
    channel.takeEvents(delta("a", 0, "so far"));
    channel.takeStatus("lost");
    expect(store.status.value).toBe("lost");
    expect(store.thread.value.messages[0]).toMatchObject({
      status: "interrupted",
      content: [{ type: "text", text: "so far" }],
    });
  });

  test("nothing is asked for until it is back, and then everything", () => {
    const { channel, store } = open(snapshot(1, [streaming("a", null)]));
    channel.takeStatus("lost");
    channel.takeEvents(gap);
    const before = asked(channel);
    vi.advanceTimersByTime(60_000);
    expect(asked(channel)).toBe(before);
    channel.takeStatus("live");
    expect(asked(channel)).toBe(before + 1);
    channel.takeSnapshot(snapshot(1, [streaming("a", null, "and on")]));
    expect(store.live("a")?.parts[0]?.text).toBe("and on");
  });

  test("the end of the model is the end of the kernel", async () => {
    const { store } = open(snapshot(1));
    const asked = store.request({ type: "run" });
    lives[0]?.abort();
    expect(store.status.value).toBe("lost");
    await expect(asked).rejects.toMatchObject({ kind: "lost" });
  });
});

describe("for a saved notebook", () => {
  test("the end of a run is kept, with nothing in it that passes", () => {
    const settings = { running: "a", queued: 1 };
    const { channel } = open(snapshot(1, [streaming("a", null)], { settings }));
    channel.takeEvents(delta("a", 0, "text", 7));
    expect(channel.kept).toEqual([]);
    channel.takeEvents(finished(2, "a", 4));
    const end = message("a", {
      role: "assistant",
      content: [{ type: "text", text: "text" }],
    });
    expect(channel.kept).toEqual([snapshot(2, [end])]);
  });

  test("nothing is kept while another answer grows or a snapshot is awaited", () => {
    const { channel } = open(snapshot(1, [streaming("a", null), streaming("b", null)]));
    channel.takeEvents(finished(2, "a"));
    channel.takeEvents(delta("b", 9, "gap"));
    channel.takeEvents(finished(3, "b"));
    expect(channel.kept).toEqual([]);
  });
});

describe("a peer that is away", () => {
  test("loses nothing: requests wait, answers go on growing, and no snapshot is asked for", async () => {
    const { channel, store } = open(snapshot(1, [streaming("a", null, "Hi")]));
    const asked = store.request({ type: "stop" });
    const away = { since: 5, next: 9 };
    channel.takeStatus("reconnecting", away);
    expect(store.status.value).toBe("reconnecting");
    expect(store.away.value).toEqual(away);
    expect(store.live("a")?.parts[0]?.text).toBe("Hi");
    channel.takeStatus("live");
    expect(store.away.value).toBeNull();
    channel.takeEvents(delta("a", 2, " there"));
    channel.takeEvents({
      type: "done",
      request: channel.requests("stop")[0]?.request,
      result: { stopped: true },
    });
    await expect(asked).resolves.toEqual({ stopped: true });
    expect(store.live("a")?.parts[0]?.text).toBe("Hi there");
    expect(channel.requests("snapshot")).toHaveLength(0);
  });

  test("can be told what is here already", () => {
    const { channel, store } = open(snapshot(4, [message("u"), streaming("a", "u", "Hi 🐧")]));
    expect(channel.position()).toEqual({
      thread: store.thread.value,
      revision: 4,
      offsets: [{ message: "a", part: 0, offset: 4 }],
    });
    channel.takeEvents(delta("a", 9, "gap"));
    expect(channel.position()).toBeUndefined();
    expect(open().channel.position()).toBeUndefined();
  });

  test("that wants a login refuses what is asked, in words", async () => {
    const { channel, store } = open(snapshot(1));
    channel.takeStatus("signed-out");
    await expect(store.request({ type: "run" })).rejects.toThrow("You are logged out");
  });

  test("that is a server is called one", async () => {
    const { channel, store } = open(snapshot(1));
    channel.peer = "server";
    channel.takeStatus("lost");
    await expect(store.request({ type: "run" })).rejects.toThrow("The server stopped");
  });

  test("keeps what is written in a thread that goes on under another id", () => {
    const { channel, store } = open(snapshot(0));
    store.drafts.text.value = "half a question";
    channel.takeRenamed("t", "t2");
    channel.takeSnapshot(snapshot(0, [], { thread: { id: "t2" } }));
    expect(store.drafts.text.value).toBe("half a question");
  });
});

describe("a module of its own", () => {
  const asset = (request: string | undefined) => ({ type: "asset", request, name: "math" });
  const bytes = (text: string) => new DataView(new TextEncoder().encode(text).buffer);

  beforeEach(() => {
    // Node imports no blobs, but texts as addresses.
    vi.stubGlobal(
      "Blob",
      class {
        readonly url: string;
        constructor([text = ""]: readonly string[]) {
          this.url = `data:text/javascript,${encodeURIComponent(text)}`;
        }
      },
    );
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => Reflect.get(blob, "url"));
  });

  afterEach(() => {
    Reflect.deleteProperty(globalThis, Symbol.for("playground_widget.assets"));
  });

  test("is asked for once, whichever widgets of the page need it", async () => {
    const [one, other] = [open(snapshot(1)), open(snapshot(1))];
    const modules = [
      one.store.module("math"),
      other.store.module("math"),
      one.store.module("math"),
    ];
    const [sent] = one.channel.requests("asset");
    one.channel.takeEvents({ type: "done", request: sent?.request, result: {} });
    one.channel.takeMessage(asset(sent?.request), [bytes("export const π = 3;")]);
    const loaded = (await Promise.all(modules)) as { π: number }[];
    expect(loaded.map(({ π }) => π)).toEqual([3, 3, 3]);
    expect(new Set(loaded).size).toBe(1);
    expect(one.channel.requests("asset")).toHaveLength(1);
    expect(other.channel.requests("asset")).toHaveLength(0);
  });

  test("is asked for again after a refusal", async () => {
    const { channel, store } = open(snapshot(1));
    const first = store.module("math");
    const request = channel.requests("asset")[0]?.request;
    const error = { kind: "not_found", title: "No such asset", detail: "" };
    channel.takeEvents({ type: "refused", request, error });
    await expect(first).rejects.toMatchObject({ kind: "not_found" });
    const second = store.module("math");
    channel.takeMessage(asset(channel.requests("asset")[1]?.request), [
      bytes("export const a = 1"),
    ]);
    await expect(second).resolves.toMatchObject({ a: 1 });
  });
});
