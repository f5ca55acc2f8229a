import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documents } from "./fixtures/documents.ts";
import { isFirm, Lines } from "./lines.ts";
import { normalize } from "./normalize.ts";
import { createParser } from "./parser.ts";

/** The full run sets this to tens of thousands. */
const runs = Number(process.env.PGW_FUZZ_RUNS ?? 100);
const timeout = 60_000 + runs * 20;

const md = createParser({ maths: true, autolinks: true });

interface Parsed {
  /** A description of each token. */
  tokens: string[];
  /** For each top-level block, the line and the index of the token that it begins with. */
  blocks: Array<{ line: number; index: number }>;
  references: string;
}

function parse(text: string, references: Record<string, unknown> = {}): Parsed {
  const tokens: ReturnType<typeof md.parse> = [];
  md.block.parse(text, md, { references }, tokens);
  return {
    tokens: tokens.map((token) =>
      JSON.stringify([token.type, token.tag, token.hidden, token.attrs, token.info, token.content]),
    ),
    blocks: tokens.flatMap(({ level, nesting, map }, index) =>
      level === 0 && nesting >= 0 ? [{ line: map?.[0] ?? 0, index }] : [],
    ),
    references: JSON.stringify(references),
  };
}

/** What of a text is final, by `isFirm`: its length and its tokens. */
function firmPart(text: string): { length: number; tokens: string[] } {
  const lines = new Lines(text);
  const { blocks, tokens } = parse(text);
  const next = blocks
    .slice(1)
    .reverse()
    .find(({ line }) => isFirm(lines, line));
  if (next === undefined) return { length: 0, tokens: [] };
  return { length: lines.start(next.line), tokens: tokens.slice(0, next.index) };
}

/** Whatever part of a text is taken for final must be read the same in the whole text. */
function expectFirm(text: string): void {
  const whole = parse(text);
  let checked = 0;
  for (let length = 1; length <= text.length; length++) {
    const firm = firmPart(text.slice(0, length));
    if (firm.length === checked) continue;
    checked = firm.length;
    const references = {};
    // With an empty line, as it says that more text follows an unclosed formula.
    parse(`${text.slice(0, firm.length)}\n`, references);
    const rest = parse(text.slice(firm.length), references);
    expect([...firm.tokens, ...rest.tokens], JSON.stringify([text, length])).toEqual(whole.tokens);
    expect(rest.references, JSON.stringify([text, length])).toBe(whole.references);
  }
}

/** Lines of structure alone: what matters at the edge of two blocks. */
const edges = [
  ...["", " ", "  ", "    ", "\t", ">", "> ", "a", "  a", "    a", "\ta", "> a", ">a", "> > a"],
  ...["-", "- ", "- a", "  - a", " - a", "-   a", "-\ta", "1.", "1. a", "2. a", "   2) a", "* a"],
  ...["---", "===", "--", "- - -", "***", "# a", "#", "  ---", "> ---", "- # a", "- ---"],
  ...["```", "  ```", "````", "~~~", "> ```", "- ```", "    ```", "- > ```", "$$", "$$x$$", "  $$"],
  ...[
    "\\[",
    "\\]",
    "x $$",
    "> $$",
    "- $$",
    "<div>",
    "<!--",
    "-->",
    "<b>",
    "</b>",
    "> <!--",
    "- <pre>",
  ],
  ...["|a|b|", "|-|-|", "a|b", "-|-", "  |-|-|", "    |-|-|", "> |a|b|", "> |-|-|", "- |a|b|"],
  ...[
    "  a|b",
    "- a|b",
    ":-:|-",
    "|-|",
    "|a|",
    "[r]: /u",
    "[r]:",
    "/u",
    "[r]: /u 'a",
    '[r]: /u "a"',
  ],
  ...[
    "'a",
    "a'",
    "'a'",
    "(a",
    "a)",
    '  "a',
    "> [r]: /u",
    "- [r]: /u",
    "> 'a",
    "  'a",
    "[r",
    "r]: /v",
  ],
  ...[
    "- [r]:",
    "  [s]: /s",
    "[r]: </u",
    "<a>",
    "- - a",
    "- > a",
    "> - a",
    "1. - a",
    "  > a",
    "   a",
  ],
];

/** Definitions and what may be a part of them: too rare among the others to meet. */
const definitions = [
  ...["[r]: /u", "- [r]: /u", "> [r]: /u", "  [s]: /s", "> - [r]: /u", "[r]: /u 'a", "[r]:", "/u"],
  ...["'a", "a'", '"a', 'a"', "(a", "a)", "'a'", "  'a", "> 'a", "> a'", "  a'", "# a", "- a", ""],
  ...["===", "  ---", "[r", "- [r", "  [r", "]: /v", "> ]: /v", "|a|b|", "a"],
];

const edgeDocuments = fc
  .oneof(fc.constant(edges), fc.constant(definitions))
  .chain((lines) => fc.array(fc.constantFrom(...lines), { minLength: 2, maxLength: 6 }))
  .map((lines) => `${lines.join("\n")}\n`);

describe("what is final", () => {
  it("stays so, whatever structure follows", { timeout }, () => {
    fc.assert(fc.property(edgeDocuments, expectFirm), { numRuns: runs * 20 });
  });

  it("stays so, whatever text follows", { timeout }, () => {
    fc.assert(fc.property(documents.map(normalize), expectFirm), { numRuns: runs });
  });

  it.each([
    // The delimiter row that ends the paragraph may not be one.
    "p\n|a|b|\n|-|-x\n",
    // In the item it would be one, outside it is indented code.
    "- p\n|a|b|\n    |-|-x\n",
    // The title of a definition on lines of its own.
    "# h\n[r]: /u\n'ti\ntle'\n",
    "- [r]: /u\n'ti\ntle'\n",
    "> [r]: /u\n'ti\ntle'\n",
    "> - [r]: /u\n(ti\ntle)\n",
    "> - [r]: /u\n(ti\n> # h\ntle)\n",
    // A title or label goes on over what would underline a heading.
    "[r]: /u 'a\n===\n|a|b|\na'\n",
    "[r]:\n/u 'a\n===\nb\na'\n",
    "[r\n===\nb\n]: /u\n",
    "- [r\n  ===\nb\n]: /u\n",
    "> - [r]: /u\n(ti\n> [s]: /s\ntle)\n",
  ])("is not yet in the middle of %j", expectFirm);

  it("is what is before the last block, so that little has to be parsed again", () => {
    expect(firmPart("a\n\nb\n\nc\n\nd").length).toBe("a\n\nb\n\n".length);
    expect(firmPart("- a\n- b\n\nc\n").length).toBe("- a\n- b\n\n".length);
    expect(firmPart("```\na\n```\nb\n").length).toBe("```\na\n```\n".length);
  });
});
