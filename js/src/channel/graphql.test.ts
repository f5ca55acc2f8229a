import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { textOf } from "../model.ts";
import { find } from "../paths.ts";
import {
  parseExportCells,
  parseExportFile,
  parseImported,
  parseThreadId,
  parseThreads,
  type RequestBody,
} from "../protocol.ts";
import { emptyThread } from "../store/replica.ts";
import { createStore, type Store } from "../store.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { FakeSocket } from "../testing/fake-socket.ts";
import { message, snapshot } from "../testing/samples.ts";
import { type GraphqlOptions, graphqlChannel } from "./graphql.ts";

let life: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

const passing = (time = 100) => vi.advanceTimersByTimeAsync(time);

function open(more: Partial<GraphqlOptions> = {}): Store {
  const channel = graphqlChannel({
    url: new URL("http://server/playground/graphql"),
    assets: new URL("http://server/static/"),
    login: "/login",
    ...more,
  });
  return createStore(channel, life.signal);
}

const start = snapshot(5, [message("u", { content: [{ type: "text", text: "Hi" }] })]);
const slow = { text: "0123456789".repeat(20) };
const words = (text: string) => [{ type: "text" as const, text }];
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error) => error,
  );

async function opened(server: FakeServer, thread = "t"): Promise<Store> {
  const store = open({ thread });
  await passing();
  expect(store.status.value).toBe("live");
  expect(server.subscribers).toBe(2);
  return store;
}

/** The text of the answer that is the end of the thread. */
function answer(store: Store): string {
  const { thread } = store;
  const id = thread.value.head ?? "";
  const live = store.live(id);
  if (live) return live.parts.map(({ text }) => text).join("");
  return find(thread.value, id)?.content.map(textOf).join("") ?? "";
}

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
    const some = answer(store);
    expect(slow.text.startsWith(some)).toBe(true);
    expect(some.length).toBeGreaterThan(0);
    await passing(2000);
    expect(answer(store)).toBe(slow.text);
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

