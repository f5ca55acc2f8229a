import { describe, expect, test, vi } from "vitest";
import { FakeServer } from "../testing/fake-server.ts";
import { FakeSocket } from "../testing/fake-socket.ts";
import { answerIn, pages, passing, refusal, slow, start, words } from "../testing/graphql-pages.ts";
import { message, snapshot } from "../testing/samples.ts";

const { open, opened, end } = pages();

describe("a page", () => {
  test("opens the thread of its address", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = open({ thread: "t" });
    expect(store.status.value).toBe("connecting");
    await passing();
    expect(store.status.value).toBe("live");
    expect(store.thread.value.messages).toHaveLength(1);
    expect(server.inputs("createThread")).toHaveLength(0);
  });

  test("without one opens a new thread", async () => {
    const server = new FakeServer();
    const store = open();
    await passing();
    expect(store.status.value).toBe("live");
    expect(server.inputs("createThread")).toMatchObject([{}]);
    expect(store.thread.value.messages).toEqual([]);
  });

  test("says that a thread is missing, and goes on with another", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = open({ thread: "nowhere" });
    await passing();
    expect(store.status.value).toBe("missing");
    const refused = await refusal(store.request({ type: "run" }));
    expect(refused).toMatchObject({ kind: "not_found", title: "No thread is open" });
    const asked = store.request({ type: "open_thread", thread: "t" });
    await passing();
    await asked;
    expect(store.status.value).toBe("live");
    expect(store.thread.value.id).toBe("t");
    expect(server.subscribers).toBe(2);
  });

  test("keeps the open thread when another is not there", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    const asked = refusal(store.request({ type: "open_thread", thread: "nowhere" }));
    await passing();
    expect(await asked).toMatchObject({ title: "This thread is not here" });
    expect(store.status.value).toBe("live");
    expect(store.thread.value.id).toBe("t");
    expect(server.subscribers).toBe(2);
  });

  test("shows an answer as it is written, to its end", async () => {
    const server = new FakeServer({ snapshot: start, script: () => slow });
    const store = await opened(server);
    const asked = store.request({ type: "send", content: words("Count") });
    await passing(150);
    await asked;
    const some = answerIn(store);
    expect(slow.text.startsWith(some)).toBe(true);
    expect(some.length).toBeGreaterThan(0);
    await passing(2000);
    expect(answerIn(store)).toBe(slow.text);
    expect(store.thread.value).toEqual(server.kernel.present().thread);
  });

  test("has a request answered after the events that it led to", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    let title = "";
    const asked = store.request({ type: "set", title: "Penguins" }).then(() => {
      title = store.thread.value.title;
    });
    await passing();
    await asked;
    expect(title).toBe("Penguins");
  });

  test("does not wait for ever for events that do not come", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    vi.spyOn(server, "revision", "get").mockReturnValue(99);
    const done = vi.fn();
    void store.request({ type: "stop" }).then(done);
    await passing(1900);
    expect(done).not.toHaveBeenCalled();
    await passing(200);
    expect(done).toHaveBeenCalled();
  });

  test("reads the list again when it may have changed", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    const { threads: before } = store.settings.value;
    server.kernel.channel.send({ type: "pin_thread", thread: "t", pinned: true, request: "x" });
    await passing();
    expect(store.settings.value.threads).not.toBe(before);
  });

  test("opens a new thread in place of one that it deletes", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    const asked = store.request({ type: "delete_thread", thread: "t" });
    await passing();
    await asked;
    expect(store.thread.value.id).not.toBe("t");
    expect(store.status.value).toBe("live");
  });

  test("has deleted it also where no new one can be opened", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.refusing.add("createThread");
    const asked = store.request({ type: "delete_thread", thread: "t" });
    await passing();
    await asked;
    expect(store.status.value).toBe("missing");
  });
});

describe("what the page ends", () => {
  test("leaves no subscription and no timer behind", async () => {
    const server = new FakeServer({ snapshot: start });
    await opened(server);
    end();
    await passing(100_000);
    expect(FakeSocket.made).toHaveLength(1);
    expect(FakeSocket.last.closed?.code).toBe(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("variables", () => {
  test("are asked about, set and followed", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    const found = store.request({ type: "variables", names: ["a"] });
    await passing();
    expect(await found).toMatchObject({ variables: [{ name: "a", source: null }] });
    const set = store.request({ type: "set_variable", name: "a", value: "b" });
    await passing();
    await set;
    expect(server.inputs("setVariable")).toMatchObject([{ threadId: "t", name: "a", value: "b" }]);
    expect(store.settings.value.variables).toMatchObject([
      { name: "a", source: "playground", text: "b" },
    ]);
  });

  test("of an answer come with it", async () => {
    const variables = { language: "0123456789ab" };
    const server = new FakeServer({ snapshot: snapshot(5, [message("u", { variables })]) });
    const store = await opened(server);
    expect(store.thread.value.messages[0]?.variables).toEqual(variables);
  });
});
