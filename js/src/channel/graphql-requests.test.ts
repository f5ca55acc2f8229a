import { describe, expect, test } from "vitest";
import {
  parseExportCells,
  parseExportFile,
  parseImported,
  parseThreadId,
  parseThreads,
  type RequestBody,
} from "../protocol.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { pages, passing, refusal, start, words } from "../testing/graphql-pages.ts";
import { message, snapshot } from "../testing/samples.ts";

const { opened } = pages();

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
