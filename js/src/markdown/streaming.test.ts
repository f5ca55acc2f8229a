// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type MarkdownOptions, StreamingMarkdown } from "./index.ts";

let container: HTMLElement;
let life: AbortController;

beforeEach(() => {
  container = document.createElement("div");
  document.body.append(container);
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  container.remove();
  vi.useRealTimers();
});

function start(options: Partial<MarkdownOptions> = {}): StreamingMarkdown {
  return new StreamingMarkdown(container, {
    onCopy: async () => true,
    signal: life.signal,
    ...options,
  });
}

describe("a streaming text", () => {
  it("shows text on the next frame, once for all that has come", () => {
    vi.useFakeTimers();
    const onFlush = vi.fn();
    const markdown = start({ onFlush });
    markdown.append("one ");
    markdown.append("two");
    expect(container.textContent).toBe("");
    vi.advanceTimersToNextFrame();
    expect(container.textContent).toBe("one two");
    expect(onFlush).toHaveBeenCalledTimes(1);
  });

  it("shows text on a page that has no frames", () => {
    vi.useFakeTimers();
    vi.stubGlobal("requestAnimationFrame", () => 1);
    const markdown = start();
    markdown.append("hidden");
    vi.advanceTimersByTime(300);
    expect(container.textContent).toBe("hidden");
  });

  it("takes at most a quarter of the time", () => {
    vi.useFakeTimers();
    let now = 0;
    vi.spyOn(window.performance, "now").mockImplementation(() => now);
    const markdown = start({
      onFlush: () => {
        now += 40;
      },
    });
    markdown.append("a");
    vi.advanceTimersToNextFrame();
    markdown.append("b");
    vi.advanceTimersByTime(119);
    expect(container.textContent).toBe("a");
    vi.advanceTimersByTime(1);
    vi.advanceTimersToNextFrame();
    expect(container.textContent).toBe("ab");
  });

  it("keeps the text as it came, and shows each character of it", () => {
    const text =
      "e\u{301} \u{1f469}\u{200d}\u{1f680} ¿ñ? \u{202e}x\u{202c}\n\nz\u{30}\u{fe0f}\u{20e3}";
    const markdown = start();
    for (const unit of text.split("")) {
      markdown.append(unit);
      markdown.flush();
    }
    markdown.finish();
    expect(markdown.text).toBe(text);
    expect(container.textContent).toBe(text.replace("\n\n", ""));
  });

  it("keeps nodes that don't change, with what is selected in them", () => {
    const markdown = start();
    markdown.append("one **two** three");
    markdown.flush();
    const paragraph = container.firstElementChild;
    const bold = container.querySelector("strong")?.firstChild;
    markdown.append(" four\n\n- five");
    markdown.flush();
    expect(container.firstElementChild).toBe(paragraph);
    expect(container.querySelector("strong")?.firstChild).toBe(bold);
  });

  it("can show another text instead", () => {
    const markdown = start();
    markdown.append("# old\n\n[r]\n\n[r]: http://old.example\n");
    markdown.finish();
    markdown.set("new [r]");
    expect(container.innerHTML).toBe("<p>new [r]</p>");
    expect(markdown.text).toBe("new [r]");
    markdown.append(" more");
    markdown.finish();
    expect(container.innerHTML).toBe("<p>new [r] more</p>");
  });

  it("finds definitions that come after their use when it is finished", () => {
    const markdown = start();
    markdown.append("see [r]\n\nmore\n\n");
    markdown.flush();
    markdown.append("[r]: http://a.example\n");
    markdown.finish();
    expect(container.querySelector("a")?.getAttribute("href")).toBe("http://a.example");
  });

  it("does nothing any more when its time is over", () => {
    vi.useFakeTimers();
    const onCopy = vi.fn(async () => true);
    const markdown = start({ onCopy });
    markdown.append("```\na\n```\n");
    markdown.flush();
    markdown.append("b");
    life.abort();
    vi.advanceTimersByTime(1000);
    container.querySelector<HTMLElement>(".pgw-code__copy")?.click();
    expect(container.textContent).not.toContain("b");
    expect(onCopy).not.toHaveBeenCalled();
  });

  it("works in another document", () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const view = frame.contentWindow as (Window & typeof globalThis) | null;
    if (view === null) throw new Error("the frame has no window");
    const inner = view.document.createElement("div");
    view.document.body.attachShadow({ mode: "open" }).append(inner);
    const onCopy = vi.fn(async () => true);
    const { signal } = new view.AbortController();
    const markdown = new StreamingMarkdown(inner, { onCopy, signal });
    markdown.set("```\ncode\n```");
    expect(inner.querySelector("code")?.ownerDocument).toBe(frame.contentDocument);
    inner.querySelector<HTMLElement>(".pgw-code__copy")?.click();
    expect(onCopy).toHaveBeenCalledWith("code");
    frame.remove();
  });
});

