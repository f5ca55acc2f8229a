/**
 * Text as markdown wants it, from text that arrives in pieces: line ends are LF, NUL is U+FFFD, and
 * a pair of surrogates or of CR and LF may be cut in two.
 */
export class Normalizer {
  #held = "";
  #afterReturn = false;

  /** The text to go on with; half a pair at its end is held back until more comes. */
  take(piece: string): string {
    let text = this.#held + piece;
    this.#held = "";
    if (text === "") return "";
    if (this.#afterReturn && text.startsWith("\n")) text = text.slice(1);
    if (text === "") {
      this.#afterReturn = false;
      return "";
    }
    if (isHighSurrogate(text.charCodeAt(text.length - 1))) {
      this.#held = text.slice(-1);
      text = text.slice(0, -1);
    }
    if (text !== "") this.#afterReturn = text.endsWith("\r");
    return normalize(text);
  }

  /** What is still held back, when nothing more is expected. */
  rest(): string {
    const text = this.#held;
    this.#held = "";
    if (text !== "") this.#afterReturn = false;
    return text;
  }
}

export function normalize(text: string): string {
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "\u{fffd}");
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
