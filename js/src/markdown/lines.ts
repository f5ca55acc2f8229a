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
const maybeDelimiterRow = /^[\s>]*[-:|][-:|\s]*$/;
/** The quote or bracket that a title begins with; a line that begins with one. */
const title = /(?:^|[\s>])["'(]/;
const beginsTitle = /^[\s>]*["'(]/;
/** The beginning of a label that this line doesn't end, after any markers of lists and quotes. */
const openLabel = /^[\s>*+\-\d.)]*\[[^\]]*$/;

/**
 * Whether what is before `line`, at which a block begins, is final: no text that may still come
 * can make the block before reach into this line. Each rule of markdown decides that from the line
 * itself once it is complete, with two exceptions:
 *
 * - A table ends the paragraph before it when its second line is a delimiter row.
 * - A reference definition may go on to the next empty line, as far as its label or title does. It
 *   reaches out of the list or quote that it is in and over what looks like blocks of their own,
 *   and is none in the end if it isn't closed.
 */
export function isFirm(lines: Lines, line: number): boolean {
  if (!lines.isComplete(line)) return false;
  if (!lines.isComplete(line + 1) && maybeDelimiterRow.test(lines.get(line + 1))) return false;
  let hasTitle = beginsTitle.test(lines.get(line));
  for (let above = line - 1; above >= 0; above--) {
    const text = lines.get(above);
    if (blank.test(text)) return true;
    hasTitle ||= title.test(text);
    if (openLabel.test(text) || (hasTitle && text.includes("]:"))) return false;
  }
  return true;
}
