import type Token from "markdown-it/lib/token.mjs";
import type { Builder } from "./build.ts";
import { CodeView } from "./code-view.ts";
import { isFirm, Lines } from "./lines.ts";

/**
 * Shows the growing end of one long block without parsing its beginning again.
 *
 * Except for code, the end is parsed behind a short prelude that stands for what is left out, so
 * that markdown-it reads it in the same context; the nodes for the beginning are left as they are.
 */
export interface Shortcut {
  /**
   * Shows the end of the block and says how many characters of it needn't be given again, or
   * undefined when the text is no longer what the shortcut is for.
   */
  show(tail: string): number | undefined;
}

export interface ShortcutContext {
  /** Undefined when the text has reference definitions, which concern more than this block. */
  parse(text: string): Token[] | undefined;
  parseInline(text: string): Token[];
  /** Shows what comes after the block and may yet turn out to be a part of it. */
  showAfter(tokens: readonly Token[]): void;
  builder: Builder;
}

/** A shortcut for `region`, a text of one open block, whose tokens and element are given. */
export function createShortcut(
  tokens: readonly Token[],
  region: string,
  element: Element,
  context: ShortcutContext,
): { shortcut: Shortcut; skip: number } | undefined {
  const block = tokens[0];
  if (block === undefined) return undefined;
  const shortcut = create(block, region, element, context);
  const skip = shortcut?.begin(tokens, region) ?? 0;
  return shortcut === undefined || skip === 0 ? undefined : { shortcut, skip };
}

interface Startable extends Shortcut {
  /** How many characters of the region need not be parsed again; 0 when nothing is gained. */
  begin(tokens: readonly Token[], region: string): number;
}

function create(
  block: Token,
  region: string,
  element: Element,
  context: ShortcutContext,
): Startable | undefined {
  switch (block.type) {
    case "fence":
      return new FenceShortcut(block, element);
    case "table_open":
      return new TableShortcut(block, region, element, context);
    case "bullet_list_open":
      return new ListShortcut(`${block.markup}    .\n`, element, context);
    case "ordered_list_open":
      return new ListShortcut(`1${block.markup}    .\n`, element, context);
    case "blockquote_open":
      return new QuoteShortcut(element, context);
    case "paragraph_open":
      return new ParagraphShortcut(element, context);
    default:
      return undefined;
  }
}

/** Code between fences: each line is added as it is, until one closes the fence. */
class FenceShortcut implements Startable {
  readonly #view: CodeView | undefined;
  readonly #closing: RegExp;
  /** How much of the tail, which begins with a line, is shown already. */
  #shown = 0;

