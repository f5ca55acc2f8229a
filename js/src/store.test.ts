import { effect } from "@preact/signals";
import { describe, expect, test, vi } from "vitest";
import { asked, gap, stores } from "./testing/open-stores.ts";
import { delta, finished, message, snapshot, streaming } from "./testing/samples.ts";

const open = stores();

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

describe("a batch with an event that makes no sense", () => {
  test("gives what else is in it: an answer that was waited for, too", async () => {
    const { channel, store } = open(snapshot(1));
    const asked = store.request({ type: "stop" });
    const request = channel.requests("stop")[0]?.request;
    channel.takeEvents(
      { type: "settings_changed", changes: { queued: "many" } },
      { type: "done", request, result: { stopped: true } },
    );
    await expect(asked).resolves.toEqual({ stopped: true });
    expect(store.settings.value.queued).toBe(0);
    expect(channel.requests("snapshot")).toHaveLength(1);
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
    const { store, end } = open(snapshot(1));
    const asked = store.request({ type: "run" });
    end();
    expect(store.status.value).toBe("lost");
    await expect(asked).rejects.toMatchObject({ kind: "lost" });
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

describe("cells that the kernel asks for", () => {
  const cells = [{ type: "code", source: "1", metadata: { tags: ["a"] } }] as const;
  const event = { type: "insert", action: "a1", cells };

  /** A page that can insert cells, or cannot. */
  function page(can: boolean) {
    const inserted: unknown[] = [];
    const insert = async (given: unknown) => void inserted.push(given);
    const { channel } = open(snapshot(1), () => (can ? insert : undefined));
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
