import type { Token } from "prismjs";
import { type Block, type Syntax, syntaxOf } from "./grammars.ts";
import type { Kind, Open, Span } from "./kinds.ts";
import { Prism } from "./prism/index.ts";

const kindOf = new Map<string, Kind>();
for (const [kind, types] of [
  ["keyword", "keyword boolean constant atrule important null tag rule"],
  ["string", "string char regex url attr-value triple-quoted-string template-string code"],
  ["number", "number"],
  ["operator", "operator"],
  ["comment", "comment prolog doctype cdata"],
  ["def", "function class-name def decorator property attr-name selector key title macro"],
  ["inserted", "inserted-sign inserted"],
  ["deleted", "deleted-sign deleted"],
] as const) {
  for (const type of types.split(" ")) kindOf.set(type, kind);
}

/** Colours one piece of a code block, given what the piece before it left open. */
export function highlight(
  code: string,
  language: string,
  open: Open,
): { spans: Span[]; open: Open } {
  const known = syntaxOf(language);
  if (known === undefined) return { spans: [], open: undefined };
  const spans: Span[] = [];
  let start = 0;
  if (open !== undefined) {
    start = endOfBlock(code, 0, open);
    add(spans, 0, start < 0 ? code.length : start, open.kind);
    if (start < 0) return { spans, open };
  }
  const unclosed = findUnclosed(code, start, known);
  const end = unclosed?.at ?? code.length;
  collect(Prism.tokenize(code.slice(start, end), known.grammar), start, undefined, spans);
  if (unclosed !== undefined) add(spans, unclosed.at, code.length, unclosed.block.kind);
  return { spans, open: unclosed?.block };
}

function collect(
  tokens: ReadonlyArray<string | Token>,
  from: number,
  outer: Kind | undefined,
  spans: Span[],
): number {
  let at = from;
  for (const token of tokens) {
    if (typeof token === "string") {
      if (outer !== undefined) add(spans, at, at + token.length, outer);
      at += token.length;
      continue;
    }
    const kind = kindFor(token) ?? outer;
    const content = typeof token.content === "string" ? [token.content] : token.content;
    at = collect(Array.isArray(content) ? content : [content], at, kind, spans);
  }
  return at;
}

function kindFor({ type, alias }: Token): Kind | undefined {
  const aliases = typeof alias === "string" ? [alias] : (alias ?? []);
  return [type, ...aliases].map((name) => kindOf.get(name)).find((kind) => kind !== undefined);
}

function add(spans: Span[], start: number, end: number, kind: Kind): void {
  if (start === end) return;
  const last = spans.at(-1);
  if (last?.kind === kind && last.end === start) last.end = end;
  else spans.push({ start, end, kind });
}

/** Where the block that is open at `from` ends, or -1. */
function endOfBlock(code: string, from: number, block: Block): number {
  for (let at = from; at < code.length; at++) {
    if (code.startsWith(block.close, at)) return at + block.close.length;
    if (block.escapes && code.charAt(at) === "\\") at++;
  }
  return -1;
}

/** The block that the code opens and doesn't close. */
function findUnclosed(
  code: string,
  from: number,
  language: Syntax,
): { at: number; block: Block } | undefined {
  for (let at = from; at < code.length; ) {
    const block = language.blocks.find(({ open }) => code.startsWith(open, at));
    if (block !== undefined) {
      const end = endOfBlock(code, at + block.open.length, block);
      if (end < 0) return { at, block };
      at = end;
    } else if (language.lineComment !== undefined && code.startsWith(language.lineComment, at)) {
      at = endOfLine(code, at);
    } else if (language.quotes.includes(code.charAt(at))) {
      at = endOfString(code, at);
    } else {
      at++;
    }
  }
  return undefined;
}

function endOfLine(code: string, from: number): number {
  const end = code.indexOf("\n", from);
  return end < 0 ? code.length : end;
}

function endOfString(code: string, from: number): number {
  const quote = code.charAt(from);
  for (let at = from + 1; at < code.length; at++) {
    const character = code.charAt(at);
    if (character === quote) return at + 1;
    if (character === "\n") return at;
    if (character === "\\") at++;
  }
  return code.length;
}