  constructor(block: Token, element: Element) {
    this.#view = CodeView.of(element);
    this.#closing = new RegExp(
      `^ {0,3}\\${block.markup.charAt(0)}{${block.markup.length},}[ \\t]*$`,
      "m",
    );
  }

  begin(tokens: readonly Token[], region: string): number {
    const lines = new Lines(region);
    const first = tokens[0]?.map?.[0] ?? 0;
    // An indented fence takes its indentation off each line.
    const isPlain = /^[`~]/.test(lines.get(first)) && lines.isComplete(first);
    const code = region.slice(lines.start(first + 1));
    if (!isPlain || this.#closing.test(code)) return 0;
    const end = lines.start(lines.complete);
    this.#shown = shownEnd(region.slice(end));
    return end;
  }

  show(tail: string): number | undefined {
    if (this.#view === undefined || this.#closing.test(tail)) return undefined;
    const end = tail.lastIndexOf("\n") + 1;
    const shown = end + shownEnd(tail.slice(end));
    this.#view.append(tail.slice(this.#shown, shown));
    this.#shown = shown - end;
    return end;
  }
}

/** As markdown-it does: a last line of spaces alone isn't there yet. */
function shownEnd(lastLine: string): number {
  return /[^ \t]/.test(lastLine) ? lastLine.length : 0;
}

/** More cells than this, and markdown-it may end the table; it has to count them itself. */
const mostCells = 50_000;

/** A table: the prelude is its head, and complete rows are done with. */
class TableShortcut implements Startable {
  readonly #context: ShortcutContext;
  readonly #element: Element;
  readonly #prelude: string;
  #kept = 0;

  constructor(block: Token, region: string, element: Element, context: ShortcutContext) {
    const lines = new Lines(region);
    const first = block.map?.[0] ?? 0;
    this.#prelude = region.slice(lines.start(first), lines.start(first + 2));
    this.#element = element;
    this.#context = context;
  }

  begin(tokens: readonly Token[], region: string): number {
    const [first = 0, last = 0] = tokens[0]?.map ?? [];
    const lines = new Lines(region);
    if (last < lines.complete || lines.complete <= first + 2) return 0;
    this.#kept = lines.complete - first - 2;
    return this.#isLarge() ? 0 : lines.start(lines.complete);
  }

  show(tail: string): number | undefined {
    const lines = new Lines(tail);
    const tokens = parseBlock(this.#context, this.#prelude, tail, 2);
    const body = this.#element.querySelector("tbody");
    if (tokens?.[0]?.type !== "table_open" || body === null) return undefined;
    if ((tokens[0].map?.[1] ?? 0) < lines.complete + 2) return undefined;
    const rows = between(tokens, "tbody_open", "tbody_close");
    this.#context.builder.blocks(body, this.#kept, rows);
    this.#kept += lines.complete;
    return this.#isLarge() ? undefined : lines.start(lines.complete);
  }

  #isLarge(): boolean {
    return this.#kept * this.#prelude.split("|").length > mostCells;
  }
}

/**
 * A list. The prelude is an item whose content begins further in than an item of the same list
 * can, so that none of them becomes its child.
 */
class ListShortcut implements Startable {
  readonly #prelude: string;
  readonly #element: Element;
  readonly #context: ShortcutContext;
  #kept = 0;
  /** Whether what is left out makes the list a loose one, with paragraphs in its items. */
  #isLoose = false;

  constructor(prelude: string, element: Element, context: ShortcutContext) {
    this.#prelude = prelude;
    this.#element = element;
    this.#context = context;
  }

  begin(tokens: readonly Token[], region: string): number {
    return this.#advance(region, itemStarts(tokens));
  }

  show(tail: string): number | undefined {
    const tokens = parseBlock(this.#context, this.#prelude, tail, 1);
    if (!tokens?.[0]?.type.endsWith("_list_open")) return undefined;
    if (!this.#isLoose && !isTight(tokens)) return undefined;
    if (this.#isLoose) {
      for (const token of tokens) if (token.level === 2) token.hidden = false;
    }
    const second = tokens.findIndex((token) => token.type === "list_item_close") + 1;
    this.#context.builder.blocks(this.#element, this.#kept, tokens.slice(second, -1));
    return this.#advance(
      tail,
      itemStarts(tokens)
        .slice(1)
        .map((line) => line - 1),
    );
  }

  /** Leaves out the items before the last one whose start is firm. */
  #advance(text: string, starts: readonly number[]): number {
    const lines = new Lines(text);
    let count = starts.length - 1;
    while (count > 0 && !isFirm(lines, starts[count] ?? 0)) count--;
    if (count <= 0) return 0;
    const end = lines.start(starts[count] ?? 0);
    if (!this.#isLoose) {
      const items = text.slice(lines.start(starts[0] ?? 0), end);
      const tokens = this.#context.parse(this.#prelude + items + this.#prelude);
      if (tokens === undefined) return 0;
      this.#isLoose = !isTight(tokens);
    }
    this.#kept += count;
    return end;
  }
}

function itemStarts(tokens: readonly Token[]): number[] {
  return tokens
    .filter((token) => token.type === "list_item_open" && token.level === 1)
    .map((token) => token.map?.[0] ?? 0);
}

/** Whether the first paragraph in the list, which the prelude makes sure is there, is hidden. */
function isTight(tokens: readonly Token[]): boolean {
  return tokens.find((token) => token.type === "paragraph_open")?.hidden === true;
}

/** A quote: the blocks in it are left out as those of the whole text are frozen. */
class QuoteShortcut implements Startable {
  readonly #element: Element;
  readonly #context: ShortcutContext;
  #kept = 0;

  constructor(element: Element, context: ShortcutContext) {
    this.#element = element;
    this.#context = context;
  }

  begin(tokens: readonly Token[], region: string): number {
    return this.#advance(region, innerStarts(tokens));
  }

  show(tail: string): number | undefined {
    const tokens = parseBlock(this.#context, "> .\n>\n", tail, 2);
    if (tokens?.[0]?.type !== "blockquote_open") return undefined;
    const second = tokens.findIndex((token) => token.type === "paragraph_close") + 1;
    this.#context.builder.blocks(this.#element, this.#kept, tokens.slice(second, -1));
    return this.#advance(
      tail,
      innerStarts(tokens)
        .slice(1)
        .map((line) => line - 2),
    );
  }

  #advance(text: string, starts: readonly number[]): number {
    const lines = new Lines(text);
    let count = starts.length - 1;
    while (count > 0 && !isFirm(lines, starts[count] ?? 0)) count--;
    if (count <= 0) return 0;
    this.#kept += count;
    return lines.start(starts[count] ?? 0);
  }
}

function innerStarts(tokens: readonly Token[]): number[] {
  return tokens
    .filter((token) => token.level === 1 && token.nesting >= 0 && token.block && token.map !== null)
    .filter((token) => token.type !== "inline")
    .map((token) => token.map?.[0] ?? 0);
}

/** Keep this much of a paragraph's end, so that what is being written can still change. */
const paragraphEnd = 160;
const shortestCut = 256;

/** Characters that may turn out to begin something once more text is there. */
const mayBegin = /[`*_~[<$\\]/;

/** A paragraph: left out is the beginning, up to a space, in which everything begun is closed. */
class ParagraphShortcut implements Startable {
  readonly #element: Element;
  readonly #context: ShortcutContext;
  #kept = 0;
  /** After a beginning that couldn't be left out, the length at which to try again. */
  #retryFrom = 0;

  constructor(element: Element, context: ShortcutContext) {
    this.#element = element;
    this.#context = context;
  }

  begin(tokens: readonly Token[], region: string): number {
    const indent = region.search(/\S/);
    // It may turn out to be a reference definition.
    if (indent < 0 || region.charAt(indent) === "[") return 0;
    const text = region.slice(indent);
    const cut = this.show(text);
    if (cut !== undefined && cut > 0) return indent + cut;
    this.#context.builder.inline(this.#element, 0, tokens[1]?.children ?? []);
    return 0;
  }

  show(tail: string): number | undefined {
    // A line that may underline a heading or be a table's second needs all the lines before it.
    if (/\n[ \t]*[-=:|]/.test(tail)) return undefined;
    const tokens = parseBlock(this.#context, ". ", tail, 0);
    if (tokens?.[0]?.type !== "paragraph_open") return undefined;
    const [first, ...rest] = tokens[1]?.children ?? [];
    if (first?.type !== "text") return undefined;
    first.content = first.content.slice(2);
    const cut = this.#cut(tail);
    const { builder } = this.#context;
    if (cut === 0) {
      builder.inline(this.#element, this.#kept, [first, ...rest]);
      return 0;
    }
    builder.inline(this.#element, this.#kept, this.#context.parseInline(tail.slice(0, cut)));
    this.#kept = this.#element.childNodes.length;
    const more = this.show(tail.slice(cut));
    return more === undefined ? undefined : cut + more;
  }

  /** Where to cut: after a lone space, with nothing before it that more text could change. */
  #cut(text: string): number {
    if (text.length < this.#retryFrom) return 0;
    const space = text.slice(0, Math.max(0, text.length - paragraphEnd)).search(/\S [^\s]\S*$/);
    const cut = space + 2;
    if (space < 0 || cut < shortestCut) return 0;
    const isClosed = this.#context
      .parseInline(text.slice(0, cut))
      .every(
        (token) =>
          token.type !== "html_inline" && !(token.type === "text" && mayBegin.test(token.content)),
      );
    this.#retryFrom = isClosed ? 0 : text.length * 1.25;
    return isClosed ? cut : 0;
  }
}

/**
 * The tokens of the block that `prelude` and `tail` are; undefined when it has certainly ended.
 * Until the first line of what follows is complete, it may still be a part of the block.
 */
function parseBlock(
  context: ShortcutContext,
  prelude: string,
  tail: string,
  preludeLines: number,
): Token[] | undefined {
  const tokens = context.parse(prelude + tail);
  if (tokens === undefined) return undefined;
  const end = tokens.findIndex((token) => token.level === 0 && token.nesting <= 0) + 1;
  const next = tokens[end];
  if (next !== undefined) {
    if (isFirm(new Lines(tail), (next.map?.[0] ?? 0) - preludeLines)) return undefined;
  }
  context.showAfter(tokens.slice(end));
  return tokens.slice(0, end);
}

function between(tokens: readonly Token[], open: string, close: string): Token[] {
  const from = tokens.findIndex((token) => token.type === open);
  const to = tokens.findIndex((token) => token.type === close);
  return from < 0 ? [] : tokens.slice(from + 1, to);
}
