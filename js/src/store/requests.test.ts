import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseThreadId } from "../protocol.ts";
import { RequestError } from "../store.ts";
import { stores } from "../testing/open-stores.ts";
import { snapshot } from "../testing/samples.ts";

const open = stores();

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

test("a result that makes no sense rejects its request, in words", async () => {
  const { channel, store } = open(snapshot(1));
  const asked = store.request({ type: "new_thread" }, parseThreadId);
  const [{ request } = {}] = channel.requests("new_thread");
  channel.takeEvents({ type: "done", request, result: { thread: 7 } });
  await expect(asked).rejects.toMatchObject({ name: "RequestError", kind: "unread" });
});