describe("every request is answered", () => {
  const part = { type: "text", text: "New" } as const;
  const image = { type: "image", media_type: "image/png", data: "AA==", name: "a.png" } as const;
  const cases: [RequestBody, string, object][] = [
    [
      { type: "send", content: [part, image] },
      "send",
      {
        threadId: "t",
        role: "USER",
        content: [
          { text: "New" },
          { image: { mediaType: "image/png", data: "AA==", label: "a.png" } },
        ],
      },
    ],
    [
      { type: "add", content: [part], role: "system", after: "u" },
      "addMessage",
      {
        role: "SYSTEM",
        after: "u",
      },
    ],
    [{ type: "run" }, "runThread", { threadId: "t" }],
    [
      { type: "edit", message: "u", content: [part], rerun: true },
      "editMessage",
      {
        messageId: "u",
        content: [{ text: "New" }],
        rerun: true,
      },
    ],
    [{ type: "delete", messages: ["u"] }, "deleteMessages", { messageIds: ["u"], rerun: false }],
    [{ type: "regenerate", message: "u" }, "regenerateAnswer", { messageId: "u" }],
    [{ type: "continue", message: "u" }, "continueAnswer", { messageId: "u" }],
    [{ type: "select", message: "u" }, "selectBranch", { messageId: "u" }],
    [{ type: "stop" }, "stop", { threadId: "t" }],
    [{ type: "retry_now" }, "retryNow", { threadId: "t" }],
    [{ type: "set", params: { top_p: 1 } }, "updateThread", { params: { top_p: 1 } }],
    [{ type: "set", params: { seed: null } }, "updateThread", { params: { seed: null } }],
    [
      { type: "connect", name: "openai", api_key: "sk-1", base_url: "http://x" },
      "useConnection",
      {
        name: "openai",
        apiKey: "sk-1",
        baseUrl: "http://x",
      },
    ],
    [{ type: "models" }, "refreshModels", { threadId: "t" }],
    [{ type: "threads", search: "x" }, "threads", { search: "x", first: 50 }],
    [
      { type: "code", language: "curl", message: null },
      "code",
      { thread: "t", message: null, language: "CURL" },
    ],
    [{ type: "wire", message: "u" }, "wire", { thread: "t", message: "u" }],
    [{ type: "logprobs", message: "u" }, "logprobs", { thread: "t", message: "u" }],
    [{ type: "set_tool", name: "f", enabled: false }, "setTool", { name: "f", enabled: false }],
    [{ type: "new_thread" }, "createThread", { system: "Be brief.", model: "demo" }],
    [{ type: "rename_thread", thread: "t", title: "A" }, "renameThread", { title: "A" }],
    [{ type: "pin_thread", thread: "t", pinned: true }, "pinThread", { pinned: true }],
    [{ type: "duplicate_thread", thread: "t" }, "duplicateThread", { threadId: "t" }],
    [{ type: "import_threads", name: "a.json", text: "{}" }, "importThreads", { text: "{}" }],
    [
      { type: "export", format: "cells", style: "code", code_cells: true },
      "exportThread",
      {
        format: "CELLS",
        style: "CODE",
        codeCells: true,
      },
    ],
  ];
  const settled: Parameters<typeof snapshot>[2] = {
    thread: { system: "Be brief.", model: "demo", params: { seed: 3 } },
  };

  test.each(cases)("%o", async (body, name, input) => {
    const server = new FakeServer({
      snapshot: snapshot(5, [message("u")], settled),
      script: () => ({ text: "Yes" }),
    });
    const store = await opened(server);
    const asked = store.request(body);
    await passing(500);
    await asked;
    expect(server.inputs(name)).toMatchObject([input]);
  });

  test("also those that nothing is sent for", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    await store.request({ type: "hello" });
    const claimed = await refusal(store.request({ type: "claim", action: "a" }));
    expect(claimed).toMatchObject({ kind: "not_possible" });
    const whole = store.request({ type: "snapshot" });
    await passing();
    await whole;
    expect(store.thread.value.id).toBe("t");
  });

  test("with what it is about, as the widget's is", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    const ask = async <T>(body: RequestBody, read: (result: unknown) => T): Promise<T> => {
      const asked = store.request(body, read);
      await passing();
      return asked;
    };
    expect((await ask({ type: "threads" }, parseThreads)).threads).toMatchObject([{ id: "t" }]);
    expect(await ask({ type: "duplicate_thread", thread: "t" }, parseThreadId)).not.toBe("");
    expect(await ask({ type: "export", format: "cells" }, parseExportCells)).not.toEqual([]);
    expect(await ask({ type: "export", format: "md" }, parseExportFile)).toHaveProperty("text");
    const imported = { type: "import_threads", name: "a.json", text: "{}" } as const;
    const [first] = await ask(imported, parseImported);
    expect(store.thread.value.id).toBe(first);
    const { undo } = await ask(
      { type: "add", content: words("x"), role: "user" },
      (result) => result as { undo: string },
    );
    expect(undo).toBeTypeOf("string");
    await ask({ type: "undo", token: undo }, () => undefined);
    expect(store.path.value).toEqual([]);
  });

  test("with words where it was refused", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    const asked = refusal(store.request({ type: "select", message: "nowhere" }));
    await passing();
    expect(await asked).toMatchObject({
      name: "RequestError",
      kind: "bad_request",
      title: "Error: There is no message nowhere",
    });
  });

  test.each([
    [400, "The server could not do this"],
    [413, "This is more than the server takes"],
    [500, "The server could not do this"],
  ])("with words where the server says %i", async (status, title) => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.status = status;
    const asked = refusal(store.request({ type: "run" }));
    await passing();
    expect(await asked).toMatchObject({ title });
    expect(store.status.value).toBe("live");
  });
});

