import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shownComparison } from "../comparison/shown.ts";
import { textOf } from "../model.ts";
import { path } from "../paths.ts";
import { parseThreads, type RequestBody } from "../protocol.ts";
import { createStore, type Store } from "../store.ts";
import type { Script } from "./answers.ts";
import { FakeKernel } from "./fake-kernel.ts";

let life: AbortController;
let kernel: FakeKernel;
let store: Store;

const text = (words: string) => [{ type: "text" as const, text: words }];

function start(script: (question: string) => Script = (q) => ({ text: `Re: ${q} 🐧` })): void {
  kernel = new FakeKernel({ script, speed: 200 });
  store = createStore(kernel.channel, life.signal);
}

beforeEach(() => {
  vi.useFakeTimers();
  life = new AbortController();
  start();
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

/** Makes a request and lets everything that follows from it happen. */
async function ask(request: RequestBody): Promise<Record<string, unknown>> {
  const asked = store.request(request);
  await vi.runAllTimersAsync();
  return asked;
}

const texts = () => store.path.value.map(({ content }) => content.map(textOf).join("|"));

describe("the store follows the kernel", () => {
  test("through a conversation that is edited, branched and undone", async () => {
    await ask({ type: "send", content: text("one") });
    await ask({ type: "send", content: text("two") });
    expect(texts()).toEqual(["one", "Re: one 🐧", "two", "Re: two 🐧"]);

    const first = store.path.value[0]?.id ?? "";
    const { undo } = await ask({
      type: "edit",
      message: first,
      content: text("uno"),
      rerun: false,
    });
    expect(texts()).toEqual(["uno", "Re: one 🐧", "two", "Re: two 🐧"]);
    expect(store.versions(store.path.value[0]?.id ?? "")).toHaveLength(2);

    await ask({ type: "undo", token: String(undo) });
    expect(texts()[0]).toBe("one");
    await ask({ type: "edit", message: first, content: text("un"), rerun: true });
    expect(texts()).toEqual(["un", "Re: un 🐧"]);
    await ask({ type: "select", message: first });
    expect(texts()).toEqual(["one", "Re: one 🐧", "two", "Re: two 🐧"]);

    await ask({ type: "delete", messages: store.path.value.slice(0, 2).map(({ id }) => id) });
    expect(texts()).toEqual(["two", "Re: two 🐧"]);
    await ask({
      type: "add",
      content: text("new"),
      role: "user",
      before: store.path.value[1]?.id ?? "",
    });
    expect(texts()).toEqual(["two", "new", "Re: two 🐧"]);
    expect(store.thread.value).toEqual(kernel.present().thread);
  });

  test("through a stop, after which the answer can be continued", async () => {
    start(() => ({ reasoning: "Hm. ", text: "word ".repeat(100) }));
    void store.request({ type: "send", content: text("go") });
    await vi.advanceTimersByTimeAsync(500);
    expect(kernel.running).toBe(true);
    const id = store.settings.value.running ?? "";
    expect(store.live(id)?.parts.map(({ type }) => type)).toEqual(["reasoning", "text"]);
    await ask({ type: "stop" });
    expect(store.path.value.at(-1)).toMatchObject({ id, status: "cancelled" });
    await ask({ type: "continue", message: id });
    expect(store.path.value.at(-1)).toMatchObject({ continued: id, status: "complete" });
  });

  test("through a wait that is cut short", async () => {
    start(() => ({
      text: "at last",
      wait: 12,
      error: { kind: "rate_limited", title: "", detail: "", actions: [] },
    }));
    void store.request({ type: "send", content: text("go") });
    await vi.advanceTimersByTimeAsync(10);
    expect(store.path.value.at(-1)?.retry).toMatchObject({ wait: 12 });
    await ask({ type: "retry_now" });
    expect(store.path.value.at(-1)).toMatchObject({ status: "complete" });
    expect(texts().at(-1)).toBe("at last");
  });

  test("through runs that queue", async () => {
    void store.request({ type: "send", content: text("a question that takes longer") });
    await vi.advanceTimersByTimeAsync(50);
    void store.request({ type: "send", content: text("two") });
    await vi.advanceTimersByTimeAsync(50);
    expect(store.settings.value.queued).toBe(1);
    await vi.runAllTimersAsync();
    expect(texts().at(-1)).toBe("Re: two 🐧");
    expect(store.settings.value).toMatchObject({ running: null, queued: 0 });
  });

  test("and a second page that opens in mid-stream ends with the same text", async () => {
    void store.request({ type: "send", content: text("a longer question to stream") });
    await vi.advanceTimersByTimeAsync(100);
    const late = kernel.present();
    kernel.channel.takeSnapshot(late);
    await vi.runAllTimersAsync();
    expect(path(store.thread.value)).toEqual(path(kernel.present().thread));
  });
});

describe("the threads of the kernel", () => {
  test("are read, opened, renamed, pinned, deleted and taken back", async () => {
    await ask({ type: "send", content: text("about penguins") });
    const { thread: second } = await ask({ type: "new_thread" });
    expect(store.thread.value).toMatchObject({ id: second, messages: [] });
    await ask({ type: "rename_thread", thread: "t1", title: "Birds" });
    await ask({ type: "pin_thread", thread: "t1", pinned: true });
    const { threads } = parseThreads(await ask({ type: "threads" }));
    expect(threads.map(({ title, pinned }) => [title, pinned])).toEqual([
      ["Birds", true],
      ["", false],
    ]);
    await ask({ type: "delete_thread", thread: String(second) });
    expect(store.thread.value.id).not.toBe(second);
    await ask({ type: "restore_thread", thread: String(second) });
    await ask({ type: "open_thread", thread: "t1" });
    expect(texts()).toEqual(["about penguins", "Re: about penguins 🐧"]);
  });

  test("are found by what was said in them", async () => {
    await ask({ type: "send", content: text("about penguins") });
    const found = parseThreads(await ask({ type: "threads", search: "PENG" }));
    expect(found.threads[0]?.snippet?.filter(({ hit }) => hit)).toEqual([
      { text: "peng", hit: true },
    ]);
    expect(parseThreads(await ask({ type: "threads", search: "owls" })).threads).toEqual([]);
  });

  test("go on being written while another one is open", async () => {
    void store.request({ type: "send", content: text("a question that takes longer") });
    await vi.advanceTimersByTimeAsync(50);
    await ask({ type: "new_thread" });
    expect(store.path.value).toEqual([]);
    await ask({ type: "open_thread", thread: "t1" });
    expect(texts().at(-1)).toBe("Re: a question that takes longer 🐧");
  });
});

test("what cannot be done is refused, and nothing changes", async () => {
  const before = kernel.present();
  const refused = store.request({ type: "regenerate", message: "nobody" });
  refused.catch(() => undefined);
  await vi.runAllTimersAsync();
  await expect(refused).rejects.toMatchObject({ kind: "bad_request" });
  expect(kernel.present()).toEqual(before);
});

test("a comparison asks all its cells, is shown meanwhile, and keeps its answers", async () => {
  await ask({ type: "send", content: text("about penguins") });
  const variants = [{ name: "Plain" }, { name: "Short", system: "Be brief" }];
  const compared = shownComparison(store);
  const { comparison } = await ask({ type: "compare", variants, samples: 2 });
  const shown = compared.shown.value;
  expect(shown?.id).toBe(comparison);
  expect(shown?.facts.value).toMatchObject({ status: "complete", progress: { complete: 4 } });
  const last = shown?.cell({ row: 0, variant: 1, sample: 1 }).value.cell;
  expect(last?.output).toBe("Re: about penguins 🐧");
  await ask({ type: "use_answer", comparison: String(comparison), row: 0, variant: 1, sample: 1 });
  expect(texts()).toEqual(["about penguins", "Re: about penguins 🐧"]);
  await ask({ type: "close_comparison" });
  expect(compared.shown.value).toBeNull();
});
