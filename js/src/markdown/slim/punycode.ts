// Stands in for the `punycode.js` package in the bundle: the browser encodes host names itself.

export function toASCII(host: string): string {
  return isAscii(host) ? host : new URL(`http://${host}`).hostname;
}

/** Addresses are shown as they were written. */
export function toUnicode(host: string): string {
  return host;
}

function isAscii(text: string): boolean {
  return [...text].every((character) => (character.codePointAt(0) ?? 0) < 128);
}

export default { toASCII, toUnicode };
