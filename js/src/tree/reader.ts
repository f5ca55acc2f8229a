// Reads JSON that arrives in pieces: each piece costs what it is long, however much came before.
//
// What is read is told to a sink at once, so that the beginning of an answer can be shown. Text
// that is no JSON ends the reading where it stops being JSON; that part is handed over as it is.

export type Kind = "object" | "array";

/** What is told of a text, in its order. A `key` is given to what stands in an object. */
export interface Sink {
  open(kind: Kind, key: string | undefined): void;
  close(): void;
  /** A text begins; what is in it follows, in pieces. */
  string(key: string | undefined): void;
  text(piece: string): void;
  /** A number, `true`, `false` or `null`, whole. */
  scalar(text: string, key: string | undefined): void;
  /** From here on it is no JSON. */
  broken(rest: string): void;
}

type State =
  | "value"
  | "first value" // or the end of an array
  | "key"
  | "first key" // or the end of an object
  | "colon"
  | "after"
  | "string"
  | "escape"
  | "scalar"
  | "broken";

const SPACE = /[ \t\n\r]*/y;
/** What ends a run of plain characters in a string: its end, an escape, what may not be there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these characters in strings
const SPECIAL = /["\\\u0000-\u001f]/g;
const SCALAR_END = /[^-+.\w]/g;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const HEX = /^[\da-fA-F]{0,4}$/;

export class JsonReader {
  readonly #sink: Sink;
  readonly #stack: Kind[] = [];
  #state: State = "value";
  /** Of the value that comes next in an object; undefined outside of one. */
  #key: string | undefined;
  /** Whether the string that is read is a key. */
  #isKey = false;
  /** A key, a scalar or an escape as far as it has come. */
  #held = "";
  #escape = "";

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** The next piece of the text. */
  feed(piece: string): void {
    let at = 0;
    while (at < piece.length) at = this.#step(piece, at);
  }

  /** Nothing more comes; returns whether it was one whole JSON value. */
  end(): boolean {
    if (this.#state === "scalar") this.#endScalar("");
    return this.#state === "after" && this.#stack.length === 0;
  }

  /** Reads on from a place, and returns where it stopped. */
  #step(piece: string, at: number): number {
    switch (this.#state) {
      case "broken":
        this.#sink.broken(piece.slice(at));
        return piece.length;
      case "string":
        return this.#readString(piece, at);
      case "escape":
        return this.#readEscape(piece, at);
      case "scalar":
        return this.#readScalar(piece, at);
      default: {
        SPACE.lastIndex = at;
        SPACE.test(piece);
        const next = SPACE.lastIndex;
        return next < piece.length ? this.#readMark(piece, next) : next;
      }
    }
  }

  #readMark(piece: string, at: number): number {
    const mark = piece.charAt(at);
    switch (this.#state) {
      case "colon":
        if (mark !== ":") return this.#break(piece.slice(at));
        this.#state = "value";
        return at + 1;
      case "key":
      case "first key":
        if (mark === '"') return this.#begin(true, at);
        if (mark === "}" && this.#state === "first key") return this.#close(at);
        return this.#break(piece.slice(at));
      case "after": {
        const kind = this.#stack.at(-1);
        if (mark === "," && kind) {
          this.#state = kind === "object" ? "key" : "value";
          return at + 1;
        }
        if (kind && mark === (kind === "object" ? "}" : "]")) return this.#close(at);
        return this.#break(piece.slice(at));
      }
      default:
        return this.#readValue(piece, at, mark);
    }
  }

  #readValue(piece: string, at: number, mark: string): number {
    if (mark === "{" || mark === "[") {
      const kind = mark === "{" ? "object" : "array";
      this.#sink.open(kind, this.#takeKey());
      this.#stack.push(kind);
      this.#state = kind === "object" ? "first key" : "first value";
      return at + 1;
    }
    if (mark === '"') {
      this.#sink.string(this.#takeKey());
      return this.#begin(false, at);
    }
    if (mark === "]" && this.#state === "first value") return this.#close(at);
    if (!/[-\dtfn]/.test(mark)) return this.#break(piece.slice(at));
    this.#state = "scalar";
    this.#held = "";
    return at;
  }

  #begin(isKey: boolean, at: number): number {
    this.#isKey = isKey;
    this.#held = "";
    this.#state = "string";
    return at + 1;
  }

  #close(at: number): number {
    this.#stack.pop();
    this.#sink.close();
    this.#state = "after";
    return at + 1;
  }

  #readString(piece: string, at: number): number {
    SPECIAL.lastIndex = at;
    const end = SPECIAL.exec(piece)?.index ?? piece.length;
    if (end > at) this.#tell(piece.slice(at, end));
    if (end === piece.length) return end;
    const mark = piece.charAt(end);
    if (mark === "\\") {
      this.#escape = "";
      this.#state = "escape";
      return end + 1;
    }
    if (mark !== '"') return this.#break(piece.slice(end));
    if (this.#isKey) {
      this.#key = this.#held;
      this.#state = "colon";
    } else {
      this.#state = "after";
    }
    return end + 1;
  }

  #readEscape(piece: string, at: number): number {
    const mark = piece.charAt(at);
    this.#escape += mark;
    if (this.#escape.startsWith("u")) {
      const digits = this.#escape.slice(1);
      if (!HEX.test(digits)) return this.#break(`\\${this.#escape}${piece.slice(at + 1)}`);
      if (digits.length < 4) return at + 1;
      this.#tell(String.fromCharCode(Number.parseInt(digits, 16)));
    } else {
      const plain = Object.hasOwn(ESCAPES, mark) ? ESCAPES[mark] : undefined;
      if (plain === undefined) return this.#break(`\\${this.#escape}${piece.slice(at + 1)}`);
      this.#tell(plain);
    }
    this.#state = "string";
    return at + 1;
  }

  #readScalar(piece: string, at: number): number {
    SCALAR_END.lastIndex = at;
    const end = SCALAR_END.exec(piece)?.index ?? piece.length;
    this.#held += piece.slice(at, end);
    if (end === piece.length) return end;
    return this.#endScalar(piece.slice(end)) ? end : piece.length;
  }

  #endScalar(rest: string): boolean {
    if (!SCALAR.test(this.#held)) {
      this.#break(this.#held + rest);
      return false;
    }
    this.#sink.scalar(this.#held, this.#takeKey());
    this.#state = "after";
    return true;
  }

  #tell(text: string): void {
    if (this.#isKey) this.#held += text;
    else this.#sink.text(text);
  }

  #takeKey(): string | undefined {
    const key = this.#key;
    this.#key = undefined;
    return key;
  }

  /** Hands over the rest; everything is read then. */
  #break(rest: string): number {
    this.#state = "broken";
    this.#sink.broken(rest);
    return Number.POSITIVE_INFINITY;
  }
}
