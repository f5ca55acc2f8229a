import type { Block } from "./grammars.ts";

// The colours of code, shared by what finds them and what shows them.

/** The colours there are; each is a class and the name of a highlight, with `pgw-` before it. */
export const kinds = [
  "keyword",
  "string",
  "number",
  "operator",
  "comment",
  "def",
  "inserted",
  "deleted",
] as const;

export type Kind = (typeof kinds)[number];

export interface Span {
  start: number;
  end: number;
  kind: Kind;
}

/** What a piece of code leaves open at its end, for the piece that follows. */
export type Open = Block | undefined;

/**
 * Colours one piece of a code block. `open` is what the piece before it left open, and what comes
 * back is for the piece after it.
 */
export type Highlighter = (
  code: string,
  language: string,
  open: Open,
) => { spans: Span[]; open: Open };
