import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { stores } from "../testing/open-stores.ts";
import { snapshot } from "../testing/samples.ts";

const open = stores();

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
