import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Feed, type Renderer, SLICE } from "./feed.ts";

/** Shows what it was given when told to, as a frame would tell it. */
class FakeRenderer implements Renderer {
  shown = "";
  finished = false;
  largest = 0;
  #buffered = "";
  feed: Feed | undefined;

  append(text: string): void {
    this.#buffered += text;
    this.finished = false;
  }

  set(text: string): void {
    this.shown = "";
    this.#buffered = text;
    this.flush();
  }

  flush(): void {
    this.largest = Math.max(this.largest, this.#buffered.length);
    this.shown += this.#buffered;
    this.#buffered = "";
    this.feed?.flushed();
  }

  finish(): void {
    this.flush();
    this.finished = true;
  }

  setCaret(): void {}

  /** One frame, and what it leaves to do. */
  async frame(): Promise<void> {
    this.flush();
    await Promise.resolve();
  }
}

function make() {
  const renderer = new FakeRenderer();
  const lags: boolean[] = [];
  const feed = new Feed(renderer, (lag) => lags.push(lag));
  renderer.feed = feed;
  return { feed, renderer, lags };
}

describe("a feed", () => {
  test("shows the first words without waiting for a frame", () => {
    const { feed, renderer } = make();
    feed.grow("Hello");
    expect(renderer.shown).toBe("Hello");
  });

  test("shows a slice a frame at most, and says while the end of a whole text waits", async () => {
    const { feed, renderer, lags } = make();
    const text = "x".repeat(3.5 * SLICE);
    feed.grow("x");
    feed.grow(text);
    feed.end(text);
    expect(lags).toEqual([true]);
    for (let frame = 0; frame < 5; frame++) await renderer.frame();
    expect(lags).toEqual([true, false]);
    expect(renderer).toMatchObject({ shown: text, finished: true, largest: SLICE });
  });

  test("ends at once when nothing waits", () => {
    const { feed, renderer, lags } = make();
    feed.grow("Hello");
    feed.end("Hello, you");
    expect(renderer).toMatchObject({ shown: "Hello, you", finished: true });
    expect(lags).toEqual([]);
  });

  test("shows a text that never grew in one piece", () => {
    const { feed, renderer } = make();
    const text = "x".repeat(3 * SLICE);
    feed.end(text);
    expect(renderer).toMatchObject({ shown: text, finished: true });
  });

  test("keeps nobody waiting for an element that has left the page", () => {
    const { feed, lags } = make();
    feed.grow("x");
    feed.end("x".repeat(3 * SLICE));
    feed.close();
    expect(lags).toEqual([true, false]);
  });

  test("comes to the whole text, however it grew, was shown and was corrected", async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ grow: fc.integer({ min: 0, max: 2 * SLICE }) }) },
      { weight: 4, arbitrary: fc.constant("frame" as const) },
      { weight: 1, arbitrary: fc.record({ correct: fc.integer({ min: 0, max: SLICE }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { feed, renderer, lags } = make();
        let text = "";
        for (const what of steps) {
          if (what === "frame") await renderer.frame();
          else if ("grow" in what) {
            text += String(text.length % 10).repeat(what.grow);
            feed.grow(text);
          } else {
            text = "c".repeat(Math.min(what.correct, text.length));
            feed.grow(text);
          }
        }
        feed.end(text);
        for (let frame = 0; frame < 2 + text.length / SLICE; frame++) await renderer.frame();
        expect(renderer).toMatchObject({ shown: text, finished: true });
        expect(lags.at(-1) ?? false).toBe(false);
      }),
    );
  });
});
