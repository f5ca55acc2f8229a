// `{{name}}` in text: what is a variable, and what only looks like one.
//
// The rules stand in playground_widget/template.py; tests/fixtures/variables.json holds both to
// them: a Python identifier in two pairs of braces, with spaces around it if one likes. More braces
// on either side, other things inside, and arguments of LaTeX commands are left alone, and a
// backslash in front makes the braces literal.

/** A piece of a text: a variable where it has a name. */
export interface Piece {
  readonly text: string;
  readonly name?: string;
}

const BRACES = String.raw`\{\{[ \t]*([^\s{}\\]{1,200})[ \t]*\}\}`;
// A command of LaTeX is matched with its arguments, so that they are passed over.
const FOUND = new RegExp(
  String.raw`\\[A-Za-z]+\*?(?:\[[^\[\]\n]*\])?(?:${BRACES}|\{[^{}\n]*\})+` +
    String.raw`|(\\)${BRACES}(?!\})|(?<!\{)${BRACES}(?!\})`,
  "gu",
);
const IDENTIFIER = /^[_\p{XIDS}]\p{XIDC}*$/u;

/** Whether a text can be the name of a variable. */
export function isName(text: string): boolean {
  return IDENTIFIER.test(text);
}

/** The text in pieces, all of it, escapes as they were written. */
export function pieces(text: string): readonly Piece[] {
  return cut(text, (escaped) => escaped);
}

/** The names of the variables in a text, each once, in the order they come. */
export function names(text: string): readonly string[] {
  return [...new Set(pieces(text).flatMap(({ name }) => name ?? []))];
}

/** The text with its variables filled in; one that has no value stays as it is. */
export function rendered(text: string, values: Readonly<Record<string, string>>): string {
  return cut(text, (escaped) => escaped.slice(1))
    .map((piece) => (piece.name === undefined ? undefined : values[piece.name]) ?? piece.text)
    .join("");
}

function cut(text: string, literal: (escaped: string) => string): readonly Piece[] {
  if (!text.includes("{{")) return [{ text }];
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(FOUND)) {
    const [whole, , backslash, escaped = "", name = ""] = match;
    const variable = isName(name);
    if (!variable && !(backslash && isName(escaped))) continue;
    if (match.index > at) found.push({ text: text.slice(at, match.index) });
    found.push(variable ? { text: whole, name } : { text: literal(whole) });
    at = match.index + whole.length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}
