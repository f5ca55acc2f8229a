import type MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import type { Builder } from "./build.ts";
import { CodeView } from "./code-view.ts";
import { isFirm, Lines } from "./lines.ts";
import { createShortcut, type Shortcut } from "./shortcuts.ts";

/** Reference definitions by label, as markdown-it keeps them. */
type References = Record<string, unknown>;

/** An open block longer than this is worth a shortcut. */
const shortcutFrom = 1024;

/**
 * A text that grows, and its nodes. What is parsed is the end of the text from its last open block
 * on; the blocks before are frozen. When the open block itself gets long, a shortcut parses only
 * its end. Shortcuts are for speed alone: `settle`, and each block when it is frozen, goes through
 * the plain way once, so a shortcut can't leave anything wrong behind.
 */
export class MarkdownDocument {
  readonly #root: Element;
  readonly #md: MarkdownIt;
  readonly #builder: Builder;
  readonly #shortcutFrom: number;
  /** All text, in pieces. */
  #pieces: string[] = [];
  /** The number of top-level nodes that are frozen, and the definitions in their text. */
  #frozen = 0;
  #references: References = {};
  /** Whether frozen nodes may have been made without definitions that came later. */
  #stale = false;
  /** Whether the open text has definitions. */
  #defines = false;
  /** The open text: what a shortcut leaves out, and the end that is parsed. */
  #skipped: string[] = [];
  #tail = "";
  #shortcut: Shortcut | undefined;

  constructor(root: Element, md: MarkdownIt, builder: Builder, from: number = shortcutFrom) {
    this.#root = root;
    this.#md = md;
    this.#builder = builder;
    this.#shortcutFrom = from;
  }

  append(text: string): void {
    if (text === "") return;
    this.#pieces.push(text);
    this.#tail += text;
    if (this.#shortcut !== undefined) {
      const done = this.#shortcut.show(this.#tail);
      if (done !== undefined) {
        this.#skip(done);
        return;
      }
    }
    this.#dropShortcut();
    const tokens = this.#parse();
    if (tokens !== undefined) this.#startShortcut(tokens);
  }

  /** Makes everything exact, as if the text so far had come in one piece. */
  settle(): void {
    if (this.#shortcut !== undefined) {
      this.#dropShortcut();
      this.#parse();
    }
    if (this.#stale) {
      this.#frozen = 0;
      this.#references = {};
      this.#stale = false;
      this.#tail = this.#pieces.join("");
      this.#pieces = [this.#tail];
      this.#parse();
      // This parse knew every definition. Those of the open text may still change.
      this.#stale = this.#defines;
    }
    closeCode(this.#root.children, 0, this.#root.children.length);
  }

  #skip(length: number): void {
    if (length === 0) return;
    this.#skipped.push(this.#tail.slice(0, length));
    this.#tail = this.#tail.slice(length);
  }

  #dropShortcut(): void {
    this.#shortcut = undefined;
    if (this.#skipped.length === 0) return;
    this.#tail = this.#skipped.join("") + this.#tail;
    this.#skipped = [];
  }

  /** Shows the open text, and returns its tokens if a shortcut may be of use for what follows. */
  #parse(): Token[] | undefined {
    // Definitions of the open text are found anew each time: they may not be complete yet.
    const references: References = Object.create(this.#references);
    const tokens = this.#md.parse(this.#tail, { references });
    const blocks = tokens.filter((token) => token.level === 0 && token.nesting >= 0);
    this.#builder.blocks(this.#root, this.#frozen, tokens);
    this.#defines = Object.keys(references).length > 0;
    if (this.#defines && this.#frozen > 0) this.#stale = true;
    // With nothing frozen and one block open, the tokens are that block's.
    if (this.#freeze(blocks) || blocks.length !== 1 || this.#defines) return undefined;
    return this.#tail.length >= this.#shortcutFrom ? tokens : undefined;
  }

  /** Freezes the blocks before the last one whose start is firm, if there is one. */
  #freeze(blocks: readonly Token[]): boolean {
    const lines = new Lines(this.#tail);
    let count = blocks.length - 1;
    while (count > 0 && !isFirm(lines, firstLine(blocks[count]))) count--;
    if (count <= 0) return false;
    const end = lines.start(firstLine(blocks[count]));
    if (this.#defines) {
      // Which of the definitions are in the part that gets frozen, the parser has to say. The empty
      // line makes it read an unclosed formula as it does with more text behind it.
      const part = `${this.#tail.slice(0, end)}\n`;
      this.#md.block.parse(part, this.#md, { references: this.#references }, []);
      this.#stale = true;
    }
    this.#tail = this.#tail.slice(end);
    closeCode(this.#root.children, this.#frozen, this.#frozen + count);
    this.#frozen += count;
    return true;
  }

  #startShortcut(tokens: readonly Token[]): void {
    const element = this.#root.children[this.#frozen];
    if (element === undefined) return;
    const shortcut = createShortcut(tokens, this.#tail, element, {
      parse: (text) => {
        const references: References = Object.create(this.#references);
        const parsed = this.#md.parse(text, { references });
        return Object.keys(references).length > 0 ? undefined : parsed;
      },
      parseInline: (text) =>
        this.#md.parseInline(text, { references: this.#references })[0]?.children ?? [],
      showAfter: (after) => {
        if (after.length === 0 && this.#root.children.length === this.#frozen + 1) return;
        this.#builder.blocks(this.#root, this.#frozen + 1, after);
      },
      builder: this.#builder,
    });
    if (shortcut === undefined) return;
    this.#shortcut = shortcut.shortcut;
    this.#skip(shortcut.skip);
  }
}

function firstLine(block: Token | undefined): number {
  return block?.map?.[0] ?? 0;
}

function closeCode(elements: HTMLCollection, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const element = elements[index];
    if (element === undefined) continue;
    for (const block of [element, ...element.querySelectorAll(".pgw-code")]) {
      if (block.matches(".pgw-code")) CodeView.of(block)?.close();
    }
  }
}
