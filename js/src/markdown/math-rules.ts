import type MarkdownIt from "markdown-it";
import type StateBlock from "markdown-it/lib/rules_block/state_block.mjs";
import type StateInline from "markdown-it/lib/rules_inline/state_inline.mjs";

/**
 * Maths as tokens: `math_block` and `math_inline`, with the TeX source as content. `meta` is
 * `"display"` or `"inline"`, or `"open"` for a block that the text so far leaves unclosed.
 */
export function addMaths(md: MarkdownIt): void {
  md.block.ruler.after("fence", "math_block", mathBlock, {
    alt: ["paragraph", "reference", "blockquote", "list"],
  });
  md.inline.ruler.before("escape", "math_brackets", bracketMaths);
  md.inline.ruler.after("escape", "math_dollars", dollarMaths);
}

/**
 * A block of `$$` or `\[` on lines of its own. Whether a line begins one is decided by that line
 * alone: what is before it can then be final while the formula is still being written. A blank line
 * before the closing delimiter means that it was none, as in TeX.
 */
function mathBlock(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  if (indent(state, startLine) >= 4) return false;
  const first = lineText(state, startLine);
  const close = closingDelimiter(first);
  if (close === undefined) return false;
  if (silent) return true;

  let line = startLine;
  let closed = first.length > 4 && first.endsWith(close);
  while (!closed && ++line < endLine) {
    if (state.isEmpty(line) || indent(state, line) < 0) return false;
    closed = lineText(state, line).endsWith(close);
  }
  state.line = closed ? line + 1 : line;
  const source = state.getLines(startLine, state.line, state.blkIndent, false).trim();
  const token = state.push("math_block", "math", 0);
  token.content = source.slice(2, closed ? -2 : undefined).trim();
  token.markup = source;
  token.meta = closed ? "display" : "open";
  token.map = [startLine, state.line];
  return true;
}

/** What ends the block that this line begins, if it begins one. */
function closingDelimiter(first: string): string | undefined {
  if (first.startsWith("$$")) {
    const next = first.indexOf("$$", 2);
    return next < 0 || (next === first.length - 2 && next > 2) ? "$$" : undefined;
  }
  // In CommonMark `\[` is a bracket: more text on the line must be the whole formula.
  if (first === "\\[") return "\\]";
  return first.startsWith("\\[") && first.indexOf("\\]") === first.length - 2 && first.length > 4
    ? "\\]"
    : undefined;
}

function lineText(state: StateBlock, line: number): string {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  return state.src.slice(start, state.eMarks[line]).trimEnd();
}

function indent(state: StateBlock, line: number): number {
  return (state.sCount[line] ?? 0) - state.blkIndent;
}

function bracketMaths(state: StateInline, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== "\\") return false;
  const bracket = state.src.charAt(state.pos + 1);
  if (bracket !== "(" && bracket !== "[") return false;
  const close = bracket === "(" ? ")" : "]";
  const end = search(state, `\\${close}`, state.pos + 2, (at) => state.src.charAt(at) === "\\");
  return end >= 0 && push(state, end, 2, bracket === "[", silent);
}

function dollarMaths(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  if (src.charAt(pos) !== "$") return false;
  if (src.charAt(pos + 1) === "$") {
    const end = search(state, "$$", pos + 2, () => true);
    if (end >= 0 && push(state, end, 2, true, silent)) return true;
    if (!silent) state.pending += "$$";
    state.pos += 2;
    return true;
  }
  // As in pandoc: no space inside the dollars, no digit after them, so that prices stay prices.
  if (pos + 1 >= state.posMax || /\s/.test(src.charAt(pos + 1))) return false;
  const end = search(
    state,
    "$",
    pos + 1,
    (at) => !/\s/.test(src.charAt(at - 1)) && !/\d/.test(src.charAt(at + 1)),
  );
  return end >= 0 && push(state, end, 1, false, silent);
}

function push(
  state: StateInline,
  end: number,
  delimiter: number,
  display: boolean,
  silent: boolean,
): boolean {
  const content = state.src.slice(state.pos + delimiter, end);
  if (content.trim() === "") return false;
  if (!silent) {
    const token = state.push("math_inline", "math", 0);
    token.content = content.trim();
    token.markup = state.src.slice(state.pos, end + delimiter);
    token.meta = display ? "display" : "inline";
  }
  state.pos = end + delimiter;
  return true;
}

/**
 * Where, for each delimiter, a search found nothing up to a certain end. Each later one would too,
 * so that a text of lone dollars costs one search and not one per dollar.
 */
const failures = new WeakMap<StateInline, Map<string, { from: number; to: number }>>();

/** Where `close` is found, not behind a backslash, with `accepts` true; or -1. */
function search(
  state: StateInline,
  close: string,
  from: number,
  accepts: (at: number) => boolean,
): number {
  const failed = failures.get(state)?.get(close);
  if (failed !== undefined && from >= failed.from && state.posMax <= failed.to) return -1;
  for (let at = from; at + close.length <= state.posMax; at++) {
    if (state.src.startsWith(close, at) && accepts(at)) return at;
    if (state.src.charAt(at) === "\\") at++;
  }
  const known = failures.get(state) ?? new Map();
  failures.set(state, known.set(close, { from, to: state.posMax }));
  return -1;
}
