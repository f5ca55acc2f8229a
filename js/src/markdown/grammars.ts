import type { Grammar } from "prismjs";
import { languageOf } from "./languages.ts";
import { Prism } from "./prism/index.ts";

/** A construct that may run over several lines: what opens it, what closes it, how it is shown. */
export interface Block {
  open: string;
  close: string;
  kind: "string" | "comment";
  /** Whether a backslash in it escapes the character that follows. */
  escapes: boolean;
}

/** How the code of a language is read. */
export interface Syntax {
  blocks: readonly Block[];
  /** What begins a comment that ends with its line; a block can't open in one. */
  lineComment: string | undefined;
  /** Quotes of strings that end with their line; a block can't open in one. */
  quotes: string;
}

function comment(open: string, close: string): Block {
  return { open, close, kind: "comment", escapes: false };
}

function text(quote: string, escapes = true): Block {
  return { open: quote, close: quote, kind: "string", escapes };
}

const cComment = comment("/*", "*/");
const hash = { lineComment: "#", quotes: "\"'" };
const slashes = { lineComment: "//", quotes: "\"'" };
const none = { lineComment: undefined, quotes: "" };

const syntaxes: Record<string, Syntax> = {
  python: { ...hash, blocks: [text('"""'), text("'''")] },
  r: { ...hash, blocks: [] },
  julia: { ...hash, blocks: [comment("#=", "=#"), text('"""')] },
  sql: { ...slashes, lineComment: "--", blocks: [cComment] },
  bash: { ...none, lineComment: "#", blocks: [] },
  javascript: { ...slashes, blocks: [cComment, text("`")] },
  typescript: { ...slashes, blocks: [cComment, text("`")] },
  json: { ...slashes, blocks: [cComment] },
  markup: { ...none, blocks: [comment("<!--", "-->")] },
  css: { ...none, quotes: "\"'", blocks: [cComment] },
  c: { ...slashes, blocks: [cComment] },
  cpp: { ...slashes, blocks: [cComment] },
  java: { ...slashes, blocks: [cComment, text('"""')] },
  go: { ...slashes, blocks: [cComment, text("`", false)] },
  // A quote may begin a lifetime, which nothing closes.
  rust: { ...slashes, quotes: '"', blocks: [cComment] },
  yaml: { ...hash, blocks: [] },
  toml: { ...hash, blocks: [text('"""'), text("'''", false)] },
  diff: { ...none, blocks: [] },
};

/** How to read the code of a language, by any of its names; undefined for one that we don't know. */
export function syntaxOf(language: string): (Syntax & { grammar: Grammar }) | undefined {
  const name = languageOf(language)?.name ?? "";
  const syntax = syntaxes[name];
  const grammar = Prism.languages[name];
  return syntax && grammar && { ...syntax, grammar };
}
