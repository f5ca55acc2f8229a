// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from "vitest";
import { pageOpener } from "./own-page.ts";

function configure(text: string): void {
  const config = document.createElement("script");
  config.id = "jupyter-config-data";
  config.type = "application/json";
  config.textContent = text;
  document.body.append(config);
}

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("a thread as a page", () => {
  test.each(["", "no JSON", "{}", '{"baseUrl": 7}', "null"])(
    "is not offered where the notebook names no server: %j",
    (text) => {
      if (text !== "") configure(text);
      expect(pageOpener(document)).toBeUndefined();
    },
  );

  test.each([
    [true, 1],
    [false, 0],
  ])("opens only where the server has it: %j", async (ok, times) => {
    configure('{"baseUrl": "/user/ada/"}');
    const asked = vi.fn(async () => ({ ok }));
    const open = vi.fn();
    vi.stubGlobal("fetch", asked);
    vi.stubGlobal("open", open);
    expect(await pageOpener(document)?.("a/b")).toBe(ok);
    const address = new URL("/user/ada/playground/thread/a%2Fb", document.baseURI);
    expect(asked).toHaveBeenCalledWith(address, { credentials: "same-origin" });
    expect(open).toHaveBeenCalledTimes(times);
    if (times > 0) expect(open).toHaveBeenCalledWith(address, "_blank", "noopener");
  });

  test("is not there where the server does not answer", async () => {
    configure('{"baseUrl": "/"}');
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    expect(await pageOpener(document)?.("a")).toBe(false);
  });
});
