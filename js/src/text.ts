// Text as Python counts it: in Unicode code points, without halves of surrogate pairs.

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** Length in Unicode code points, as Python counts; half of a pair alone counts as one. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = text.length - 1; i > 0; i--) {
    if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) {
      count--;
      i--;
    }
  }
  return count;
}

/**
 * About how many tokens a text has: four ASCII characters a token, and one and a half of any
 * others. `estimate_tokens` in `playground_widget.request` counts the same.
 */
export function estimateTokens(text: string): number {
  const plain = text.match(/[\0-\x7f]/g)?.length ?? 0;
  return Math.ceil(plain / 4 + (codePoints(text) - plain) / 1.5);
}

/** The text without its first `count` code points. */
export function dropCodePoints(text: string, count: number): string {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--) {
    at += isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1)) ? 2 : 1;
  }
  return text.slice(at);
}

/**
 * The text with each half of a surrogate pair that stands alone replaced by U+FFFD. Two halves
 * that arrive apart would otherwise count as two and, once joined, as one.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
