import type { Grammar } from "prismjs";
import { Prism } from "./prism/index.ts";

/** A construct that may run over several lines: what opens it, what closes it, how it is shown. */
export interface Block {
  open: string;
  close: string;
  kind: "string" | "comment";
  /** Whether a backslash in it escapes the character that follows. */
  escapes: boolean;
}

export interface Language {
  label: string;
  grammar: Grammar | undefined;
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

type Syntax = Omit<Language, "label" | "grammar"> & { aliases?: string };

/** Prism's name of each language, what it is called, how to find its open blocks, other names. */
const known: Record<string, [label: string, syntax: Syntax]> = {
  python: [
    "Python",
    { ...hash, blocks: [text('"""'), text("'''")], aliases: "py python3 ipython ipython3" },
  ],
  r: ["R", { ...hash, blocks: [] }],
  julia: ["Julia", { ...hash, blocks: [comment("#=", "=#"), text('"""')], aliases: "jl" }],
  sql: ["SQL", { ...slashes, lineComment: "--", blocks: [cComment], aliases: "sqlite postgresql" }],
  bash: ["Bash", { ...none, lineComment: "#", blocks: [], aliases: "sh shell zsh console" }],
  javascript: ["JavaScript", { ...slashes, blocks: [cComment, text("`")], aliases: "js mjs jsx" }],
  typescript: ["TypeScript", { ...slashes, blocks: [cComment, text("`")], aliases: "ts tsx" }],
  json: ["JSON", { ...slashes, blocks: [cComment], aliases: "jsonc json5 ipynb" }],
  markup: ["HTML", { ...none, blocks: [comment("<!--", "-->")], aliases: "html xml svg" }],
  css: ["CSS", { ...none, quotes: "\"'", blocks: [cComment] }],
  c: ["C", { ...slashes, blocks: [cComment], aliases: "h" }],
  cpp: ["C++", { ...slashes, blocks: [cComment], aliases: "c++ cc hpp" }],
  java: ["Java", { ...slashes, blocks: [cComment, text('"""')] }],
  go: ["Go", { ...slashes, blocks: [cComment, text("`", false)], aliases: "golang" }],
  // A quote may begin a lifetime, which nothing closes.
  rust: ["Rust", { ...slashes, quotes: '"', blocks: [cComment], aliases: "rs" }],
  yaml: ["YAML", { ...hash, blocks: [], aliases: "yml" }],
  toml: ["TOML", { ...hash, blocks: [text('"""'), text("'''", false)] }],
  diff: ["Diff", { ...none, blocks: [], aliases: "patch" }],
};

const languages = new Map<string, Language>();
for (const [name, [label, syntax]] of Object.entries(known)) {
  const language = { ...syntax, label, grammar: Prism.languages[name] };
  for (const alias of [name, ...(syntax.aliases?.split(" ") ?? [])]) languages.set(alias, language);
}

/** The language that a code block names, or undefined when we know none by that name. */
export function languageOf(name: string): Language | undefined {
  return languages.get(name.toLowerCase());
}

/** Whether a code block can become a cell of the notebook. */
export function isRunnable(name: string): boolean {
  return languageOf(name)?.label === "Python";
}
