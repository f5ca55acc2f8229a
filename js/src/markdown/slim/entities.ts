// Stands in for the `entities` package in the bundle: the browser has the table already, and the
// package's copy of it would be a fifth of our size limit.

const found = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&nbsp;", "\u{a0}"],
]);

let parser: DOMParser | undefined;

/**
 * What a named character reference such as `&eacute;` stands for; the same text if it is unknown.
 * markdown-it decodes numeric references itself.
 */
export function decodeHTML(reference: string): string {
  const known = found.get(reference);
  if (known !== undefined) return known;
  if (!/^&[a-z][a-z0-9]*;$/i.test(reference)) return reference;
  let text: string | null;
  try {
    parser ??= new DOMParser();
    text = parser.parseFromString(reference, "text/html").documentElement.textContent;
  } catch {
    // A page may forbid parsing altogether (Trusted Types).
    return reference;
  }
  // The browser also knows some names without a semicolon: it reads "&notit;" as "¬it;".
  const isWhole = text !== null && text !== "" && (!text.endsWith(";") || reference === "&semi;");
  if (!isWhole) return reference;
  found.set(reference, text ?? reference);
  return text ?? reference;
}

export { decodeHTML as decodeHTMLStrict };
