// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { luminance, parseColour, themeBehind, watchTheme } from "./theme.ts";

/** Nested elements with these backgrounds, the outermost first; the innermost is returned. */
function nest(...backgrounds: string[]): HTMLElement {
  let at: Element = document.body;
  for (const background of backgrounds) {
    const child = document.createElement("div");
    child.style.backgroundColor = background;
    at.append(child);
    at = child;
  }
  return at as HTMLElement;
}

afterEach(() => {
  document.body.replaceChildren();
  document.body.removeAttribute("style");
  document.body.removeAttribute("class");
});

test("computed colours are read in each form that a browser gives them", () => {
  expect(parseColour("rgb(255, 0, 51)")).toEqual({ rgb: [1, 0, 0.2], alpha: 1 });
  expect(parseColour("rgba(0, 0, 0, 0)")?.alpha).toBe(0);
  expect(parseColour("rgb(0 0 0 / 50%)")?.alpha).toBe(0.5);
  expect(parseColour("color(srgb 0.5 1 0 / 0.25)")).toEqual({ rgb: [0.5, 1, 0], alpha: 0.25 });
  expect(parseColour("color(srgb 1e-7 0 0)")?.rgb[0]).toBeCloseTo(0);
  expect(parseColour("oklch(0.7 0.1 120)")).toBeUndefined();
  expect(parseColour("")).toBeUndefined();
});

test("luminance is that of WCAG 2", () => {
  expect(luminance([0, 0, 0])).toBe(0);
  expect(luminance([1, 1, 1])).toBeCloseTo(1);
  expect(luminance([0x77 / 255, 0x77 / 255, 0x77 / 255])).toBeCloseTo(0.184, 3);
});

describe("the theme behind an element", () => {
  test.each([
    ["white", "light"],
    ["rgb(17, 17, 17)", "dark"],
    ["rgb(30, 30, 30)", "dark"],
    ["rgb(248, 248, 248)", "light"],
  ])("is that of the nearest opaque colour: %s is %s", (background, theme) => {
    expect(themeBehind(nest("rgb(120, 120, 200)", background, "transparent"))).toBe(theme);
  });

  test("counts what lies over it by its transparency", () => {
    expect(themeBehind(nest("white", "rgba(0, 0, 0, 0.05)"))).toBe("light");
    expect(themeBehind(nest("white", "rgba(0, 0, 0, 0.9)"))).toBe("dark");
  });

  test("is found out of a shadow tree", () => {
    const inside = document.createElement("div");
    nest("black").attachShadow({ mode: "open" }).append(inside);
    expect(themeBehind(inside)).toBe("dark");
  });

  test("is unknown where nothing is opaque", () => {
    expect(themeBehind(nest("rgba(0, 0, 0, 0.5)"))).toBeUndefined();
  });
});

describe("watching", () => {
  let systemDark: boolean;
  let resized: () => void;
  const system = new EventTarget();

  beforeEach(() => {
    systemDark = false;
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(callback: () => void) {
          resized = callback;
        }
        observe(): void {}
        disconnect(): void {
          resized = () => undefined;
        }
      },
    );
    vi.stubGlobal("matchMedia", () => ({
      get matches() {
        return systemDark;
      },
      addEventListener: system.addEventListener.bind(system),
    }));
  });

  test("tells the theme now, after a change of the host's attributes, and not after the end", async () => {
    const element = nest("transparent");
    document.body.style.backgroundColor = "white";
    const life = new AbortController();
    const seen: string[] = [];
    watchTheme(element, (theme) => seen.push(theme), life.signal);
    expect(seen).toEqual(["light"]);
    document.body.style.backgroundColor = "black";
    await vi.waitFor(() => expect(seen.at(-1)).toBe("dark"));
    life.abort();
    const count = seen.length;
    document.body.style.backgroundColor = "white";
    resized();
    system.dispatchEvent(new Event("change"));
    await Promise.resolve();
    expect(seen).toHaveLength(count);
  });

  test("follows the system where nothing behind is opaque", () => {
    const seen: string[] = [];
    const life = new AbortController();
    watchTheme(nest("transparent"), (theme) => seen.push(theme), life.signal);
    systemDark = true;
    system.dispatchEvent(new Event("change"));
    expect(seen).toEqual(["light", "dark"]);
    life.abort();
  });

  test("looks again when the element gets its place in the page", () => {
    const element = document.createElement("div");
    const seen: string[] = [];
    const life = new AbortController();
    watchTheme(element, (theme) => seen.push(theme), life.signal);
    nest("black").append(element);
    resized();
    expect(seen).toEqual(["light", "dark"]);
    life.abort();
  });
});
