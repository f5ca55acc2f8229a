import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { syntaxOf } from "./grammars.ts";
import { highlight } from "./highlight.ts";
import type { Kind } from "./kinds.ts";
import { isRunnable, languageOf } from "./languages.ts";

/** The kind of each piece of `code`, cut at the spans, with what is not coloured left out. */
function pieces(code: string, language: string): Array<[string, Kind]> {
  return highlight(code, language, undefined).spans.map(({ start, end, kind }) => [
    code.slice(start, end),
    kind,
  ]);
}

/** Highlights chunk by chunk, as if the code were a long one. */
function inChunks(chunks: string[], language: string): Array<[string, Kind]> {
  const result: Array<[string, Kind]> = [];
  let open: ReturnType<typeof highlight>["open"];
  for (const chunk of chunks) {
    const highlighted = highlight(chunk, language, open);
    open = highlighted.open;
    for (const { start, end, kind } of highlighted.spans) {
      result.push([chunk.slice(start, end), kind]);
    }
  }
  return result;
}

const languages = [
  "python",
  "r",
  "julia",
  "sql",
  "bash",
  "javascript",
  "typescript",
  "json",
  "html",
  "css",
  "c",
  "cpp",
  "java",
  "go",
  "rust",
  "yaml",
  "toml",
  "diff",
];

describe("highlighting", () => {
  it.each(languages)("knows %s", (language) => {
    expect(languageOf(language)).toBeDefined();
    expect(syntaxOf(language)).toBeDefined();
  });

  it("says what is what in Python", () => {
    expect(pieces("def f(x):\n    return 'a' + 1  # c\n", "python")).toEqual([
      ["def", "keyword"],
      ["f", "def"],
      ["return", "keyword"],
      ["'a'", "string"],
      ["+", "operator"],
      ["1", "number"],
      ["# c", "comment"],
    ]);
  });

  it("leaves code alone in a language that it doesn't know", () => {
    expect(pieces("def f(x): return 1", "brainfuck")).toEqual([]);
    expect(pieces("def f(x): return 1", "")).toEqual([]);
  });

  it.each<[string, string[], Array<[string, Kind]>]>([
    [
      "python",
      ['x = """one\n', "import two\n", '""" if y\n'],
      [
        ["=", "operator"],
        ['"""one\n', "string"],
        ["import two\n", "string"],
        ['"""', "string"],
        ["if", "keyword"],
      ],
    ],
    [
      "css",
      ["/* a\n", "b */ p { }\n"],
      [
        ["/* a\n", "comment"],
        ["b */", "comment"],
        ["p", "def"],
      ],
    ],
    [
      "html",
      ["<!-- a\n", "b --><b>"],
      [
        ["<!-- a\n", "comment"],
        ["b -->", "comment"],
        ["<b>", "keyword"],
      ],
    ],
  ])("carries what is open in %s over to the next chunk", (language, chunks, expected) => {
    expect(inChunks(chunks, language)).toEqual(expected);
  });

  it("opens no block inside of a comment or a string", () => {
    expect(inChunks(["x = '/*' // /*\n", "if (y) {}\n"], "javascript")).toContainEqual([
      "if",
      "keyword",
    ]);
    expect(inChunks(['x = "\'\'\'" # """\n', "if y: pass\n"], "python")).toContainEqual([
      "if",
      "keyword",
    ]);
  });

  it("gives spans in order, within the code and without overlap, for any code", () => {
    const snippets = fc.array(
      fc.constantFrom(..."\"'`#/*-<>!=\\ \n\t(){}[];:x1", '"""', "'''", "/*", "*/", "<!--", "def "),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(snippets, fc.constantFrom(...languages), (parts, language) => {
        const code = parts.join("");
        let end = 0;
        for (const span of highlight(code, language, undefined).spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(code.length);
      }),
    );
  });

  it("leaves no global behind, and one of the page as it was", () => {
    expect(Object.hasOwn(globalThis, "Prism")).toBe(false);
  });

  it("takes only Python for something that runs", () => {
    expect(["python", "PY", "ipython3"].every(isRunnable)).toBe(true);
    expect(["", "r", "bash", "pycon"].some(isRunnable)).toBe(false);
  });
});
