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
  let text: string;
  try {
    parser ??= new DOMParser();
    // With a letter before it, or white space at the beginning would be left out.
    text = parser.parseFromString(`x${reference}`, "text/html").body.textContent.slice(1);
  } catch {
    // A page may forbid parsing altogether (Trusted Types).
    return reference;
  }
  // The browser also knows some names without a semicolon: it reads "&notit;" as "¬it;".
  if (text.endsWith(";") && reference !== "&semi;") return reference;
  found.set(reference, text);
  return text;
}

export { decodeHTML as decodeHTMLStrict };
