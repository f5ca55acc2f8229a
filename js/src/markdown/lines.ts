/** The lines of a text that may end in the middle of one. */
export class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  start(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  get(line: number): string {
    return this.#text.slice(this.start(line), this.start(line + 1));
  }

  isComplete(line: number): boolean {
    return line + 1 < this.#starts.length;
  }

  /** The number of complete lines. */
  get complete(): number {
    return this.#starts.length - 1;
  }
}

const blank = /^[\s>]*$/;
const beginsTitle = /^[\s>]*["'(]/;
const maybeDelimiterRow = /^[\s>]*[-:|][-:|\s]*$/;

/**
 * Whether what is before `line`, at which a block begins, is final: no text that may still come
 * can make the block before reach into this line. Each rule of markdown decides that from the line
 * itself once it is complete, with two exceptions:
 *
 * - A table ends the paragraph before it when its second line is a delimiter row.
 * - The title of a reference definition may stand on lines of its own, below the definition and
 *   before the next empty line. It reaches out of the list or quote that the definition is in, over
 *   what looks like blocks of their own until the title is closed.
 */
export function isFirm(lines: Lines, line: number): boolean {
  if (!lines.isComplete(line)) return false;
  if (!lines.isComplete(line + 1) && maybeDelimiterRow.test(lines.get(line + 1))) return false;
  let inTitle = beginsTitle.test(lines.get(line));
  for (let above = line - 1; above >= 0; above--) {
    const text = lines.get(above);
    if (blank.test(text)) return true;
    if (inTitle && text.includes("]:")) return false;
    inTitle ||= beginsTitle.test(text);
  }
  return true;
}
