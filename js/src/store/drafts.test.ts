import { describe, expect, test } from "vitest";
import { stores } from "../testing/open-stores.ts";
import { snapshot } from "../testing/samples.ts";

const open = stores();

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

  test("stay in a thread that goes on under another id", () => {
    const { channel, store } = open(snapshot(0));
    store.drafts.text.value = "half a question";
    channel.takeRenamed("t", "t2");
    channel.takeSnapshot(snapshot(0, [], { thread: { id: "t2" } }));
    expect(store.drafts.text.value).toBe("half a question");
  });
});
