// JSON as people write it: where it goes wrong, and what is what in it, for colours.
//
// The browsers' own errors name the place each in its own way, and some not at all.

export interface Problem {
  readonly message: string;
  /** Counted from 1, where the place is known. */
  readonly line?: number;
  readonly column?: number;
}

/** What keeps a text from being JSON, if anything does. */
export function jsonProblem(text: string): Problem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const reader = new Reader(text);
    const message = reader.read();
    const before = text.slice(0, reader.at).split("\n");
    return { message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}

/** "Line 3: a comma is missing." */
export function problemWords({ message, line }: Problem): string {
  return line === undefined ? `${message}.` : `Line ${line}: ${message}.`;
}

const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON does not allow
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

class Stop extends Error {}

/** Reads until the first mistake. */
class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns what is wrong at `at`. */
  read(): string {
    try {
      this.#value();
      this.#skip();
      return this.at < this.#text.length ? "nothing may follow here" : "this is not JSON";
    } catch (error) {
      if (error instanceof RangeError) return "this is nested too deep";
      if (!(error instanceof Stop)) throw error;
      return error.message;
    }
  }

  #next(): string {
    return this.#text.charAt(this.at);
  }

  #skip(): void {
    this.#take(SPACE);
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found) this.at += found[0].length;
    return found !== null;
  }

  #value(): void {
    this.#skip();
    if (this.#next() === "{") this.#items("}", () => this.#entry());
    else if (this.#next() === "[") this.#items("]", () => this.#value());
    else if (this.#next() === '"') this.#string();
    else if (!this.#take(WORD)) throw new Stop("a value is missing");
  }

  #string(): void {
    if (!this.#take(STRING)) throw new Stop("this text in quotes does not end, or has a wrong \\");
  }

  #entry(): void {
    this.#skip();
    if (this.#next() !== '"') throw new Stop("a name in double quotes is missing");
    this.#string();
    this.#skip();
    if (this.#next() !== ":") throw new Stop("a colon is missing");
    this.at++;
    this.#value();
  }

  #items(end: string, item: () => void): void {
    this.at++;
    this.#skip();
    if (this.#next() === end) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.#skip();
      if (this.#next() === end) {
        this.at++;
        return;
      }
      if (this.#next() !== ",") throw new Stop(`a comma or ${end} is missing`);
      this.at++;
    }
  }
}

export interface Piece {
  readonly text: string;
  readonly kind: "name" | "string" | "number" | "plain";
}

const PIECES = /("(?:[^"\\\n]|\\.)*"?)(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;

/** A text in pieces by what they are; all of them together are the text, also where it is wrong. */
export function jsonPieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let end = 0;
  const plain = (to: number) => {
    if (to > end) found.push({ text: text.slice(end, to), kind: "plain" });
  };
  for (const match of text.matchAll(PIECES)) {
    const quoted = match[1];
    plain(match.index);
    const own = quoted ?? match[0];
    const kind = quoted === undefined ? "number" : match[2] === undefined ? "string" : "name";
    found.push({ text: own, kind });
    end = match.index + own.length;
  }
  plain(text.length);
  return found;
}

/** How long an object or a list may be that stands on one line. */
const LINE = 44;

/** JSON as one would write it: what is short stays on one line. */
export function pretty(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map((item) => ["", item] as const)
    : Object.entries(value).map(([name, item]) => [`${JSON.stringify(name)}: `, item] as const);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (indent !== "" || entries.length === 0) {
    const line = entries.map(([name, item]) => `${name}${JSON.stringify(item)}`).join(", ");
    const flat = entries.every(([, item]) => typeof item !== "object" || item === null);
    if (flat && line.length + indent.length <= LINE) return `${open}${line}${close}`;
  }
  const deeper = `${indent}  `;
  const lines = entries.map(([name, item]) => `${deeper}${name}${pretty(item, deeper)}`);
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
