import MarkdownIt from "markdown-it";
import { addAutolinks } from "./autolinks.ts";
import { addMaths } from "./math-rules.ts";

export interface Syntax {
  /** `$...$`, `$$...$$`, `\(...\)` and `\[...\]`. */
  maths: boolean;
  /** Bare addresses become links. */
  autolinks: boolean;
}

/**
 * Lists and quotes nested deeper than this many levels (a list counts two) are read as paragraphs.
 * markdown-it leaves out everything past its own limit of 100, and a model's text must be shown.
 */
const deepest = 40;

/** CommonMark with tables and strikethrough; raw HTML is recognised, so that it can be shown as text. */
export function createParser(syntax: Syntax): MarkdownIt {
  const md = new MarkdownIt({ html: true });
  const paragraph = md.block.ruler.getRules("").at(-1);
  if (paragraph === undefined) throw new Error("markdown-it has no paragraph rule");
  md.block.ruler.before("table", "too_deep", (state, startLine, endLine, silent) =>
    state.level >= deepest ? paragraph(state, startLine, endLine, silent) : false,
  );
  // An address is shown as it was written: not decoded, so that it can't look like another one.
  md.normalizeLinkText = (url) => url;
  if (syntax.autolinks) addAutolinks(md);
  if (syntax.maths) addMaths(md);
  return md;
}