describe("the caret", () => {
  it.each([
    ["", "div"],
    ["text", "p"],
    ["a **b**", "strong"],
    ["a [b](http://c)", "p"],
    ["- a\n- b", "li"],
    ["> a", "p"],
    ["# a", "h1"],
    ["```py\na", "span.pgw-code__chunk"],
    ["```py\n", "code"],
    ["a|b\n-|-\nc", "td:first-child"],
    ["***\n", "div"],
  ])("stands at the end of %j", (text, parent) => {
    const markdown = start();
    markdown.setCaret(true);
    markdown.append(text);
    markdown.flush();
    const carets = container.querySelectorAll(".pgw-caret");
    expect(carets).toHaveLength(1);
    const caret = carets[0];
    expect(caret?.parentElement?.matches(parent)).toBe(true);
    expect(caret?.nextSibling).toBeNull();
    expect(caret?.textContent).toBe("");
    markdown.setCaret(false);
    expect(container.querySelector(".pgw-caret")).toBeNull();
  });
});

describe("a code block", () => {
  it("offers its code to copy, without the end of its last line", () => {
    const onCopy = vi.fn(async () => true);
    start({ onCopy }).set("```r\na <- 1\nb\n```\n");
    container.querySelector<HTMLElement>(".pgw-code__copy")?.click();
    expect(onCopy).toHaveBeenCalledExactlyOnceWith("a <- 1\nb");
  });

  it("says for a moment that it was copied, once that is so", async () => {
    vi.useFakeTimers();
    start().set("```\na\n```\n");
    const button = container.querySelector<HTMLElement>(".pgw-code__copy");
    button?.click();
    expect(button?.getAttribute("aria-label")).toBe("Copy code");
    await vi.advanceTimersByTimeAsync(0);
    expect(button?.getAttribute("aria-label")).toBe("Copied");
    vi.advanceTimersByTime(2500);
    expect(button?.getAttribute("aria-label")).toBe("Copy code");
  });

  it("does not say so where the browser has not copied it", async () => {
    start({ onCopy: async () => false }).set("```\na\n```\n");
    const button = container.querySelector<HTMLElement>(".pgw-code__copy");
    button?.click();
    await new Promise((resolve) => setTimeout(resolve));
    expect(button?.getAttribute("aria-label")).toBe("Copy code");
  });

  it.each(["python", "py", "Python", "ipython {cell}"])("offers %s code as a cell", (info) => {
    const onInsert = vi.fn();
    start({ onInsert }).set(`\`\`\`${info}\nx = 1\n\`\`\`\n`);
    container.querySelector<HTMLElement>(".pgw-code__insert")?.click();
    expect(onInsert).toHaveBeenCalledExactlyOnceWith("x = 1", info.split(" ")[0]);
  });

  it("offers any code as a cell, with its language, but only where somebody takes it", () => {
    const taken: string[][] = [];
    start({ onInsert: (...given) => taken.push(given) }).set(
      "```bash\nls\n```\n\n```\ntext\n```\n",
    );
    for (const button of container.querySelectorAll<HTMLElement>(".pgw-code__insert"))
      button.click();
    expect(taken).toEqual([
      ["ls", "bash"],
      ["text", ""],
    ]);
    start().set("```python\nx\n```\n");
    expect(container.querySelector(".pgw-code__insert")).toBeNull();
  });
});

describe("formulas", () => {
  const text = "so $a+b$ and\n\n$$\nc^2\n$$\n\nbut not $5 and $6\n";

  it("are source until the renderer is there, which is asked for once", async () => {
    const loadMath = vi.fn(async () => (tex: string, display: boolean) => {
      const attribute = display ? ' display="block"' : "";
      return `<math xmlns="http://www.w3.org/1998/Math/MathML"${attribute}><mi>${tex}!</mi></math>`;
    });
    const markdown = start({ loadMath });
    markdown.append("no formula yet\n\n");
    markdown.flush();
    expect(loadMath).not.toHaveBeenCalled();
    markdown.append(text);
    markdown.finish();
    const sources = [...container.querySelectorAll(".pgw-math > code")];
    expect(sources.map((source) => source.textContent)).toEqual(["a+b", "c^2"]);
    await vi.waitFor(() => expect(container.querySelectorAll("math")).toHaveLength(2));
    expect(container.querySelector("span.pgw-math > math")?.getAttribute("alttext")).toBe("a+b");
    expect(container.querySelector("div.pgw-math > math")?.getAttribute("display")).toBe("block");
    expect(container.textContent).toContain("$5 and $6");
    markdown.append("and $z$");
    markdown.finish();
    expect(container.querySelectorAll("math")).toHaveLength(3);
    expect(loadMath).toHaveBeenCalledTimes(1);
  });

  it("stay source when they have an error or can't be rendered", async () => {
    const { renderMath } = await import("./math-asset.ts");
    const markdown = start({ loadMath: async () => renderMath });
    markdown.set("$\\frac{a$ $\\sqrt{x}$");
    await vi.waitFor(() => expect(container.querySelectorAll("math")).toHaveLength(1));
    expect(container.querySelector(".pgw-math > code")?.textContent).toBe("\\frac{a");
    const failing = start({ loadMath: () => Promise.reject(new Error("gone")) });
    failing.set("$x$");
    await Promise.resolve();
    expect(container.querySelector(".pgw-math > code")?.textContent).toBe("x");
  });
});