describe("a network that goes away", () => {
  test("costs neither text nor structure, wherever it is cut", async () => {
    const server = new FakeServer({ snapshot: start, script: () => slow });
    const store = await opened(server);
    const epoch = store.epoch.value;
    const asked = store.request({ type: "send", content: words("Count") });
    for (const time of [40, 90, 160, 70, 300]) {
      await passing(time);
      server.cut();
      expect(store.status.value).toBe("reconnecting");
    }
    await passing(9000);
    await asked;
    expect(store.status.value).toBe("live");
    expect(answer(store)).toBe(slow.text);
    expect(store.thread.value).toEqual(server.kernel.present().thread);
    expect(store.epoch.value).toBe(epoch);
    const resumed = FakeSocket.last.sentOf("subscribe");
    expect(resumed).toContainEqual(
      expect.objectContaining({
        payload: expect.objectContaining({
          variables: expect.objectContaining({ revision: expect.any(Number) }),
        }),
      }),
    );
  });

  test("is told of with the time of the next try, and tried at once when asked to", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.goAway();
    await passing(12_000);
    expect(store.status.value).toBe("reconnecting");
    const { since, next } = store.away.value ?? {};
    expect(performance.now() - (since ?? 0)).toBeGreaterThan(11_000);
    expect(next).toBeGreaterThan(performance.now());
    server.comeBack();
    store.tryNow();
    await passing();
    expect(store.status.value).toBe("live");
    expect(store.away.value).toBeNull();
  });

  test("has a request asked again with the same id, and done once", async () => {
    const server = new FakeServer({ snapshot: start, script: () => ({ text: "Yes" }) });
    const store = await opened(server);
    server.losing = 1;
    const asked = store.request({ type: "send", content: words("Once") });
    await passing(2000);
    await asked;
    const [first, second] = server.inputs("send");
    expect(first?.clientMutationId).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.clientMutationId).toBe(first?.clientMutationId);
    const said = store.path.value.map(({ content }) => content.map(textOf).join(""));
    expect(said).toEqual(["Hi", "Once", "Yes"]);
  });

  test("has what is asked meanwhile done when it is back", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.goAway();
    const asked = store.request({ type: "set", title: "Later" });
    await passing(3000);
    expect(store.thread.value.title).toBe("");
    server.comeBack();
    await passing(9000);
    await asked;
    expect(store.thread.value.title).toBe("Later");
  });

  test("leaves to the person what a restarted server may have done", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.losing = 1;
    const asked = refusal(store.request({ type: "set", title: "Perhaps" }));
    await passing(20);
    server.goAway();
    await passing(1000);
    server.comeBack();
    server.restart();
    await passing(9000);
    expect(await asked).toMatchObject({
      kind: "restarted",
      title: "The server was restarted",
      detail: "Look whether this was done, and do it again if not.",
    });
    expect(server.inputs("updateThread")).toHaveLength(1);
    const again = store.request({ type: "set", title: "Again" });
    await passing();
    await again;
    expect(store.thread.value.title).toBe("Again");
  });

  test("is no reason to ask for ever where only the socket gets through", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.status = 502;
    const asked = refusal(store.request({ type: "run" }));
    await passing(30_000);
    expect(await asked).toMatchObject({ title: "The server does not answer" });
  });
});

describe("a server that was restarted", () => {
  test("goes on from a snapshot where it knows no revisions any more", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    store.drafts.text.value = "half a question";
    server.kernel.channel.send({ type: "set", title: "Meanwhile", request: "x" });
    server.restart();
    await passing(9000);
    expect(store.status.value).toBe("live");
    expect(store.thread.value.title).toBe("Meanwhile");
    expect(store.drafts.text.value).toBe("half a question");
  });

  test("is asked for another new thread silently, and what is written in it stays", async () => {
    const server = new FakeServer();
    const store = open();
    await passing();
    const before = store.thread.value.id;
    const titled = store.request({ type: "set", title: "Mine" });
    await passing();
    await titled;
    store.drafts.text.value = "half a question";
    server.restart();
    await passing(9000);
    expect(store.status.value).toBe("live");
    expect(store.thread.value.id).not.toBe(before);
    expect(store.drafts.text.value).toBe("half a question");
    expect(server.inputs("createThread").at(-1)).toMatchObject({ title: "Mine" });
  });

  test("that has lost a thread leaves what can be read of it", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.missing.add("t");
    server.restart();
    await passing(9000);
    expect(store.status.value).toBe("missing");
    expect(store.path.value).toHaveLength(1);
  });
});

describe("a login that has ended", () => {
  test("is said once a request is refused, and forgotten when it is renewed", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.status = 403;
    const asked = refusal(store.request({ type: "run" }));
    await passing();
    expect(await asked).toMatchObject({ kind: "signed-out", title: "You are logged out" });
    expect(store.status.value).toBe("signed-out");
    expect(store.login).toBe("/login");
    server.status = undefined;
    store.tryNow();
    await passing();
    expect(store.status.value).toBe("live");
  });

  test("is found out where it is the reason that there is no connection", async () => {
    const server = new FakeServer({ snapshot: start });
    FakeSocket.onMade = (socket) => queueMicrotask(() => socket.end(1006));
    server.status = 403;
    const store = open({ thread: "t" });
    await passing(1000);
    expect(store.status.value).toBe("signed-out");
  });

  test("before a new thread could be made has it made after it", async () => {
    const server = new FakeServer();
    server.status = 401;
    const store = open();
    await passing();
    expect(store.status.value).toBe("signed-out");
    server.status = undefined;
    store.tryNow();
    await passing();
    expect(store.status.value).toBe("live");
    expect(store.thread.value).not.toBe(emptyThread);
  });
});

describe("what the page ends", () => {
  test("leaves no subscription and no timer behind", async () => {
    const server = new FakeServer({ snapshot: start });
    await opened(server);
    life.abort();
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
