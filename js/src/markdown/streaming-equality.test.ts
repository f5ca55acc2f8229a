// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documents, pieceSizes } from "./fixtures/documents.ts";
import { describeNodes, everything, inOneGo, Stream } from "./fixtures/render.ts";

/** The full run sets this to tens of thousands. */
const runs = Number(process.env.PGW_FUZZ_RUNS ?? 100);
const timeout = 60_000 + runs * 100;

/** From always to never taking a shortcut. */
const shortcuts = fc.constantFrom(1, 30, 1_000_000);

function* pieces(text: string, sizes: readonly number[]): Generator<string> {
  for (let at = 0, index = 0; at < text.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield text.slice(at, at + size);
    at += size;
  }
}

/** Lets the work be done that waits for idle time, and its nodes go. */
function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

describe("a text that comes in pieces", () => {
  it(
    "has the same nodes in the end as in one go",
    () => {
      return fc.assert(
        fc.asyncProperty(documents, pieceSizes, shortcuts, async (text, sizes, from) => {
          await idle();
          const stream = new Stream(everything, from);
          for (const piece of pieces(text, sizes)) stream.write(piece);
          stream.finish();
          expect(describeNodes(stream.root)).toBe(describeNodes(inOneGo(text)));
        }),
        { numRuns: runs },
      );
    },
    timeout,
  );

  it(
    "can be finished and go on",
    () => {
      return fc.assert(
        fc.asyncProperty(documents, documents, shortcuts, async (before, after, from) => {
          await idle();
          const stream = new Stream(everything, from);
          stream.write(before);
          stream.finish();
          for (const piece of pieces(after, [3])) stream.write(piece);
          stream.finish();
          expect(describeNodes(stream.root)).toBe(describeNodes(inOneGo(before + after)));
        }),
        { numRuns: runs },
      );
    },
    timeout,
  );

  it(
    "looks at every moment as what has come so far, but for definitions that come later",
    () => {
      const withoutDefinitions = documents.map((text) => text.replaceAll("]:", "] :"));
      return fc.assert(
        fc.asyncProperty(withoutDefinitions, pieceSizes, shortcuts, async (text, sizes, from) => {
          await idle();
          const stream = new Stream(everything, from);
          let sofar = "";
          for (const piece of pieces(text, sizes)) {
            stream.write(piece);
            sofar += piece;
            const whole = inOneGo(sofar.replace(/[\ud800-\udbff]$/, ""));
            expect(describeNodes(stream.root, true)).toBe(describeNodes(whole, true));
          }
        }),
        { numRuns: Math.ceil(runs / 10) },
      );
    },
    timeout,
  );
});
