// @vitest-environment jsdom
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CodeView } from "./code-view.ts";
import { highlight } from "./highlight.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function create(language = "python"): CodeView {
  return new CodeView(document, language, {
    insertable: true,
    loadHighlighter: () => Promise.resolve(highlight),
  });
}

function chunks(view: CodeView): Element[] {
  return [...view.element.querySelectorAll("code > span")];
}

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `x = ${index}\n`).join("");
}

describe("the code of a block", () => {
  it("is all there, in chunks of 64 lines, however it comes", () => {
    const lines = fc.array(fc.constantFrom("a\n", "\n", "bc\n", "d", "\u{1f600}\n"), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 50 }), (parts, size) => {
        const code = parts.join("");
        const view = create();
        for (let at = 0; at < code.length; at += size) view.append(code.slice(at, at + size));
        expect(view.text).toBe(code);
        expect(view.element.querySelector("code")?.textContent).toBe(code);
        const full = chunks(view).slice(0, -1);
        for (const chunk of full) expect(chunk.textContent?.split("\n")).toHaveLength(65);
      }),
    );
  });

  it("takes its colours as chunks close, and the last when nothing more is expected", async () => {
    const view = create();
    view.append(numbered(100));
    await vi.runAllTimersAsync();
    const [first, second] = chunks(view);
    expect(first?.querySelectorAll(".pgw-number")).toHaveLength(64);
    expect(second?.querySelector("span")).toBeNull();
    view.close();
    await vi.runAllTimersAsync();
    expect(second?.querySelectorAll(".pgw-number")).toHaveLength(36);
    expect(view.text).toBe(numbered(100));
  });

  it("can go on after it was closed, or change", async () => {
    const view = create();
    view.set("x = 1");
    view.close();
    await vi.runAllTimersAsync();
    view.set("x = 12 # y");
    expect(view.text).toBe("x = 12 # y");
    view.close();
    await vi.runAllTimersAsync();
    expect(view.element.querySelector(".pgw-number")?.textContent).toBe("12");
    view.set("z");
    expect(view.element.querySelector("code")?.textContent).toBe("z");
  });

  it("has its colours where they would be had it come at once", async () => {
    const code = numbered(70).replace("x = 60", 'x = """').replace("x = 68", '"""; y');
    const [whole, grown] = [create(), create()];
    whole.set(code);
    for (const character of code) {
      grown.append(character);
      await vi.runAllTimersAsync();
    }
    for (const view of [whole, grown]) view.close();
    await vi.runAllTimersAsync();
    expect(grown.element.outerHTML).toBe(whole.element.outerHTML);
  });

  it("is coloured no more when its time is over", async () => {
    const view = create();
    view.append(numbered(70));
    view.dispose();
    await vi.runAllTimersAsync();
    expect(view.element.querySelector(".pgw-number")).toBeNull();
  });
});

describe("variables in the code", () => {
  function marked(language = "python"): CodeView {
    return new CodeView(document, language, {
      insertable: false,
      loadHighlighter: () => Promise.resolve(highlight),
      isVariable: (name) => name === "frame",
    });
  }
  const marks = (view: CodeView) =>
    [...view.element.querySelectorAll<HTMLElement>("button.pgw-var")].map((each) => [
      each.textContent,
      each.dataset.name,
    ]);

  it("are marked once nothing more is expected, with colours around them", async () => {
    const view = marked();
    const code = 'x = {{ frame }} + 1\ny = {{other}} + """{{frame}}"""\n';
    view.append(code);
    expect(marks(view)).toEqual([]);
    view.close();
    await vi.runAllTimersAsync();
    expect(marks(view)).toEqual([
      ["{{ frame }}", "frame"],
      ["{{frame}}", "frame"],
    ]);
    expect(view.text).toBe(code);
    expect(view.element.querySelector("code")?.textContent).toBe(code);
    expect(view.element.querySelector(".pgw-number")?.textContent).toBe("1");
    const words = [...view.element.querySelectorAll(".pgw-string")].map((each) => each.textContent);
    expect(words).toEqual(['"""', '"""']);
  });

  it("are marked in a language without colours, and in each chunk", () => {
    const view = marked("unknown");
    const code = "{{frame}}\n".repeat(130);
    view.append(code);
    view.close();
    expect(marks(view)).toHaveLength(130);
    expect(view.element.querySelector("code")?.textContent).toBe(code);
  });

  it("are there once, however the code grows and changes", async () => {
    const code = fc.array(fc.constantFrom("{{frame}}", "{{", "frame", "}}", "x = 1", "\n"), {
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(code, fc.nat(300), async (parts, cut) => {
        const text = parts.join("");
        const [whole, grown] = [marked(), marked()];
        whole.set(text);
        grown.set(text.slice(0, cut));
        grown.close();
        await vi.runAllTimersAsync();
        grown.set(text);
        for (const view of [whole, grown]) view.close();
        await vi.runAllTimersAsync();
        expect(grown.element.outerHTML).toBe(whole.element.outerHTML);
        expect(grown.element.querySelector("code")?.textContent).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("where the browser has highlights", () => {
  class FakeRange {
    readonly init: StaticRangeInit;
    constructor(init: StaticRangeInit) {
      this.init = init;
    }
  }

  it("adds no elements, and takes its ranges back in the end", async () => {
    const registry = new Map<string, Set<FakeRange>>();
    vi.stubGlobal("CSS", { highlights: registry });
    vi.stubGlobal("Highlight", Set);
    vi.stubGlobal("StaticRange", FakeRange);
    const view = create();
    const other = create();
    other.set("y = 2");
    other.close();
    view.set(numbered(70));
    view.close();
    await vi.runAllTimersAsync();
    expect(chunks(view).every((chunk) => chunk.childNodes.length === 1)).toBe(true);
    expect(registry.get("pgw-number")?.size).toBe(71);
    const [range] = [...(registry.get("pgw-number") ?? [])].slice(-1);
    const { startContainer, startOffset, endOffset } = range?.init ?? {};
    expect(startContainer?.nodeValue?.slice(startOffset, endOffset)).toBe("69");
    view.dispose();
    expect(registry.get("pgw-number")?.size).toBe(1);
    other.dispose();
    expect(registry.get("pgw-number")?.size).toBe(0);
  });
});
